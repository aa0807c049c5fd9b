import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

/** 500 MiB/s provisioned for three brokers; what their volumes moved in the window, and bytes in (three copies) over the weeks, in MiB/s. */
function volumes({ moved = 20, weeks = 5, hours = 672, provisioned = 500 as number | null } = {}) {
  const history = Array.from({ length: hours }, () => weeks * MIB);
  return aSnapshot()
    .withCluster({ instanceType: 'kafka.m7g.4xlarge', provisionedThroughputMiBPerSec: provisioned })
    .withTopic('t')
    .withMetricOfBrokers(METRICS.volumeWriteBytes, moved * MIB * METRICS.volumeWriteBytes.periodSec)
    .withMetricOfBrokers(METRICS.volumeReadBytes, 0)
    .withHourlyOfBrokers(METRICS.bytesIn, history)
    .withSection('prices', {
      source: 'offline',
      asOfDate: '2026-11-01',
      region: 'eu-west-1',
      currency: 'USD',
      items: { 'throughput/provisioned': { usd: 0.08, unit: 'MiBps-month', source: 'test' } },
    });
}

describe('provisioned-throughput-unused', () => {
  describeVerdicts('provisioned-throughput-unused', [
    ['warns: 20 of 250 MiB/s that come without', volumes(), 'warn', 'low orders'],
    ['warns: just below 60 % of them', volumes({ moved: 149.9 }), 'warn', 'low orders'],
    ['passes: 60 %', volumes({ moved: 150 }), 'pass'],
    ['passes: a quiet day after busy weeks', volumes({ weeks: 51 }), 'pass'],
    ['passes: none is provisioned', volumes({ provisioned: null }), 'pass'],
    ['warns: two weeks of hours', volumes({ hours: 336 }), 'warn', 'low orders'],
    ['no-data: an hour less', volumes({ hours: 335 }), 'no-data'],
    ['passes: too few hours, but it is used', volumes({ hours: 2, moved: 300 }), 'pass'],
    ['no-data: one broker has no hours', volumes().withoutMetric(METRICS.bytesIn, { 'Broker ID': 2 }), 'no-data'],
    ['no-data: metrics were not read', volumes().without('metrics', 'throttled'), 'no-data'],
    [
      'passes: none is provisioned, whatever was read',
      volumes({ provisioned: null }).without('metrics', 'throttled'),
      'pass',
    ],
    ['warns without a price', volumes().without('prices', 'not-permitted'), 'warn', 'low orders'],
    ['not applicable: Express', volumes().withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', volumes().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', volumes().withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('provisioned-throughput-unused', () => volumes(), {
    production: 'low',
    staging: 'low',
    development: 'low',
  });

  test('by hand: three times 500 MiB/s at 0.08 USD', () => {
    const { recommendation, findings } = runCheck('provisioned-throughput-unused', volumes());
    expect(recommendation?.impact).toMatchObject({ kind: 'saving', usdPerMonth: expect.closeTo(120, 9) });
    expect(renderCommand(recommendation!.commands[0]!)).toContain('--provisioned-throughput Enabled=false');
    expect(findings[0]?.confidence).toBe(1);
  });

  test('bytes in times the copies stand in for volumes that are not measured, less surely', () => {
    const source = volumes().withoutMetric(METRICS.volumeWriteBytes);
    expect(runCheck('provisioned-throughput-unused', source).findings[0]?.confidence).toBe(0.6);
  });
});
