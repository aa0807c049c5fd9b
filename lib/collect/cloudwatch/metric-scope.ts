// Which metrics of a cluster can be asked for, from what the control plane and Kafka said about it.
import type { MetricClusterKind } from '../../facts/metric-catalogue.ts';
import { type Missing, missing } from '../../snapshot/collected.ts';
import type { KafkaSections } from '../kafka/plan.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';
import type { ControlPlane } from '../msk/control-plane.ts';
import type { MetricPlanRequest } from './plan.ts';

export interface MetricScope {
  kind: MetricClusterKind;
  clusterName: string;
  enhancedMonitoring: MetricPlanRequest['enhancedMonitoring'];
  problem?: string;
}

/** Which metrics exist. Where the description of the cluster is missing, its nodes still tell the kind, and the free level is always there. */
export function metricScope({ cluster, nodes }: ControlPlane, arn: ClusterArn): MetricScope | Missing {
  if (cluster.ok) {
    const { kind, name } = cluster.value;
    return {
      kind,
      clusterName: name,
      enhancedMonitoring: cluster.value.kind === 'serverless' ? 'DEFAULT' : cluster.value.enhancedMonitoring,
    };
  }
  const instanceType = nodes.ok ? nodes.value.find((node) => node.instanceType !== null)?.instanceType : undefined;
  if (typeof instanceType === 'string') {
    const kind = instanceType.startsWith('express.') ? 'provisioned-express' : 'provisioned-standard';
    const problem = `metrics above the free level were not asked for (${cluster.detail})`;
    return { kind, clusterName: arn.name, enhancedMonitoring: 'unknown', problem };
  }
  const detail = `which metrics exist depends on the cluster's kind, which is not known: ${cluster.detail}`;
  return missing(cluster.reason, detail, cluster.fix);
}

/** MSK's list of brokers; Kafka's own knows only those that are alive. */
export function brokerIds(kind: MetricClusterKind, control: ControlPlane, kafka: Partial<KafkaSections>) {
  if (kind === 'serverless') return { ids: [] };
  if (control.nodes.ok) return { ids: control.nodes.value.map((node) => node.brokerId) };
  const ids = kafka.kafkaBrokers?.ok ? kafka.kafkaBrokers.value.brokers.map((broker) => broker.id) : [];
  return { ids, problem: `metrics of brokers that Kafka does not list were not asked for (${control.nodes.detail})` };
}
