import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** One topic with so many messages a second into each partition; records of 1,000 bytes. */
function rates(perSec: readonly number[], bytesPerRecord = 1000): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { partitions: perSec.length, end: 1000 })
    .withRates('orders', perSec)
    .withSizes('orders', 1000 * bytesPerRecord);
}

describe('partition-hot', () => {
  describeVerdicts('partition-hot', [
    ['passes: even', rates([300, 310, 290, 305]), 'pass'],
    ['warns: three times the others and half of the topic', rates([600, 200, 200, 200]), 'warn', 'medium orders-0'],
    ['passes: just under three times the others', rates([599, 200, 200, 200]), 'pass'],
    ['passes: three times the others, but less than twice its fair share', rates([600, 200, 200, 590, 580]), 'pass'],
    ['passes: 499 messages and 0.5 MiB a second are no load', rates([439, 20, 20, 20]), 'pass'],
    ['warns: 500 messages a second', rates([440, 20, 20, 20]), 'warn', 'medium orders-0'],
    ['warns: few messages of 100 kB, 1 MiB/s and more', rates([10, 1, 1, 1], 100_000), 'warn', 'medium orders-0'],
    [
      'warns: from eight partitions on the spread of the others counts',
      rates([900, 100, 105, 95, 100, 102, 98, 100]),
      'warn',
      'medium orders-0',
    ],
    [
      'passes: nine partitions whose rates are all over the place',
      rates([900, 20, 700, 250, 40, 500, 300, 10, 280]),
      'pass',
    ],
    ['warns: all on one of two', rates([900, 0]), 'warn', 'medium orders-0'],
    [
      'no-data: uneven, few messages, and nobody knows their size',
      rates([300, 20, 20, 20]).without('kafkaLogDirs'),
      'no-data',
    ],
    ['passes without sizes when it is even', rates([30, 20, 20, 20]).without('kafkaLogDirs'), 'pass'],
    [
      'passes where sizes do not exist: judged by messages alone',
      rates([300, 20, 20, 20]).without('kafkaLogDirs', 'not-supported'),
      'pass',
    ],
    [
      'not applicable: internal topics gather what few groups commit',
      aSnapshot()
        .withTopic('__consumer_offsets', { partitions: 4, internal: true })
        .withRates('__consumer_offsets', [900, 1, 1, 1]),
      'not-applicable',
    ],
    ['not applicable: one partition', rates([900]), 'not-applicable'],
    [
      'no-data: looks only a minute apart',
      aSnapshot()
        .withSampleTimes([0, 30, 60])
        .withTopic('orders', { partitions: 4 })
        .withRates('orders', [900, 20, 20, 20]),
      'no-data',
    ],
    ['no-data: one look', rates([900, 20, 20, 20]).without('kafkaSamples', 'timed-out'), 'no-data'],
    ['no-data: no way to the brokers', rates([900, 20, 20, 20]).withTopicApi(), 'no-data'],
    ['warns on Serverless', rates([900, 20, 20, 20]).withKind('serverless'), 'warn', 'medium orders-0'],
    ['warns on Kafka without AWS', rates([900, 20, 20, 20]).withKind('kafka'), 'warn', 'medium orders-0'],
  ]);

  describeSeverities('partition-hot', () => rates([900, 20, 20, 20]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('by hand: 900 of 960 against a median of 20 of the others; half as certain as a series', () => {
    const [finding] = runCheck('partition-hot', rates([900, 20, 20, 20])).findings;
    expect(finding).toMatchObject({ measured: 45, limit: 3, unit: 'ratio', confidence: 0.5, scope: 'partition' });
    expect(finding?.note).toBe('93.8% of the topic');
  });

  test('Express: against the quota of a partition', () => {
    const [finding] = runCheck('partition-hot', rates([9000, 20, 20, 20]).withKind('provisioned-express')).findings;
    expect(finding?.note).toContain('60% of the quota of an Express partition');
  });
});
