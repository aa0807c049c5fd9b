// The metrics section: what to ask follows from the cluster's kind and from what Kafka names, so it comes after both.
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { mostLaggingPairs } from './cloudwatch/lagging-pairs.ts';
import { brokerIds, metricScope } from './cloudwatch/metric-scope.ts';
import { MAX_GROUP_TOPIC_PAIRS, planMetrics } from './cloudwatch/plan.ts';
import { readMetrics } from './cloudwatch/read-metrics.ts';
import type { Job } from './collect-job.ts';
import type { KafkaSections } from './kafka/plan.ts';
import type { ClusterArn } from './msk/cluster-arn.ts';
import type { ControlPlane } from './msk/control-plane.ts';

/** Undefined when CloudWatch is not to be read. */
export async function readMetricsSection(
  job: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
  kafka: Partial<KafkaSections>,
): Promise<Collected<SectionValue<'metrics'>> | undefined> {
  const { cloudwatch } = job.sources;
  if (cloudwatch === undefined || control === null) return undefined;
  const scope = metricScope(control, arn);
  if ('reason' in scope) return job.run.settle('metrics', scope);
  const brokers = brokerIds(scope.kind, control, kafka);
  const plan = planMetrics({
    kind: scope.kind,
    clusterName: scope.clusterName,
    enhancedMonitoring: scope.enhancedMonitoring,
    brokerIds: brokers.ids,
    groupTopics: kafka.kafkaOffsets?.ok ? mostLaggingPairs(kafka.kafkaOffsets.value, 2 * MAX_GROUP_TOPIC_PAIRS) : [],
    window: job.window,
  });
  const call = { action: 'cloudwatch:GetMetricData', resource: '*', region: arn.region };
  return job.run.read('metrics', call, async (signal) => {
    const { value, partial } = await readMetrics(cloudwatch, plan, signal);
    return {
      value,
      partial: [scope.problem, brokers.problem, partial].filter((each) => each !== undefined).join('; ') || undefined,
    };
  });
}
