// K05. Share of traffic on partitions that survive the loss of a broker without losing an acknowledged record.
import { topologyName } from '../analysis/msk-topology.ts';
import { logEnds } from '../analysis/produce-rates.ts';
import { configNumber, configValue } from '../analysis/topology.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { replicasWanted } from '../checks/shared/replicas-wanted.ts';
import { isOfMsk } from '../facts/topic-names.ts';
import { forName } from '../policy/pattern.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import { coverageFactor, missingFrom, noData, notApplicable, PROXY, whole } from './reading.ts';

type Needs = 'cluster' | 'kafkaBrokers' | 'kafkaTopics' | 'kafkaTopicConfigs' | 'kafkaOffsets' | 'kafkaSamples';
type Topic = SectionValue<'kafkaTopics'>[number];

/** More copies than three protect nobody further: Amazon MSK best practices. */
const MOST_REPLICAS = 3;

export default defineKpi({
  id: 'K05',
  name: 'durability-config',
  title: 'Traffic on durably configured partitions',
  category: 'availability',
  weight: 5,
  unit: 'percent',
  mayUse: ['cluster', 'kafkaBrokers', 'kafkaTopics', 'kafkaTopicConfigs', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run): KpiReading {
    const { kafkaTopics, kafkaTopicConfigs } = inputs;
    if (run.clusterKind === 'provisioned-express') {
      const source = 'Express brokers fix replication factor 3, min.insync.replicas 2 and clean elections';
      return { state: 'ok', value: 100, confidence: 1, source };
    }
    if (run.clusterKind === 'serverless') return notApplicable('AWS sets the replication of MSK Serverless');
    if (!kafkaTopics.ok) return missingFrom(kafkaTopics, 'topics');
    if (!kafkaTopicConfigs.ok) return missingFrom(kafkaTopicConfigs, 'topic configurations');
    // What can be made again is not worth its copies: the policy says so, and the checks leave it out as well. MSK's own is for MSK to mend.
    const isKept = (name: string) => !isOfMsk(name) && forName(run.objectives.topics, name)?.ephemeral !== true;
    const topics = kafkaTopics.value.filter(({ internal, name }) => !internal && isKept(name));
    const { wanted } = replicasWanted(topics, inputs.kafkaBrokers, inputs.cluster, MOST_REPLICAS);
    const wantedReplicas = wanted.atLeast;
    const weightOf = trafficWeights(inputs, run);
    let judged = 0;
    let durable = 0;
    let all = 0;
    for (const topic of topics) {
      const settings = settingsOf(kafkaTopicConfigs.value, topic.name);
      for (const { partition, replicas } of topic.partitions) {
        const weight = weightOf(topic.name, partition);
        all += weight;
        if (settings === null) continue;
        judged += weight;
        if (isDurable(replicas.length, wantedReplicas, settings)) durable += weight;
      }
    }
    if (all === 0) return notApplicable('there are no topics but internal and ephemeral ones');
    const factor = coverageFactor(judged / all);
    if (factor === null) return noData('the configuration of most topics could not be read');
    const isToldAll = run.topology.from === 'kafka' || whole(kafkaTopicConfigs) !== null;
    // A broker that is down tells no zone: what its zone would ask for is open.
    const isProven = isToldAll && wanted.atMost === wanted.atLeast;
    // Settings that topics are taken to inherit, or topics that were only listed, may prove weakness but not strength.
    if (!isProven && durable === judged)
      return noData('the settings of some topics, or the zone of a broker that is down, are not proven');
    const worst = topics.find((topic) => isWeak(topic, kafkaTopicConfigs.value, wantedReplicas));
    return {
      state: 'ok',
      value: (100 * durable) / judged,
      confidence: isProven ? factor : factor * PROXY,
      source: `${topologyName(run.topology)} and topic configurations, weighted by messages produced a second (+1): at least ${wantedReplicas} replicas, min.insync.replicas from 2 (1 of two replicas) to replicas - 1, no unclean leader election; internal topics left out`,
      ...(worst === undefined ? {} : { worst: worst.name }),
    };
  },
});

interface Settings {
  minInsyncReplicas: number;
  unclean: boolean;
}

function settingsOf(configs: SectionValue<'kafkaTopicConfigs'>, topic: string): Settings | null {
  const minInsyncReplicas = configNumber(configs, topic, 'min.insync.replicas');
  const unclean = configValue(configs, topic, 'unclean.leader.election.enable');
  return minInsyncReplicas === null || unclean === null ? null : { minInsyncReplicas, unclean: unclean === 'true' };
}

/** Two copies, all that two zones ask for, cannot have two in sync and one away: there one has to do. */
function isDurable(replicas: number, wanted: number, { minInsyncReplicas, unclean }: Settings): boolean {
  const [least, most] = [Math.min(2, replicas - 1), replicas - 1];
  return replicas >= wanted && minInsyncReplicas >= least && minInsyncReplicas <= most && !unclean;
}

function isWeak(topic: Topic, configs: SectionValue<'kafkaTopicConfigs'>, wanted: number): boolean {
  const settings = settingsOf(configs, topic.name);
  return settings !== null && topic.partitions.some(({ replicas }) => !isDurable(replicas.length, wanted, settings));
}

/** Without samples every partition counts the same. */
function trafficWeights({ kafkaOffsets, kafkaSamples }: Inputs<never, Needs>, run: RunContext) {
  const samples = kafkaSamples.ok ? kafkaSamples.value : null;
  const ends = kafkaOffsets.ok ? logEnds(kafkaOffsets.value, samples, run.takenAtMs) : null;
  return (topic: string, partition: number) => 1 + Math.max(0, ends?.producePerSec(topic, partition) ?? 0);
}
