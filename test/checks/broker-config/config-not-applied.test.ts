import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const OLD = { 'num.io.threads': '8' };

function revisions(inUse: number, newest: number | null, newer: Record<string, string> = OLD): SnapshotBuilder {
  return aSnapshot()
    .withBrokerSettings(OLD)
    .withSection('configuration', {
      arn: 'arn:aws:kafka:eu-west-1:111122223333:configuration/c/1',
      revision: inUse,
      properties: OLD,
      latest: newest === null ? null : { revision: newest, createdAtMs: TAKEN_AT_MS, properties: newer },
    });
}

function operation(state: string, startMs = TAKEN_AT_MS - 5_000_000) {
  return { arn: `a-${startMs}`, type: 'UPDATE_CLUSTER_CONFIGURATION', state, startMs, endMs: startMs + 1000 };
}

describe('config-not-applied', () => {
  describeVerdicts('config-not-applied', [
    ['passes: the newest revision on every broker', revisions(3, 3), 'pass'],
    ['warns: a newer one waits', revisions(3, 4), 'warn', 'medium orders'],
    [
      'warns: a broker differs',
      revisions(3, 3).withBrokerSettings({ 'num.io.threads': '16' }, { brokers: [2], source: 'dynamic-broker' }),
      'warn',
      'medium num.io.threads',
    ],
    [
      'warns: the last roll-out failed',
      revisions(3, 3).withSection('operations', [operation('UPDATE_FAILED')]),
      'warn',
      'medium UPDATE_CLUSTER_CONFIGURATION',
    ],
    [
      'passes: one before it failed',
      revisions(3, 3).withSection('operations', [
        operation('UPDATE_FAILED'),
        operation('UPDATE_COMPLETE', TAKEN_AT_MS - 3_000_000),
      ]),
      'pass',
    ],
    ['passes: no configuration of its own', revisions(1, 1).without('configuration', 'not-enabled'), 'pass'],
    ['no-data: the newest revision is not known', revisions(3, null), 'no-data'],
    ['no-data: the configuration was not read', revisions(3, 3).without('configuration', 'not-permitted'), 'no-data'],
    ['no-data: the brokers were not asked', revisions(3, 3).without('kafkaBrokerConfigs', 'unreachable'), 'no-data'],
    [
      'no-data: an operation is running',
      revisions(3, 4).withOperation('UPDATE_CLUSTER_CONFIGURATION', TAKEN_AT_MS - 1000, null),
      'no-data',
    ],
    [
      'warns on Kafka without AWS: a broker differs',
      revisions(3, 3)
        .withBrokerSettings({ 'num.io.threads': '16' }, { brokers: [2] })
        .withKind('kafka'),
      'warn',
      'medium num.io.threads',
    ],
    ['passes on Kafka without AWS', revisions(3, 3).withKind('kafka'), 'pass'],
    ['not applicable: Serverless', revisions(3, 4).withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('config-not-applied', () => revisions(3, 4), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('a failed roll-out is read about before it is tried again; a newer revision alone is rolled out', () => {
    const verbs = (builder: SnapshotBuilder) =>
      runCheck('config-not-applied', builder).recommendation!.commands.map(({ argv }) => argv[2]);
    expect(verbs(revisions(3, 3).withSection('operations', [operation('UPDATE_FAILED')]))).toEqual([
      'list-cluster-operations-v2',
    ]);
    expect(verbs(revisions(3, 4))).toEqual(['update-cluster-configuration']);
  });

  test('shows what the newer revision would change', () => {
    const result = runCheck(
      'config-not-applied',
      revisions(3, 4, { 'num.io.threads': '16', 'log.retention.hours': '24' }),
    );
    expect(result.findings[0]?.note).toContain('they differ in log.retention.hours and num.io.threads');
    expect(result.evidence[0]?.rows).toEqual([
      { key: 'log.retention.hours', inUse: null, newest: '24' },
      { key: 'num.io.threads', inUse: '8', newest: '16' },
    ]);
  });
});
