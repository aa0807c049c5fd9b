import type { KafkaVersion } from './artifacts.ts';

/** How the cluster differs from the usual three open brokers. */
export interface ClusterShape {
  /** One to three. */
  brokers: number;
  /**
   * User names and passwords. With them the brokers open a SASL/PLAIN listener beside the plaintext one and check ACLs: whoever comes
   * over plaintext may do everything, a user only what an ACL allows.
   */
  users: Readonly<Record<string, string>> | null;
}

export const usualShape: ClusterShape = { brokers: 3, users: null };

/** What a node is told; ports differ from run to run, everything else is fixed. */
export interface NodeAddress {
  id: number;
  port: number;
  /** Of the SASL listener, in a cluster with users. */
  saslPort?: number | undefined;
  logDir: string;
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
  node: NodeAddress,
  controllerPort: number,
  shape: ClusterShape = usualShape,
): string {
  const listeners = [
    `PLAINTEXT://127.0.0.1:${node.port}`,
    ...(node.saslPort === undefined ? [] : [`SASL://127.0.0.1:${node.saslPort}`]),
  ].join(',');
  const replicas = replicaCounts(shape);
  return toProperties({
    ...sharedProperties(node, controllerPort),
    'process.roles': 'broker',
    'broker.rack': brokerRacks.get(node.id) ?? '',
    listeners,
    'advertised.listeners': listeners,
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
    ...authorizerProperties(shape),
    ...saslProperties(shape),
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

function replicaCounts({ brokers }: ClusterShape): { factor: string; minIsr: string } {
  return { factor: String(Math.min(3, brokers)), minIsr: String(Math.min(2, brokers)) };
}

function authorizerProperties({ users }: ClusterShape): Record<string, string> {
  if (users === null) return {};
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

function saslProperties({ users }: ClusterShape): Record<string, string> {
  if (users === null) return {};
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required ${known.join(' ')};`;
  return { 'sasl.enabled.mechanisms': 'PLAIN', 'listener.name.sasl.plain.sasl.jaas.config': login };
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
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT',
    'log.dirs': node.logDir,
  };
}

/** KIP-848: on by default in 4.x; early access in 3.9, where the protocol must be named. */
function consumerProtocolProperties(version: KafkaVersion): Record<string, string> {
  return version.startsWith('3.') ? { 'group.coordinator.rebalance.protocols': 'classic,consumer' } : {};
}

function toProperties(settings: Record<string, string>): string {
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}
