import { expect, test } from 'vitest';
import { BROKER_SIZES } from '../../lib/facts/broker-sizes.ts';
import { type ConfigDefaultContext, configDefaultOf, kafkasDefault } from '../../lib/facts/config-defaults.ts';
import { KAFKA_DEFAULTS } from '../../lib/facts/config-defaults-kafka.ts';
import { CONFIGURATION_KEYS } from '../../lib/snapshot/configuration-keys.ts';

type Standard = Extract<ConfigDefaultContext, { kind: 'provisioned-standard' }>;

const STANDARD: Standard = {
  kind: 'provisioned-standard',
  azCount: 3,
  storageMode: 'LOCAL',
  metadataMode: 'kraft',
  instanceType: 'kafka.m7g.4xlarge',
  kafkaVersion: '3.9.x.kraft',
};
const TIERED: Standard = { ...STANDARD, storageMode: 'TIERED' };
const EXPRESS: ConfigDefaultContext = {
  kind: 'provisioned-express',
  instanceType: 'express.m7g.4xlarge',
  kafkaVersion: '3.9.x.kraft',
};

const defaultOf = (key: string, context: ConfigDefaultContext) => configDefaultOf(key, context)?.value;

// AWS's table, copied out by hand: key, without tiered storage, with it, on a broker with 16 vCPU in three zones.
test.each([
  ['allow.everyone.if.no.acl.found', 'true', 'true'],
  ['auto.create.topics.enable', 'false', 'false'],
  ['default.replication.factor', '3', '3'],
  ['log.message.timestamp.difference.max.ms', '9223372036854775807', undefined],
  ['log.segment.bytes', '1073741824', '134217728'],
  ['min.insync.replicas', '2', '2'],
  ['num.io.threads', '8', '16'],
  ['num.network.threads', '5', '8'],
  ['num.replica.fetchers', '2', '4'],
  ['remote.log.reader.threads', undefined, '10'],
  ['replica.lag.time.max.ms', '30000', '30000'],
  ['unclean.leader.election.enable', 'true', 'false'],
])('MSK sets %s to %s on Standard brokers, and to %s with tiered storage', (key, local, tiered) => {
  expect(defaultOf(key, STANDARD)).toBe(local);
  expect(defaultOf(key, TIERED)).toBe(tiered);
});

test('two zones hold two replicas, one of which is enough', () => {
  const two = { ...STANDARD, azCount: 2 };
  expect(defaultOf('default.replication.factor', two)).toBe('2');
  expect(defaultOf('min.insync.replicas', two)).toBe('1');
});

test('a storage mode that AWS may add has only the defaults that both known ones share', () => {
  const unknown: Standard = { ...STANDARD, storageMode: 'unknown' };
  expect(defaultOf('min.insync.replicas', unknown)).toBe('2');
  expect(configDefaultOf('unclean.leader.election.enable', unknown)).toBeNull();
});

test('the tiered limit on timestamps is only known of the versions that AWS names', () => {
  const key = 'log.message.timestamp.difference.max.ms';
  expect(defaultOf(key, { ...TIERED, kafkaVersion: '3.7.x.kraft' })).toBe('86400000');
  expect(defaultOf(key, { ...TIERED, kafkaVersion: '2.8.2.tiered' })).toBe('86400000');
});

// AWS's list of sizes, not the formula beside it.
test.each([
  ['large', '8', '8'],
  ['xlarge', '8', '8'],
  ['2xlarge', '16', '8'],
  ['4xlarge', '32', '16'],
  ['8xlarge', '64', '32'],
  ['12xlarge', '96', '48'],
  ['16xlarge', '128', '64'],
])('an Express %s has %s threads for requests and %s for the network, which nobody can change', (size, io, network) => {
  const context = { ...EXPRESS, instanceType: `express.m7g.${size}` };
  expect(configDefaultOf('num.io.threads', context)).toMatchObject({ value: io, origin: 'msk-fixed' });
  expect(configDefaultOf('num.network.threads', context)).toMatchObject({ value: network, origin: 'msk-fixed' });
});

test.each([
  ['min.insync.replicas', '2', 'msk-fixed'],
  ['unclean.leader.election.enable', 'false', 'msk-fixed'],
  ['fetch.max.bytes', '57671680', 'msk-fixed'],
  ['log.message.timestamp.after.max.ms', '86400000', 'msk-default'],
  ['message.max.bytes', '1048588', 'kafka-default'],
  ['replica.selector.class', null, 'kafka-default'],
])('on Express %s is %s (%s)', (key, value, origin) => {
  expect(configDefaultOf(key, EXPRESS)).toMatchObject({ value, origin });
});

test('a broker size that the table does not know gives no number of threads', () => {
  expect(configDefaultOf('num.io.threads', { ...TIERED, instanceType: 'kafka.m9g.large' })).toBeNull();
  expect(configDefaultOf('num.io.threads', { ...EXPRESS, instanceType: 'express.m9g.large' })).toBeNull();
  expect(defaultOf('num.io.threads', { ...STANDARD, instanceType: 'kafka.m9g.large' })).toBe('8');
});

test('where AWS does not say how it rounds, the number says so', () => {
  const odd = configDefaultOf('remote.log.reader.threads', { ...TIERED, instanceType: 'kafka.m7g.8xlarge' });
  expect(odd).toMatchObject({ value: '21', unverified: expect.stringContaining('round') as string });
});

test('settings of ZooKeeper exist only where ZooKeeper is', () => {
  expect(configDefaultOf('zookeeper.session.timeout.ms', STANDARD)).toBeNull();
  expect(configDefaultOf('zookeeper.session.timeout.ms', EXPRESS)).toBeNull();
  const withZooKeeper: Standard = { ...STANDARD, metadataMode: 'zookeeper', kafkaVersion: '3.6.0' };
  expect(defaultOf('zookeeper.session.timeout.ms', withZooKeeper)).toBe('18000');
});

test.each([
  ['num.recovery.threads.per.data.dir', '1', '2'],
  ['log.message.timestamp.after.max.ms', '9223372036854775807', '3600000'],
  ['log.message.timestamp.difference.max.ms', '9223372036854775807', undefined],
  ['group.consumer.session.timeout.ms', undefined, '45000'],
])("Kafka's own default of %s changed from 3.6 (%s) to 4.0 (%s)", (key, before, after) => {
  expect(kafkasDefault(key, '3.6.0')?.value).toBe(before);
  expect(kafkasDefault(key, '4.0.x')?.value).toBe(after);
});

test('of an unknown version only what all versions share is known', () => {
  expect(kafkasDefault('num.recovery.threads.per.data.dir', null)).toBeNull();
  expect(kafkasDefault('num.recovery.threads.per.data.dir', 'unknown')).toBeNull();
  expect(kafkasDefault('min.insync.replicas', null)?.value).toBe('1');
});

test('what was not read of a version is marked as such', () => {
  expect(kafkasDefault('min.insync.replicas', '2.8.1')?.unverified).toContain('3.6');
  expect(kafkasDefault('min.insync.replicas', '3.6.0')).not.toHaveProperty('unverified');
});

test('no name reaches a prototype', () => {
  for (const key of ['constructor', '__proto__', 'toString']) {
    expect(configDefaultOf(key, STANDARD)).toBeNull();
    expect(configDefaultOf(key, EXPRESS)).toBeNull();
  }
});

test('every default has a source, for every size, and every default may be kept in a snapshot', () => {
  for (const instanceType of Object.keys(BROKER_SIZES)) {
    const context = instanceType.startsWith('express.') ? { ...EXPRESS, instanceType } : { ...TIERED, instanceType };
    for (const key of CONFIGURATION_KEYS) {
      const found = configDefaultOf(key, context);
      if (found !== null) expect(found.source).toMatch(/^https:\/\//);
    }
  }
  expect(Object.keys(KAFKA_DEFAULTS).filter((key) => !(CONFIGURATION_KEYS as readonly string[]).includes(key))).toEqual(
    [],
  );
});

test('only settings that MSK alone knows, or that no version gives a value, are without a default of Kafka', () => {
  expect(CONFIGURATION_KEYS.filter((key) => !(key in KAFKA_DEFAULTS))).toEqual([
    'allow.everyone.if.no.acl.found',
    'listener.name.client_iam.max.connections',
    'listener.name.client_iam_public.max.connections',
    'log.message.format.version',
    'remote.log.msk.disable.policy',
  ]);
});
