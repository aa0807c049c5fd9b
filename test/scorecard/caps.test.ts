import { describe, expect, test } from 'vitest';
import type { CheckResult, Finding, Scope, Severity } from '../../lib/checks/check.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { Environment } from '../../lib/policy/environment.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { capsFrom } from '../../lib/scorecard/caps.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';
import { runAll } from '../checks/run.ts';
import { aRun } from '../kpis/run-context.ts';

const NOW_MS = 1_800_000_000_000;

function found(
  checkId: CheckId,
  scope: Scope,
  measured: number | null = null,
  severity: Severity = 'high',
  now?: number,
): CheckResult {
  const finding: Finding = {
    id: `${checkId}:1`,
    checkId,
    scope,
    resource: 'x',
    severity,
    measured,
    limit: null,
    unit: 'count',
    confidence: 1,
    ...(now === undefined ? {} : { now }),
  };
  return {
    checkId,
    area: 'availability',
    title: '',
    status: 'fail',
    summary: '',
    findings: [finding],
    evidence: [],
    recommendation: null,
    waived: [],
    partial: null,
  };
}

function caps(result: CheckResult, environment: Environment = 'production', masked = false) {
  const maintenance = masked ? [{ startMs: NOW_MS - 1, endMs: NOW_MS + 1, because: 'operation' }] : [];
  return capsFrom([result], { environment, maintenance, takenAtMs: NOW_MS }).map((cap) => cap.max);
}

describe.each<[string, CheckResult, Record<Environment, number[]>, number[]]>([
  [
    'offline partitions now',
    found('offline-partitions', 'partition'),
    { production: [29], staging: [29], development: [60] },
    [],
  ],
  [
    'offline partitions in a past hour',
    found('offline-partitions', 'cluster', 12, 'high', 0),
    { production: [], staging: [], development: [] },
    [],
  ],
  [
    'under min ISR now',
    found('partitions-under-min-isr', 'partition'),
    { production: [49], staging: [49], development: [49] },
    [],
  ],
  [
    'records lost',
    found('records-lost-to-retention', 'group', 10),
    { production: [49], staging: [49], development: [49] },
    [49],
  ],
  [
    'records lost by a group that nobody runs',
    found('records-lost-to-retention', 'group', 10, 'info'),
    { production: [], staging: [], development: [] },
    [],
  ],
  [
    'public and unauthenticated',
    found('cluster-public', 'cluster', null, 'critical'),
    { production: [39], staging: [39], development: [39] },
    [],
  ],
  [
    'public, and clients authenticate',
    found('cluster-public', 'cluster', null, 'high'),
    { production: [], staging: [], development: [] },
    [],
  ],
  [
    'version past its end',
    found('version-unsupported', 'cluster', -1),
    { production: [69], staging: [79], development: [] },
    [],
  ],
  [
    'version on the day of its end',
    found('version-unsupported', 'cluster', 0),
    { production: [69], staging: [79], development: [] },
    [],
  ],
  [
    'version without a known end',
    found('version-unsupported', 'cluster', null),
    { production: [], staging: [], development: [] },
    [],
  ],
  [
    'version near its end',
    found('version-unsupported', 'cluster', 3),
    { production: [], staging: [], development: [] },
    [],
  ],
])('%s', (_, result, byEnvironment, inMaintenance) => {
  test.each(Object.entries(byEnvironment))('in %s', (environment, expected) => {
    expect(caps(result, environment as Environment)).toEqual(expected);
  });

  test('during maintenance', () => {
    expect(caps(result, 'production', true)).toEqual(inMaintenance);
  });
});

test('caps come lowest first, each once', () => {
  const results = [
    found('version-unsupported', 'cluster', -1),
    found('cluster-public', 'cluster', null, 'critical'),
    found('records-lost-to-retention', 'group', 10),
    found('offline-partitions', 'partition'),
    found('offline-partitions', 'partition'),
  ];
  expect(capsFrom(results, { environment: 'production', maintenance: [], takenAtMs: NOW_MS })).toEqual([
    { rule: 'offline-partitions-now', max: 29 },
    { rule: 'public-unauthenticated', max: 39 },
    { rule: 'records-lost', max: 49 },
    { rule: 'version-past-end-of-support', max: 69 },
  ]);
});

describe('over the real checks', () => {
  const capsOf = (cluster: SnapshotBuilder) => capsFrom(runAll(cluster), aRun(cluster)).map((cap) => cap.rule);
  const disk = (before: number, now: number) =>
    aSnapshot().withMetric(
      METRICS.diskUsed,
      { 'Broker ID': 2 },
      Array.from({ length: 24 }, (_, i) => (i < 23 ? before : now)),
    );

  const publicly = (unauthenticated: boolean) =>
    aSnapshot().withSecurity({
      publicAccess: 'SERVICE_PROVIDED_EIPS',
      authentication: { unauthenticated, iam: true, scram: false, tls: false },
    });

  test('a healthy cluster is not capped', () => {
    expect(
      capsOf(
        aSnapshot()
          .withTopic('t')
          .withGroup('g', { commits: { t: [1000, 1000, 1000] } }),
      ),
    ).toEqual([]);
  });

  test.each<[string, SnapshotBuilder, string[]]>([
    ['a disk at 95 % now', disk(60, 95), ['disk-nearly-full-now']],
    ['a disk just under 95 % now', disk(60, 94.9), []],
    ['a disk that was at 97 % and is not any more', disk(97, 40), []],
    [
      'a partition without a leader now',
      aSnapshot().withTopic('t').withPartition('t', 0, { leader: -1 }),
      ['offline-partitions-now'],
    ],
    [
      'partitions without a leader earlier',
      aSnapshot()
        .withTopic('t')
        .withMetric(METRICS.offlinePartitions, {}, [1, 1, ...Array.from({ length: 1438 }, () => 0)]),
      [],
    ],
    [
      'partitions without a leader at the latest datapoint, while Kafka itself cannot be read',
      aSnapshot()
        .withMetric(METRICS.offlinePartitions, {}, [...Array.from({ length: 1439 }, () => 0), 2])
        .without('kafkaTopics', 'unreachable'),
      ['offline-partitions-now'],
    ],
    [
      'partitions without a leader at the latest datapoint, and all with one in the metadata since',
      aSnapshot()
        .withTopic('t')
        .withMetric(METRICS.offlinePartitions, {}, [...Array.from({ length: 1439 }, () => 0), 2]),
      [],
    ],
    [
      'partitions under min ISR at the latest datapoint, while Kafka itself cannot be read',
      aSnapshot().withMetric(METRICS.underMinIsr, { 'Broker ID': 1 }, 1).without('kafkaTopics', 'unreachable'),
      ['under-min-isr-now'],
    ],
    [
      'a partition under min ISR now',
      aSnapshot()
        .withTopic('t')
        .withPartition('t', 0, { isr: [1] }),
      ['under-min-isr-now'],
    ],
    [
      'records lost by a running group',
      aSnapshot()
        .withTopic('t', { partitions: 1, start: 500 })
        .withGroup('g', { commits: { t: [400] } }),
      ['records-lost'],
    ],
    ['brokers on the internet that let anybody in', publicly(true), ['public-unauthenticated']],
    ['brokers on the internet that ask who comes in', publicly(false), []],
    [
      'a version that MSK lists as deprecated, whatever the table says',
      aSnapshot()
        .withCluster({ kafkaVersion: '3.9.x' })
        .withSection('versions', { status: 'DEPRECATED', upgradeTargets: null }),
      ['version-past-end-of-support'],
    ],
    [
      'a version without an announced end',
      aSnapshot()
        .withCluster({ kafkaVersion: '3.9.x' })
        .withSection('versions', { status: 'ACTIVE', upgradeTargets: null }),
      [],
    ],
    ['a version past its end', aSnapshot().withCluster({ kafkaVersion: '3.6.0' }), ['version-past-end-of-support']],
  ])('%s', (_, cluster, expected) => {
    expect(capsOf(cluster)).toEqual(expected);
  });
});
