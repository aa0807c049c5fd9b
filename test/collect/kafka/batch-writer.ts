// Record batches as producers and brokers write them, after the Kafka documentation, and the answers that carry them.
import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';

export interface WrittenBatch {
  magic: number;
  /** Bits 0-2 codec, 3 log append time, 4 transactional, 5 control, 6 delete horizon. */
  attributes: number;
  records: number;
  lastOffsetDelta: number;
  baseTimestamp: bigint;
  maxTimestamp: bigint;
  producerId: bigint;
  /** What stands behind the header. */
  payload: Buffer;
}

export function recordBatch(given: Partial<WrittenBatch> = {}): Buffer {
  const records = given.records ?? 1;
  const batch: WrittenBatch = {
    magic: 2,
    attributes: 0,
    records,
    lastOffsetDelta: records - 1,
    baseTimestamp: 1_000n,
    maxTimestamp: 1_000n,
    producerId: -1n,
    payload: Buffer.alloc(20),
    ...given,
  };
  const header = new Writer()
    .int64(0n)
    .int32(61 - 12 + batch.payload.length)
    .int32(3)
    .int8(batch.magic)
    .int32(0x1234)
    .int16(batch.attributes)
    .int32(batch.lastOffsetDelta)
    .int64(batch.baseTimestamp)
    .int64(batch.maxTimestamp)
    .int64(batch.producerId)
    .int16(0)
    .int32(0)
    .int32(batch.records)
    .finish();
  return Buffer.concat([header, batch.payload]);
}

/** A message of the format before Kafka 0.11. */
export function oldMessage(magic: 0 | 1, value: Buffer): Buffer {
  const body = new Writer().int32(0x1234).int8(magic).int8(1);
  if (magic === 1) body.int64(1_000n);
  const message = body.int32(-1).nullableBytes(value).finish();
  return Buffer.concat([new Writer().int64(0n).int32(message.length).finish(), message]);
}

export interface WrittenPartition {
  partition: number;
  errorCode: number;
  records: Buffer | null;
}

/** Version 11, from behind the correlation id. */
export function fetchAnswer(
  topics: readonly { topic: string; partitions: readonly WrittenPartition[] }[],
  errorCode = 0,
): Buffer {
  const writer = new Writer().int32(7).int16(errorCode).int32(0);
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.nullableString(topic);
    writer.nullableArray(partitions, (given) => {
      writer.int32(given.partition).int16(given.errorCode).int64(99n).int64(98n).int64(1n);
      writer.nullableArray(given.partition % 2 === 0 ? null : [5n], (id) => writer.int64(id).int64(3n));
      writer.int32(-1).nullableBytes(given.records);
    });
  });
  return writer.finish();
}
