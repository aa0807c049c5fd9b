// With unclean leader election a replica that is not in sync may become leader: the partition is back, records that only the lost replicas
// held are gone for good. MSK's own default is true on Standard clusters without tiered storage, against Apache Kafka's false.
import { KAFKA_SOURCE_WORD } from '../../analysis/effective-config.ts';
import { replicationFactor } from '../../analysis/topology.ts';
import { isOfMsk } from '../../facts/topic-names.ts';
import { forName } from '../../policy/pattern.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { applyConfiguration, RESTART_RISK } from '../shared/apply-config.ts';
import { kafkaTool, setTopicConfig } from '../shared/commands.ts';
import { worstFirst } from '../shared/severity.ts';
import { configsSource, internalNote, listed, MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };
const KEY = 'unclean.leader.election.enable';
const COMMAND_TOPICS = 5;

type Source = SectionValue<'kafkaTopicConfigs'>[string][string]['source'];

interface Row {
  topic: SectionValue<'kafkaTopics'>[number];
  source: Source;
}

export default defineCheck({
  id: 'unclean-election-enabled',
  area: 'availability',
  title: { pass: 'Only in-sync replicas can become leader', fail: 'Out-of-sync replicas can become leader' },
  why: 'When all in-sync replicas of a partition are lost, Kafka elects one that lags and silently drops the records it never had.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
    'https://kafka.apache.org/documentation/#topicconfigs_unclean.leader.election.enable',
  ],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers fix unclean leader election to false.',
    serverless: 'AWS sets the replication of MSK Serverless.',
  },
  needs: ['kafkaTopics', 'kafkaTopicConfigs'],
  mayUse: ['configuration'],
  toleratesPartial: ['configuration'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, configuration }, _thresholds, run) {
    // With one replica there is no other that could be elected.
    const topics = kafkaTopics.filter(
      (topic) =>
        replicationFactor(topic) >= 2 &&
        !isOfMsk(topic.name) &&
        forName(run.objectives.topics, topic.name)?.ephemeral !== true,
    );
    if (topics.length === 0)
      return {
        kind: 'not-applicable',
        because: 'No topic whose records must last has a second replica that could be elected.',
      };
    const rows: Row[] = [];
    const unread: string[] = [];
    for (const topic of topics) {
      const entry = Object.hasOwn(kafkaTopicConfigs, topic.name) ? kafkaTopicConfigs[topic.name]?.[KEY] : undefined;
      if (entry === undefined || entry.value === null) unread.push(topic.name);
      else if (entry.value === 'true') rows.push({ topic, source: entry.source });
    }
    const partial = unread.length > 0 ? `${KEY} of ${listed(unread)} was not read` : null;
    const own = rows.filter(({ source }) => source === 'topic');
    const inherited = rows.filter(({ source }) => source !== 'topic');
    const findings = worstFirst([
      ...inheritedFinding(inherited, topics.length, run),
      ...own.map((row) => ownFinding(row, run)),
    ]);
    if (findings === null) {
      if (partial !== null) return { kind: 'no-data', because: `Not fully measured: ${partial}.` };
      return {
        kind: 'pass',
        summary: `${KEY} is false for all ${plural(topics.length, 'topic')} with replicas.`,
        evidence: [],
      };
    }
    return {
      kind: 'findings',
      summary: `${KEY} is true for ${plural(rows.length, 'topic')} of ${topics.length}: ${inherited.length} inherit it, ${own.length} set it themselves.`,
      findings,
      evidence: [table(rows, run)],
      recommendation: recommend(own, inherited, configuration, run),
      ...(partial === null ? {} : { partial }),
    };
  },
});

/** One finding for a default that all topics share: naming each of them would bury the rest of the report. */
function inheritedFinding(rows: readonly Row[], total: number, run: RunContext): FindingDraft[] {
  if (rows.length === 0) return [];
  const origins = [...new Set(rows.map(({ source }) => KAFKA_SOURCE_WORD[source]))].join(', ');
  return [
    {
      scope: 'cluster',
      resource: run.clusterName,
      severity: SEVERITY[run.environment],
      measured: rows.length,
      limit: 0,
      unit: 'count',
      note: `${rows.length} of ${plural(total, 'topic')} inherit it: ${origins}`,
      confidence: 1,
    },
  ];
}

function ownFinding({ topic }: Row, run: RunContext): FindingDraft {
  const internal = internalNote(topic);
  return {
    scope: 'topic',
    resource: topic.name,
    severity: SEVERITY[run.environment],
    measured: null,
    limit: null,
    unit: 'count',
    note: [KAFKA_SOURCE_WORD.topic, ...(internal === undefined ? [] : [internal])].join('; '),
    confidence: 1,
  };
}

function table(rows: readonly Row[], run: RunContext): Evidence {
  return {
    title: `Topics with ${KEY}=true`,
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'source', label: 'Where it comes from', as: 'name' },
    ],
    rows: rows
      .slice(0, MAX_ROWS)
      .map(({ topic, source }) => ({ topic: topic.name, source: KAFKA_SOURCE_WORD[source] })),
    source: configsSource(run, 'Kafka DescribeConfigs (effective values)'),
    reproduce: kafkaTool('kafka-configs.sh', {
      purpose: 'Show the effective settings of the topic and their origin',
      args: ['--describe', '--all', '--entity-type', 'topics', ...optionArgs('--entity-name', rows[0]!.topic.name)],
    }),
  };
}

function recommend(
  own: readonly Row[],
  inherited: readonly Row[],
  configuration: Collected<SectionValue<'configuration'>>,
  run: RunContext,
): Recommendation {
  // The setting of a topic is dynamic; the cluster's default needs a new configuration revision and a rolling restart.
  const first = [...own, ...inherited].slice(0, COMMAND_TOPICS);
  return {
    action:
      inherited.length > 0
        ? `Set ${KEY}=false on the topics that must not lose records, and in the cluster's configuration at its next planned change`
        : `Set ${KEY}=false on the topics that turned it on`,
    confirmFirst:
      'Rule out topics for which being available counts more than every record (metrics, caches): there true is a choice; call them ephemeral in the policy.',
    commands: [
      ...first.map(({ topic }) =>
        setTopicConfig(`Keep acknowledged records of ${listed([topic.name])}`, topic.name, KEY, 'false'),
      ),
      ...(inherited.length > 0 ? applyConfiguration([`${KEY}=false`], configuration, run) : []),
    ],
    risk: `After losing all in-sync replicas a partition stays offline until one returns, instead of coming back with records missing.${inherited.length > 0 ? ` ${RESTART_RISK}` : ''}`,
    expectedEffect: 'No acknowledged record is dropped by an election.',
    verifyAfter: 'kafka-configs.sh --describe --all shows false for the topic.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
