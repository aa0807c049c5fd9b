// One small snapshot for each kind of cluster and monitoring level: what the plan asks for, answered with composed values, is a snapshot
// that loads and that every check and KPI can judge.
import { describe, expect, test } from 'vitest';
import { runContextOf } from '../../../lib/checks/run-context.ts';
import { metricScope } from '../../../lib/collect/cloudwatch/metric-scope.ts';
import { planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import type { MetricBatch } from '../../../lib/collect/cloudwatch/plan-batches.ts';
import { explainCost } from '../../../lib/collect/cloudwatch/plan-cost.ts';
import { busiestTopics } from '../../../lib/collect/cloudwatch/plan-topics.ts';
import { parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';
import type { MonitoringLevel } from '../../../lib/facts/metric-catalogue.ts';
import { runKpis } from '../../../lib/kpis/run-kpis.ts';
import { resolvePolicy } from '../../../lib/policy/resolve-policy.ts';
import { loadSnapshot } from '../../../lib/snapshot/load.ts';
import type { SectionValue, Snapshot } from '../../../lib/snapshot/schema.ts';
import {
  aSnapshot,
  CLUSTER_ARN,
  type SnapshotBuilder,
  TAKEN_AT_MS,
  WINDOW_START_MS,
} from '../../builders/a-snapshot.ts';
import { runAll } from '../../checks/run.ts';

const ARN = parseClusterArn(CLUSTER_ARN);

const KINDS: Record<string, (level: MonitoringLevel) => SnapshotBuilder> = {
  'Standard with ZooKeeper': (enhancedMonitoring) =>
    aSnapshot().withCluster({ enhancedMonitoring, metadataMode: 'zookeeper', kafkaVersion: '3.8.x' }),
  'Standard with KRaft': (enhancedMonitoring) => aSnapshot().withCluster({ enhancedMonitoring }),
  'Standard, tiered': (enhancedMonitoring) => aSnapshot().withCluster({ enhancedMonitoring, storageMode: 'TIERED' }),
  'Standard, provisioned throughput': (enhancedMonitoring) =>
    aSnapshot().withCluster({ enhancedMonitoring, provisionedThroughputMiBPerSec: 300 }),
  Express: (enhancedMonitoring) => aSnapshot().withKind('provisioned-express').withCluster({ enhancedMonitoring }),
  Serverless: () => aSnapshot().withKind('serverless'),
};

const LEVELS = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const;

/** The snapshot with a metrics section that holds every series of the plan. */
function answered(builder: SnapshotBuilder): Snapshot {
  builder.withTopic('payments').withGroup('billing', { commits: { payments: [900, 900, 900] } });
  const { sections } = builder.build();
  const scope = metricScope({ cluster: sections.cluster!, nodes: sections.nodes! }, ARN);
  if ('reason' in scope) throw new Error(scope.detail);
  const plan = planMetrics({
    ...scope,
    brokerIds: scope.kind === 'serverless' ? [] : [1, 2, 3],
    groupTopics: [{ groupId: 'billing', topic: 'payments' }],
    topics: busiestTopics(sections, 20),
    window: { startMs: WINDOW_START_MS, endMs: TAKEN_AT_MS },
  });
  const { metricsRequested, calls, usd } = explainCost(plan);
  const section: SectionValue<'metrics'> = {
    series: plan.batches.flatMap(seriesOf),
    unavailable: plan.unavailable.map((each) => ({
      ...each,
      dimensions: [...each.dimensions],
      level: each.level ?? null,
    })),
    messages: [],
    cost: { metricsRequested, calls, usd },
  };
  return builder.withSection('metrics', section).build();
}

function seriesOf({ queries, periodSec, startMs, pointsPerQuery }: MetricBatch) {
  return queries.map(({ id: _id, ...query }, index) => ({
    ...query,
    periodSec,
    startMs,
    // Every third series has a gap.
    values: Array.from({ length: pointsPerQuery }, (_, i) => (index % 3 === 0 && i % 50 === 7 ? null : 1)),
  }));
}

describe.each(Object.keys(KINDS).flatMap((kind) => LEVELS.map((level) => ({ kind, level }))))(
  '$kind at $level',
  ({ kind, level }) => {
    test('is a snapshot that loads and can be judged', () => {
      const loaded = loadSnapshot(JSON.stringify(answered(KINDS[kind]!(level))));
      if (!loaded.ok) throw new Error(loaded.message);
      const metrics = loaded.snapshot.sections.metrics!;
      expect(metrics.ok && metrics.value.series.length > 0).toBe(true);
      const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders' });
      const kpis = runKpis(loaded.snapshot.sections, runContextOf(loaded.snapshot, policy));
      expect(kpis.filter(({ reading }) => reading.state === 'error')).toEqual([]);
      expect(runAll(loaded.snapshot).filter((result) => result.status === 'error')).toEqual([]);
    });
  },
);
