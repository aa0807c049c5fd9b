import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

function express(status: 'ACTIVE' | 'PAUSED' | null, mib: readonly number[] = [4, 4, 4], under = 0): SnapshotBuilder {
  const builder = aSnapshot().withKind('provisioned-express').withMetric(METRICS.underProvisioned, {}, under);
  const cluster = builder.build().sections.cluster;
  if (cluster?.ok && cluster.value.kind === 'provisioned-express')
    builder.withSection('cluster', { ...cluster.value, rebalancing: status });
  for (const [i, rate] of mib.entries())
    builder
      .withMetric(METRICS.bytesIn, { 'Broker ID': i + 1 }, rate * MIB)
      .withMetric(METRICS.bytesOut, { 'Broker ID': i + 1 }, 0);
  return builder;
}

const leaders = (builder: SnapshotBuilder, counts: readonly number[]) =>
  counts.reduce((each, count, i) => each.withMetric(METRICS.leaderCount, { 'Broker ID': i + 1 }, count), builder);

describe('rebalancing-paused', () => {
  describeVerdicts('rebalancing-paused', [
    ['passes: active', express('ACTIVE', [9, 3, 3]), 'pass'],
    ['passes: paused, and even', express('PAUSED'), 'pass'],
    ['passes: paused, exactly a fifth above the mean', express('PAUSED', [3.6, 2.7, 2.7]), 'pass'],
    ['warns: paused, and a little more', express('PAUSED', [3.7, 2.7, 2.7]), 'warn', 'low orders'],
    ['passes: paused, uneven, and next to no traffic', express('PAUSED', [0.9, 0.1, 0.1]), 'pass'],
    ['warns: paused, leaders a ninth above the mean', leaders(express('PAUSED'), [60, 51, 51]), 'warn', 'low orders'],
    ['passes: paused, few leaders', leaders(express('PAUSED'), [25, 10, 10]), 'pass'],
    ['warns: too small to be rebalanced', express('ACTIVE', [4, 4, 4], 1), 'warn', 'medium UnderProvisioned'],
    ['no-data: the status was not told', express(null), 'no-data'],
    ['no-data: CloudWatch was not read', express('PAUSED', [9, 3, 3]).without('metrics', 'throttled'), 'no-data'],
    [
      'no-data: a broker publishes nothing',
      express('PAUSED', [4, 4, 4]).withMetric(METRICS.bytesIn, { 'Broker ID': 3 }, []),
      'no-data',
    ],
    ['not applicable: Standard', aSnapshot(), 'not-applicable'],
    ['not applicable: Serverless', aSnapshot().withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('rebalancing-paused', () => express('PAUSED', [9, 3, 3]), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('turns it on', () => {
    const { recommendation } = runCheck('rebalancing-paused', express('PAUSED', [9, 3, 3]));
    expect(renderCommand(recommendation!.commands[0]!)).toContain(`--rebalancing '{"Status":"ACTIVE"}'`);
  });

  test('looks for the load first where the cluster is too small', () => {
    const small = express('PAUSED', [9, 3, 3]).withMetric(METRICS.underProvisioned, {}, 1);
    const { commands } = runCheck('rebalancing-paused', small).recommendation!;
    expect(commands.map(({ effect, argv }) => [effect, argv[2]])).toEqual([
      ['read', 'get-metric-data'],
      ['change', 'update-rebalancing'],
    ]);
  });
});
