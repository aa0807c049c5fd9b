// With min.insync.replicas=1 a leader alone may acknowledge: the record exists once until a follower has fetched it, and acks=all promises
// nothing. MSK's default is 1 on clusters in two zones: docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html.

import { KAFKA_SOURCE_WORD } from '../../analysis/effective-config.ts';
import { topicLoads } from '../../analysis/topic-load.ts';
import { configNumber, replicationFactor } from '../../analysis/topology.ts';
import { isOfMsk } from '../../facts/topic-names.ts';
import { forName } from '../../policy/pattern.ts';
import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { applyConfiguration } from '../shared/apply-config.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { type BeforeDefault, beforeMinIsrDefault, hasCopies, minIsrDefault } from '../shared/min-isr-default.ts';
import { COMMAND_TOPICS, isOwn, sourceWord, type Topic, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { internalNote, listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };
const KEY = 'min.insync.replicas';
const WANTED = 2;

export default defineCheck({
  id: 'min-isr-low',
  area: 'availability',
  title: { pass: 'Acknowledged records are on two brokers', fail: 'Topics that acknowledge a single copy' },
  why: 'A record that producers with acks=all take for safe may be on one broker only, and goes with it.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas',
  ],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers fix replication factor 3 and min.insync.replicas 2.',
    serverless: 'AWS sets the replication of MSK Serverless.',
  },
  needs: ['kafkaTopics', 'kafkaTopicConfigs'],
  mayUse: ['kafkaOffsets', 'kafkaSamples', 'kafkaLogDirs', 'configuration', 'kafkaBrokerConfigs'],
  toleratesPartial: ['kafkaOffsets', 'kafkaSamples', 'kafkaLogDirs', 'configuration', 'kafkaBrokerConfigs'],
  evaluate(inputs, { minReplicationFactor }, run) {
    const { kafkaTopics, kafkaTopicConfigs: configs } = inputs;
    const topics = kafkaTopics.filter(
      (topic) =>
        replicationFactor(topic) >= minReplicationFactor &&
        !isOfMsk(topic.name) &&
        forName(run.objectives.topics, topic.name)?.ephemeral !== true,
    );
    if (topics.length === 0)
      return {
        kind: 'not-applicable',
        because: `No topic that must last has ${minReplicationFactor} replicas.`,
      };
    const there = {
      kafkaTopics: present(kafkaTopics, run.takenAtMs),
      kafkaTopicConfigs: present(configs, run.takenAtMs),
    };
    const loads = new Map(
      topicLoads({ ...inputs, ...there }, run.takenAtMs).map((load) => [load.topic, load.bytesPerSec]),
    );
    const traffic = (topic: string) => loads.get(topic) ?? null;
    const low = topics
      .filter(({ name }) => (configNumber(configs, name, KEY) ?? WANTED) < WANTED)
      .sort((a, b) => (traffic(b.name) ?? 0) - (traffic(a.name) ?? 0));
    const own = low.filter(({ name }) => isOwn(configs, name, KEY));
    const inherited = low.filter(({ name }) => !isOwn(configs, name, KEY));
    return conclude({
      findings: [...inheritedFinding(inherited, topics.length, run), ...own.map((topic) => ownFinding(topic, run))],
      worse: 'lower',
      gap: unreadBecause(configs, topics, [KEY]),
      evidence: [
        topicTable(
          `Topics with ${KEY} below ${WANTED}`,
          [
            { key: 'factor', label: 'Replication factor', as: 'count' },
            { key: 'bytesIn', label: 'Produced', as: 'bytesPerSec' },
            { key: 'source', label: 'Where it comes from', as: 'name' },
          ],
          low.map((topic) => ({
            topic: topic.name,
            factor: replicationFactor(topic),
            bytesIn: traffic(topic.name),
            source: sourceWord(configs, topic.name, KEY) ?? null,
          })),
          run,
        ),
      ],
      pass: `All ${plural(topics.length, 'topic')} with ${minReplicationFactor} replicas ask for ${WANTED} of them.`,
      fail: () =>
        `${plural(low.length, 'topic')} of ${topics.length} may acknowledge a record that one broker holds: ${listed(low.map(({ name }) => name))}.`,
      recommend: () =>
        recommend(
          low,
          inherited.length === 0 ? null : beforeMinIsrDefault(WANTED, there.kafkaTopics, there.kafkaTopicConfigs),
          inputs,
          run,
        ),
    });
  },
});

/** One finding for a default that topics share: naming each of them would bury the rest of the report. */
function inheritedFinding(topics: readonly Topic[], total: number, run: RunContext): FindingDraft[] {
  if (topics.length === 0) return [];
  return [
    {
      scope: 'cluster',
      resource: run.clusterName,
      severity: SEVERITY[run.environment],
      measured: 1,
      limit: WANTED,
      unit: 'count',
      note: `${topics.length} of ${plural(total, 'topic')} inherit it from the brokers`,
      confidence: 1,
    },
  ];
}

function ownFinding(topic: Topic, run: RunContext): FindingDraft {
  return {
    scope: 'topic',
    resource: topic.name,
    severity: SEVERITY[run.environment],
    measured: 1,
    limit: WANTED,
    unit: 'count',
    note: [KAFKA_SOURCE_WORD.topic, internalNote(topic)].filter((note) => note !== undefined).join('; '),
    confidence: 1,
  };
}

interface Layers {
  configuration: Collected<SectionValue<'configuration'>>;
  kafkaBrokerConfigs: Collected<SectionValue<'kafkaBrokerConfigs'>>;
}

/** @param before of the default that topics inherit; null where none does */
function recommend(
  low: readonly Topic[],
  before: BeforeDefault | null,
  layers: Layers,
  run: RunContext,
): Recommendation {
  const ready = low.filter((topic) => hasCopies(topic, WANTED));
  const short = low.filter((topic) => !ready.includes(topic));
  const { lines, dynamic } = minIsrDefault(WANTED, layers.kafkaBrokerConfigs);
  const parts = [
    `Set ${KEY}=${WANTED} on the topics that must not lose records`,
    before?.because === null ? ', and as the default of topics to come' : '',
    before !== null && before.because !== null ? `; leave the default for now: ${before.because}` : '',
    short.length > 0
      ? `; first bring ${listed(short.map(({ name }) => name))} back to ${WANTED} replicas in sync, or writing stops at once`
      : '',
  ];
  return {
    action: parts.join(''),
    confirmFirst:
      'Rule out topics for which being writable counts more than every record: call them ephemeral in the policy.',
    commands: [
      ...ready
        .slice(0, COMMAND_TOPICS)
        .map(({ name }) => setTopicConfig(`Let ${listed([name])} acknowledge two copies`, name, KEY, String(WANTED))),
      ...(before?.because === null
        ? [...before.pins, ...applyConfiguration(lines, layers.configuration, run), ...dynamic]
        : []),
    ],
    risk: 'With one replica already out, a second failure stops writing with acks=all. That is the point of the setting.',
    expectedEffect: 'What a producer with acks=all was told is written is on two brokers at least.',
    verifyAfter: `kafka-configs.sh --describe --all shows ${KEY}=${WANTED}, and UnderMinIsrPartitionCount stays 0 during the next restart.`,
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
