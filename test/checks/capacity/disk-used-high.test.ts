import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during, onlyFirst } from '../minutes.ts';
import { describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const HOUR_MS = 3_600_000;
const used = (values: number | readonly (number | null)[]) =>
  aSnapshot().withMetric(METRICS.diskUsed, { 'Broker ID': 2 }, values);
const hours = (from: number, to: number, value: number, otherwise: number) => during(from, to, value, otherwise, 24);

describe('disk-used-high', () => {
  describeVerdicts('disk-used-high', [
    ['passes: 30 % on every broker', aSnapshot(), 'pass'],
    ['passes: just under 70 %', used(69.9), 'pass'],
    ['warns: 70 %', used(70), 'warn', 'medium 2'],
    ['warns: just under 85 %', used(84.9), 'warn', 'medium 2'],
    ['fails: 85 %', used(85), 'fail', 'high 2'],
    ['fails: just under 95 %', used(94.9), 'fail', 'high 2'],
    ['fails critically: 95 %', used(95), 'fail', 'critical 2'],
    ['warns one step milder: the highest hour of the window is over', used(hours(3, 4, 86, 60)), 'warn', 'medium 2'],
    ['fails: the highest hour was critical and is over', used(hours(3, 4, 96, 60)), 'fail', 'high 2'],
    ['warns mildly: 70 % was reached and left', used(hours(3, 4, 70, 69.9)), 'warn', 'low 2'],
    ['fails as before: lower than it was, but still on the step', used(hours(3, 4, 94, 85)), 'fail', 'high 2'],
    ['fails: one step down from critical is still high now', used(hours(3, 4, 99, 88)), 'fail', 'high 2'],
    [
      'fails during maintenance too: a full disk does not wait',
      used(hours(3, 4, 96, 60)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 22 * HOUR_MS,
        TAKEN_AT_MS - 18 * HOUR_MS,
      ),
      'fail',
      'high 2',
    ],
    [
      'passes: hours before the volumes were enlarged were of smaller volumes',
      used(hours(0, 6, 90, 45)).withOperation(
        'INCREASE_BROKER_STORAGE',
        TAKEN_AT_MS - 18 * HOUR_MS,
        TAKEN_AT_MS - 17.5 * HOUR_MS,
      ),
      'pass',
    ],
    ['no-data: one broker has too few datapoints', used(onlyFirst(hours(0, 0, 0, 30), 0.3)), 'no-data'],
    ['fails: too few datapoints, but one is bad', used(onlyFirst(hours(0, 8, 91, 30), 0.3)), 'fail', 'high 2'],
    [
      'no-data: no series at all',
      aSnapshot().withSection('metrics', { series: [], messages: [], cost: { metricsRequested: 0, calls: 0, usd: 0 } }),
      'no-data',
    ],
    ['no-data: CloudWatch was not read', aSnapshot().without('metrics', 'not-permitted'), 'no-data'],
    [
      'no-data: CloudWatch was read in part',
      aSnapshot().withPartial('metrics', 'throttled after 200 metrics'),
      'no-data',
    ],
    ['not applicable: Express', aSnapshot().withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', aSnapshot().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  test.each([
    ['staging', 70, 'low'],
    ['staging', 85, 'medium'],
    ['staging', 95, 'high'],
    ['development', 70, 'low'],
    ['development', 95, 'low'],
  ] as const)('%s at %i %%: %s', (environment, percent, severity) => {
    expect(runCheck('disk-used-high', used(percent), { environment }).findings[0]?.severity).toBe(severity);
  });

  test('sizes the expansion by hand: 1000 GiB at 90 % to 60 % are 1500 GiB', () => {
    const command = runCheck('disk-used-high', used(90)).recommendation!.commands.map(renderCommand).at(-1);
    expect(command).toBe(
      'aws kafka update-broker-storage --region eu-west-1 --cluster-arn arn:aws:kafka:eu-west-1:111122223333:cluster/orders/a1b2c3d4-1111-2222-3333-444455556666-5 ' +
        `--current-version "$CURRENT_VERSION" --target-broker-ebs-volume-info '[{"KafkaBrokerNodeId":"All","VolumeSizeGB":1500}]'`,
    );
  });

  test('a volume that grows is sized as its forecast sizes it', () => {
    const growing = SICK['disk-full-forecast']().withMetric(METRICS.diskUsed, { 'Broker ID': 2 }, 75);
    const [high, forecast] = (['disk-used-high', 'disk-full-forecast'] as const).map((id) =>
      runCheck(id, growing).recommendation!.commands.map(renderCommand).at(-1),
    );
    expect(high).toContain('"VolumeSizeGB":2056}]');
    expect(high).toBe(forecast);
  });

  test('prices it by hand: 500 GiB more on 3 brokers at 0.10 USD are 150 USD a month', () => {
    const prices = {
      source: 'offline' as const,
      asOfDate: '2026-08-20',
      region: 'eu-west-1',
      currency: 'USD' as const,
      items: { 'storage/gp2': { usd: 0.1, unit: 'GiB-month', source: 'test' } },
    };
    const priced = runCheck('disk-used-high', used(90).withSection('prices', prices)).recommendation!.impact;
    expect(priced).toMatchObject({
      kind: 'added-cost',
      usdPerMonth: 150,
      lines: [{ quantity: 1500, usdPerUnit: 0.1 }],
    });
    expect(runCheck('disk-used-high', used(90).without('prices')).recommendation!.impact.kind).toBe('unknown');
  });
});
