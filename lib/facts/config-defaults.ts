// Broker settings that hold on MSK where a cluster's configuration is silent: MSK's own table first, then Apache Kafka's.
// Standard: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html; Express: msk-configuration-express-
// read-only.html and -read-write.html of the same guide; read 2026-11-21 in copies of 2026.
import { brokerSizeOf } from './broker-sizes.ts';
import { KAFKA_DEFAULTS_SOURCE, kafkaDefaultOf } from './config-defaults-kafka.ts';

const GUIDE = 'https://docs.aws.amazon.com/msk/latest/developerguide';
const STANDARD_SOURCE = `${GUIDE}/msk-default-configuration.html`;
const EXPRESS_FIXED_SOURCE = `${GUIDE}/msk-configuration-express-read-only.html`;
const EXPRESS_SOURCE = `${GUIDE}/msk-configuration-express-read-write.html`;

/** What decides a default on MSK. A cluster of the snapshot is one; Serverless has no broker settings. */
export type ConfigDefaultContext = {
  instanceType: string;
  kafkaVersion: string | null;
} & (
  | {
      kind: 'provisioned-standard';
      azCount: number;
      storageMode: 'LOCAL' | 'TIERED' | 'unknown';
      metadataMode: 'kraft' | 'zookeeper' | 'unknown';
    }
  | { kind: 'provisioned-express' }
);

export interface ConfigDefault {
  /** Null: unset, as `log.flush.interval.ms` is. */
  value: string | null;
  /** `msk-fixed`: cannot be changed on this kind of cluster. */
  origin: 'msk-default' | 'msk-fixed' | 'kafka-default';
  source: string;
  /** What of it could not be confirmed. */
  unverified?: string;
}

/** max(atLeast, vCPU * perVcpu) of the broker's size. */
interface ByVcpu {
  atLeast: number;
  perVcpu: number;
}
interface ByZones {
  two: string;
  three: string;
}
/** `kafka`: "Apache Kafka Default" in AWS's table. */
type Cell = string | ByVcpu | ByZones | { kafka: true };

const KAFKAS_OWN = { kafka: true } as const;
const REPLICAS: ByZones = { two: '2', three: '3' };

/** Standard brokers: without and with tiered storage; null where AWS's table says that the setting does not apply. */
const STANDARD: Readonly<Record<string, readonly [local: Cell | null, tiered: Cell | null]>> = {
  'allow.everyone.if.no.acl.found': ['true', 'true'],
  'auto.create.topics.enable': ['false', 'false'],
  'auto.leader.rebalance.enable': ['true', 'true'],
  'default.replication.factor': [REPLICAS, REPLICAS],
  'log.segment.bytes': ['1073741824', '134217728'],
  'min.insync.replicas': [
    { two: '1', three: '2' },
    { two: '1', three: '2' },
  ],
  'num.io.threads': ['8', { atLeast: 8, perVcpu: 1 }],
  'num.network.threads': ['5', { atLeast: 5, perVcpu: 1 / 2 }],
  'num.partitions': ['1', '1'],
  'num.replica.fetchers': ['2', { atLeast: 2, perVcpu: 1 / 4 }],
  'remote.log.reader.threads': [null, { atLeast: 10, perVcpu: 0.67 }],
  'replica.lag.time.max.ms': ['30000', '30000'],
  'socket.receive.buffer.bytes': ['102400', '102400'],
  'socket.request.max.bytes': ['104857600', '104857600'],
  'socket.send.buffer.bytes': ['102400', '102400'],
  // Against Apache Kafka's false.
  'unclean.leader.election.enable': ['true', 'false'],
  'zookeeper.session.timeout.ms': ['18000', '18000'],
  'zookeeper.set.acl': ['false', 'false'],
};

/** Express brokers: what AWS sets and lets nobody change. "Values may change with the Kafka version" (AWS). */
const EXPRESS_FIXED: Readonly<Record<string, Cell>> = {
  'default.replication.factor': '3',
  'fetch.max.bytes': KAFKAS_OWN,
  'group.max.size': KAFKAS_OWN,
  'min.insync.replicas': '2',
  'num.io.threads': { atLeast: 8, perVcpu: 2 },
  'num.network.threads': { atLeast: 8, perVcpu: 1 },
  'replica.fetch.response.max.bytes': KAFKAS_OWN,
  'request.timeout.ms': KAFKAS_OWN,
  'transaction.state.log.min.isr': '2',
  'transaction.state.log.replication.factor': KAFKAS_OWN,
  'unclean.leader.election.enable': 'false',
};

/** Express brokers: defaults of settings that may be changed. All others of AWS's table are Kafka's own. */
const EXPRESS: Readonly<Record<string, Cell>> = {
  'allow.everyone.if.no.acl.found': 'true',
  'auto.create.topics.enable': 'false',
  'log.message.timestamp.after.max.ms': '86400000',
  'log.message.timestamp.before.max.ms': '86400000',
  'num.partitions': '1',
  'socket.receive.buffer.bytes': '102400',
  'socket.request.max.bytes': '104857600',
  'socket.send.buffer.bytes': '102400',
};

/**
 * The value of a broker setting that the cluster's configuration does not set. Null when it is not known: a key, a broker size or a Kafka
 * version that the tables do not have, or a setting that this cluster does not have.
 */
export function configDefaultOf(key: string, context: ConfigDefaultContext): ConfigDefault | null {
  if (key.startsWith('zookeeper.') && !usesZooKeeper(context)) return null;
  const own = context.kind === 'provisioned-express' ? expressDefault(key, context) : standardDefault(key, context);
  return own === undefined ? kafkasDefault(key, context.kafkaVersion) : own;
}

/** Kafka's default, for a cluster outside MSK or a setting of which MSK's tables say nothing. */
export function kafkasDefault(key: string, kafkaVersion: string | null): ConfigDefault | null {
  const found = kafkaDefaultOf(key, kafkaVersion);
  return found === null ? null : { ...found, origin: 'kafka-default', source: KAFKA_DEFAULTS_SOURCE };
}

function usesZooKeeper(context: ConfigDefaultContext): boolean {
  return context.kind === 'provisioned-standard' && context.metadataMode === 'zookeeper';
}

type Context<K extends ConfigDefaultContext['kind']> = Extract<ConfigDefaultContext, { kind: K }>;

/** Undefined: MSK's table does not name the key. */
function standardDefault(key: string, context: Context<'provisioned-standard'>): ConfigDefault | null | undefined {
  if (key === 'log.message.timestamp.difference.max.ms' && context.storageMode !== 'LOCAL')
    return tieredDifference(context);
  if (!Object.hasOwn(STANDARD, key)) return undefined;
  const [local, tiered] = STANDARD[key]!.map((cell) =>
    cell === null ? null : evaluated(key, cell, context, 'msk-default', STANDARD_SOURCE),
  ) as [ConfigDefault | null, ConfigDefault | null];
  if (context.storageMode === 'unknown') return local?.value === tiered?.value ? local : null;
  return context.storageMode === 'TIERED' ? tiered : local;
}

/** AWS names the two tiered versions for which it holds, and says nothing of the others. */
function tieredDifference({ kafkaVersion, storageMode }: Context<'provisioned-standard'>): ConfigDefault | null {
  const isNamed = storageMode === 'TIERED' && kafkaVersion !== null && /^(2\.8\.2\.tiered|3\.7\.)/.test(kafkaVersion);
  return isNamed ? { value: '86400000', origin: 'msk-default', source: STANDARD_SOURCE } : null;
}

function expressDefault(key: string, context: Context<'provisioned-express'>): ConfigDefault | null | undefined {
  if (Object.hasOwn(EXPRESS_FIXED, key))
    return evaluated(key, EXPRESS_FIXED[key]!, context, 'msk-fixed', EXPRESS_FIXED_SOURCE);
  if (Object.hasOwn(EXPRESS, key)) return evaluated(key, EXPRESS[key]!, context, 'msk-default', EXPRESS_SOURCE);
  return undefined;
}

function evaluated(
  key: string,
  cell: Cell,
  context: ConfigDefaultContext,
  origin: 'msk-default' | 'msk-fixed',
  source: string,
): ConfigDefault | null {
  if (typeof cell === 'string') return { value: cell, origin, source };
  if ('kafka' in cell) {
    const own = kafkaDefaultOf(key, context.kafkaVersion);
    return own === null ? null : { ...own, origin, source };
  }
  if ('two' in cell) {
    const zones = context.kind === 'provisioned-standard' ? context.azCount : 3;
    return { value: zones >= 3 ? cell.three : cell.two, origin, source };
  }
  const vcpu = brokerSizeOf(context.instanceType)?.vcpu;
  if (vcpu === undefined) return null;
  const exact = Math.max(cell.atLeast, vcpu * cell.perVcpu);
  const value = String(Math.floor(exact));
  return Number.isInteger(exact)
    ? { value, origin, source }
    : { value, origin, source, unverified: 'AWS does not say how it rounds' };
}
