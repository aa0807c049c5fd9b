import { describe, expect, test } from 'vitest';
import type { SectionValue } from '../../../lib/snapshot/schema.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

type Level = 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION' | 'unknown';

/** Three brokers with so many topics; each has 3 metrics on each broker at 0.30 USD: 2.70 USD a topic. */
function monitored(topics: number, level: Level = 'PER_TOPIC_PER_BROKER', brokerUsd = 10) {
  const price = (usd: number, unit: string) => ({ usd, unit, source: 'test' });
  const builder = aSnapshot()
    .withCluster({ enhancedMonitoring: level, kafkaVersion: '3.9.x' })
    .withSection('prices', {
      source: 'offline',
      asOfDate: '2026-11-01',
      region: 'eu-west-1',
      currency: 'USD',
      items: {
        'broker/kafka.m7g.large': price(brokerUsd, 'hours'),
        'storage/gp2': price(0, 'GiB-month'),
        'cloudwatch/metric': price(0.3, 'metric-month'),
      },
    })
    .withSection('alarms', []);
  for (let i = 0; i < topics; i++) builder.withTopic(`t-${i}`);
  return builder;
}

function alarm(metric: string, topic: string | null): SectionValue<'alarms'> {
  return [
    {
      name: 'orders-messages',
      state: 'OK',
      metrics: [{ name: metric, statistic: 'Average', periodSec: 300, brokerId: 1, consumerGroup: null, topic }],
      comparison: 'LessThanThreshold',
      threshold: 1,
      isAnomalyBand: false,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      hasActions: true,
      isForAutoScaling: false,
    },
  ];
}

describe('monitoring-overpaid', () => {
  describeVerdicts('monitoring-overpaid', [
    ['warns: 19 topics cost 51.30 dollars', monitored(19), 'warn', 'low orders'],
    ['passes: 18 cost 48.60', monitored(18), 'pass'],
    // Three brokers at 0.30 USD are 657 a month; PER_BROKER adds 41.40 to the bill.
    ['warns: 14 topics are 5.2 % of a small bill', monitored(14, 'PER_TOPIC_PER_BROKER', 0.3), 'warn', 'low orders'],
    ['passes: 12 topics are 4.4 % of it', monitored(12, 'PER_TOPIC_PER_BROKER', 0.3), 'pass'],
    ['passes: the level PER_BROKER', monitored(900, 'PER_BROKER'), 'pass'],
    ['passes: the free level', monitored(900, 'DEFAULT'), 'pass'],
    ['no-data: a level that AWS may add', monitored(900, 'unknown'), 'no-data'],
    [
      'passes: an alarm watches a metric of a topic',
      monitored(19).withSection('alarms', alarm('MessagesInPerSec', 't-1')),
      'pass',
    ],
    [
      'warns: an alarm on a broker needs no such level',
      monitored(19).withSection('alarms', alarm('MessagesInPerSec', null)),
      'warn',
      'low orders',
    ],
    [
      'warns: lag of a group is published at the free level',
      monitored(19).withSection('alarms', alarm('SumOffsetLag', 't-1')),
      'warn',
      'low orders',
    ],
    ['warns although alarms were not read', monitored(19).without('alarms', 'not-permitted'), 'warn', 'low orders'],
    ['no-data: topics were not read', monitored(19).without('kafkaTopics', 'unreachable'), 'no-data'],
    ['no-data: no price of a metric', monitored(19).without('prices', 'not-permitted'), 'no-data'],
    [
      'no-data: offsets were not read, which the level counts',
      monitored(19, 'PER_TOPIC_PER_PARTITION').without('kafkaOffsets', 'timed-out'),
      'no-data',
    ],
    ['passes: no topics', monitored(0), 'pass'],
    ['not applicable: Serverless', monitored(19).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', monitored(19).withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('monitoring-overpaid', () => monitored(19), {
    production: 'low',
    staging: 'low',
    development: 'low',
  });

  test('says what this report loses with the metrics by topic', () => {
    const { action, risk } = runCheck('monitoring-overpaid', monitored(19)).recommendation!;
    for (const text of [action, risk]) expect(text).toContain('how fast groups catch up (K21, catch-up-capacity-low)');
  });

  test('by hand: committed offsets of groups count by partition, three metrics each', () => {
    const source = monitored(1, 'PER_TOPIC_PER_PARTITION').withGroup('g', {
      commits: { 't-0': Array.from({ length: 60 }, () => 1) },
    });
    const { findings, recommendation } = runCheck('monitoring-overpaid', source);
    expect(findings[0]?.measured).toBeCloseTo(2.7 + 60 * 3 * 0.3, 9);
    expect(renderCommand(recommendation!.commands[0]!)).toContain('--enhanced-monitoring PER_BROKER');
  });
});
