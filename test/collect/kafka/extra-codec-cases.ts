import fc from 'fast-check';
import { describeClientQuotas } from '../../../lib/collect/kafka/protocol/describe-client-quotas.ts';
import { describeLogDirs } from '../../../lib/collect/kafka/protocol/describe-log-dirs.ts';
import { describeProducers } from '../../../lib/collect/kafka/protocol/describe-producers.ts';
import { describeQuorum } from '../../../lib/collect/kafka/protocol/describe-quorum.ts';
import { listPartitionReassignments } from '../../../lib/collect/kafka/protocol/list-partition-reassignments.ts';
import { type CodecCase, casesOf, count, errorCode, few, ids, int32, int64, nullable, text } from './codec-case.ts';
import * as answers from './extra-answer-writers.ts';

/** What is read beyond the core. */
export function extraCases(): CodecCase[] {
  const logReplica = fc.record({ partition: int32, sizeBytes: count, offsetLag: int64, isFuture: fc.boolean() });
  const logDirs = fc.record({
    errorCode,
    dirs: few(
      fc.record({
        errorCode,
        path: text,
        topics: few(fc.record({ topic: text, replicas: few(logReplica) })),
        totalBytes: nullable(count),
        usableBytes: nullable(count),
      }),
    ),
  });
  const moving = fc.record({ topic: text, partition: int32, replicas: ids, adding: ids, removing: ids });
  const quorumReplica = fc.record({
    id: int32,
    logEndOffset: int64,
    lastFetchMs: nullable(count),
    lastCaughtUpMs: nullable(count),
  });
  const quorum = fc.record({
    errorCode,
    leaderId: int32,
    leaderEpoch: int32,
    highWatermark: int64,
    voters: few(quorumReplica),
    observers: few(quorumReplica),
  });
  const quota = fc.record({
    entity: few(fc.record({ type: text, name: nullable(text) })),
    values: few(fc.record({ key: text, value: fc.double() })),
  });
  const offset = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
  const producer = fc.record({
    producerId: int64,
    producerEpoch: int32,
    lastSequence: int32,
    lastTimestampMs: fc.integer({ min: -(2 ** 53) + 2, max: 2 ** 53 - 2 }),
    coordinatorEpoch: int32,
    openTransactionStart: nullable(offset),
  });
  const producers = few(fc.record({ topic: text, partition: int32, errorCode, producers: few(producer) }));
  return [
    ...casesOf(describeLogDirs, logDirs, answers.describeLogDirsAnswer, (version, given) => ({
      errorCode: version >= 3 ? given.errorCode : 0,
      dirs: version >= 4 ? given.dirs : given.dirs.map((dir) => ({ ...dir, totalBytes: null, usableBytes: null })),
    })),
    ...casesOf(listPartitionReassignments, fc.record({ errorCode, partitions: few(moving) }), (_version, given) =>
      answers.listPartitionReassignmentsAnswer(given),
    ),
    ...casesOf(describeQuorum, quorum, answers.describeQuorumAnswer, (version, given) =>
      version >= 1 ? given : { ...given, voters: given.voters.map(untimed), observers: given.observers.map(untimed) },
    ),
    ...casesOf(describeClientQuotas, fc.record({ errorCode, quotas: few(quota) }), answers.describeClientQuotasAnswer),
    ...casesOf(describeProducers, producers, (_version, given) => answers.describeProducersAnswer(given)),
  ];
}

function untimed<T extends object>(replica: T) {
  return { ...replica, lastFetchMs: null, lastCaughtUpMs: null };
}
