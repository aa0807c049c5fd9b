// Findings and the cards of checks by hand, as parts of a report.
import type { CheckStatus } from '../../lib/checks/check.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import type { ReportCheck, ReportFinding } from '../../lib/report/report-findings.ts';

export const NOW = Date.UTC(2026, 0, 5, 6, 15);

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

export const stalled = aCheck({
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

export const minIsr = aCheck({
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

/** A check that found nothing. */
export function quiet(checkId: CheckId, status: CheckStatus, title: string, summary: string): ReportCheck {
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
