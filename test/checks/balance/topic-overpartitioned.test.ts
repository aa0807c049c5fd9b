import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** So many partitions with so many records of 1 KiB a second each; three brokers, so that three partitions would do. */
function topic(partitions: number, perSec = 1): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { partitions, end: 1000 })
    .withRates('orders', Array(partitions).fill(perSec))
    .withSizes('orders', 1000 * 1024);
}

const at = (partitions: number) => Array(partitions).fill(1000);

describe('topic-overpartitioned', () => {
  describeVerdicts('topic-overpartitioned', [
    ['passes: 12 partitions, four times of what is needed', topic(12), 'pass'],
    ['warns: 13', topic(13), 'warn', 'low orders'],
    ['passes: 13 with 10 KiB/s each', topic(13, 10), 'pass'],
    ['warns: 13 with a little less', topic(13, 9.9), 'warn', 'low orders'],
    ['passes: 20 that 20 members read', topic(20).withGroup('g', { members: 20, commits: { orders: at(20) } }), 'pass'],
    [
      'warns: 20 that one member reads',
      topic(20).withGroup('g', { members: 1, commits: { orders: at(20) } }),
      'warn',
      'low orders',
    ],
    [
      'not applicable: an internal topic',
      aSnapshot().withTopic('__consumer_offsets', { partitions: 50, internal: true }),
      'not-applicable',
    ],
    ['no-data: nobody knows its bytes', topic(13).without('kafkaLogDirs').without('metrics'), 'no-data'],
    ['no-data: groups were not read', topic(12).without('kafkaGroups', 'timed-out'), 'no-data'],
    ['no-data: one look', topic(13).without('kafkaSamples'), 'no-data'],
    ['warns on Kafka without AWS', topic(13).withKind('kafka'), 'warn', 'low orders'],
  ]);

  describeSeverities('topic-overpartitioned', () => topic(13), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('warns: 20 partitions that 20 members read, where brokers hold too many', () => {
    const dense = topic(20).withGroup('g', { members: 20, commits: { orders: at(20) } });
    dense
      .withTopic('other', { partitions: 800, end: 1000 })
      .withRates('other', Array(800).fill(20))
      .withSizes('other', 1_024_000);
    const result = runCheck('topic-overpartitioned', dense);
    expect(result.findings.map(({ resource }) => resource)).toContain('orders');
    expect(result.findings.find(({ resource }) => resource === 'orders')?.note).toContain('scarce');
  });
});
