import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
const of = (ms: number) => aMonitored().withMetricOfBrokers(METRICS.produceTotalTimeMean, ms);
const one = (values: number | readonly (number | null)[]) =>
  aMonitored().withMetric(METRICS.produceTotalTimeMean, B2, values);

describe('produce-latency-high', () => {
  describeVerdicts('produce-latency-high', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 100 ms, the bad point', of(100), 'pass'],
    ['fails: just over 100 ms', of(100.1), 'fail', 'high orders'],
    ['passes: one broker at 25 ms, the good point', one(25), 'pass'],
    ['warns: one broker just over 25 ms, the others at 4', one(25.1), 'warn', 'medium 2'],
    ['passes: one broker at twice the median', of(30).withMetric(METRICS.produceTotalTimeMean, B2, 60), 'pass'],
    [
      'warns: just over twice the median',
      of(30).withMetric(METRICS.produceTotalTimeMean, B2, 60.1),
      'warn',
      'medium 2',
    ],
    ['fails: one broker is too slow by itself', one(120), 'fail', 'high 2'],
    ['passes: a broker without traffic has no say', one(500).withMetric(METRICS.bytesIn, B2, 0), 'pass'],
    [
      'passes: slow during maintenance only',
      aMonitored()
        .withMetricOfBrokers(METRICS.produceTotalTimeMean, during5(12, 60, 300, 4))
        .withOperation('SECURITY_PATCHING', TAKEN_AT_MS - 23 * HOUR_MS, TAKEN_AT_MS - 19 * HOUR_MS),
      'pass',
    ],
    [
      'passes: an hour of the day is below the 95th percentile',
      aMonitored().withMetricOfBrokers(METRICS.produceTotalTimeMean, during5(0, 12, 300, 4)),
      'pass',
    ],
    ['not applicable: nothing was produced', aMonitored().withMetricOfBrokers(METRICS.bytesIn, 0), 'not-applicable'],
    ['no-data: a broker has too few datapoints', one(onlyFirst(during5(0, 0, 0, 4), 0.4)), 'no-data'],
    ['fails on Express', of(150).withKind('provisioned-express'), 'fail', 'high orders'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('produce-latency-high', () => of(400), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test.each([
    ['latency', 'production', 25, 'pass'],
    ['latency', 'production', 26, 'fail'],
    ['throughput', 'production', 250, 'pass'],
    ['balanced', 'staging', 150, 'pass'],
    ['balanced', 'staging', 151, 'warn'],
    ['balanced', 'development', 300, 'pass'],
  ] as const)('goal %s in %s at %i ms: %s', (goal, environment, ms, status) => {
    expect(runCheck('produce-latency-high', of(ms), { goal, environment }).status).toBe(status);
  });

  test.each([
    ['a request handler', METRICS.produceRequestQueueTimeMean, /request handlers/],
    ['the leader’s own log', METRICS.produceLocalTimeMean, /volumes/],
    ['sending the answer', METRICS.produceResponseSendTimeMean, /network threads/],
  ] as const)('names the phase: %s', (where, phase, action) => {
    const result = runCheck('produce-latency-high', of(150).withMetricOfBrokers(phase, 120));
    expect(result.summary).toContain(where);
    expect(result.recommendation!.action).toMatch(action);
  });

  test('one slow broker is looked at before the volumes of all, and after a sick one', () => {
    const one = aMonitored()
      .withMetric(METRICS.produceTotalTimeMean, { 'Broker ID': 2 }, 150)
      .withMetric(METRICS.produceLocalTimeMean, { 'Broker ID': 2 }, 120);
    const { action, causedBy } = runCheck('produce-latency-high', one).recommendation!;
    expect(action).toMatch(/^Find out why broker 2 alone is slow/);
    expect(causedBy).toEqual(['broker-slow']);
  });

  test('names the followers where the other phases leave the time', () => {
    expect(runCheck('produce-latency-high', of(150)).summary).toContain('waiting for the followers');
  });

  test('without phases advises to publish them', () => {
    const blind = of(150).withoutMetric(METRICS.produceLocalTimeMean).withCluster({ enhancedMonitoring: 'DEFAULT' });
    const { action, commands } = runCheck('produce-latency-high', blind).recommendation!;
    expect(commands[0]!.argv).toContain('PER_BROKER');
    expect(action).toContain('switch on PER_BROKER');
  });

  test.each(['PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION', 'unknown'] as const)(
    'at level %s phases that are missing for a while are no reason to change it',
    (enhancedMonitoring) => {
      const blind = of(150).withoutMetric(METRICS.produceLocalTimeMean).withCluster({ enhancedMonitoring });
      const { action, commands } = runCheck('produce-latency-high', blind).recommendation!;
      expect(commands).toEqual([]);
      expect(action).not.toContain('PER_BROKER');
    },
  );
});
