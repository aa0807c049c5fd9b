import type { KafkaVersion } from './artifacts.ts';
import {
  type Listener,
  type ListenerSecrets,
  listenerProperties,
  listenerProtocols,
  listenerUrl,
} from './listeners.ts';
import { type ClusterShape, usualShape } from './shape.ts';

/** What a node is told; ports differ from run to run, everything else is fixed. */
export interface NodeAddress {
  id: number;
  port: number;
  logDir: string;
}

export interface BrokerAddress extends NodeAddress {
  /** Beside the plaintext one. */
  listeners: Listener[];
}

export const controllerId = 10001;
export const brokerRacks: ReadonlyMap<number, string> = new Map([
  [1, 'use1-az1'],
  [2, 'use1-az2'],
  [3, 'use1-az3'],
]);

/**
 * The settings a custom MSK configuration would carry, as the control plane answers them. They follow MSK's defaults for a
 * three-AZ cluster where these differ from Apache Kafka's, with fewer threads: three brokers share one small machine.
 */
export const mskServerProperties: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'false',
  'auto.leader.rebalance.enable': 'true',
  'default.replication.factor': '3',
  'log.retention.hours': '168',
  'min.insync.replicas': '2',
  'num.io.threads': '2',
  'num.network.threads': '2',
  'num.partitions': '1',
  'num.replica.fetchers': '1',
  'offsets.retention.minutes': '10080',
  'replica.lag.time.max.ms': '10000',
  'unclean.leader.election.enable': 'false',
};

export function brokerProperties(
  version: KafkaVersion,
  node: BrokerAddress,
  controllerPort: number,
  shape: ClusterShape = usualShape,
  secrets: ListenerSecrets = { users: {}, tls: null },
): string {
  const urls = (side: 'bound' | 'advertised'): string =>
    [`PLAINTEXT://127.0.0.1:${node.port}`, ...node.listeners.map((one) => listenerUrl(one, side))].join(',');
  const replicas = replicaCounts(shape);
  return toProperties({
    ...sharedProperties(node, controllerPort),
    'process.roles': 'broker',
    'broker.rack': brokerRacks.get(node.id) ?? '',
    listeners: urls('bound'),
    'advertised.listeners': urls('advertised'),
    'inter.broker.listener.name': 'PLAINTEXT',
    'offsets.topic.replication.factor': replicas.factor,
    'offsets.topic.num.partitions': '50',
    'transaction.state.log.replication.factor': replicas.factor,
    'transaction.state.log.min.isr': replicas.minIsr,
    'transaction.state.log.num.partitions': '3',
    'group.initial.rebalance.delay.ms': '0',
    // Retention must act within a test's patience.
    'log.retention.check.interval.ms': '5000',
    // Deleted topics leave the disk at once instead of after a minute.
    'log.segment.delete.delay.ms': '1000',
    // The cleaner's default buffer alone is half of the heap.
    'log.cleaner.dedupe.buffer.size': '16777216',
    // A broker on a full machine must not spend its start on recovering logs one by one.
    'num.recovery.threads.per.data.dir': '2',
    ...mskServerProperties,
    'default.replication.factor': replicas.factor,
    'min.insync.replicas': replicas.minIsr,
    ...consumerProtocolProperties(version),
    ...newGroupProperties(version, replicas),
    ...authorizerProperties(shape),
    ...Object.assign({}, ...node.listeners.map(({ kind }) => listenerProperties(kind, secrets))),
  });
}

export function controllerProperties(node: NodeAddress, shape: ClusterShape = usualShape): string {
  const replicas = replicaCounts(shape);
  return toProperties({
    ...sharedProperties(node, node.port),
    'process.roles': 'controller',
    listeners: `CONTROLLER://127.0.0.1:${node.port}`,
    // On a busy machine a broker misses a heartbeat and loses its leaders; MSK gives them back after at most five minutes.
    'auto.leader.rebalance.enable': 'true',
    'leader.imbalance.check.interval.seconds': '5',
    // Default 9 s; a dead broker shows after three.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '1000',
    // The controller applies these to topics created without a value of their own.
    'default.replication.factor': replicas.factor,
    'min.insync.replicas': replicas.minIsr,
    ...authorizerProperties(shape),
  });
}

interface ReplicaCounts {
  factor: string;
  minIsr: string;
}

function replicaCounts({ brokers }: ClusterShape): ReplicaCounts {
  return { factor: String(Math.min(3, brokers)), minIsr: String(Math.min(2, brokers)) };
}

function authorizerProperties({ users }: ClusterShape): Record<string, string> {
  if (users === null) return {};
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

/** One node that is both, used only to record which classes a start loads. */
export function trainingProperties(version: KafkaVersion, node: NodeAddress, controllerPort: number): string {
  return toProperties({
    ...sharedProperties(node, controllerPort),
    'controller.quorum.voters': `${node.id}@127.0.0.1:${controllerPort}`,
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    ...consumerProtocolProperties(version),
  });
}

function sharedProperties(node: NodeAddress, controllerPort: number): Record<string, string> {
  return {
    'node.id': String(node.id),
    'controller.quorum.voters': `${controllerId}@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,${listenerProtocols}`,
    'log.dirs': node.logDir,
  };
}

/** KIP-848: on by default in 4.x; early access in 3.9, where the protocol must be named; not there in 3.6. */
function consumerProtocolProperties(version: KafkaVersion): Record<string, string> {
  return version.startsWith('3.9.') ? { 'group.coordinator.rebalance.protocols': 'classic,consumer' } : {};
}

/** Share and Streams groups: on by default in 4.x, unknown before. */
function newGroupProperties(version: KafkaVersion, replicas: ReplicaCounts): Record<string, string> {
  if (version.startsWith('3.')) return {};
  return {
    'group.streams.initial.rebalance.delay.ms': '0',
    'share.coordinator.state.topic.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': replicas.factor,
    'share.coordinator.state.topic.min.isr': replicas.minIsr,
  };
}

function toProperties(settings: Record<string, string>): string {
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}
