import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst, onlyLast, without } from '../minutes.ts';
import { describeVerdicts, runCheck } from '../run.ts';

const HOUR_MS = 3_600_000;
/** User CPU of broker 2; system CPU is 5 %. */
const user = (values: number | readonly (number | null)[]) =>
  aSnapshot().withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, values);

describe('cpu-high', () => {
  describeVerdicts('cpu-high', [
    ['passes: 25 % everywhere', aSnapshot(), 'pass'],
    ['passes: exactly 60 %, user and system together', user(55), 'pass'],
    ['warns: just over 60 %', user(55.1), 'warn', 'medium 2'],
    ['warns: exactly 70 %', user(65), 'warn', 'medium 2'],
    ['fails: just over 70 %', user(65.1), 'fail', 'high 2'],
    ['fails: exactly 80 %', user(75), 'fail', 'high 2'],
    ['fails critically: just over 80 %', user(75.1), 'fail', 'critical 2'],
    ['passes: a tenth of the window less one period is too short', user(during5(100, 128, 90, 20)), 'pass'],
    ['fails: a tenth of the window', user(during5(100, 129, 90, 20)), 'fail', 'critical 2'],
    [
      'passes: never three periods in a row',
      user(Array.from({ length: 288 }, (_, i) => (i % 3 === 0 ? 20 : i % 6 < 3 ? 90 : 20))),
      'pass',
    ],
    [
      'fails during maintenance too: the brokers that stay must carry the load of the one that restarts',
      user(during5(108, 138, 90, 20)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 15 * HOUR_MS,
        TAKEN_AT_MS - 12.5 * HOUR_MS,
      ),
      'fail',
      'critical 2',
    ],
    ['no-data: a broker has too few datapoints', user(onlyLast(during5(0, 0, 0, 20), 0.4)), 'no-data'],
    ['passes: silent for five periods', user(without(during5(0, 0, 0, 20), 5)), 'pass'],
    ['no-data: silent for six periods', user(without(during5(0, 0, 0, 20), 6)), 'no-data'],
    [
      'warns: another broker has too few datapoints',
      user(onlyFirst(during5(0, 0, 0, 20), 0.4)).withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, 60),
      'warn',
      'medium 1',
    ],
    ['no-data: CloudWatch was not read', aSnapshot().without('metrics', 'throttled'), 'no-data'],
    ['warns on Express', user(60).withKind('provisioned-express'), 'warn', 'medium 2'],
    ['not applicable: Serverless', user(90).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  test.each([
    ['staging', 60, 'low'],
    ['staging', 70, 'medium'],
    ['staging', 90, 'high'],
    ['development', 60, 'info'],
    ['development', 70, 'low'],
    ['development', 90, 'medium'],
  ] as const)('%s at %i %% user: %s', (environment, percent, severity) => {
    expect(runCheck('cpu-high', user(percent), { environment }).findings[0]?.severity).toBe(severity);
  });

  test('the 95th percentile by hand: between the 271st and the 272nd of 286 trusted points', () => {
    // Type 7: position 0.95 x 285 = 270.75 between the 271st and the 272nd value of i/4 + 5, i = 1..286.
    const result = runCheck('cpu-high', user(Array.from({ length: 288 }, (_, i) => (i + 1) / 4)));
    expect(result.findings[0]?.measured).toBeCloseTo(271.75 / 4 + 5, 9);
  });

  test('names the next size, what it would bring, and its price by hand: 3 x 730 h x 0.204 USD', () => {
    const item = (usd: number) => ({ usd, unit: 'hours', source: 'test' });
    const items = { 'broker/kafka.m7g.large': item(0.204), 'broker/kafka.m7g.xlarge': item(0.408) };
    const prices = {
      source: 'offline' as const,
      asOfDate: '2026-08-20',
      region: 'eu-west-1',
      currency: 'USD' as const,
      items,
    };
    const { recommendation } = runCheck('cpu-high', user(75).withSection('prices', prices));
    expect(recommendation!.expectedEffect).toContain('from 80% to about 40%');
    expect(recommendation!.impact.kind === 'added-cost' && recommendation!.impact.usdPerMonth).toBeCloseTo(446.76, 9);
    const [cheaper, larger] = recommendation!.commands;
    expect([cheaper!.effect, cheaper!.purpose]).toEqual(['read', expect.stringContaining('MessagesInPerSec')]);
    expect(larger!.argv).toContain('kafka.m7g.xlarge');
  });

  test('shows beside CPU what takes it; null where nothing is published', () => {
    const rowOf = (source: ReturnType<typeof user>) =>
      runCheck('cpu-high', source).evidence[0]!.rows.find(({ broker }) => broker === '2');
    const B = { 'Broker ID': 2 };
    const source = user(75)
      .withMetric(METRICS.requestHandlerIdle, B, 0.3)
      .withMetric(METRICS.clientConnections, { ...B, 'Client Authentication': 'IAM' }, 250)
      .withMetric(METRICS.produceConversions, B, 40)
      .withMetric(METRICS.fetchConversions, B, 2);
    expect(rowOf(source)).toMatchObject({ handlersBusy: 70, connections: 250, conversions: 42 });
    expect(rowOf(user(75))).toMatchObject({ handlersBusy: null, connections: null, conversions: null });
  });

  test('advises no restart while an operation runs', () => {
    const { recommendation } = runCheck(
      'cpu-high',
      user(75).withOperation('UPDATE_BROKER_TYPE', TAKEN_AT_MS - HOUR_MS, null),
    );
    expect(recommendation!.commands.map(({ effect }) => effect)).toEqual(['read']);
    expect(recommendation!.action).toMatch(/^Wait, because a cluster operation is running/);
  });
});
