// Which metrics of a cluster can be asked for, from what the control plane and Kafka said about it.
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { KafkaSections } from '../kafka/plan.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';
import type { ControlPlane } from '../msk/control-plane.ts';
import type { MetricPlanRequest } from './plan.ts';
import { type ClusterFeatures, type MetricSubject, UNKNOWN_FEATURES } from './plan-rows.ts';

export interface MetricScope {
  kind: MetricSubject['kind'];
  clusterName: string;
  enhancedMonitoring: MetricPlanRequest['enhancedMonitoring'];
  features: ClusterFeatures;
  problem?: string;
}

type Described = Pick<ControlPlane, 'cluster' | 'nodes'> & {
  security?: Collected<SectionValue<'security'>> | undefined;
};

/** Which metrics exist. Where the description of the cluster is missing, its nodes may tell the kind, and the free level is always there. */
export function metricScope({ cluster, nodes, security }: Described, arn: ClusterArn): MetricScope | Missing {
  if (cluster.ok) {
    const { kind, name } = cluster.value;
    return {
      kind,
      clusterName: name,
      enhancedMonitoring: cluster.value.kind === 'serverless' ? 'DEFAULT' : cluster.value.enhancedMonitoring,
      features: featuresOf(cluster.value, security),
    };
  }
  const instanceType = nodes.ok ? nodes.value.find((node) => node.instanceType !== null)?.instanceType : undefined;
  if (typeof instanceType === 'string') {
    const kind = kindOf(instanceType);
    const which = kind === 'provisioned-unknown' ? 'that only Standard or only Express brokers have, or ' : '';
    const problem = `metrics ${which}above the free level were not asked for (${cluster.detail})`;
    const features = { ...UNKNOWN_FEATURES, burstable: isBurstable(instanceType) };
    return { kind, clusterName: arn.name, enhancedMonitoring: 'unknown', features, problem };
  }
  const detail = `which metrics exist depends on the cluster's kind, which is not known: ${cluster.detail}`;
  return missing(cluster.reason, detail, cluster.fix);
}

/**
 * ListNodes leaves out the prefix that DescribeClusterV2 writes, and both kinds have brokers of m7g: only families of one kind tell it.
 * https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html, read 2026-11-21
 */
function kindOf(instanceType: string): MetricSubject['kind'] {
  if (instanceType.startsWith('express.')) return 'provisioned-express';
  return /^(kafka\.|t3\.|m5\.)/.test(instanceType) ? 'provisioned-standard' : 'provisioned-unknown';
}

function featuresOf(cluster: Cluster, security: Described['security']): ClusterFeatures {
  if (cluster.kind === 'serverless') return UNKNOWN_FEATURES;
  return {
    burstable: isBurstable(cluster.instanceType),
    zookeeper: cluster.metadataMode === 'unknown' ? null : cluster.metadataMode === 'zookeeper',
    tiered: cluster.kind === 'provisioned-express' ? false : isTiered(cluster.storageMode),
    // Without a status the answer does not tell whether the cluster can rebalance itself.
    intelligentRebalancing: cluster.kind === 'provisioned-express' && cluster.rebalancing !== null ? true : null,
    kafkaVersion: cluster.kafkaVersion,
    authentication: security?.ok ? security.value.authentication : UNKNOWN_FEATURES.authentication,
  };
}

function isTiered(storageMode: string): boolean | null {
  if (storageMode === 'TIERED') return true;
  return storageMode === 'LOCAL' ? false : null;
}

function isBurstable(instanceType: string): boolean {
  return /^(kafka\.)?t\d/.test(instanceType);
}

/** MSK's list of brokers; Kafka's own knows only those that are alive. */
export function brokerIds(kind: MetricSubject['kind'], control: ControlPlane, kafka: Partial<KafkaSections>) {
  if (kind === 'serverless') return { ids: [] };
  if (control.nodes.ok) return { ids: control.nodes.value.map((node) => node.brokerId) };
  const ids = kafka.kafkaBrokers?.ok ? kafka.kafkaBrokers.value.brokers.map((broker) => broker.id) : [];
  return { ids, problem: `metrics of brokers that Kafka does not list were not asked for (${control.nodes.detail})` };
}
