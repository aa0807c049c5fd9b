import type { ClusterReader } from '../../bridge/kafka/reader.ts';
import type { MetricLevel } from '../../bridge/levels.ts';
import type { KafkaCluster } from '../../kafka/cluster.ts';
import type { ClusterIdentity } from './cluster-identity.ts';

export const GIB = 1024 ** 3;

/** What the control plane's answers are made of: the real cluster, and the few facts that only AWS would know. */
export interface MskState {
  cluster: KafkaCluster;
  identity: ClusterIdentity;
  reader: ClusterReader;
  createdAt: Date;
  /** Size of each broker's EBS volume as declared; nothing of that size exists. */
  declaredVolumeBytes: number;
  tags: Record<string, string>;
  monitoring: MetricLevel;
  serverProperties: Readonly<Record<string, string>>;
  operations: ClusterOperation[];
  /** What DescribeClusterV2 says otherwise than the real cluster: its own fields, null for one that is left out. */
  described: Described;
}

/** Part of an answer, in its own shape. */
export interface Described {
  [field: string]: string | number | boolean | readonly unknown[] | Described | null;
}

export interface ClusterOperation {
  arn: string;
  type: string;
  state: string;
  startTime: Date;
  endTime?: Date;
}
