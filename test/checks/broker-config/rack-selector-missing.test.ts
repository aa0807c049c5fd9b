import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, CLUSTER_ARN, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;
const KEY = 'replica.selector.class';
const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/** MiB/s of the cluster at 0.01 USD per GiB and direction: 1 MiB/s read crosses for 34.22 USD a month. */
function reads(outMiB: number, inMiB = 1, selector: string | null = null): SnapshotBuilder {
  const builder = aSnapshot().withBrokerSettings({ [KEY]: selector });
  for (const id of [1, 2, 3]) {
    builder
      .withMetric(METRICS.bytesIn, { 'Broker ID': id }, (inMiB * MIB) / 3)
      .withMetric(METRICS.bytesOut, { 'Broker ID': id }, (outMiB * MIB) / 3);
  }
  return priced(builder);
}

function priced(builder: SnapshotBuilder): SnapshotBuilder {
  return builder.withSection('prices', {
    source: 'offline',
    asOfDate: '2026-11-01',
    region: 'eu-west-1',
    currency: 'USD',
    items: { 'traffic/between-zones': { usd: 0.01, unit: 'GiB', source: 'test' } },
  });
}

function inZones(builder: SnapshotBuilder, zones: readonly (string | null)[]) {
  builder.withTopic('t').withGroup('g', { commits: { t: [1, 1, 1] }, members: zones.length });
  const snapshot = builder.build();
  const groups = snapshot.sections.kafkaGroups;
  if (groups?.ok) for (const [i, rack] of zones.entries()) groups.value[0]!.members![i]!.rack = rack;
  return snapshot;
}

describe('rack-selector-missing', () => {
  describeVerdicts('rack-selector-missing', [
    ['passes: the selector is set', reads(100, 1, RACK_AWARE), 'pass'],
    ['warns: 51 USD a month', reads(1.5), 'warn', 'medium orders'],
    ['passes: 49 USD a month', reads(1.43), 'pass'],
    ['passes: less is read than written', reads(9, 10), 'pass'],
    ['warns: as much is read as written', reads(10, 10), 'warn', 'medium orders'],
    [
      'warns: the selector of the leader is none',
      reads(10, 1, 'org.apache.kafka.common.replica.LeaderSelector'),
      'warn',
      'medium orders',
    ],
    [
      'warns from the default of MSK alone',
      reads(10).without('kafkaBrokerConfigs', 'unreachable'),
      'warn',
      'medium orders',
    ],
    [
      'no-data: set in the revision, and the brokers were not asked',
      reads(10)
        .without('kafkaBrokerConfigs', 'unreachable')
        .withSection('configuration', { arn: 'a', revision: 2, properties: { [KEY]: RACK_AWARE } }),
      'no-data',
    ],
    [
      'warns: one broker was left out of the change',
      reads(10, 1, RACK_AWARE).withBrokerSettings({ [KEY]: null }, { brokers: [2] }),
      'warn',
      'medium orders',
    ],
    ['no-data: no price', reads(10).without('prices', 'not-permitted'), 'no-data'],
    ['no-data: no traffic', reads(10).without('metrics', 'throttled'), 'no-data'],
    ['warns on Express', reads(10).withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Serverless', reads(10).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', reads(10).withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('rack-selector-missing', () => reads(10), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('passes: all consumers name one zone; warns as soon as one names none', () => {
    expect(runCheck('rack-selector-missing', inZones(reads(10), ['euw1-az1', 'euw1-az1'])).status).toBe('pass');
    expect(runCheck('rack-selector-missing', inZones(reads(10), ['euw1-az1', null])).status).toBe('warn');
    expect(runCheck('rack-selector-missing', inZones(reads(10), ['euw1-az1', 'euw1-az2'])).status).toBe('warn');
  });

  test('by hand: 150 MiB/s read are 384,961 GiB a month, two thirds of which cross for 0.02 USD each', () => {
    const result = runCheck('rack-selector-missing', reads(150, 50));
    expect(result.findings[0]?.measured).toBeCloseTo(5132.81, 2);
    expect(result.findings[0]?.confidence).toBe(0.6);
    expect(result.recommendation?.impact).toMatchObject({ kind: 'saving' });
  });

  test('a new revision replaces the file: fetched first, stored, then applied with the number it will have', () => {
    const source = reads(10).withSection('configuration', {
      arn: `${CLUSTER_ARN}-config`,
      revision: 3,
      properties: {},
      latest: { revision: 5, createdAtMs: TAKEN_AT_MS, properties: {} },
    });
    const commands = runCheck('rack-selector-missing', source).recommendation!.commands;
    expect(commands.map((command) => command.argv[2])).toEqual([
      'describe-configuration-revision',
      'update-configuration',
      'update-cluster-configuration',
    ]);
    expect(renderCommand(commands[2]!)).toContain(
      `Arn=${CLUSTER_ARN}-config,Revision=6 --current-version "$CURRENT_VERSION"`,
    );
  });
});
