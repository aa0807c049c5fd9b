// The section `nodes`: the brokers of a provisioned cluster.
import type { NodeInfo } from '@aws-sdk/client-kafka';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import { collectPages } from '../pages.ts';
import { asNote, attempt, attemptCall, type ClusterReading, clusterCall, partialOf, told } from './cluster-reading.ts';

export type Nodes = SectionValue<'nodes'>;

/** Subnet id to the id of its availability zone. A subnet that is left out has no known zone; rejects with the SDK's error. */
export type AzIdsOf = (subnetIds: string[], signal: AbortSignal) => Promise<ReadonlyMap<string, string>>;

/** 60 brokers is the quota of a cluster; ten pages of 100 nodes hold every broker, controller and ZooKeeper node with room. */
const MAX_NODE_PAGES = 10;

/**
 * Brokers by id. Controllers and ZooKeeper nodes come in the same list and have no broker information: they are left out.
 * @param described number of brokers in the cluster's description; null when it is not known
 */
export async function collectNodes(reading: ClusterReading, described: number | null): Promise<Collected<Nodes>> {
  const { reader, arn, run } = reading;
  run.announce('nodes');
  const listed = await attempt(reading, clusterCall('ListNodes', arn), (signal) =>
    collectPages(async (token) => {
      const page = await reader.listNodes(arn.arn, token, signal);
      return { items: told(page.NodeInfoList, 'NodeInfoList'), nextToken: page.NextToken };
    }, MAX_NODE_PAGES),
  );
  if (!listed.ok) return run.settle('nodes', listed.missing);
  // A server that repeats its pages must not double the brokers.
  const byId = new Map(listed.value.items.flatMap(broker).map((node) => [node.brokerId, node]));
  const nodes = [...byId.values()].sort((a, b) => a.brokerId - b.brokerId);
  const partial = partialOf([
    listed.value.isTruncated ? 'the list of nodes went on after its last page was due' : null,
    // A broker without its id is no broker here, and one that was left out altogether is found by the count alone.
    described === null || nodes.length >= described
      ? null
      : `${nodes.length} of the cluster's ${described} brokers are listed with their id`,
  ]);
  return run.present('nodes', nodes, partial);
}

function broker(node: NodeInfo): Nodes {
  const info = node.BrokerNodeInfo;
  if (info?.BrokerId === undefined) return [];
  return [
    {
      brokerId: info.BrokerId,
      subnetId: info.ClientSubnet || null,
      azId: null,
      instanceType: node.InstanceType || null,
      endpoints: info.Endpoints ?? [],
      kafkaVersion: info.CurrentBrokerSoftwareInfo?.KafkaVersion || null,
    },
  ];
}

/** Sets the zones of nodes that have none; returns what of them is not known. */
export async function setZones(
  { run, arn }: Pick<ClusterReading, 'run' | 'arn'>,
  nodes: Nodes,
  azIdsOf: AzIdsOf,
): Promise<string | null> {
  const subnetIds = [...new Set(nodes.flatMap(({ subnetId }) => (subnetId === null ? [] : [subnetId])))].sort();
  if (subnetIds.length === 0) return null;
  const call = { action: 'ec2:DescribeSubnets', resource: '*', region: arn.region };
  const answer = await attemptCall(run, call, (signal) => azIdsOf(subnetIds, signal));
  if (!answer.ok) return `the zones of the brokers are not known: ${asNote(answer.missing)}`;
  for (const node of nodes) node.azId ??= answer.value.get(node.subnetId ?? '') ?? null;
  const unknown = nodes.filter(({ azId }) => azId === null).length;
  return unknown === 0 ? null : `the zones of ${plural(unknown, 'broker')} are not known`;
}
