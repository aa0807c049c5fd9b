import { expect, test } from 'vitest';
import { topologyName, topologySourceOf, withTopology } from '../../lib/analysis/msk-topology.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { SectionName, Sections } from '../../lib/snapshot/schema.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

/** The value of a section that stands in; fails the test when there is none. */
function told<N extends 'kafkaTopics' | 'kafkaTopicConfigs'>(sections: Sections, name: N) {
  const section = withTopology(sections)[name];
  if (!section?.ok) throw new Error(`no ${name}`);
  return section as Extract<NonNullable<Sections[N]>, { ok: true }>;
}

const two = () =>
  aSnapshot()
    .withTopic('orders', { partitions: 2 })
    .withTopic('payments', { configs: { 'retention.ms': '1' } });
const sectionsOf = (builder: SnapshotBuilder) => builder.build().sections;

test('the topic API tells the same topology as Kafka, with its age', () => {
  const ofKafka = sectionsOf(two());
  const degraded = sectionsOf(two().withTopicApi());
  expect(told(degraded, 'kafkaTopics')).toMatchObject({ asOfMs: TAKEN_AT_MS });
  expect(told(degraded, 'kafkaTopics').value).toEqual(told(ofKafka, 'kafkaTopics').value);
  expect(told(degraded, 'kafkaTopics')).not.toHaveProperty('partial');
  expect(topologySourceOf(degraded)).toEqual({ from: 'msk-topics', asOfMs: TAKEN_AT_MS });
});

test('Kafka’s own metadata is never replaced, and a failed topic API stands in for nothing', () => {
  const both = { ...sectionsOf(two()), mskTopics: sectionsOf(two().withTopicApi()).mskTopics } as Sections;
  expect(withTopology(both)).toBe(both);
  expect(topologyName(topologySourceOf(both))).toBe('Kafka metadata');
  const neither = { ...sectionsOf(two().withTopicApi()), mskTopics: missing('not-permitted', 'may not') } as Sections;
  expect(withTopology(neither)).toBe(neither);
  expect(topologySourceOf(neither)).toEqual({ from: 'kafka' });
});

test('the snapshot keeps its gap: only what is judged is filled', () => {
  const sections = sectionsOf(two().withTopicApi());
  withTopology(sections);
  expect(sections.kafkaTopics).toMatchObject({ ok: false, reason: 'unreachable' });
});

test('no other section is made up', () => {
  const sections = sectionsOf(two().withTopicApi());
  const judged = withTopology(sections);
  const changed = (Object.keys(judged) as SectionName[]).filter((name) => judged[name] !== sections[name]);
  expect(changed).toEqual(['kafkaTopics', 'kafkaTopicConfigs']);
});

test('a partition without a leader has leader -1, as in Kafka’s metadata', () => {
  const sections = sectionsOf(
    two()
      .withPartition('orders', 1, { leader: -1, isr: [2] })
      .withTopicApi(),
  );
  const [, second] = told(sections, 'kafkaTopics').value[0]!.partitions;
  expect(second).toMatchObject({ leader: -1, isr: [2] });
});

test('a topic that was listed only is one that could not be read', () => {
  const sections = sectionsOf(two().withTopicApi({ listedOnly: ['payments'] }));
  expect(told(sections, 'kafkaTopics')).toMatchObject({ partial: '1 of 2 topics listed, not described' });
  expect(told(sections, 'kafkaTopics').value[1]).toMatchObject({
    name: 'payments',
    error: 'NOT_DESCRIBED',
    partitions: [],
  });
  expect(told(sections, 'kafkaTopicConfigs').value).not.toHaveProperty('payments');
});

test('internal topics are known by their names', () => {
  const sections = sectionsOf(two().withTopic('__consumer_offsets').withTopicApi());
  expect(told(sections, 'kafkaTopics').value.find(({ name }) => name === '__consumer_offsets')?.internal).toBe(true);
});

test('settings that the answer names need no guess', () => {
  const configs = told(sectionsOf(two().withTopicApi({ told: 'all' })), 'kafkaTopicConfigs');
  expect(configs.value.payments).toMatchObject({
    'min.insync.replicas': { value: '2' },
    'retention.ms': { value: '1' },
  });
  expect(configs).not.toHaveProperty('partial');
});

test('what a topic inherits comes from the configuration, else from MSK’s default, and is said to be no proof', () => {
  const inherits = (builder: SnapshotBuilder) =>
    told(sectionsOf(builder.withTopicApi({ told: 'own' })), 'kafkaTopicConfigs');
  const byDefault = inherits(two());
  expect(byDefault.value.orders).toEqual({
    'min.insync.replicas': { value: '2', source: 'static-broker' },
    'unclean.leader.election.enable': { value: 'true', source: 'static-broker' },
  });
  expect(byDefault.partial).toMatch(/^settings that 2 topics inherit /);
  const configuration = { arn: 'arn:c', revision: 3, properties: { 'min.insync.replicas': '1' } };
  const byRevision = inherits(two().withSection('configuration', configuration));
  expect(byRevision.value.orders?.['min.insync.replicas']?.value).toBe('1');
});

test('what nobody can tell is not inherited', () => {
  const builder = two().without('configuration', 'not-permitted').withTopicApi({ told: 'own' });
  expect(told(sectionsOf(builder), 'kafkaTopicConfigs').value.orders).toEqual({});
});

test('where Kafka told the settings, they stay beside the topics of the API', () => {
  const own = sectionsOf(two()).kafkaTopicConfigs;
  const sections = { ...sectionsOf(two().withTopicApi({ told: 'own' })), kafkaTopicConfigs: own } as Sections;
  expect(withTopology(sections).kafkaTopicConfigs).toBe(own);
  expect(told(sections, 'kafkaTopics').value).toHaveLength(2);
});

test('part of the topics and a guess of settings are both said', () => {
  const sections = sectionsOf(two().withTopicApi({ told: 'own', listedOnly: ['payments'] }));
  expect(told(sections, 'kafkaTopicConfigs').partial).toMatch(
    /^1 of 2 topics listed, not described; settings that 1 topic/,
  );
});

test('no topology at all is none of the API, whatever else is missing', () => {
  expect(topologySourceOf({})).toEqual({ from: 'kafka' });
  const { kafkaTopics: _, ...rest } = sectionsOf(two().withTopicApi());
  expect(topologySourceOf(rest)).toMatchObject({ from: 'msk-topics' });
  expect(withTopology({ mskTopics: rest.mskTopics! }).kafkaTopics).toMatchObject({ ok: true });
});

test('the reader is told whose topology it is, and how old', () => {
  const name = topologyName(topologySourceOf(sectionsOf(two().withTopicApi())));
  expect(name).toMatch(/^MSK's topic API \(as of 2026-11-20.*, up to a minute old\)$/);
});
