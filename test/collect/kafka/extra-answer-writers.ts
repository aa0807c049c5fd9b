// The brokers' side of what is read beyond the core; see answer-writers.ts.
import type { DescribedClientQuotas } from '../../../lib/collect/kafka/protocol/describe-client-quotas.ts';
import type { DescribedLogDirs } from '../../../lib/collect/kafka/protocol/describe-log-dirs.ts';
import type { DescribedProducers } from '../../../lib/collect/kafka/protocol/describe-producers.ts';
import type { DescribedQuorum, QuorumReplica } from '../../../lib/collect/kafka/protocol/describe-quorum.ts';
import type { ListedReassignments } from '../../../lib/collect/kafka/protocol/list-partition-reassignments.ts';
import { AnswerWriter } from './answer-writer.ts';
import { flexible, THROTTLE_MS } from './answer-writers.ts';

export function describeLogDirsAnswer(version: number, { errorCode, dirs }: DescribedLogDirs): Buffer {
  const writer = version >= 2 ? flexible() : new AnswerWriter();
  writer.int32(THROTTLE_MS);
  if (version >= 3) writer.int16(errorCode);
  writer.nullableArray(dirs, (dir) => {
    writer.int16(dir.errorCode).nullableString(dir.path);
    writer.nullableArray(dir.topics, ({ topic, replicas }) => {
      writer.nullableString(topic);
      writer.nullableArray(replicas, ({ partition, sizeBytes, offsetLag, isFuture }) => {
        writer.int32(partition).int64(BigInt(sizeBytes)).int64(BigInt(offsetLag)).boolean(isFuture).tags();
      });
      writer.tags();
    });
    if (version >= 4) writer.int64(BigInt(dir.totalBytes ?? -1)).int64(BigInt(dir.usableBytes ?? -1));
    writer.tags();
  });
  return writer.tags().finish();
}

/** Neighbours of one topic share its entry. */
export function listPartitionReassignmentsAnswer({ errorCode, partitions }: ListedReassignments): Buffer {
  const writer = flexible().int32(THROTTLE_MS).int16(errorCode).nullableString(null);
  const ids = (values: readonly number[]) => writer.nullableArray(values, (id) => writer.int32(id));
  writer.nullableArray(byTopic(partitions), ([topic, own]) => {
    writer.nullableString(topic);
    writer.nullableArray(own, ({ partition, replicas, adding, removing }) => {
      writer.int32(partition);
      ids(replicas);
      ids(adding);
      ids(removing);
      writer.tags();
    });
    writer.tags();
  });
  return writer.tags().finish();
}

function byTopic<T extends { topic: string }>(rows: readonly T[]): [string, T[]][] {
  const topics: [string, T[]][] = [];
  for (const row of rows) {
    const last = topics.at(-1);
    if (last?.[0] === row.topic) last[1].push(row);
    else topics.push([row.topic, [row]]);
  }
  return topics;
}

export function describeQuorumAnswer(version: number, quorum: DescribedQuorum): Buffer {
  const writer = flexible().int16(0);
  if (version >= 2) writer.nullableString('');
  const replicas = (all: readonly QuorumReplica[]) => {
    writer.nullableArray(all, ({ id, logEndOffset, lastFetchMs, lastCaughtUpMs }) => {
      writer.int32(id);
      if (version >= 2) writer.raw(Buffer.alloc(16, 3));
      writer.int64(BigInt(logEndOffset));
      if (version >= 1) writer.int64(BigInt(lastFetchMs ?? -1)).int64(BigInt(lastCaughtUpMs ?? -1));
      writer.tags();
    });
  };
  writer.nullableArray(['__cluster_metadata'], (topic) => {
    writer.nullableString(topic);
    writer.nullableArray([0], (partition) => {
      writer.int32(partition).int16(quorum.errorCode);
      if (version >= 2) writer.nullableString(null);
      writer.int32(quorum.leaderId).int32(quorum.leaderEpoch).int64(BigInt(quorum.highWatermark));
      replicas(quorum.voters);
      replicas(quorum.observers);
      writer.tags();
    });
    writer.tags();
  });
  if (version >= 2)
    writer.nullableArray([1], (id) => {
      writer.int32(id);
      writer.nullableArray(['CONTROLLER'], (name) =>
        writer.nullableString(name).nullableString('h').int16(9093).tags(),
      );
      writer.tags();
    });
  return writer.tags().finish();
}

export function describeClientQuotasAnswer(version: number, { errorCode, quotas }: DescribedClientQuotas): Buffer {
  const writer = version >= 1 ? flexible() : new AnswerWriter();
  writer.int32(THROTTLE_MS).int16(errorCode).nullableString(null);
  writer.nullableArray(quotas, ({ entity, values }) => {
    writer.nullableArray(entity, ({ type, name }) => writer.nullableString(type).nullableString(name).tags());
    writer.nullableArray(values, ({ key, value }) => {
      const float = Buffer.alloc(8);
      float.writeDoubleBE(value);
      writer.nullableString(key).raw(float).tags();
    });
    writer.tags();
  });
  return writer.tags().finish();
}

export function describeProducersAnswer(partitions: readonly DescribedProducers[]): Buffer {
  const writer = flexible().int32(THROTTLE_MS);
  writer.nullableArray(byTopic(partitions), ([topic, own]) => {
    writer.nullableString(topic);
    writer.nullableArray(own, ({ partition, errorCode, producers }) => {
      writer.int32(partition).int16(errorCode).nullableString(null);
      writer.nullableArray(producers, (producer) => {
        writer.int64(BigInt(producer.producerId)).int32(producer.producerEpoch).int32(producer.lastSequence);
        writer.int64(BigInt(producer.lastTimestampMs)).int32(producer.coordinatorEpoch);
        writer.int64(BigInt(producer.openTransactionStart ?? -1)).tags();
      });
      writer.tags();
    });
    writer.tags();
  });
  return writer.tags().finish();
}
