// A report by hand, rich enough to exercise every part of every renderer. The goldens come from snapshots; this is for unit tests.

import type { CheckStatus } from '../../lib/checks/check.ts';
import { settingsFor } from '../../lib/facts/client-advice.ts';
import { CODECS } from '../../lib/facts/codecs.ts';
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import type { Report, ReportAction, ReportCheck, ReportFinding } from '../../lib/report/report.ts';

export const NOW = Date.UTC(2026, 0, 5, 6, 15);
const DAY = 86_400_000;

export function aFinding(over: Partial<ReportFinding> = {}): ReportFinding {
  return {
    id: 'disk-used-high:2f1a9c',
    checkId: 'disk-used-high',
    area: 'capacity',
    severity: 'critical',
    scope: 'broker',
    resource: '2',
    title: 'Disks nearly full',
    measured: 93.4,
    limit: 90,
    unit: 'percent',
    note: 'full in about 2 days at the growth of the last 24 h',
    confidence: 1,
    priority: 100,
    change: 'new',
    firstSeenMs: NOW,
    owner: null,
    ...over,
  };
}

export function aCheck(over: Partial<ReportCheck> = {}): ReportCheck {
  return {
    checkId: 'disk-used-high',
    area: 'capacity',
    status: 'fail',
    title: 'Disks nearly full',
    summary: 'Broker 2 uses 93.4% of its data volume, limit 90%.',
    why: 'A broker whose volume is full stops: its partitions go offline and it cannot start again until space is made.',
    findingIds: ['disk-used-high:2f1a9c'],
    evidence: [
      {
        title: 'Data volume used, by broker',
        columns: [
          { key: 'broker', label: 'Broker', as: 'name' },
          { key: 'used', label: 'Used', as: 'percent' },
          { key: 'growth', label: 'Growth a day', as: 'bytes' },
        ],
        rows: [
          { broker: '2', used: 93.4, growth: 48_318_382_080 },
          { broker: '1', used: 61.2, growth: 9_663_676_416 },
          { broker: '3', used: 60.8, growth: null },
        ],
        source: 'CloudWatch KafkaDataLogsDiskUsed, Maximum over 5 min, 24 h, 100% of the points',
        reproduce: {
          purpose: 'Read the series again',
          effect: 'read',
          argv: [
            'aws',
            'cloudwatch',
            'get-metric-statistics',
            '--metric-name',
            'KafkaDataLogsDiskUsed',
            '--statistics',
            'Maximum',
          ],
        },
      },
    ],
    recommendation: {
      action: 'Grow the volumes to 1,500 GiB before broker 2 stops.',
      confirmFirst: 'A reassignment in flight writes copies that go away by themselves.',
      commands: [
        {
          purpose: 'Grow the volume of every broker to 1,500 GiB',
          effect: 'change',
          argv: [
            'aws',
            'kafka',
            'update-broker-storage',
            '--cluster-arn',
            'arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7',
            '--current-version',
            { variable: 'CURRENT_VERSION' },
            '--target-broker-ebs-volume-info',
            '[{"KafkaBrokerNodeId":"All","VolumeSizeGB":1500}]',
          ],
        },
      ],
      risk: 'No restart. A volume can be grown once in six hours and never shrinks again.',
      expectedEffect: 'Broker 2 falls to 62% used; about 13 days until the next step.',
      verifyAfter: 'KafkaDataLogsDiskUsed of broker 2 below 70% within 30 minutes.',
      effort: 'setting',
      impact: {
        kind: 'added-cost',
        lines: [{ label: 'gp3 storage, 3 x 500 GiB', quantity: 1500, unit: 'GiB-month', usdPerUnit: 0.11 }],
        usdPerMonth: 165,
      },
    },
    partial: null,
    references: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html'],
    ...over,
  };
}

const stalled = aCheck({
  checkId: 'consumer-stalled',
  area: 'consumers',
  status: 'fail',
  title: 'Consumers that hold their partitions but commit nothing',
  summary:
    'Group billing-export has committed nothing for 2 min on 3 partitions of payments while 41,200 messages arrived.',
  why: 'The group looks alive to Kafka, so nothing rebalances; lag grows until retention deletes what was never read.',
  findingIds: ['consumer-stalled:77aa01'],
  evidence: [
    {
      title: 'Partitions that stand still',
      columns: [
        { key: 'partition', label: 'Partition', as: 'name' },
        { key: 'committed', label: 'Committed offset', as: 'count' },
        { key: 'lag', label: 'Lag', as: 'messages' },
      ],
      rows: [
        { partition: 'payments-0', committed: '184467440737', lag: 20110 },
        { partition: 'payments-1', committed: '184467440702', lag: 14070 },
      ],
      source: 'Kafka OffsetFetch and ListOffsets, 3 looks over 120 s',
    },
  ],
  recommendation: {
    action: 'Restart the members of billing-export one by one and read the log of the first.',
    confirmFirst: 'A batch job that commits once at its end looks the same.',
    commands: [
      {
        purpose: 'Look at the group once more',
        effect: 'read',
        argv: [
          'kafka-consumer-groups.sh',
          '--bootstrap-server',
          { variable: 'BOOTSTRAP' },
          '--describe',
          '--group',
          'billing-export',
        ],
      },
    ],
    risk: 'Reading only; the restart of a member causes one rebalance.',
    expectedEffect: 'Commits begin again and the lag falls.',
    verifyAfter: 'Status of billing-export is OK or DRAINING in the next report.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  },
  references: ['https://kafka.apache.org/documentation/#basic_ops_consumer_lag'],
});

const minIsr = aCheck({
  checkId: 'min-isr-equal-rf',
  area: 'availability',
  status: 'warn',
  title: 'Topics whose min.insync.replicas equals their replication factor',
  summary: 'Topic ledger needs all 3 replicas for every write; 2 topics in all.',
  why: 'One broker in maintenance stops every acks=all producer of these topics.',
  findingIds: ['min-isr-equal-rf:0001', 'min-isr-equal-rf:0002'],
  evidence: [],
  recommendation: {
    action: 'Set min.insync.replicas to 2 on ledger and audit.',
    confirmFirst: 'Some teams demand three copies on purpose.',
    commands: [
      {
        purpose: 'Lower min.insync.replicas of ledger',
        effect: 'change',
        argv: [
          'kafka-configs.sh',
          '--bootstrap-server',
          { variable: 'BOOTSTRAP' },
          '--alter',
          '--topic',
          'ledger',
          '--add-config',
          'min.insync.replicas=2',
        ],
      },
    ],
    risk: 'Dynamic, no restart. Two copies instead of three are confirmed before a write is acknowledged.',
    expectedEffect: 'Patching a broker no longer stops producers.',
    verifyAfter: 'The topic description shows min.insync.replicas=2.',
    effort: 'setting',
    impact: { kind: 'none' },
  },
  references: ['https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas'],
});

function quiet(checkId: CheckId, status: CheckStatus, title: string, summary: string): ReportCheck {
  return aCheck({
    checkId,
    area: 'availability',
    status,
    title,
    summary,
    why: 'It matters.',
    findingIds: [],
    evidence: [],
    recommendation: null,
  });
}

const kpi = (id: string, title: string, category: KpiResult['category'], over: Partial<KpiResult>): KpiResult => ({
  id,
  name: title.toLowerCase().replaceAll(' ', '-'),
  title,
  category,
  unit: 'percent',
  reading: { state: 'ok', value: 0, confidence: 1, source: 'Kafka Metadata, one look' },
  score: 100,
  status: 'good',
  weight: 4,
  curve: '100 at 0, 90 at 0.01, 50 at 0.5, 0 at 5',
  ...over,
});

const action = (check: ReportCheck, over: Partial<ReportAction>): ReportAction => ({
  checkId: check.checkId,
  findingId: check.findingIds[0] ?? '',
  severity: 'critical',
  title: check.title,
  scope: 'broker',
  resource: '2',
  action: check.recommendation?.action ?? '',
  command: check.recommendation?.commands[0] ?? null,
  usdPerMonth: null,
  ...over,
});

export const NO_FIGURES: Report['figures'] = {
  messagesPerSec: null,
  bytesInPerSec: null,
  bytesOutPerSec: null,
  averageRecordBytes: null,
  readFanOut: null,
  activeGroups: null,
  members: null,
  topics: null,
  partitions: null,
  peakToMean: null,
  replicationExcess: null,
  usdPerGiBIngested: null,
};

const load = (mean: number) => ({ mean, p50: mean, p95: mean, p99: mean, max: 2 * mean, peakToMean: 2 });

/** Two entries, one of which is of a library that the names of Java do not serve. */
export function someClientSettings(name: string): NonNullable<Report['clientSettings']> {
  const libraries = ['java', 'librdkafka', 'sarama', 'kafkajs'] as const;
  const resources = { rows: [{ resource: name, owner: name }], total: 9 };
  const entry = { resources, checkIds: ['consumer-stalled'] as const };
  return {
    entries: {
      rows: [
        {
          ...entry,
          role: 'producer',
          scope: 'topic',
          library: null,
          settings: settingsFor(['batches-small'], libraries, 'cost'),
        },
        {
          ...entry,
          role: 'consumer',
          scope: 'group',
          library: 'sarama',
          settings: settingsFor(['assignor-eager', 'rebalances-frequent'], libraries, 'cost'),
        },
      ],
      total: 11,
    },
    codecs: CODECS,
  };
}

export function aReport(over: Partial<Report> = {}): Report {
  const disk = aCheck();
  return {
    schemaVersion: 1,
    tool: { name: 'msk-checkup', version: '0.1.0' },
    runId: '20260105T0615Z',
    takenAtMs: NOW,
    window: { startMs: NOW - DAY, endMs: NOW },
    cluster: {
      name: 'orders-prod',
      arn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7',
      identity: '0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7',
      region: 'eu-west-1',
      accountId: '123456789012',
      kind: 'provisioned-standard',
      state: 'ACTIVE',
      kafkaVersion: '3.9.x',
      instanceType: 'kafka.m7g.large',
      brokerCount: 3,
      topics: 42,
      partitions: 1260,
      groups: 17,
      owner: 'payments-platform',
    },
    environment: { value: 'production', because: 'tag environment=prod' },
    goal: { value: 'balanced', because: 'default' },
    verdict: 'fail',
    headline: 'Broker 2 uses 93.4% of its data volume, limit 90%; 1 more finding needs action.',
    counts: { critical: 1, high: 1, medium: 2, low: 0, info: 0 },
    scorecard: {
      score: 69,
      uncapped: 78.4,
      confidence: 0.874,
      bounds: { lower: 66, upper: 81 },
      caps: [{ rule: 'Kafka version past its end of support', max: 69 }],
      categories: [
        { category: 'availability', score: 91.2, coverage: 1, weight: 25 },
        { category: 'performance', score: null, coverage: 0.2, weight: 20 },
        { category: 'consumers', score: 62, coverage: 1, weight: 20 },
        { category: 'balance', score: 88, coverage: 1, weight: 8 },
        { category: 'capacity', score: 31, coverage: 0.8, weight: 15 },
      ],
      kpis: [
        kpi('K02', 'Offline partitions', 'availability', { unit: 'count' }),
        kpi('K03', 'Under-replicated partitions', 'availability', {}),
        kpi('K26', 'Disk used', 'capacity', {
          reading: {
            state: 'ok',
            value: 93.4,
            confidence: 1,
            source: 'CloudWatch KafkaDataLogsDiskUsed Maximum, 5 min, 24 h',
            worst: '2',
          },
          score: 31,
          status: 'bad',
        }),
        kpi('K07', 'Produce latency', 'performance', {
          unit: 'durationMs',
          reading: {
            state: 'level-not-enabled',
            because: 'ProduceTotalTimeMsMean needs the monitoring level PER_BROKER',
          },
          score: null,
          status: 'missing',
        }),
        kpi('K05', 'Durability settings', 'availability', {
          reading: { state: 'not-applicable', because: 'development clusters are not judged by it' },
          score: null,
          status: 'not-applicable',
          weight: 0,
        }),
      ],
    },
    actions: [
      action(disk, { usdPerMonth: -165 }),
      action(stalled, { severity: 'high', scope: 'group', resource: 'billing-export/payments' }),
      action(minIsr, { severity: 'medium', scope: 'topic', resource: 'ledger' }),
    ],
    findings: [
      aFinding(),
      aFinding({
        id: 'consumer-stalled:77aa01',
        checkId: 'consumer-stalled',
        area: 'consumers',
        severity: 'high',
        scope: 'group',
        resource: 'billing-export/payments',
        title: stalled.title,
        measured: 41200,
        limit: null,
        unit: 'messages',
        note: null,
        priority: 24,
        change: 'worse',
        firstSeenMs: NOW - 3 * DAY,
      }),
      ...['ledger', 'audit'].map((topic, index) =>
        aFinding({
          id: `min-isr-equal-rf:000${index + 1}`,
          checkId: 'min-isr-equal-rf',
          area: 'availability',
          severity: 'medium',
          scope: 'topic',
          resource: topic,
          title: minIsr.title,
          measured: 3,
          limit: 2,
          unit: 'count',
          note: null,
          priority: 30,
          change: 'persisting',
          firstSeenMs: NOW - 20 * DAY,
        }),
      ),
    ],
    checks: [
      disk,
      stalled,
      minIsr,
      quiet('cpu-high', 'no-data', 'Brokers with high CPU', 'The metrics could not be read: not permitted.'),
      quiet('offline-partitions', 'pass', 'Every partition has a leader', 'All 1,260 partitions have a leader.'),
      quiet('version-unsupported', 'not-applicable', 'Kafka version is supported', 'The cluster names no version.'),
    ],
    waivers: { waived: [], expired: [], stale: [] },
    changes: {
      previous: { runId: '20260104T0615Z', takenAtMs: NOW - DAY, score: 75 },
      new: ['disk-used-high:2f1a9c'],
      worse: ['consumer-stalled:77aa01'],
      persisting: ['min-isr-equal-rf:0001', 'min-isr-equal-rf:0002'],
      resolved: [
        {
          id: 'leaders-skewed:1',
          checkId: 'leaders-skewed',
          title: 'Leaders piled on few brokers',
          scope: 'cluster',
          resource: 'orders-prod',
          severity: 'medium',
        },
      ],
      notRechecked: [
        {
          id: 'cpu-high:3',
          checkId: 'cpu-high',
          title: 'Brokers with high CPU',
          scope: 'broker',
          resource: '3',
          severity: 'high',
          because: 'the metrics could not be read',
        },
      ],
      causes: ['The tool went from 0.0.9 to 0.1.0: checks may have come or changed.'],
    },
    gaps: [
      {
        section: 'metrics',
        reason: 'not-permitted',
        detail: 'cloudwatch:GetMetricData was refused',
        fix: 'Allow cloudwatch:GetMetricData on * for the caller',
        hides: ['cpu-high', 'K07', 'K28'],
        isFault: true,
      },
      {
        section: 'kafkaSamples',
        reason: 'timed-out',
        detail: 'the third look came after the deadline',
        fix: null,
        hides: [],
        isFault: true,
      },
    ],
    partlyRead: [{ section: 'versions', detail: 'versions to upgrade to: no answer in time' }],
    missingPermissions: [{ action: 'cloudwatch:GetMetricData', resource: '*', sections: ['metrics'] }],
    levelGaps: [
      {
        level: 'PER_BROKER',
        metrics: ['ConnectionCreationRate', 'RequestHandlerAvgIdlePercent'],
        command: {
          purpose: 'Raise the monitoring level to PER_BROKER',
          effect: 'change',
          argv: ['aws', 'kafka', 'update-monitoring', '--current-version', { variable: 'CURRENT_VERSION' }],
        },
      },
    ],
    degraded: ['CloudWatch was not read: capacity and performance are judged by the rest.'],
    notices: ['Metric history before 05:45 UTC was composed by the sandbox; it is no measurement.'],
    cost: {
      usdPerMonth: 612.9,
      complete: false,
      lines: [
        {
          label: '3 brokers kafka.m7g.large',
          quantity: 2190,
          unit: 'broker-hour',
          usdPerUnit: 0.204,
          usdPerMonth: 446.76,
          source: 'broker/kafka.m7g.large',
        },
        {
          label: 'Data volumes, 3 x 500 GiB',
          quantity: 1500,
          unit: 'GiB-month',
          usdPerUnit: 0.11,
          usdPerMonth: 165,
          source: 'storage/gp2',
        },
        {
          label: 'Traffic between zones',
          quantity: 0,
          unit: 'GiB',
          usdPerUnit: null,
          usdPerMonth: null,
          source: 'no traffic was measured',
        },
      ],
      source: 'offline price table, as of 2025-12-01',
      asOfDate: '2025-12-01',
    },
    bill: null,
    runCostUsd: 0.0019,
    runCost: {
      usd: 0.0019,
      cloudWatch: {
        usd: 0.0019,
        metricsRequested: 190,
        calls: 3,
        parts: [
          { purpose: 'day', metricsRequested: 150, usd: 0.0015 },
          { purpose: 'history', metricsRequested: 40, usd: 0.0004 },
        ],
        leftOut: 0,
      },
      costExplorer: null,
    },
    brokers: {
      rows: [
        {
          brokerId: 2,
          live: true,
          rack: 'euw1-az2',
          leaders: 610,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 93.4,
          bytesInPerSec: 5_242_880,
        },
        {
          brokerId: 1,
          live: true,
          rack: 'euw1-az1',
          leaders: 330,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 61.2,
          bytesInPerSec: 3_145_728,
        },
        {
          brokerId: 3,
          live: true,
          rack: 'euw1-az3',
          leaders: 320,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 60.8,
          bytesInPerSec: null,
        },
      ],
      total: 3,
    },
    topics: {
      rows: [
        {
          topic: 'ledger',
          partitions: 12,
          replicationFactor: 3,
          minInSyncReplicas: 3,
          underReplicated: 0,
          offline: 0,
          retainedMessages: '184467440737',
        },
        {
          topic: 'payments',
          partitions: 24,
          replicationFactor: 3,
          minInSyncReplicas: 2,
          underReplicated: 0,
          offline: 0,
          retainedMessages: null,
        },
      ],
      total: 42,
    },
    groups: {
      rows: [
        {
          groupId: 'billing-export',
          type: 'classic',
          state: 'Stable',
          members: 3,
          status: 'STALLED',
          topics: 1,
          lag: '41200',
          lagPerSec: 340,
          retentionConsumedPercent: 41,
        },
        {
          groupId: 'search-indexer',
          type: 'consumer',
          state: 'Stable',
          members: 6,
          status: 'OK',
          topics: 4,
          lag: '12',
          lagPerSec: 0,
          retentionConsumedPercent: 0.02,
        },
      ],
      total: 17,
    },
    figures: {
      ...NO_FIGURES,
      messagesPerSec: load(4_000),
      bytesInPerSec: load(4_096_000),
      averageRecordBytes: 1_024,
      peakToMean: 2,
      activeGroups: 3,
      members: 12,
      usdPerGiBIngested: 0.071,
    },
    clientSettings: someClientSettings('payments'),
    setup: [
      'BOOTSTRAP=$(aws kafka get-bootstrap-brokers --cluster-arn arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7 --query BootstrapBrokerStringSaslIam --output text)',
      'CURRENT_VERSION=$(aws kafka describe-cluster-v2 --cluster-arn arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7 --query ClusterInfo.CurrentVersion --output text)',
    ],
    policy: { fingerprint: 'a1b2c3d4', overrides: ['checks.disk-used-high.criticalPercent: 90 (default 85)'] },
    ...over,
  };
}

/** Names as an attacker who may join a group would choose them. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<!channel> wake up',
  'two\nlines\r\nSubject: forged',
  'abc\u202egnp.exe\u2066',
  'zero\u200bwidth\ufeff',
  '; rm -rf ~',
  '$(touch /tmp/pwned)',
  '`id`',
  "it's",
  'x'.repeat(249),
  '=HYPERLINK("http://evil.example","click")',
  '[x](javascript:alert(1))',
  'http://evil.example/login',
  '\u{1f600}\u{1f468}\u200d\u{1f469}',
  '$& $1 $` ${name}',
  '--all-groups',
  '\ud800lone',
  '\u001b[31mred\u001b[0m',
  '%s %n {0} |pipe| *bold* _u_',
  '</pre></details><h1>',
  '\u05d0\u05d1\u05d2 right to left',
  '',
];

/** The report with every name from outside replaced by one hostile name. */
export function aHostileReport(name: string): Report {
  const report = aReport();
  const stalledCheck = report.checks[1] ?? aCheck();
  const command = {
    purpose: 'Look at the group once more',
    effect: 'read' as const,
    argv: [
      'kafka-consumer-groups.sh',
      '--bootstrap-server',
      { variable: 'BOOTSTRAP' as const },
      '--describe',
      '--group',
      name,
    ],
  };
  const recommendation = stalledCheck.recommendation;
  return aReport({
    headline: `Group ${name} has committed nothing for 2 min.`,
    cluster: { ...report.cluster, name, owner: name },
    environment: { value: 'production', because: `tag environment=${name}` },
    findings: report.findings.map((finding) => ({ ...finding, resource: name, note: name })),
    actions: report.actions.map((each) => ({ ...each, resource: name, command })),
    changes: {
      ...report.changes,
      resolved: report.changes.resolved.map((each) => ({ ...each, resource: name })),
      notRechecked: report.changes.notRechecked.map((each) => ({ ...each, resource: name, because: name })),
    },
    checks: report.checks.map((check) => ({
      ...check,
      summary: `${check.summary} ${name}`,
      evidence: check.evidence.map((each) => ({
        ...each,
        rows: each.rows.map((row) => ({ ...row, broker: name, partition: name })),
      })),
      recommendation:
        check.recommendation === null || recommendation === null
          ? null
          : { ...recommendation, action: `Restart ${name}.`, commands: [command] },
    })),
    gaps: report.gaps.map((gap) => ({ ...gap, detail: name })),
    degraded: [name],
    notices: [name],
    topics: { rows: report.topics.rows.map((row) => ({ ...row, topic: name })), total: 2 },
    clientSettings: someClientSettings(name),
    groups: { rows: report.groups.rows.map((row) => ({ ...row, groupId: name, state: name })), total: 2 },
    brokers: { rows: report.brokers.rows.map((row) => ({ ...row, rack: name })), total: 3 },
    policy: { fingerprint: 'a1b2c3d4', overrides: [name] },
  });
}
