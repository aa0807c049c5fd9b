import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import type { SectionValue } from '../../../lib/snapshot/schema.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, without } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
/** Broker 2 throttles producers in the first periods of the window; in the others the metric says `otherwise`. */
const throttled = (periods: number, otherwise: 0 | null = 0) =>
  aMonitored().withMetric(
    METRICS.produceThrottleTime,
    B2,
    during5(0, periods, 12).map((value) => (value === 0 ? otherwise : value)),
  );

const fallenSilent = (periods: number) =>
  [METRICS.bytesIn, METRICS.produceThrottleTime].reduce(
    (cluster, metric) => cluster.withMetric(metric, B2, without(during5(0, 0, 0), periods)),
    aMonitored(),
  );

describe('clients-throttled', () => {
  describeVerdicts('clients-throttled', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: one period of 286 is 0.35 %', throttled(1), 'pass'],
    ['fails: two periods are 0.7 %', throttled(2), 'fail', 'high orders'],
    [
      'fails: fetches are throttled',
      aMonitored().withMetric(METRICS.fetchThrottleTime, B2, during5(0, 4, 1)),
      'fail',
      'high orders',
    ],
    [
      'fails: requests are throttled',
      aMonitored().withMetric(METRICS.requestThrottleTime, B2, during5(0, 4, 1)),
      'fail',
      'high orders',
    ],
    [
      'fails: brokers take turns, and together it is 0.7 %',
      throttled(1).withMetric(METRICS.fetchThrottleTime, { 'Broker ID': 3 }, during5(1, 2, 9)),
      'fail',
      'high orders',
    ],
    [
      'passes: the same period on two brokers counts once',
      throttled(1).withMetric(METRICS.fetchThrottleTime, { 'Broker ID': 3 }, during5(0, 1, 9)),
      'pass',
    ],
    [
      'passes: throttled during maintenance only',
      throttled(6).withOperation('SECURITY_PATCHING', TAKEN_AT_MS - 24 * HOUR_MS, TAKEN_AT_MS - 23 * HOUR_MS),
      'pass',
    ],
    ['passes: a broker with traffic and no point of throttling was never throttled', throttled(0, null), 'pass'],
    [
      'passes: throttle times end, traffic does not',
      throttled(1).withMetric(METRICS.produceThrottleTime, B2, without(during5(0, 0, 0), 7)),
      'pass',
    ],
    ['passes: all is silent for 25 minutes', fallenSilent(5), 'pass'],
    ['no-data: all is silent for longer', fallenSilent(6), 'no-data'],
    [
      'no-data: a broker that publishes nothing at all',
      throttled(0, null).withMetric(
        METRICS.bytesIn,
        B2,
        during5(0, 0, 0).map(() => null),
      ),
      'no-data',
    ],
    [
      'no-data: one kind of throttling of one broker was not asked for',
      aMonitored().withoutMetric(METRICS.requestThrottleTime, B2),
      'no-data',
    ],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.produceThrottleTime), 'no-data'],
    ['fails on Express', throttled(4).withKind('provisioned-express'), 'fail', 'high orders'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('clients-throttled', () => throttled(20), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test.each([
    ['staging', 2, 'pass'],
    ['staging', 3, 'warn'],
    ['development', 14, 'pass'],
    ['development', 15, 'warn'],
  ] as const)('%s with %i throttled periods: %s', (environment, periods, status) => {
    expect(runCheck('clients-throttled', throttled(periods), { environment }).status).toBe(status);
  });

  test('doubles the only quota that can be meant, and shows all', () => {
    const quotas: SectionValue<'kafkaQuotas'> = [
      {
        entity: [{ type: 'client-id', name: '--all' }],
        quotas: { producer_byte_rate: 1000, consumer_byte_rate: 5 },
      },
      { entity: [{ type: 'user', name: null }], quotas: { consumer_byte_rate: 7 } },
    ];
    const { recommendation, evidence } = runCheck('clients-throttled', throttled(4).withSection('kafkaQuotas', quotas));
    expect(recommendation!.commands.map(renderCommand).at(-1)).toMatch(
      /--alter --entity-type clients --entity-name=--all --add-config producer_byte_rate=2000$/,
    );
    expect(evidence[1]!.rows).toHaveLength(3);
  });
});
