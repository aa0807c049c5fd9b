// The sections that MSK's control plane fills. Each function is one section: it resolves to its value and what of it is missing,
// or rejects with the SDK's error; who calls it turns that into a missing section.
import type { ClusterOperationV2Summary, NodeInfo } from '@aws-sdk/client-kafka';
import { collectPages } from '../pages.ts';
import { bootstrapRecord } from './bootstrap.ts';
import type { ClusterArn } from './cluster-arn.ts';
import type { MskReader } from './msk-reader.ts';
import { epochMsOf, type NormalisedCluster, normaliseCluster } from './normalise-cluster.ts';
import { readServerProperties } from './server-properties.ts';

/** A value and, in one line, what of it could not be read. */
export interface Read<T> {
  value: T;
  partial?: string | undefined;
}

/** 60 brokers is the quota of a cluster; ten pages of 100 nodes hold every broker, controller and ZooKeeper node with room. */
const MAX_NODE_PAGES = 10;
/** Newest operations come first; the report needs those of its window only. */
const MAX_OPERATION_PAGES = 5;

export interface DescribedCluster extends NormalisedCluster {
  /** Null when the answer does not hold them: that is not the same as none. */
  tags: Record<string, string> | null;
}

/** Cluster and, where the answer holds them, its tags. */
export async function readCluster(reader: MskReader, arn: ClusterArn, signal: AbortSignal): Promise<DescribedCluster> {
  const { ClusterInfo } = await reader.describeCluster(arn.arn, signal);
  return { ...normaliseCluster(ClusterInfo, arn), tags: ClusterInfo?.Tags ?? null };
}

export type Nodes = { brokerId: number; subnetId: string | null; instanceType: string | null; endpoints: string[] }[];

/** Brokers by id. Controllers and ZooKeeper nodes come in the same list and have no broker information: they are left out. */
export async function readNodes(reader: MskReader, arn: ClusterArn, signal: AbortSignal): Promise<Read<Nodes>> {
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await reader.listNodes(arn.arn, token, signal);
    return { items: page.NodeInfoList ?? [], nextToken: page.NextToken };
  }, MAX_NODE_PAGES);
  const brokers = items.filter((node) => node.BrokerNodeInfo !== undefined);
  const value = brokers.flatMap(broker).sort((a, b) => a.brokerId - b.brokerId);
  const unnamed = brokers.length - value.length;
  if (isTruncated) return { value, partial: 'the list of nodes went on after its last page was due' };
  return unnamed === 0 ? { value } : { value, partial: `${unnamed} brokers came without a broker id` };
}

function broker(node: NodeInfo): Nodes {
  const info = node.BrokerNodeInfo;
  if (info?.BrokerId === undefined) return [];
  return [
    {
      brokerId: info.BrokerId,
      subnetId: info.ClientSubnet ?? null,
      instanceType: node.InstanceType ?? null,
      endpoints: info.Endpoints ?? [],
    },
  ];
}

export async function readBootstrap(
  reader: MskReader,
  arn: ClusterArn,
  signal: AbortSignal,
): Promise<Read<Record<string, string>>> {
  return { value: bootstrapRecord(await reader.getBootstrapBrokers(arn.arn, signal)) };
}

export interface Configuration {
  arn: string;
  revision: number;
  properties: Record<string, string>;
}

/** The revision's allow-listed properties. Dynamic overrides are not part of a revision: only Kafka's DescribeConfigs shows them. */
export async function readConfiguration(
  reader: MskReader,
  wanted: { arn: string; revision: number },
  signal: AbortSignal,
): Promise<Read<Configuration>> {
  const answer = await reader.describeConfigurationRevision(wanted.arn, wanted.revision, signal);
  if (answer.ServerProperties === undefined) {
    return { value: { ...wanted, properties: {} }, partial: 'the answer holds no ServerProperties' };
  }
  const { properties, problem } = readServerProperties(answer.ServerProperties);
  return { value: { ...wanted, properties }, partial: problem ?? undefined };
}

export type Operations = {
  arn: string;
  type: string;
  state: string;
  startMs: number | null;
  endMs: number | null;
}[];

/** Operations of the cluster, newest first. */
export async function readOperations(
  reader: MskReader,
  arn: ClusterArn,
  signal: AbortSignal,
): Promise<Read<Operations>> {
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await reader.listClusterOperations(arn.arn, token, signal);
    return { items: page.ClusterOperationInfoList ?? [], nextToken: page.NextToken };
  }, MAX_OPERATION_PAGES);
  const value = items.map(operation).sort((a, b) => (b.startMs ?? 0) - (a.startMs ?? 0) || (a.arn < b.arn ? -1 : 1));
  return isTruncated ? { value, partial: `only ${value.length} operations were read` } : { value };
}

/** Types and states are free strings in the API: kept as they come. */
function operation(summary: ClusterOperationV2Summary): Operations[number] {
  return {
    arn: summary.OperationArn ?? '',
    type: summary.OperationType ?? 'UNKNOWN',
    state: summary.OperationState ?? 'UNKNOWN',
    startMs: epochMsOf(summary.StartTime),
    endMs: epochMsOf(summary.EndTime),
  };
}

/** For an answer of DescribeClusterV2 without tags. */
export async function readTags(
  reader: MskReader,
  arn: ClusterArn,
  signal: AbortSignal,
): Promise<Read<Record<string, string>>> {
  return { value: (await reader.listTags(arn.arn, signal)).Tags ?? {} };
}
