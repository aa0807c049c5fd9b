import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** Batches without a producer id, on brokers whose produce requests wait so long for followers. */
function producers(
  remoteMs: number,
  { isIdempotent = false, configs = {}, replicationFactor = 3 } = {},
): SnapshotBuilder {
  const builder = aSnapshot()
    .withTopic('t', { configs, replicationFactor })
    .withRates('t', [100, 100, 100])
    .withBatches('t', { isIdempotent });
  return times(builder, remoteMs);
}

function times(builder: SnapshotBuilder, remoteMs: number): SnapshotBuilder {
  return builder
    .withMetricOfBrokers(METRICS.produceTotalTimeMean, 2 + remoteMs)
    .withMetricOfBrokers(METRICS.produceRequestQueueTimeMean, 0.5)
    .withMetricOfBrokers(METRICS.produceLocalTimeMean, 1)
    .withMetricOfBrokers(METRICS.produceResponseQueueTimeMean, 0.25)
    .withMetricOfBrokers(METRICS.produceResponseSendTimeMean, 0.25);
}

describe('acks-weak', () => {
  describeVerdicts('acks-weak', [
    ['fails: no time is left for followers', producers(0.1), 'fail', 'high t'],
    ['fails: just below the limit', producers(0.29), 'fail', 'high t'],
    ['passes: a little above it', producers(0.31), 'pass'],
    ['passes: a producer id implies acks=all', producers(0.1, { isIdempotent: true }), 'pass'],
    ['passes: the topic asks for one copy', producers(0.1, { configs: { 'min.insync.replicas': '1' } }), 'pass'],
    ['passes: there is one copy', producers(0.1, { replicationFactor: 1 }), 'pass'],
    [
      'passes: the leader of one partition waits',
      times(producers(0.1), 0.1).withMetric(METRICS.produceTotalTimeMean, { 'Broker ID': 2 }, 5),
      'pass',
    ],
    [
      'no-data: the wait of one leader is not published',
      producers(0.1).withoutMetric(METRICS.produceLocalTimeMean, { 'Broker ID': 2 }),
      'no-data',
    ],
    [
      'no-data: a leader without traffic says nothing',
      producers(0.1).withMetric(METRICS.bytesIn, { 'Broker ID': 2 }, 0),
      'no-data',
    ],
    ['no-data: the free level', producers(0.1).withoutMetric(METRICS.produceLocalTimeMean), 'no-data'],
    [
      'passes: all have an id, whatever is published',
      producers(0.1, { isIdempotent: true }).without('metrics', 'throttled'),
      'pass',
    ],
    ['no-data: Express brokers do not wait as Kafka’s do', producers(0.1).withKind('provisioned-express'), 'no-data'],
    ['no-data: Kafka without AWS', producers(0.1).withKind('kafka'), 'no-data'],
    ['passes: Kafka without AWS, all with an id', producers(0.1, { isIdempotent: true }).withKind('kafka'), 'pass'],
    ['no-data: settings of topics were not read', producers(0.1).without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    ['no-data: not sampled', aSnapshot().withTopic('t'), 'no-data'],
    ['no-data: an empty cluster', aSnapshot(), 'no-data'],
  ]);
  describeSeverities('acks-weak', () => producers(0.1), { production: 'high', staging: 'medium', development: 'info' });

  test('by hand: 2.1 ms less the phases of 2 ms; an inference, and worded so', () => {
    const { findings, summary } = runCheck('acks-weak', producers(0.1));
    expect(findings[0]?.measured).toBeCloseTo(0.1, 9);
    expect(findings[0]?.confidence).toBe(0.6);
    expect(summary).toContain('likely');
  });
});
