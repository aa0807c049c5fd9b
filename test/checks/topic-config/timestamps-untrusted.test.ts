import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** A group on three partitions; of those at the positions records are from the future. */
function read(untrusted: number[], type = 'CreateTime'): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { configs: { 'message.timestamp.type': type } })
    .withGroup('g', { commits: { orders: [10, 10, 10] } })
    .withTimeLags(
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      untrusted,
    );
}

/** Sampled batches whose newest records are so many seconds after the snapshot. */
function sampled(secondsAfter: readonly number[], isLogAppendTime = false): SnapshotBuilder {
  const batches = secondsAfter.map((sec) => {
    const maxTimestampMs = TAKEN_AT_MS + sec * 1000;
    return {
      sizeBytes: 1000,
      records: 1,
      codec: 'none' as const,
      baseTimestampMs: maxTimestampMs,
      maxTimestampMs,
      isLogAppendTime,
      isTransactional: false,
      isIdempotent: false,
    };
  });
  return read([]).withSection('kafkaBatches', [{ topic: 'orders', partition: 0, error: null, batches }]);
}

describe('timestamps-untrusted', () => {
  describeVerdicts('timestamps-untrusted', [
    ['passes: no record is from the future', read([]), 'pass'],
    ['warns: one partition has some', read([1]), 'warn', 'low orders'],
    ['passes: the brokers set the time', read([1], 'LogAppendTime'), 'pass'],
    ['passes: clocks differ by a minute', sampled([-10, 60]), 'pass'],
    ['warns: by more', sampled([-10, 60.5]), 'warn', 'low orders'],
    ['passes: ten minutes out of order', sampled([0, -600]), 'pass'],
    ['warns: more than ten minutes', sampled([0, -601]), 'warn', 'low orders'],
    ['passes: what brokers stamped is no disorder', sampled([0, -6000], true), 'pass'],
    ['no-data: nobody looked at timestamps', aSnapshot().withTopic('orders'), 'no-data'],
    ['no-data: offsets were not read', read([1]).without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['warns on Serverless', read([0]).withKind('serverless'), 'warn', 'low orders'],
  ]);

  describeSeverities('timestamps-untrusted', () => read([1]), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('one finding for a topic, with its partitions', () => {
    expect(runCheck('timestamps-untrusted', read([0, 2])).findings[0]?.note).toBe(
      '2 partitions: records from the future',
    );
  });
});
