import { expect, test } from 'vitest';
import {
  type ConfigInputs,
  effectiveConfig,
  effectiveNumber,
  inheritedByTopics,
} from '../../lib/analysis/effective-config.ts';
import { type Collected, missing, present } from '../../lib/snapshot/collected.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

type BrokerConfigs = SectionValue<'kafkaBrokerConfigs'>;
type Configuration = SectionValue<'configuration'>;

function inputs(
  changes: Partial<ConfigInputs> = {},
  kind: 'provisioned-standard' | 'provisioned-express' = 'provisioned-standard',
) {
  const { cluster } = aSnapshot().withKind(kind).build().sections;
  return {
    cluster: cluster!,
    configuration: revision({}),
    kafkaBrokerConfigs: missing('unreachable', 'no way to the brokers'),
    ...changes,
  } satisfies ConfigInputs;
}

function revision(properties: Record<string, string>, problem: string | null = null): Collected<Configuration> {
  return present({ arn: `${CLUSTER_ARN}-config`, revision: 4, properties, problem }, TAKEN_AT_MS);
}

function brokers(value: BrokerConfigs): Collected<BrokerConfigs> {
  return present(value, TAKEN_AT_MS);
}

test('the brokers’ own answer beats the revision and the defaults: only it has dynamic overrides', () => {
  const found = effectiveConfig('num.io.threads', {
    ...inputs({ configuration: revision({ 'num.io.threads': '12' }) }),
    kafkaBrokerConfigs: brokers({ 1: { 'num.io.threads': { value: '16', source: 'dynamic-default-broker' } } }),
  });
  expect(found).toMatchObject({ value: '16', origin: 'kafka', confidence: 1 });
  expect(found?.source).toContain('set dynamically for all brokers');
});

test('brokers that differ are told apart, the value of most first', () => {
  const entry = (value: string, source: 'static-broker' | 'dynamic-broker') => ({
    'num.io.threads': { value, source },
  });
  const kafkaBrokerConfigs = brokers({
    1: entry('16', 'dynamic-broker'),
    2: entry('8', 'static-broker'),
    3: entry('8', 'static-broker'),
  });
  const found = effectiveConfig('num.io.threads', inputs({ kafkaBrokerConfigs }));
  expect(found?.value).toBe('8');
  expect(found?.brokers).toEqual([
    { value: '8', source: 'static-broker', brokerIds: [2, 3] },
    { value: '16', source: 'dynamic-broker', brokerIds: [1] },
  ]);
});

test('a setting that Kafka hides is no unset one: the revision tells it', () => {
  const key = 'allow.everyone.if.no.acl.found';
  const found = effectiveConfig(key, {
    ...inputs({ configuration: revision({ [key]: 'false' }) }),
    kafkaBrokerConfigs: brokers({ 1: { [key]: { value: null, source: 'static-broker' } } }),
  });
  expect(found).toMatchObject({ value: 'false', origin: 'configuration' });
});

test('a setting that Kafka leaves unset is unset, and that is known', () => {
  const kafkaBrokerConfigs = brokers({ 1: { 'replica.selector.class': { value: null, source: 'default' } } });
  const found = effectiveConfig('replica.selector.class', inputs({ kafkaBrokerConfigs }));
  expect(found).toMatchObject({ value: null, origin: 'kafka' });
});

test('without the brokers the revision holds, with less confidence, because overrides do not show', () => {
  const found = effectiveConfig(
    'min.insync.replicas',
    inputs({ configuration: revision({ 'min.insync.replicas': '1' }) }),
  );
  expect(found).toMatchObject({ value: '1', origin: 'configuration', confidence: 0.6, brokers: [] });
  expect(found?.source).toContain('revision 4');
});

test('a cluster without a configuration of its own has MSK’s defaults', () => {
  const found = effectiveConfig(
    'unclean.leader.election.enable',
    inputs({ configuration: missing('not-enabled', "MSK's defaults hold") }),
  );
  expect(found).toMatchObject({ value: 'true', origin: 'msk-default', brokers: [] });
  expect(found).not.toHaveProperty('unverified');
});

test('a default of which something could not be confirmed says so', () => {
  // 0.67 threads for each of two vCPUs, at least 10: whole. For each of 16: 10.72, and AWS does not say how it rounds.
  const sized = (instanceType: string) => {
    const { cluster } = aSnapshot().withCluster({ storageMode: 'TIERED', instanceType }).build().sections;
    return effectiveConfig('remote.log.reader.threads', inputs({ cluster: cluster! }));
  };
  expect(sized('kafka.m5.4xlarge')).toMatchObject({ value: '10', unverified: expect.stringContaining('rounds') });
  expect(sized('kafka.m5.large')).not.toHaveProperty('unverified');
});

test('where MSK has no default of its own, Kafka’s holds', () => {
  expect(effectiveConfig('message.max.bytes', inputs())).toMatchObject({ value: '1048588', origin: 'kafka-default' });
});

test('what Express fixes needs neither brokers nor configuration', () => {
  const unread = inputs({ configuration: missing('not-permitted', 'may not') }, 'provisioned-express');
  expect(effectiveConfig('min.insync.replicas', unread)).toMatchObject({
    value: '2',
    origin: 'msk-fixed',
    confidence: 1,
  });
});

test.each([
  ['the configuration may not be read', inputs({ configuration: missing('not-permitted', 'may not') })],
  ['the configuration could not be understood', inputs({ configuration: revision({}, 'no line breaks') })],
  ['the cluster could not be described', inputs({ cluster: missing('not-permitted', 'may not') })],
  ['the cluster is serverless', inputs({ cluster: aSnapshot().withKind('serverless').build().sections.cluster! })],
])('unknown, not default, when %s', (_why, given) => {
  expect(effectiveConfig('min.insync.replicas', given)).toBeNull();
});

test('a value that is no number is no number', () => {
  const withValue = (value: string) => inputs({ configuration: revision({ 'num.io.threads': value }) });
  expect(effectiveNumber('num.io.threads', withValue('16'))?.number).toBe(16);
  expect(effectiveNumber('num.io.threads', withValue('many'))).toBeNull();
  expect(effectiveNumber('num.io.threads', withValue(''))).toBeNull();
  const kafkaBrokerConfigs = brokers({ 1: { 'log.retention.ms': { value: null, source: 'default' } } });
  expect(effectiveNumber('log.retention.ms', inputs({ kafkaBrokerConfigs }))).toBeNull();
});

test('topics inherit retention in Kafka’s order: milliseconds, minutes, hours', () => {
  const retention = (properties: Record<string, string>) =>
    inheritedByTopics('retention.ms', inputs({ configuration: revision(properties) }))?.value;
  expect(retention({})).toBe('604800000');
  expect(retention({ 'log.retention.hours': '24' })).toBe('86400000');
  expect(retention({ 'log.retention.hours': '24', 'log.retention.minutes': '5' })).toBe('300000');
  expect(retention({ 'log.retention.minutes': '5', 'log.retention.ms': '1000' })).toBe('1000');
  expect(retention({ 'log.retention.hours': '-1' })).toBe('-1');
});

test('a setting that topics alone have is inherited from nobody', () => {
  expect(inheritedByTopics('remote.storage.enable', inputs())).toBeNull();
  expect(inheritedByTopics('constructor', inputs())).toBeNull();
});

test.each([
  ['min.insync.replicas', 'min.insync.replicas'],
  ['unclean.leader.election.enable', 'unclean.leader.election.enable'],
  ['retention.ms', 'log.retention.ms'],
  ['retention.bytes', 'log.retention.bytes'],
  ['cleanup.policy', 'log.cleanup.policy'],
  ['compression.type', 'compression.type'],
  ['segment.bytes', 'log.segment.bytes'],
  ['segment.ms', 'log.roll.ms'],
  ['max.message.bytes', 'message.max.bytes'],
  ['message.timestamp.type', 'log.message.timestamp.type'],
  ['local.retention.ms', 'log.local.retention.ms'],
  ['flush.messages', 'log.flush.interval.messages'],
  ['flush.ms', 'log.flush.interval.ms'],
  ['min.cleanable.dirty.ratio', 'log.cleaner.min.cleanable.ratio'],
  ['delete.retention.ms', 'log.cleaner.delete.retention.ms'],
  ['max.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms'],
  ['message.timestamp.after.max.ms', 'log.message.timestamp.after.max.ms'],
])('a topic inherits %s from the %s of the brokers, as it is', (topicKey, brokerKey) => {
  const kafkaBrokerConfigs = brokers({ 1: { [brokerKey]: { value: '7', source: 'static-broker' } } });
  expect(inheritedByTopics(topicKey, inputs({ kafkaBrokerConfigs }))).toMatchObject({ key: brokerKey, value: '7' });
});

test('hours and minutes are told in milliseconds; what a broker leaves unset is passed over, what nobody tells is not', () => {
  const entry = (value: string | null) => ({ value, source: 'static-broker' as const });
  const of = (topicKey: string, settings: Record<string, string | null>) =>
    inheritedByTopics(
      topicKey,
      inputs({
        kafkaBrokerConfigs: brokers({
          1: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, entry(value)])),
        }),
        configuration: missing('not-permitted', 'may not'),
      }),
    )?.value ?? null;
  const unset = { 'log.retention.ms': null, 'log.retention.minutes': null };
  expect(of('retention.ms', { ...unset, 'log.retention.hours': '168' })).toBe('604800000');
  expect(of('retention.ms', { 'log.retention.ms': null, 'log.retention.minutes': '-1' })).toBe('-1');
  expect(of('retention.ms', { 'log.retention.ms': null, 'log.retention.minutes': '0' })).toBe('0');
  expect(of('retention.ms', { ...unset, 'log.retention.hours': 'long' })).toBeNull();
  expect(of('retention.ms', { 'log.retention.hours': '168' })).toBeNull();
  expect(of('segment.ms', { 'log.roll.ms': null, 'log.roll.hours': '2' })).toBe('7200000');
});

test('what the revision sets holds although another line of it was not understood', () => {
  const given = inputs({ configuration: revision({ 'num.io.threads': '12' }, 'line 3 is no setting') });
  expect(effectiveConfig('num.io.threads', given)).toMatchObject({ value: '12', origin: 'configuration' });
});

test('of equally many brokers the value of the first is told, and brokers stand by their numbers', () => {
  const entry = (value: string) => ({ 'num.io.threads': { value, source: 'static-broker' as const } });
  const found = (given: BrokerConfigs) =>
    effectiveConfig('num.io.threads', inputs({ kafkaBrokerConfigs: brokers(given) }));
  expect(found({ 10: entry('8'), 2: entry('16'), 9: entry('16'), 1: entry('8') })?.brokers).toEqual([
    { value: '8', source: 'static-broker', brokerIds: [1, 10] },
    { value: '16', source: 'static-broker', brokerIds: [2, 9] },
  ]);
  expect(found({ 3: entry('16'), 4: entry('8') })?.value).toBe('16');
});

test('a broker that does not name a setting says nothing of it, and one without an answer leaves it to MSK', () => {
  const kafkaBrokerConfigs = brokers({ 1: {}, 2: { 'num.io.threads': { value: '16', source: 'default' } } });
  const found = effectiveConfig('num.io.threads', inputs({ kafkaBrokerConfigs }));
  expect(found?.brokers).toEqual([{ value: '16', source: 'default', brokerIds: [2] }]);
  const silent = inputs({
    kafkaBrokerConfigs: brokers({ 1: {}, 2: {} }),
    configuration: revision({ 'num.io.threads': '9' }),
  });
  expect(effectiveConfig('num.io.threads', silent)).toMatchObject({ value: '9', origin: 'configuration' });
});

test('a number is finite, and blanks are none', () => {
  const withValue = (value: string) =>
    effectiveNumber('num.io.threads', inputs({ configuration: revision({ 'num.io.threads': value }) }))?.number ?? null;
  expect(['  ', 'Infinity', ' 8 ', '0', '-1'].map(withValue)).toEqual([null, null, 8, 0, -1]);
});
