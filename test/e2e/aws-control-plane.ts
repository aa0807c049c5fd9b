// What MSK's control plane tells of a cluster against what Kafka's own tools say: brokers and zones, settings, topics.
import { beforeAll, describe, expect, test } from 'vitest';
import { type ConfigInputs, effectiveConfig } from '../../lib/analysis/effective-config.ts';
import { topologyFromMskTopics } from '../../lib/analysis/msk-topology.ts';
import { parseClusterArn } from '../../lib/collect/msk/cluster-arn.ts';
import { collectMskTopics } from '../../lib/collect/msk/collect-topics.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import { SectionRun } from '../../lib/collect/section-run.ts';
import { missing, type Present } from '../../lib/snapshot/collected.ts';
import { CONFIGURATION_KEYS } from '../../lib/snapshot/configuration-keys.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import type { WitnessedConfigs } from '../sandbox/support/witness.ts';
import type { MeasuredAws } from './measured-aws.ts';

/** Settings of the sandbox's brokers that its configuration on MSK does not name, and that are not MSK's default. */
const SANDBOX_ONLY = ['group.initial.rebalance.delay.ms', 'num.recovery.threads.per.data.dir'];

export function controlPlaneFigures(world: () => MeasuredAws): void {
  describe('the control plane', () => {
    let brokerConfigs: Record<string, WitnessedConfigs>;
    let topicConfigs: Record<string, WitnessedConfigs>;
    let mskTopics: Present<SectionValue<'mskTopics'>>;

    beforeAll(async () => {
      const { witness } = world();
      [brokerConfigs, topicConfigs, mskTopics] = await Promise.all([
        witness.brokerConfigs(),
        witness.topicConfigs(),
        readTopics(world()),
      ]);
    });

    test('has the brokers with the zones that they name as their racks', () => {
      const nodes = world().section('nodes');
      expect(nodes.map(({ brokerId, azId }) => [String(brokerId), azId])).toEqual(
        Object.entries(brokerConfigs).map(([id, configs]) => [id, configs['broker.rack']?.value]),
      );
    });

    test('has the settings that the brokers run with, and that kafka-configs calls no default', () => {
      const { properties } = world().section('configuration');
      expect(Object.keys(properties).length).toBeGreaterThan(8);
      for (const [id, configs] of Object.entries(brokerConfigs)) {
        const theirs = Object.keys(properties).map((key) => [key, configs[key]?.value]);
        expect([id, Object.entries(properties)]).toEqual([id, theirs]);
        for (const key of Object.keys(properties)) expect([key, configs[key]?.source]).not.toEqual([key, 'default']);
      }
    });

    const inputs = (kafkaBrokerConfigs: ConfigInputs['kafkaBrokerConfigs']): ConfigInputs => {
      const { cluster, configuration } = world().snapshot.sections;
      return { cluster: cluster!, configuration: configuration!, kafkaBrokerConfigs };
    };

    test.each([
      ['as the brokers tell it', [] as string[], true],
      ['as far as it follows from the configuration and the defaults', SANDBOX_ONLY, false],
    ])('the setting in force is that of kafka-configs, %s', (_, but, isReached) => {
      const { kafkaBrokerConfigs } = world().snapshot.sections;
      const own = inputs(isReached ? kafkaBrokerConfigs! : missing('unreachable', 'no way to the brokers'));
      const theirs = brokerConfigs['1']!;
      const known = CONFIGURATION_KEYS.filter((key) => Object.hasOwn(theirs, key) && !but.includes(key));
      const told = known.map((key) => [key, effectiveConfig(key, own)] as const);
      const answered = told.filter(([, found]) => found !== null);
      expect(answered.length).toBeGreaterThan(known.length * 0.9);
      expect(answered.map(([key, found]) => [key, found!.value])).toEqual(
        answered.map(([key]) => [key, theirs[key]!.value]),
      );
    });

    test('its topics, partitions, leaders and in-sync replicas are those of kafka-topics', async () => {
      await expectTopics(world(), mskTopics);
    });

    test('a topic’s own settings are those of kafka-configs, and what it inherits follows', () => {
      expect(mskTopics.partial).toBeUndefined();
      for (const { name, configs } of mskTopics.value) {
        const own = Object.entries(topicConfigs[name]!).filter(([key, { source }]) => {
          return source === 'topic' && Object.hasOwn(configs!, key);
        });
        expect([name, configs]).toEqual([name, Object.fromEntries(own.map(([key, { value }]) => [key, value]))]);
      }
      expect(mskTopics.value.some(({ configs }) => Object.keys(configs!).length > 1)).toBe(true);
      const reckoned = topologyFromMskTopics(mskTopics, inputs(missing('unreachable', 'no way to the brokers')));
      for (const [name, settings] of Object.entries(reckoned.configs.value)) {
        for (const key of ['min.insync.replicas', 'unclean.leader.election.enable'])
          expect([name, key, settings[key]?.value]).toEqual([name, key, topicConfigs[name]![key]!.value]);
      }
    });
  });
}

/** Through the real SDK client, as a run without a way to the brokers does it. */
export async function readTopics({ aws, snapshot }: MeasuredAws): Promise<Present<SectionValue<'mskTopics'>>> {
  Object.assign(process.env, aws.env);
  const reader = await createMskReader({ region: aws.region });
  const run = new SectionRun(Date.now() + 30_000, { now: Date.now, progress: () => {} });
  try {
    const { cluster } = snapshot.sections;
    const read = await collectMskTopics(reader, parseClusterArn(aws.clusterArn), run, { cluster: cluster! });
    if (!read.ok) throw new Error(read.detail);
    return read;
  } finally {
    run.release();
  }
}

/** Topic by topic and partition by partition what kafka-topics says; a partition without a leader has none. */
export async function expectTopics({ witness }: MeasuredAws, mskTopics: Present<SectionValue<'mskTopics'>>) {
  const theirs = await witness.partitions();
  const ours = mskTopics.value.flatMap(({ name, partitions }) =>
    partitions!.map(({ partition, leader, replicas, isr }) => ({
      topic: name,
      partition,
      leader: leader ?? -1,
      replicas,
      isr: isr.toSorted((a, b) => a - b),
    })),
  );
  expect(ours).toEqual(theirs);
  for (const { name, partitionCount, replicationFactor, outOfSyncReplicaCount } of mskTopics.value) {
    const own = theirs.filter(({ topic }) => topic === name);
    const missingReplicas = own.reduce((sum, { replicas, isr }) => sum + replicas.length - isr.length, 0);
    expect([name, partitionCount, replicationFactor, outOfSyncReplicaCount]).toEqual([
      name,
      own.length,
      own[0]!.replicas.length,
      missingReplicas,
    ]);
  }
}
