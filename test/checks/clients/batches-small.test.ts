import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import type { OpenMonitoring } from '../../../lib/snapshot/open-monitoring-section.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { onlyFirst } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

/** One topic of 3 partitions with batches of so many bytes, taking in so many messages a second. */
function sampled(sizeBytes: number, perSec = 3000, records = 2): SnapshotBuilder {
  const each = perSec / 3;
  return messages(aSnapshot(), perSec)
    .withTopic('t')
    .withRates('t', [each, each, each])
    .withBatches('t', { sizeBytes, records });
}

function messages(builder: SnapshotBuilder, perSec: number, inMiB = 3): SnapshotBuilder {
  for (const id of [1, 2, 3]) {
    builder
      .withMetric(METRICS.messagesIn, { 'Broker ID': id }, perSec / 3)
      .withMetric(METRICS.bytesIn, { 'Broker ID': id }, (inMiB * MIB) / 3);
  }
  return builder;
}

function busy(builder: SnapshotBuilder, cpu: number): SnapshotBuilder {
  return builder
    .withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, cpu)
    .withMetric(METRICS.cpuSystem, { 'Broker ID': 2 }, 0);
}

function scraped(bytesPerRequest: number): OpenMonitoring {
  return {
    spanSec: 60,
    brokers: [1, 2, 3].map((brokerId) => ({
      brokerId,
      jmx: { spanSec: 60, problem: null },
      node: { spanSec: 60, problem: null },
      figures: { bytesInPerSec: bytesPerRequest * 500, totalProduceRequestsPerSec: 500 },
      errors: null,
      gaps: [],
    })),
  };
}

describe('batches-small', () => {
  describeVerdicts('batches-small', [
    ['passes: batches of 50 kB', sampled(50_000), 'pass'],
    ['passes: at the limit of 2 KiB', sampled(2048), 'pass'],
    ['warns: one byte below it', sampled(2047), 'warn', 'medium t'],
    ['warns: 1,000 messages a second', sampled(500, 1002), 'warn', 'medium t'],
    ['passes: small batches of a slow topic', sampled(500, 990), 'pass'],
    ['fails: the busiest broker has 61 % CPU', busy(sampled(500), 61), 'fail', 'high t'],
    ['warns: at 60 % CPU it is not busy', busy(sampled(500), 60), 'warn', 'medium t'],
    [
      'fails: request handlers are busy for 71 % of the time',
      sampled(500).withMetric(METRICS.requestHandlerIdle, { 'Broker ID': 1 }, 0.29),
      'fail',
      'high t',
    ],
    ['no-data: the log ends were looked at once', sampled(500).withSampleTimes([0]), 'no-data'],
    ['no-data: batches were not sampled, and there is traffic', messages(aSnapshot(), 1002), 'no-data'],
    ['passes: not sampled, but next to no messages', messages(aSnapshot(), 990), 'pass'],
    [
      'no-data: next to no messages in the tenth of the window that was measured',
      messages(aSnapshot(), 990).withMetric(
        METRICS.messagesIn,
        { 'Broker ID': 1 },
        onlyFirst(
          Array.from({ length: 288 }, () => 330),
          0.1,
        ),
      ),
      'no-data',
    ],
    [
      'no-data: one broker says nothing of its messages',
      aSnapshot().withMetric(METRICS.messagesIn, { 'Broker ID': 1 }, 1),
      'no-data',
    ],
    [
      'no-data: a busy topic with a third of the messages was not sampled',
      sampled(50_000).withTopic('u').withRates('u', [500, 500, 500]),
      'no-data',
    ],
    [
      'passes: what was not sampled is a fifth of the messages',
      sampled(50_000, 6000).withTopic('u').withRates('u', [500, 500, 500]),
      'pass',
    ],
    [
      'warns by request: 600 bytes each',
      messages(aSnapshot(), 3000).withSection('openMonitoring', scraped(600)),
      'warn',
      'medium orders',
    ],
    [
      'no-data: large requests say nothing of single topics',
      messages(aSnapshot(), 3000).withSection('openMonitoring', scraped(9000)),
      'no-data',
    ],
    ['fails by record: 30 bytes each under load', busy(messages(aSnapshot(), 33_000, 1), 61), 'fail', 'high orders'],
    ['no-data by record: no load', messages(aSnapshot(), 33_000, 1), 'no-data'],
    ['no-data by record: 10,000 messages into a broker', busy(messages(aSnapshot(), 30_000, 1), 61), 'no-data'],
    ['no-data by record: records of 1 KiB', busy(messages(aSnapshot(), 33_000, 33), 61), 'no-data'],
    ['warns on Serverless', sampled(500).withKind('serverless'), 'warn', 'medium t'],
    ['warns on Kafka without AWS', sampled(500).withKind('kafka'), 'warn', 'medium t'],
    ['no-data: an empty cluster whose metrics were not read', aSnapshot().without('metrics', 'throttled'), 'no-data'],
  ]);

  describeVerdicts('batches-small', [['warns: 8 KiB is the limit for throughput', sampled(8191), 'warn', 'medium t']], {
    goal: 'throughput',
  });
  describeVerdicts('batches-small', [['passes: 512 bytes will do for latency', sampled(512), 'pass']], {
    goal: 'latency',
  });

  describeSeverities('batches-small', () => busy(sampled(500), 61), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('the settings are those of the goal', () => {
    const action = (goal: 'balanced' | 'cost') =>
      runCheck('batches-small', sampled(500), { goal }).recommendation?.action;
    expect(action('balanced')).toContain('linger.ms=10, batch.size=65536');
    expect(action('cost')).toContain('linger.ms=25, batch.size=131072');
  });

  test('a proxy is less sure than a look into the batches', () => {
    const confidence = (source: SnapshotBuilder) => runCheck('batches-small', source).findings[0]?.confidence;
    expect(confidence(sampled(500))).toBe(0.9);
    expect(confidence(messages(aSnapshot(), 3000).withSection('openMonitoring', scraped(600)))).toBe(0.6);
    expect(confidence(busy(messages(aSnapshot(), 33_000, 1), 61))).toBe(0.5);
  });
});
