import { describe, expect, test } from 'vitest';
import { groupStatuses } from '../../lib/analysis/consumer-status.ts';
import { findingId } from '../../lib/analysis/finding-id.ts';
import type { Area, CheckResult, Effort, Finding, Impact, Severity } from '../../lib/checks/check.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { buildReport, type ReportInputs } from '../../lib/report/build-report.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN, CLUSTER_UUID, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { aReport } from './a-report.ts';

interface Drawn {
  id: CheckId;
  area?: Area;
  effort?: Effort;
  impact?: Impact;
  findings: readonly (readonly [resource: string, severity: Severity])[];
  argv?: readonly (string | { variable: 'BOOTSTRAP' | 'CURRENT_VERSION' })[];
}

function drawn({
  id,
  area = 'availability',
  effort = 'setting',
  impact = { kind: 'none' },
  findings,
  argv = ['true'],
}: Drawn): CheckResult {
  return {
    checkId: id,
    area,
    title: `title of ${id}`,
    status: 'fail',
    summary: `summary of ${id}.`,
    findings: findings.map(
      ([resource, severity]): Finding => ({
        id: findingId(id, CLUSTER_UUID, 'topic', resource),
        checkId: id,
        scope: 'topic',
        resource,
        severity,
        measured: 1,
        limit: 0,
        unit: 'count',
        confidence: 1,
      }),
    ),
    evidence: [],
    recommendation: {
      action: `Mend ${id}.`,
      confirmFirst: 'nothing',
      commands: [{ purpose: 'mend', effect: 'change', argv }],
      risk: 'none',
      expectedEffect: 'good',
      verifyAfter: 'tomorrow',
      effort,
      impact,
    },
    waived: [],
    partial: null,
  };
}

function answered(id: CheckId, status: CheckResult['status'], over: Partial<CheckResult> = {}): CheckResult {
  return { ...drawn({ id, findings: [] }), status, recommendation: null, ...over };
}

function build(snapshot: Snapshot, checkResults: readonly CheckResult[], over: Partial<ReportInputs> = {}) {
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders' });
  const run = runContextOf(snapshot, policy);
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = snapshot.sections;
  return buildReport({
    snapshot,
    policy,
    run,
    runId: 'r1',
    toolVersion: '0.1.0',
    clusterIdentity: clusterIdentityOf(snapshot),
    checks: checkResults.map(({ checkId }) => ({
      id: checkId,
      needs: [],
      mayUse: ['metrics'],
      why: `why ${checkId}`,
      references: [],
    })),
    kpis: [{ id: 'K07', mayUse: ['metrics'] }],
    checkResults,
    scorecard: { ...aReport().scorecard, kpis: [] },
    verdict: 'fail',
    previous: null,
    cost: aReport().cost,
    groupStatuses:
      kafkaGroups?.ok && kafkaOffsets?.ok
        ? groupStatuses({
            groups: kafkaGroups.value,
            offsets: kafkaOffsets.value,
            samples: kafkaSamples?.ok ? kafkaSamples.value : null,
            lag: policy.lag,
            takenAtMs: snapshot.takenAtMs,
          })
        : null,
    ...over,
  });
}

describe('order', () => {
  const results = [
    answered('version-unsupported', 'not-applicable'),
    answered('offline-partitions', 'pass'),
    answered('cpu-high', 'no-data'),
    drawn({
      id: 'min-isr-equal-rf',
      findings: [
        ['b', 'medium'],
        ['a', 'medium'],
      ],
    }),
    drawn({ id: 'disk-used-high', area: 'capacity', findings: [['x', 'high']] }),
    drawn({ id: 'leaders-skewed', area: 'balance', findings: [['y', 'low']] }),
    drawn({ id: 'replication-factor-low', effort: 'migration', findings: [['z', 'critical']] }),
  ];
  const report = build(aSnapshot().build(), results);

  test('findings by priority, those of one check as the check ordered them', () => {
    expect(report.findings.map(({ resource }) => resource)).toEqual(['x', 'b', 'a', 'z', 'y']);
    expect(report.findings.map(({ priority }) => priority)).toEqual([60, 30, 30, 25, 10]);
    expect(report.counts).toEqual({ critical: 1, high: 1, medium: 2, low: 1, info: 0 });
  });

  test('checks: with findings, then without answer, then passed, then not applicable', () => {
    expect(report.checks.map(({ checkId }) => checkId)).toEqual([
      'disk-used-high',
      'min-isr-equal-rf',
      'replication-factor-low',
      'leaders-skewed',
      'cpu-high',
      'offline-partitions',
      'version-unsupported',
    ]);
    expect(report.checks[0]?.why).toBe('why disk-used-high');
  });

  test('three actions, one a check, the gravest first', () => {
    expect(report.actions.map(({ checkId }) => checkId)).toEqual([
      'replication-factor-low',
      'disk-used-high',
      'min-isr-equal-rf',
    ]);
    expect(report.actions[1]).toMatchObject({ resource: 'x', action: 'Mend disk-used-high.', severity: 'high' });
  });

  test('what is easy comes first only among what is equally grave', () => {
    const crowded = build(aSnapshot().build(), [
      drawn({ id: 'cpu-high', effort: 'migration', findings: [['a', 'medium']] }),
      drawn({ id: 'unclean-election-enabled', findings: [['b', 'medium']] }),
      drawn({ id: 'disk-used-high', findings: [['c', 'high']] }),
      drawn({ id: 'replication-factor-low', effort: 'migration', findings: [['d', 'critical']] }),
    ]);
    expect(crowded.actions.map(({ checkId }) => checkId)).toEqual([
      'replication-factor-low',
      'disk-used-high',
      'unclean-election-enabled',
    ]);
    expect(crowded.headline).toBe('summary of replication-factor-low. 3 more findings.');
  });

  test('informational findings are no action and no alarm', () => {
    const calm = build(
      aSnapshot().build(),
      [drawn({ id: 'cpu-high', findings: [['a', 'info']] }), answered('offline-partitions', 'pass')],
      {
        verdict: 'pass',
      },
    );
    expect(calm.actions).toEqual([]);
    expect(calm.headline).toMatch(/^Nothing is about to break/);
  });

  test('only a saving is positive money', () => {
    const impact = (kind: 'saving' | 'added-cost'): Impact => ({ kind, lines: [], usdPerMonth: 99 });
    const money = build(aSnapshot().build(), [
      drawn({ id: 'cpu-high', impact: impact('added-cost'), findings: [['a', 'high']] }),
      drawn({ id: 'disk-used-high', impact: impact('saving'), findings: [['b', 'high']] }),
    ]);
    expect(money.actions.map(({ checkId, usdPerMonth }) => [checkId, usdPerMonth])).toEqual([
      ['disk-used-high', 99],
      ['cpu-high', -99],
    ]);
  });
});

describe('headline', () => {
  test.each<[string, CheckResult[], 'fail' | 'warn' | 'pass' | 'no-data', string]>([
    ['high', [drawn({ id: 'cpu-high', findings: [['a', 'high']] })], 'fail', 'summary of cpu-high.'],
    [
      'medium',
      [drawn({ id: 'cpu-high', findings: [['a', 'medium']] })],
      'warn',
      'Nothing is about to break. summary of cpu-high.',
    ],
    [
      'nothing found, one unanswered',
      [answered('cpu-high', 'no-data'), answered('offline-partitions', 'pass')],
      'pass',
      'Nothing was found in what could be measured: 1 check passed. 1 check could not be answered.',
    ],
    [
      'too little known',
      [answered('cpu-high', 'no-data')],
      'no-data',
      'Too little was measured to say whether anything is about to break. 1 check could not be answered.',
    ],
  ])('%s', (_, results, verdict, headline) => {
    expect(build(aSnapshot().build(), results, { verdict }).headline).toBe(headline);
  });
});

describe('missing knowledge', () => {
  const noLatency: KpiResult = {
    id: 'K07',
    name: 'produce-latency',
    title: 'Produce latency',
    category: 'performance',
    unit: 'durationMs',
    reading: { state: 'no-permission', because: 'refused' },
    score: null,
    status: 'missing',
    weight: 5,
    curve: '',
  };

  test('a gap names its fix and what it hides; the run is marked degraded', () => {
    const snapshot = aSnapshot().build();
    snapshot.sections.metrics = missing('not-permitted', 'refused', 'allow cloudwatch:GetMetricData');
    const report = build(snapshot, [answered('cpu-high', 'no-data'), answered('offline-partitions', 'pass')], {
      scorecard: { ...aReport().scorecard, kpis: [noLatency] },
    });
    expect(report.gaps).toContainEqual({
      section: 'metrics',
      reason: 'not-permitted',
      detail: 'refused',
      fix: 'allow cloudwatch:GetMetricData',
      hides: ['cpu-high', 'K07'],
      isFault: true,
    });
    expect(report.degraded.join('\n')).toContain('CloudWatch was not read (not permitted)');
  });

  test('a section that nobody asked for is a gap only when it hides an answer', () => {
    const report = build(aSnapshot().without('prices').without('bootstrap').build(), [answered('cpu-high', 'pass')]);
    expect(report.gaps).toEqual([]);
    const hiding = build(aSnapshot().without('metrics').build(), [answered('cpu-high', 'no-data')]);
    expect(hiding.gaps).toMatchObject([{ section: 'metrics', reason: 'not-requested', hides: ['cpu-high'] }]);
  });

  test('CloudWatch that fell silent is told with its last time, and only when every series did', () => {
    const cluster = aSnapshot();
    const metrics = cluster.build().sections.metrics!;
    if (!metrics.ok) throw new Error('no metrics');
    const cut = (minutes: number, from = 0) => {
      const series = metrics.value.series.map((each, i) => {
        const kept = each.values.length - Math.ceil((minutes * 60) / each.periodSec);
        return i < from ? each : { ...each, values: each.values.map((value, at) => (at < kept ? value : null)) };
      });
      return build(cluster.withSection('metrics', { ...metrics.value, series }).build(), []).degraded.join('\n');
    };
    const since = new Date(TAKEN_AT_MS - 181 * 60_000).toISOString().slice(11, 16);
    expect(cut(180)).toMatch(new RegExp(`CloudWatch has no datapoint since [-0-9]+ ${since} UTC`));
    expect(cut(29)).not.toContain('no datapoint since');
    expect(cut(180, 1)).not.toContain('no datapoint since');
  });

  test('without the Kafka side the report says what is lost; partial sections and running operations are named', () => {
    const snapshot = aSnapshot()
      .without('kafkaBrokers', 'unreachable')
      .without('kafkaTopics', 'unreachable')
      .without('kafkaGroups', 'unreachable')
      .withPartial('metrics', '2 of 40 series were not returned')
      .withCluster({ state: 'UPDATING' })
      .build();
    const said = build(snapshot, []).degraded.join('\n');
    expect(said).toContain("The cluster's own Kafka protocol was not read (unreachable)");
    expect(said).toContain('CloudWatch metrics, partly read: 2 of 40 series were not returned');
    expect(said).toContain('no restart or reassignment is advised');
  });

  test('notices: words of the metrics answer, changed sampling, overrides, redaction, and those of the caller', () => {
    const snapshot = redactSnapshot(aSnapshot().build());
    if (snapshot.sections.metrics?.ok)
      snapshot.sections.metrics.value.messages = [{ code: 'Composed', value: 'history before 05:45 is composed' }];
    const policy = resolvePolicy({
      overrides: null,
      tags: null,
      clusterName: 'orders',
      cliSampling: { intervalSec: 2 },
    });
    const { notices } = build(snapshot, [], { policy, notices: ['a recorded run'] });
    expect(notices[0]).toBe('a recorded run');
    expect(notices.join('\n')).toMatch(/Composed.*composed[\s\S]*sampling\.intervalSec: 2[\s\S]*redacted/);
  });
});

describe('tables', () => {
  test('brokers: the dead first, then the fullest; leaders and replicas from metadata', () => {
    const snapshot = aSnapshot()
      .withTopic('orders', { partitions: 6 })
      .withMetric(METRICS.diskUsed, { 'Broker ID': 3 }, 91)
      .withDeadBroker(2)
      .build();
    const { brokers } = build(snapshot, []);
    expect(brokers.rows.map(({ brokerId, live }) => [brokerId, live])).toEqual([
      [2, false],
      [3, true],
      [1, true],
    ]);
    expect(brokers.rows[1]).toMatchObject({
      rack: 'euw1-az3',
      replicas: 6,
      diskUsedPercent: 91,
      cpuP95Percent: 25,
      bytesInPerSec: 2_000_000,
    });
    expect(brokers.rows.reduce((total, { leaders }) => total + (leaders ?? 0), 0)).toBe(6);
  });

  test('topics: offline, under-replicated, then large; offsets beyond what a number holds are summed exactly', () => {
    const snapshot = aSnapshot()
      .withTopic('large', { partitions: 12 })
      .withTopic('thin', { partitions: 1 })
      .withTopic('gone', { partitions: 1 })
      .withPartition('thin', 0, { isr: [1] })
      .withPartition('gone', 0, { leader: -1 })
      .build();
    if (snapshot.sections.kafkaOffsets?.ok) {
      snapshot.sections.kafkaOffsets.value.topics.large = [
        { partition: 0, start: '1', end: '9007199254740995', error: null },
        { partition: 1, start: '0', end: '5', error: null },
      ];
      snapshot.sections.kafkaOffsets.value.topics.thin = [
        { partition: 0, start: null, end: null, error: 'NOT_LEADER_OR_FOLLOWER' },
      ];
    }
    const { topics } = build(snapshot, []);
    expect(topics.rows.map(({ topic }) => topic)).toEqual(['gone', 'thin', 'large']);
    expect(topics.rows.map(({ retainedMessages }) => retainedMessages)).toEqual(['1000', null, '9007199254740999']);
  });

  test('groups: worst status first, at most fifty, the total beside them', () => {
    const builder = aSnapshot().withTopic('orders', { partitions: 1, start: 100, end: 1100 });
    for (let i = 0; i < 60; i++) builder.withGroup(`g${i}`, { commits: { orders: [1100] } });
    builder.withGroup('stuck', { commits: { orders: [300] } });
    const { groups, cluster } = build(builder.build(), []);
    expect(groups.rows[0]).toMatchObject({ groupId: 'stuck', lag: '800', retentionConsumedPercent: 80 });
    expect(groups.rows).toHaveLength(50);
    expect(groups.total).toBe(61);
    expect(cluster.groups).toBe(61);
  });

  test('an empty cluster, and one of which nothing is known', () => {
    expect(build(aSnapshot().build(), [])).toMatchObject({
      topics: { total: 0 },
      groups: { total: 0 },
      cluster: { topics: 0 },
    });
    const blind = aSnapshot();
    for (const name of [
      'cluster',
      'nodes',
      'metrics',
      'kafkaBrokers',
      'kafkaTopics',
      'kafkaGroups',
      'kafkaOffsets',
    ] as const)
      blind.without(name, 'failed');
    expect(build(blind.build(), [])).toMatchObject({
      brokers: { rows: [], total: 0 },
      cluster: {
        name: 'orders',
        kind: 'unknown',
        region: 'eu-west-1',
        accountId: '111122223333',
        brokerCount: null,
        topics: null,
      },
    });
  });
});

describe('setup lines', () => {
  const kafka = [
    'kafka-topics.sh',
    '--bootstrap-server',
    { variable: 'BOOTSTRAP' as const },
    '--command-config',
    'client.properties',
  ];
  const storage = ['aws', 'kafka', 'x', '--current-version', { variable: 'CURRENT_VERSION' as const }];

  test('only what the commands use', () => {
    expect(build(aSnapshot().build(), [drawn({ id: 'cpu-high', findings: [['a', 'low']] })]).setup).toEqual([]);
    expect(
      build(aSnapshot().build(), [drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: storage })]).setup,
    ).toEqual([
      `CURRENT_VERSION=$(aws kafka describe-cluster-v2 --cluster-arn ${CLUSTER_ARN} --region eu-west-1 --query ClusterInfo.CurrentVersion --output text)`,
    ]);
  });

  test('MSK: the bootstrap addresses and client settings of the way the cluster authenticates', () => {
    const snapshot = aSnapshot().withSection('bootstrap', { saslIam: 'b-1:9098', tls: 'b-1:9094' }).build();
    const { setup } = build(snapshot, [drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: kafka })]);
    expect(setup[0]).toContain('get-bootstrap-brokers');
    expect(setup[0]).toContain('--query BootstrapBrokerStringSaslIam ');
    expect(setup[1]).toContain('sasl.mechanism=AWS_MSK_IAM');
    expect(setup[1]).toMatch(/^\[ -e client\.properties \] \|\| printf '%s\\n' /);
  });

  test('any other Kafka: a placeholder that a shell does not take for a redirection', () => {
    const { setup } = build(aSnapshot().withKind('kafka').build(), [
      drawn({ id: 'cpu-high', findings: [['a', 'low']], argv: kafka }),
    ]);
    expect(setup).toEqual([
      "BOOTSTRAP='<your bootstrap servers>'",
      '[ -e client.properties ] || : > client.properties',
    ]);
  });
});

test('the same inputs give the same report, and are left alone', () => {
  const snapshot = aSnapshot()
    .withTopic('orders')
    .withGroup('g', { commits: { orders: [1, 2, 3] } })
    .build();
  const results = [drawn({ id: 'cpu-high', findings: [['a', 'high']] })];
  const before = JSON.stringify([snapshot, results]);
  expect(JSON.stringify(build(snapshot, results))).toBe(
    JSON.stringify(build(JSON.parse(JSON.stringify(snapshot)) as Snapshot, results)),
  );
  expect(JSON.stringify([snapshot, results])).toBe(before);
  expect(build(snapshot, results).takenAtMs).toBe(TAKEN_AT_MS);
});
