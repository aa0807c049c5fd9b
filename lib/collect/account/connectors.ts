// Connectors of MSK Connect that work on one cluster: what they cost and which consumer group is theirs. Their configuration holds
// secrets, and DescribeConnector, which returns it, is never called.
import type { CapacityDescription, ConnectorSummary, ListConnectorsResponse } from '@aws-sdk/client-kafkaconnect';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import { partialOf, type Read, told } from '../msk/cluster-reading.ts';
import { collectPages } from '../pages.ts';

export interface ConnectorReader {
  /** One page; rejects with the SDK's own error. */
  listConnectors(token: string | undefined, signal: AbortSignal): Promise<ListConnectorsResponse>;
}

const PAGE_SIZE = 100;
const MAX_PAGES = 10;

export async function createConnectorReader(access: AwsAccess): Promise<ConnectorReader> {
  const sdk = await import('@aws-sdk/client-kafkaconnect');
  const client = new sdk.KafkaConnectClient(awsClientConfig(access));
  return {
    listConnectors: (nextToken, abortSignal) =>
      client.send(new sdk.ListConnectorsCommand({ maxResults: PAGE_SIZE, nextToken }), { abortSignal }),
  };
}

type Connectors = SectionValue<'connectors'>;

/**
 * Connectors of the account and region whose bootstrap servers are the cluster's, by name. One that reaches the cluster by a DNS name of
 * the user's own is not recognised.
 * @param bootstrap the cluster's own strings, `host:port,host:port`, by kind
 */
export async function readConnectors(
  reader: ConnectorReader,
  bootstrap: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Read<Connectors>> {
  const own = new Set(Object.values(bootstrap).flatMap(places));
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await reader.listConnectors(token, signal);
    return { items: told(page.connectors, 'connectors'), nextToken: page.nextToken };
  }, MAX_PAGES);
  const servers = (connector: ConnectorSummary) => connector.kafkaCluster?.apacheKafkaCluster?.bootstrapServers;
  const value = items
    .filter((connector) => places(servers(connector) ?? '').some((place) => own.has(place)))
    .map(connectorOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const homeless = items.filter((connector) => servers(connector) === undefined).length;
  const partial = partialOf([
    isTruncated ? `only the first ${items.length} connectors of the region were looked at` : null,
    homeless > 0 ? `${homeless} connectors came without the cluster they are on` : null,
  ]);
  return { value, partial };
}

const BROKER_OF_CLUSTER = /^b-\d+(?:-public)?\.(.+)$/;

/**
 * Where each address leads. A provisioned cluster's brokers share the domain behind `b-<n>.`, and a client may name others of them than
 * GetBootstrapBrokers does; of all else (serverless clusters share their domain) host and port must be the same.
 */
function places(servers: string): string[] {
  return servers
    .split(',')
    .map((server) => server.trim().toLowerCase())
    .filter((server) => server !== '')
    .map((server) => {
      const domain = BROKER_OF_CLUSTER.exec(server.replace(/:\d+$/, ''))?.[1];
      return domain === undefined ? server : `b-*.${domain}`;
    });
}

function connectorOf({ connectorName = '', connectorState, capacity }: ConnectorSummary): Connectors[number] {
  return {
    name: connectorName,
    state: connectorState ?? null,
    ...capacityOf(capacity),
    // Kafka Connect names the group of a sink by its connector (org.apache.kafka.connect.util.SinkUtils), and AWS's service execution role
    // allows the groups `connect-*`. `consumer.override.group.id` of the connector's own configuration would change it, unseen by us.
    sinkGroup: `connect-${connectorName}`,
  };
}

type Capacity = Pick<Connectors[number], 'mcusPerWorker' | 'minWorkers' | 'maxWorkers' | 'isAutoScaled'>;

function capacityOf(capacity: CapacityDescription | undefined): Capacity {
  const { autoScaling, provisionedCapacity: fixed } = capacity ?? {};
  if (autoScaling !== undefined) {
    return {
      mcusPerWorker: autoScaling.mcuCount ?? null,
      minWorkers: autoScaling.minWorkerCount ?? null,
      maxWorkers: autoScaling.maxWorkerCount ?? null,
      isAutoScaled: true,
    };
  }
  const workers = fixed?.workerCount ?? null;
  return {
    mcusPerWorker: fixed?.mcuCount ?? null,
    minWorkers: workers,
    maxWorkers: workers,
    isAutoScaled: fixed === undefined ? null : false,
  };
}
