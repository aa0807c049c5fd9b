// Verdicts of a run without a way to the brokers, on what MSK's topic API tells.
import { describe, expect, test } from 'vitest';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';
import { reading } from '../kpis/run-context.ts';
import { runCheck, verdictOf } from './run.ts';

const healthy = () => aSnapshot().withTopic('orders', { partitions: 3 }).withTopic('payments', { partitions: 1 });
const AVAILABILITY: readonly CheckId[] = [
  'offline-partitions',
  'partitions-under-replicated',
  'partitions-under-min-isr',
  'replication-factor-low',
  'min-isr-equal-rf',
  'unclean-election-enabled',
];

describe('with every setting told, the verdict is the one that Kafka’s own metadata gives', () => {
  const CASES: Record<string, () => SnapshotBuilder> = {
    healthy,
    'no leader': () => healthy().withPartition('orders', 1, { leader: -1, isr: [2] }),
    'a replica out of sync': () => healthy().withPartition('orders', 1, { isr: [2, 3] }),
    'under the minimum': () => healthy().withPartition('orders', 1, { isr: [2] }),
    'one replica': () => healthy().withTopic('logs', { replicationFactor: 1, configs: { 'min.insync.replicas': '1' } }),
    'a minimum of all': () => healthy().withTopic('audit', { configs: { 'min.insync.replicas': '3' } }),
    'unclean election': () => healthy().withTopic('cache', { configs: { 'unclean.leader.election.enable': 'true' } }),
  };
  test.each(Object.keys(CASES).flatMap((what) => AVAILABILITY.map((id) => [what, id] as const)))(
    '%s: %s',
    (what, id) => {
      const ofKafka = runCheck(id, CASES[what]!());
      const degraded = runCheck(id, CASES[what]!().withTopicApi());
      const severities = (result: typeof degraded) => result.findings.map(({ severity }) => severity);
      expect(degraded.status).toBe(ofKafka.status);
      expect(severities(degraded)).toEqual(severities(ofKafka));
      if (id !== 'unclean-election-enabled') expect(verdictOf(degraded)).toEqual(verdictOf(ofKafka));
    },
  );
});

test.each([
  ['offline-partitions', healthy().withPartition('orders', 1, { leader: -1, isr: [2] })],
  ['partitions-under-replicated', healthy().withPartition('orders', 1, { isr: [2, 3] })],
  ['partitions-under-min-isr', healthy().withPartition('orders', 1, { isr: [2] })],
  ['replication-factor-low', healthy().withTopic('logs', { replicationFactor: 1 })],
  ['min-isr-equal-rf', healthy().withTopic('audit', { configs: { 'min.insync.replicas': '3' } })],
  ['unclean-election-enabled', healthy().withTopic('cache', { configs: { 'unclean.leader.election.enable': 'true' } })],
] as const)('the proof of %s names the topic API and its age', (id, source) => {
  const { evidence } = runCheck(id, source.withTopicApi());
  expect(evidence.map((each) => each.source).join('\n')).toContain(
    "MSK's topic API (as of 2026-11-20 06:15 UTC, up to a minute old)",
  );
  expect(JSON.stringify(evidence)).not.toContain('Kafka Metadata');
});

describe('what was not seen is no pass', () => {
  test.each(AVAILABILITY)('topics that were listed only: %s', (id) => {
    const result = runCheck(id, healthy().withTopicApi({ listedOnly: ['payments'] }));
    expect(result).toMatchObject({ status: 'no-data', findings: [] });
  });

  test('but what was seen is a finding', () => {
    const source = healthy().withPartition('orders', 1, { leader: -1, isr: [2] });
    const result = runCheck('offline-partitions', source.withTopicApi({ listedOnly: ['payments'] }));
    expect(verdictOf(result)).toEqual({ status: 'fail', findings: ['critical orders-1'] });
    expect(result.partial).toContain('payments');
  });

  test.each(['min-isr-equal-rf', 'unclean-election-enabled'] as const)(
    'settings that are taken to be inherited: %s',
    (id) => {
      const configuration = { arn: 'arn:c', revision: 3, properties: { 'unclean.leader.election.enable': 'false' } };
      const source = healthy().withSection('configuration', configuration);
      const result = runCheck(id, source.withTopicApi({ told: 'own' }));
      expect(result.status).toBe('no-data');
      expect(result.summary).toContain('overrides on the brokers do not show');
    },
  );

  test('too few replicas are a finding of a topic that was listed only', () => {
    const source = healthy().withTopic('logs', { partitions: 1, replicationFactor: 1 });
    const result = runCheck('replication-factor-low', source.withTopicApi({ listedOnly: ['logs', 'payments'] }));
    expect(verdictOf(result)).toEqual({ status: 'fail', findings: ['critical logs'] });
    expect(result.summary).toContain('1 topic of 3');
    expect(result.partial).toContain('2 of 3 topics listed');
  });

  test('how many replicas are enough is unknown where nobody tells of any broker', () => {
    const source = aSnapshot().withTopic('logs', { replicationFactor: 1 }).without('cluster', 'not-permitted');
    const result = runCheck('replication-factor-low', source.withTopicApi({ listedOnly: ['logs'] }));
    expect(result).toMatchObject({ status: 'no-data', findings: [] });
  });

  test('MSK’s default is a finding where the cluster’s configuration leaves it', () => {
    const result = runCheck('unclean-election-enabled', healthy().withTopicApi({ told: 'own' }));
    expect(verdictOf(result)).toEqual({ status: 'fail', findings: ['high orders'] });
  });

  test('a topic API that failed as well answers nothing', () => {
    const result = runCheck('replication-factor-low', healthy().withTopicApi().without('mskTopics', 'not-permitted'));
    expect(result.status).toBe('no-data');
  });
});

test('leaders are counted by CloudWatch alone: the topic API does not tell which brokers are alive', () => {
  const result = runCheck('leaders-skewed', healthy().withTopicApi({ listedOnly: ['payments'] }));
  expect(result.status).toBe('pass');
});

test('no restart is advised while the topic API tells of replicas out of sync', () => {
  const builder = () =>
    healthy()
      .withTopic('logs', { replicationFactor: 1 })
      .withPartition('orders', 1, { isr: [2, 3] });
  expect(runCheck('replication-factor-low', builder().withTopicApi()).recommendation?.action).toContain(
    'Wait, because',
  );
});

describe('KPIs', () => {
  const without = (builder: SnapshotBuilder) => builder.without('metrics', 'not-permitted').withTopicApi();
  test.each([
    ['offline-partitions', () => healthy().withPartition('orders', 1, { leader: -1, isr: [2] }), 1],
    ['under-replicated', () => healthy().withPartition('orders', 1, { isr: [2, 3] }), 25],
    ['under-min-isr', () => healthy().withPartition('orders', 1, { isr: [2] }), 1],
    ['durability-config', () => healthy().withTopic('logs', { partitions: 1, replicationFactor: 1 }), 80],
  ] as const)('%s is read from the topic API, and says so', (name, source, value) => {
    expect(reading(name, without(source()))).toMatchObject({
      state: 'ok',
      value: expect.closeTo(value, 6) as number,
      source: expect.stringContaining("MSK's topic API") as string,
    });
  });

  test('a good score may not rest on what was not seen', () => {
    const listed = () =>
      healthy()
        .without('metrics', 'not-permitted')
        .withTopicApi({ listedOnly: ['payments'] });
    for (const name of ['offline-partitions', 'under-replicated', 'under-min-isr', 'durability-config'])
      expect(reading(name, listed()).state).toBe('no-data');
    const inherited = () =>
      healthy()
        .without('metrics', 'not-permitted')
        .withPartition('orders', 1, { isr: [2, 3] });
    expect(reading('under-min-isr', inherited().withTopicApi({ told: 'own' })).state).toBe('no-data');
    expect(reading('under-min-isr', inherited().withTopicApi()).state).toBe('ok');
  });
});
