// Which partitions are sampled, how much of each, and what becomes of refusals and silence.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBatches } from '../../../lib/collect/kafka/collect-batches.ts';
import { readProducers } from '../../../lib/collect/kafka/collect-producers.ts';
import { Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import { fetchAnswer, oldMessage, recordBatch, type WrittenPartition } from './batch-writer.ts';
import { DataCluster, DESCRIBE_PRODUCERS, FETCH, moving } from './data-cluster.ts';
import { KAFKA_3_7 } from './fake-cluster.ts';

const MIB = 1024 * 1024;

let data: DataCluster;
beforeEach(async () => {
  data = await DataCluster.start();
});
afterEach(async () => {
  await data.stop();
});

interface Asked {
  brokerId: number;
  maxBytes: number;
  partitions: { place: string; offset: number; maxBytes: number }[];
}

/** Lets the brokers answer Fetch from `records`, keyed `topic/partition`, and gives what they were asked. */
function answerFetch(records: Record<string, Partial<WrittenPartition>> = {}): Asked[] {
  const asked: Asked[] = [];
  data.fake.onRequest = (key, brokerId, body) => {
    if (key !== FETCH) return null;
    const reader = new Reader(body);
    reader.int64();
    reader.int32();
    const maxBytes = reader.int32();
    reader.int8();
    reader.int64();
    const topics = reader.array(6, () => ({
      topic: reader.string(),
      partitions: reader.array(28, () => {
        const partition = reader.int32();
        reader.int32();
        const offset = Number(reader.int64());
        reader.int64();
        return { partition, offset, maxBytes: reader.int32() };
      }),
    }));
    const partitions = topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, ...rest }) => ({ place: `${topic}/${partition}`, ...rest })),
    );
    asked.push({ brokerId, maxBytes, partitions });
    return fetchAnswer(
      topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({
          partition,
          errorCode: 0,
          records: recordBatch({ records: 3 }),
          ...records[`${topic}/${partition}`],
        })),
      })),
    );
  };
  return asked;
}

const places = (asked: readonly Asked[]) =>
  asked.flatMap(({ partitions }) => partitions.map(({ place }) => place)).sort();

describe('which partitions are sampled', () => {
  it('the three busiest of each topic, until four fifths of the traffic are covered', async () => {
    const asked = answerFetch();
    const known = await data.know({
      busy: { leaders: [1, 2, 1, 2], partitions: [moving(100), moving(400), moving(200), moving(300)] },
      medium: { leaders: [1], partitions: [moving(700)] },
      quiet: { leaders: [1], partitions: [moving(300)] },
    });
    const section = await readBatches(data.session, known);
    expect(places(asked)).toEqual(['busy/1', 'busy/2', 'busy/3', 'medium/0']);
    expect(section).toMatchObject({
      ok: true,
      value: [{ partition: 1 }, { partition: 2 }, { partition: 3 }, { topic: 'medium' }],
    });
    expect(data.requests(FETCH)).toEqual(['1/1', '1/2']);
  });

  it('by bytes where the sizes are known, not by messages', async () => {
    const asked = answerFetch();
    const known = await data.know({
      many: { leaders: [1], partitions: [moving(1_000, { sizeBytes: 10 * 110_000 })] },
      large: { leaders: [1], partitions: [moving(100, { sizeBytes: 100_000 * 101_000 })] },
    });
    await readBatches(data.session, known);
    expect(places(asked)).toEqual(['large/0']);
  });

  it('by what comes in, not by what lies there', async () => {
    const asked = answerFetch();
    const known = await data.know({
      archive: { leaders: [1], partitions: [{ ends: ['9000000', '9000000'], sizeBytes: 1e9 }] },
      live: { leaders: [2], partitions: [moving(5, { start: '100000', sizeBytes: 5_000 })] },
    });
    await readBatches(data.session, known);
    expect(places(asked)).toEqual(['live/0']);
  });

  it('by what the logs hold where nothing moved', async () => {
    const asked = answerFetch();
    const known = await data.know({
      old: { leaders: [1], partitions: [{ ends: ['9000', '9000'] }] },
      small: { leaders: [2], partitions: [{ ends: ['10', '10'] }] },
    });
    await readBatches(data.session, known);
    expect(places(asked)).toEqual(['old/0']);
    await readBatches(data.session, { ...known, samples: null, logDirs: null });
    expect(places(asked)).toEqual(['old/0', 'old/0']);
  });

  it('of at most twenty topics', async () => {
    const asked = answerFetch();
    const known = await data.know(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, { leaders: [1], partitions: [moving(100)] }])),
    );
    await readBatches(data.session, known);
    expect(places(asked)).toHaveLength(20);
  });

  it('none of Kafka’s own, none without a leader, an offset or a record', async () => {
    const asked = answerFetch();
    const known = await data.know({
      __consumer_offsets: { leaders: [1], partitions: [moving(900)] },
      leaderless: { leaders: [-1], partitions: [moving(900)] },
      unread: { leaders: [1], partitions: [moving(900, { start: null })] },
      empty: { leaders: [1], partitions: [{ start: '1000' }] },
      emptied: { leaders: [1], partitions: [moving(900, { start: '109000', sizeBytes: 10 })] },
    });
    expect(await readBatches(data.session, known)).toEqual({ ok: true, value: [], asOfMs: expect.any(Number) });
    expect(asked).toEqual([]);
  });
});

describe('how much of a partition is asked for', () => {
  it('256 KiB from as far back as they reach, never before the log start', async () => {
    const asked = answerFetch();
    const known = await data.know({
      sized: { leaders: [1], partitions: [moving(0, { ends: ['1000', '1000'], sizeBytes: 1_024_000 })] },
      tiny: { leaders: [1], partitions: [moving(0, { ends: ['900000', '900000'], sizeBytes: 900_000 })] },
      short: { leaders: [1], partitions: [{ start: '40', ends: ['1000', '1000'] }] },
      unknown: { leaders: [1], partitions: [{ ends: ['5000', '5000'] }] },
    });
    const shares = ['sized', 'tiny', 'short', 'unknown'].map(async (name) => {
      const led = new Map([[1, [{ topic: name, partitions: [0] }]]]);
      await readBatches(data.session, {
        ...known,
        led,
        ...(name === 'unknown' || name === 'short' ? { logDirs: null } : {}),
      });
    });
    await Promise.all(shares);
    expect(asked.map(({ partitions: [only] }) => [only!.place, only!.offset, only!.maxBytes])).toEqual([
      ['sized/0', 1_000 - 256, 256 * 1024],
      ['tiny/0', 900_000 - 20_000, 256 * 1024],
      ['short/0', 40, 256 * 1024],
      ['unknown/0', 3_000, 256 * 1024],
    ]);
  });

  it('a broker that leads all of them sends no more than 8 MiB, and each has its share', async () => {
    const asked = answerFetch();
    const leaders = [1, 1, 1];
    const known = await data.know(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`t${i}`, { leaders, partitions: leaders.map(() => moving(9)) }]),
      ),
    );
    await readBatches(data.session, known);
    const [only] = asked;
    expect(only!.maxBytes).toBe(8 * MIB);
    expect(only!.partitions.length).toBeGreaterThan(45);
    expect(only!.partitions.length * only!.partitions[0]!.maxBytes).toBeLessThanOrEqual(8 * MIB);
  });
});

describe('what could not be read', () => {
  const TWO = { a: { leaders: [1, 2], partitions: [moving(9), moving(9)] } };

  it('all refused: not permitted, with the right that is missing', async () => {
    const known = await data.know(TWO);
    const refused = { errorCode: 29, records: null };
    answerFetch({ 'a/0': refused, 'a/1': refused });
    expect(await readBatches(data.session, known)).toEqual({
      ok: false,
      reason: 'not-permitted',
      detail: 'Fetch was refused for 2 partitions: TOPIC_AUTHORIZATION_FAILED',
      fix: expect.stringContaining('kafka-cluster:ReadData'),
    });
  });

  it('some refused: said of them, the rest is there', async () => {
    const known = await data.know(TWO);
    answerFetch({ 'a/1': { errorCode: 29, records: null } });
    expect(await readBatches(data.session, known)).toMatchObject({
      ok: true,
      value: [
        { partition: 0, error: null, batches: [{ records: 3 }] },
        { partition: 1, error: 'TOPIC_AUTHORIZATION_FAILED', batches: [] },
      ],
      partial: 'batches of 1 partition not read: TOPIC_AUTHORIZATION_FAILED 1',
    });
  });

  it('a broker that hangs up costs its own partitions', async () => {
    const known = await data.know(TWO);
    answerFetch();
    const answer = data.fake.onRequest;
    data.fake.onRequest = (key, id, ...rest) => (id === 2 && key === FETCH ? 'hang up' : answer(key, id, ...rest));
    expect(await readBatches(data.session, known)).toMatchObject({
      ok: true,
      value: [{ error: null }, { partition: 1, error: 'BROKER_NOT_AVAILABLE', batches: [] }],
      partial: expect.stringContaining('no answer from broker 2'),
    });
  });

  it('a request that is refused as a whole says why', async () => {
    const known = await data.know(TWO);
    data.fake.onRequest = (key) => (key === FETCH ? fetchAnswer([], 42) : null);
    const section = await readBatches(data.session, known);
    expect(section).toMatchObject({ value: [{ error: 'INVALID_REQUEST' }, { error: 'INVALID_REQUEST' }] });
  });

  it('nobody answers: the section is missing for that reason', async () => {
    const known = await data.know(TWO);
    data.fake.onRequest = (key) => (key === FETCH || key === DESCRIBE_PRODUCERS ? 'hang up' : null);
    expect(await readBatches(data.session, known)).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(await readProducers(data.session, known)).toMatchObject({ ok: false, reason: 'unreachable' });
  });

  it('old messages and bare bytes are no batches, and it says so', async () => {
    const known = await data.know(TWO);
    answerFetch({ 'a/0': { records: oldMessage(1, Buffer.alloc(9)) }, 'a/1': { records: null } });
    const section = await readBatches(data.session, known);
    expect(section.ok && section.partial?.split('; ')).toEqual([
      '1 partition with messages of the format before Kafka 0.11, which were left out',
      "1 partition without a producer's batch in the bytes that were read",
    ]);
  });

  it('a cluster that does not know the requests: not supported', async () => {
    await data.stop();
    data = await DataCluster.start(KAFKA_3_7);
    const known = await data.know(TWO);
    expect(await readBatches(data.session, known)).toMatchObject({ ok: false, reason: 'not-supported' });
    expect(await readProducers(data.session, known)).toMatchObject({ ok: false, reason: 'not-supported' });
  });
});

describe('the send door', () => {
  it('is shut for both requests unless the user opted in, whatever the code asks for', async () => {
    const known = await data.know({ a: { leaders: [1, 2], partitions: [moving(9), moving(9)] } }, false);
    answerFetch();
    await expect(readBatches(data.session, known)).rejects.toThrow('Kafka API key 1 is not on the allow-list');
    await expect(readProducers(data.session, known)).rejects.toThrow('Kafka API key 61 is not on the allow-list');
    expect([...data.requests(FETCH), ...data.requests(DESCRIBE_PRODUCERS)]).toEqual([]);
  });
});
