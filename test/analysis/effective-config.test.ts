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
  expect(found).toMatchObject({ value: 'true', origin: 'msk-default' });
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
