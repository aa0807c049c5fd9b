// A report by hand, rich enough to exercise every part of every renderer. The goldens come from snapshots; this is for unit tests.

import { settingsFor } from '../../lib/facts/client-settings-asked.ts';
import { CODECS } from '../../lib/facts/codecs.ts';
import type { Report } from '../../lib/report/report.ts';
import type { ReportAction, ReportCheck } from '../../lib/report/report-findings.ts';
import { aCheck, aFinding, minIsr, NOW, quiet, stalled } from './a-check.ts';
import { aScorecard } from './a-scorecard.ts';
import { anInventory } from './an-inventory.ts';
import { someCosts } from './some-costs.ts';

const DAY = 86_400_000;

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
    scorecard: aScorecard(),
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
      clearing: [
        {
          id: 'traffic-shaped:2',
          checkId: 'traffic-shaped',
          title: 'The network of brokers is at its limit',
          scope: 'broker',
          resource: '2',
          severity: 'high',
        },
      ],
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
    ...someCosts(),
    ...anInventory(),
    clientSettings: someClientSettings('payments'),
    setup: [
      'BOOTSTRAP=$(aws kafka get-bootstrap-brokers --cluster-arn arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7 --query BootstrapBrokerStringSaslIam --output text)',
      'CURRENT_VERSION=$(aws kafka describe-cluster-v2 --cluster-arn arn:aws:kafka:eu-west-1:123456789012:cluster/orders-prod/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7 --query ClusterInfo.CurrentVersion --output text)',
    ],
    policy: { fingerprint: 'a1b2c3d4', overrides: ['checks.disk-used-high.criticalPercent: 90 (default 85)'] },
    ...over,
  };
}
