import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeRequest } from '../../../lib/collect/kafka/protocol/api.ts';
import { KEPT_BATCHES, readBatchHeaders } from '../../../lib/collect/kafka/protocol/batch-headers.ts';
import { fetch } from '../../../lib/collect/kafka/protocol/fetch.ts';
import { MalformedAnswerError } from '../../../lib/collect/kafka/protocol/reader.ts';
import { BATCH_CODECS } from '../../../lib/snapshot/kafka-words.ts';
import { fetchAnswer, oldMessage, recordBatch } from './batch-writer.ts';

const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const DELETE_HORIZON = 1 << 6;

const batchesOf = (...parts: Buffer[]) => readBatchHeaders(Buffer.concat(parts)).batches;

describe('a batch header', () => {
  const time = fc.bigInt({ min: 0n, max: 4_000_000_000_000n });
  const batch = fc.record({
    codec: fc.nat(7),
    isLogAppendTime: fc.boolean(),
    isTransactional: fc.boolean(),
    records: fc.integer({ min: 1, max: 1_000_000 }),
    baseTimestamp: time,
    gatheredMs: fc.bigInt({ min: 0n, max: 10_000n }),
    producerId: fc.bigInt({ min: -1n, max: 2n ** 62n }),
    payload: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  });

  it('is read as it was written, and of its payload nothing but the length counts', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), (given) => {
        const written = given.map(({ codec, isLogAppendTime, isTransactional, gatheredMs, ...rest }) =>
          recordBatch({
            ...rest,
            attributes: codec | (isLogAppendTime ? 8 : 0) | (isTransactional ? TRANSACTIONAL : 0),
            maxTimestamp: rest.baseTimestamp + gatheredMs,
          }),
        );
        expect(batchesOf(...written)).toEqual(
          given.map((each) => ({
            sizeBytes: 61 + each.payload.length,
            records: each.records,
            codec: BATCH_CODECS[Math.min(each.codec, 5)],
            baseTimestampMs: Number(each.baseTimestamp),
            maxTimestampMs: Number(each.baseTimestamp + each.gatheredMs),
            isLogAppendTime: each.isLogAppendTime,
            isTransactional: each.isTransactional,
            isIdempotent: each.producerId >= 0n,
          })),
        );
      }),
    );
  });

  it('counts when its records are cut off, and does not when it is cut off itself', () => {
    const [whole, last] = [recordBatch({ records: 3 }), recordBatch({ records: 5, payload: Buffer.alloc(500) })];
    const sizes = (cut: number) => batchesOf(whole, last.subarray(0, cut)).map(({ sizeBytes }) => sizeBytes);
    expect([sizes(561), sizes(100), sizes(61), sizes(60), sizes(13), sizes(0)]).toEqual([
      [81, 561],
      [81, 561],
      [81, 561],
      [81],
      [81],
      [81],
    ]);
  });

  it('is no producer’s when it marks the end of a transaction or was rewritten by the log cleaner', () => {
    const written = [
      recordBatch({ attributes: CONTROL | TRANSACTIONAL }),
      recordBatch({ attributes: DELETE_HORIZON, baseTimestamp: 9_999_999n }),
      recordBatch({ records: 2, lastOffsetDelta: 9 }),
      recordBatch({ records: 0, lastOffsetDelta: 9 }),
      recordBatch({ records: 7 }),
    ];
    expect(batchesOf(...written).map(({ records }) => records)).toEqual([7]);
  });

  it.each([
    ['none', -1n, -1n],
    ['nanoseconds', 1_760_000_000_000_000_000n, 1_760_000_000_000_000_500n],
    ['one of them alone out of range', 1_000n, 2n ** 60n],
    ['the newest before the first', 2_000n, 1_000n],
  ])('has no timestamps where they tell no time: %s', (_, baseTimestamp, maxTimestamp) => {
    expect(batchesOf(recordBatch({ baseTimestamp, maxTimestamp }))[0]).toMatchObject({
      baseTimestampMs: -1,
      maxTimestampMs: -1,
    });
  });

  it('is kept of the newest batches only, however small they are', () => {
    const many = Array.from({ length: 3 * KEPT_BATCHES }, (_, index) => recordBatch({ records: index + 1 }));
    expect(batchesOf(...many).map(({ records }) => records)).toEqual(
      Array.from({ length: KEPT_BATCHES }, (_, index) => 2 * KEPT_BATCHES + index + 1),
    );
  });

  it('of messages before Kafka 0.11 is passed over and said: their number is inside the payload', () => {
    const read = readBatchHeaders(
      Buffer.concat([oldMessage(0, Buffer.alloc(3)), oldMessage(1, Buffer.alloc(90)), recordBatch({ records: 4 })]),
    );
    expect(read).toMatchObject({ batches: [{ records: 4 }], hasOldFormat: true });
    expect(readBatchHeaders(recordBatch()).hasOldFormat).toBe(false);
  });
});

describe('hostile bytes', () => {
  it.each([0, -1, -12, -2147483648, 48])('a length of %i ends the walk', (length) => {
    const torn = recordBatch();
    torn.writeInt32BE(length, 8);
    expect(batchesOf(recordBatch({ records: 2 }), torn, recordBatch()).map(({ records }) => records)).toEqual([2]);
  });

  it('a length beyond what was sent costs nothing', () => {
    const endless = recordBatch({ records: 2 });
    endless.writeInt32BE(2147483647, 8);
    expect(batchesOf(endless, recordBatch())).toMatchObject([{ sizeBytes: 2147483659, records: 2 }]);
  });

  it('of any kind are walked over in as many steps as there are headers, without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(3), { maxLength: 6 }), (noise, places) => {
        const parts = places.map((place) => (place === 0 ? Buffer.from(noise) : recordBatch({ records: place })));
        expect(batchesOf(...parts).length).toBeLessThanOrEqual(Buffer.concat(parts).length / 61);
      }),
    );
  });
});

describe('Fetch v11', () => {
  const CANARY = 'canary-7f3a-records-must-not-stay';
  const payload = Buffer.from(CANARY.repeat(4));
  const partition = fc.record({
    partition: fc.nat(1_000),
    errorCode: fc.integer({ min: -1, max: 140 }),
    counts: fc.option(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }), { nil: null }),
  });
  const answers = fc
    .array(fc.record({ topic: fc.string({ maxLength: 20 }), partitions: fc.array(partition, { maxLength: 4 }) }), {
      maxLength: 4,
    })
    .map((topics) => {
      const recordsOf = (counts: number[] | null) =>
        counts === null ? null : Buffer.concat(counts.map((records) => recordBatch({ records, payload })));
      const written = topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ counts, ...rest }) => ({ ...rest, records: recordsOf(counts) })),
      }));
      return [fetchAnswer(written), topics] as const;
    });

  it('reads what a broker wrote: errors and headers by partition', () => {
    fc.assert(
      fc.property(answers, ([written, topics]) => {
        const { answer, throttleMs } = decodeAnswer(fetch, 11, written);
        expect(throttleMs).toBe(7);
        expect(
          answer.topics.map(({ topic, partitions }) => ({
            topic,
            partitions: partitions.map(({ partition, errorCode, batches }) => ({
              partition,
              errorCode,
              counts: batches.map(({ records }) => records),
            })),
          })),
        ).toEqual(
          topics.map(({ topic, partitions }) => ({
            topic,
            partitions: partitions.map((each) => ({ ...each, counts: each.counts ?? [] })),
          })),
        );
      }),
    );
  });

  it('keeps no byte of a record: neither text nor a view of the answer', () => {
    const written = fetchAnswer([
      { topic: 't', partitions: [{ partition: 1, errorCode: 0, records: recordBatch({ payload }) }] },
    ]);
    const { answer } = decodeAnswer(fetch, 11, written);
    expect(leavesOf(answer)).toEqual([
      0,
      't',
      1,
      0,
      61 + payload.length,
      1,
      'none',
      1_000,
      1_000,
      false,
      false,
      false,
      false,
    ]);
  });

  it('refuses an answer cut short anywhere, and one with bytes behind it', () => {
    fc.assert(
      fc.property(answers, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ([written], share) => {
        const cut = written.subarray(0, Math.floor(written.length * share));
        expect(() => decodeAnswer(fetch, 11, cut)).toThrow(MalformedAnswerError);
        expect(() => decodeAnswer(fetch, 11, Buffer.concat([written, Buffer.of(0)]))).toThrow(MalformedAnswerError);
      }),
    );
  });

  it('ends with an answer or with a MalformedAnswerError on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (given) => {
        try {
          decodeAnswer(fetch, 11, Buffer.from(given));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAnswerError);
        }
      }),
    );
  });

  it('is asked for without a session, uncommitted too, each partition with its own limit', () => {
    const topics = [{ topic: 't', partitions: [{ partition: 7, offset: 258n, maxBytes: 1_024 }] }];
    expect(encodeRequest(fetch, 11, { maxBytes: 4_096, topics }).toString('hex')).toBe(
      [
        'ffffffff', // replica_id
        '00000000', // max_wait_ms
        '00000001', // min_bytes
        '00001000', // max_bytes
        '00', // isolation_level
        '00000000', // session_id
        'ffffffff', // session_epoch
        '00000001' + '000174',
        '00000001' + '00000007' + 'ffffffff' + '0000000000000102' + 'f'.repeat(16) + '00000400',
        '00000000', // forgotten_topics_data
        '0000', // rack_id
      ].join(''),
    );
  });
});

/** Every value at the ends of an object; a Buffer would show as one. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value).flatMap(leavesOf) : [value];
}
