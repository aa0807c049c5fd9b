import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aMonitored, rising, youngHours } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const TARGET = { minGiB: 1, maxGiB: 16_384, isScaleOutSuspended: false };
const scaling = (target: Partial<typeof TARGET> | null, targetPercent = 60, status = 'Successful') =>
  aMonitored().withSection('storageScaling', {
    targets: target === null ? [] : [{ ...TARGET, ...target }],
    policies:
      target === null ? [] : [{ metric: 'KafkaBrokerStorageUtilization', targetPercent, isScaleInDisabled: true }],
    lastActivity: target === null ? null : { startMs: null, endMs: null, status },
  });
/** So many percent points a day, as a share of what the metric would show if it could exceed a hundred. */
const sawtooth = (percentPerDay: number) => rising(1, 1 + percentPerDay * 7, 7 * 24 + 1).slice(1);
/** Of broker 2 CloudWatch knows how full the volume is, and nothing of the weeks before. */
const withoutHistory = (source: ReturnType<typeof aMonitored>, usedPercent = 30) =>
  source.withoutMetric(METRICS.diskUsed, B2).withMetric(METRICS.diskUsed, B2, usedPercent);
const brokenOff = (hours: number) => Array.from({ length: 28 * 24 }, (_, i) => (i < 28 * 24 - hours ? 30 : null));

describe('storage-autoscaling-absent', () => {
  describeVerdicts('storage-autoscaling-absent', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: none, but half empty and not growing', scaling(null), 'pass'],
    ['passes: none, at 50 %', scaling(null).withMetricOfBrokers(METRICS.diskUsed, 50), 'pass'],
    ['warns: none, above 50 %', scaling(null).withMetric(METRICS.diskUsed, B2, 50.1), 'warn', 'medium orders'],
    ['fails: none, above 70 %', scaling(null).withMetric(METRICS.diskUsed, B2, 70.1), 'fail', 'high orders'],
    [
      'warns: none, half empty but growing',
      scaling(null).withHourly(METRICS.diskUsed, B2, rising(20, 30)),
      'warn',
      'low orders',
    ],
    [
      'warns: suspended, above 50 %',
      scaling({ isScaleOutSuspended: true }).withMetric(METRICS.diskUsed, B2, 60),
      'warn',
      'medium orders',
    ],
    [
      'warns: the largest size is reached',
      scaling({ maxGiB: 1000 }).withMetric(METRICS.diskUsed, B2, 60),
      'warn',
      'medium orders',
    ],
    ['passes: a target of 50 %', scaling({}, 50), 'pass'],
    ['warns: a target of 49 %', scaling({}, 49), 'warn', 'low orders'],
    ['warns: a target of 61 %', scaling({}, 61), 'warn', 'low orders'],
    ['warns: a target of 80 %', scaling({}, 80), 'warn', 'low orders'],
    ['warns: a target above 80 %', scaling({}, 81), 'warn', 'medium orders'],
    // A tenth of 1000 GiB is one step of six hours: 100 GiB are 10 %, 40 % a day.
    ['passes: growth that one step keeps up with', scaling({}).withHourly(METRICS.diskUsed, B2, sawtooth(39)), 'pass'],
    [
      'warns: growth that outruns the steps',
      scaling({}).withHourly(METRICS.diskUsed, B2, sawtooth(41)),
      'warn',
      'medium orders',
    ],
    ['warns: the last expansion failed', scaling({}, 60, 'Failed'), 'warn', 'medium orders'],
    [
      'no-data: the policies were not readable',
      aMonitored().withSection('storageScaling', { targets: [TARGET], policies: null, lastActivity: null }),
      'no-data',
    ],
    ['no-data: autoscaling was not read', aMonitored().without('storageScaling', 'not-permitted'), 'no-data'],
    ['no-data: a volume is missing', aMonitored().withoutMetric(METRICS.diskUsed, B2), 'no-data'],
    ['no-data: none, and a half empty volume without hours', withoutHistory(scaling(null)), 'no-data'],
    ['no-data: on, and a volume without hours may outrun it', withoutHistory(aMonitored()), 'no-data'],
    ['no-data: the hours are empty', scaling(null).withHourly(METRICS.diskUsed, B2, []), 'no-data'],
    ['no-data: the hours broke off', scaling(null).withHourly(METRICS.diskUsed, B2, brokenOff(3)), 'no-data'],
    ['passes: the hours are late', scaling(null).withHourly(METRICS.diskUsed, B2, brokenOff(2)), 'pass'],
    [
      'no-data: none, and six days of hours',
      scaling(null).withHourly(METRICS.diskUsed, B2, youngHours(144, 30)),
      'no-data',
    ],
    ['passes: none, and a week of hours', scaling(null).withHourly(METRICS.diskUsed, B2, youngHours(168, 30)), 'pass'],
    [
      'passes: on, and six days of hours since a volume was enlarged',
      scaling({}).withHourly(METRICS.diskUsed, B2, youngHours(144, 30)),
      'pass',
    ],
    [
      'no-data: suspended, and six days of hours',
      scaling({ isScaleOutSuspended: true }).withHourly(METRICS.diskUsed, B2, youngHours(144, 30)),
      'no-data',
    ],
    ['warns: above 50 %, whatever is known of growth', withoutHistory(scaling(null), 60), 'warn', 'medium orders'],
    [
      'warns: one volume grows, another has no hours',
      withoutHistory(scaling(null)).withHourly(METRICS.diskUsed, { 'Broker ID': 1 }, rising(20, 30)),
      'warn',
      'low orders',
    ],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('storage-autoscaling-absent', SICK['storage-autoscaling-absent'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  const reached = (maxGiB: number, volumeGiBPerBroker = 1000) =>
    SICK['disk-full-forecast']()
      .withCluster({ volumeGiBPerBroker })
      .withMetric(METRICS.diskUsed, B2, 75)
      .withSection('storageScaling', {
        targets: [{ ...TARGET, minGiB: 500, maxGiB }],
        policies: [{ metric: 'KafkaBrokerStorageUtilization', targetPercent: 60, isScaleInDisabled: true }],
        lastActivity: null,
      });
  const advice = (source: ReturnType<typeof aMonitored>) =>
    runCheck('storage-autoscaling-absent', source).recommendation!;

  test('names the volume whose growth is not known, and calls it no growth of 0', () => {
    expect(runCheck('storage-autoscaling-absent', withoutHistory(scaling(null))).summary).toBe(
      'Not measured: no hourly datapoints of KafkaDataLogsDiskUsed of broker 2 that tell growth.',
    );
    const young = scaling(null).withHourly(METRICS.diskUsed, B2, youngHours(24, 30));
    expect(runCheck('storage-autoscaling-absent', young).summary).toBe(
      'Not measured: less than a week of history since the last change of broker 2.',
    );
    const growthOf = (source: ReturnType<typeof aMonitored>) =>
      runCheck('storage-autoscaling-absent', source).evidence[0]!.rows.find(
        ({ what }) => what === 'Growth in six hours',
      );
    const found = runCheck('storage-autoscaling-absent', withoutHistory(scaling(null), 60));
    expect(found.partial).toMatch(/^no hourly datapoints .* broker 2/);
    expect(growthOf(withoutHistory(scaling(null), 60))?.value).toBeNull();
    expect(growthOf(scaling(null).withMetric(METRICS.diskUsed, B2, 60))?.value).toBe('0 B');
  });

  test('raises a largest size that is reached to what the forecast asks for, and leaves the policy', () => {
    const { action, commands, causedBy } = advice(reached(1000));
    expect(action).toMatch(/raise the largest size that autoscaling may grow to from 1000 to 2056 GiB$/);
    expect(commands.map(renderCommand)).toEqual([expect.stringMatching(/--min-capacity 500 --max-capacity 2056$/)]);
    expect(causedBy).toEqual(['disk-full-forecast']);
  });

  test('names no size where nothing tells how far volumes will grow', () => {
    const { action, commands } = advice(scaling({ maxGiB: 1000 }).withMetric(METRICS.diskUsed, B2, 55));
    expect(action).toMatch(/raise the largest size of 1000 GiB that autoscaling may grow to$/);
    expect(commands).toEqual([]);
  });

  test('raises nothing beyond the largest volume of MSK', () => {
    const { action, commands } = advice(reached(16_384, 16_384));
    expect(action).toMatch(/add brokers: 16384 GiB is the largest volume of MSK$/);
    expect(commands).toEqual([]);
  });

  test('lifts a suspension, which nothing else ends; where there is none it says nothing of it', () => {
    const at60 = (fields: Partial<typeof TARGET>) => advice(scaling(fields).withMetric(METRICS.diskUsed, B2, 60));
    const suspended = at60({ isScaleOutSuspended: true });
    expect(suspended.action).toMatch(/^Lift the suspension/);
    // The policy is there, and good: another one beside it would be a second owner.
    expect(suspended.commands).toHaveLength(1);
    expect(renderCommand(suspended.commands[0]!)).toMatch(
      /register-scalable-target .*--suspended-state DynamicScalingOutSuspended=false$/,
    );
    const late = advice(scaling({}, 81));
    expect(late.action).not.toContain('suspension');
    expect(late.commands.map(renderCommand).join()).not.toContain('--suspended-state');
  });

  test('lifts a suspension where the largest size is raised', () => {
    const source = reached(1000).withSection('storageScaling', {
      targets: [{ ...TARGET, maxGiB: 1000, isScaleOutSuspended: true }],
      policies: [{ metric: 'KafkaBrokerStorageUtilization', targetPercent: 60, isScaleInDisabled: true }],
      lastActivity: null,
    });
    const { action, commands } = advice(source);
    expect(action).toMatch(/to 2056 GiB, and lift its suspension$/);
    expect(renderCommand(commands[0]!)).toMatch(
      /--max-capacity 2056 --suspended-state DynamicScalingOutSuspended=false$/,
    );
  });

  test('never lowers the largest size', () => {
    const failed = reached(5000).withSection('storageScaling', {
      targets: [{ ...TARGET, maxGiB: 5000 }],
      policies: [{ metric: 'KafkaBrokerStorageUtilization', targetPercent: 60, isScaleInDisabled: true }],
      lastActivity: { startMs: null, endMs: null, status: 'Failed' },
    });
    expect(advice(failed).commands.map(renderCommand)[0]).toMatch(/--max-capacity 5000$/);
  });

  test('registers the target and its policy with the names of the API', () => {
    const commands = runCheck('storage-autoscaling-absent', SICK['storage-autoscaling-absent']()).recommendation!
      .commands;
    expect(commands.map(renderCommand)).toEqual([
      expect.stringMatching(
        /register-scalable-target .*--scalable-dimension kafka:broker-storage:VolumeSize --min-capacity 1 --max-capacity 16384$/,
      ),
      expect.stringContaining(
        `'{"PredefinedMetricSpecification":{"PredefinedMetricType":"KafkaBrokerStorageUtilization"},"TargetValue":60,"DisableScaleIn":true}'`,
      ),
    ]);
  });
});
