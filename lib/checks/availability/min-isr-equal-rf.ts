// When min.insync.replicas equals the replication factor, one missing replica is one too many: producers with acks=all stop at every
// restart of any broker, and MSK restarts all of them for each patch. AWS: set it to at most RF - 1.

import { configNumber, replicationFactor } from '../../analysis/topology.ts';
import { isOfMsk } from '../../facts/topic-names.ts';
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
import { kafkaTool, setTopicConfig } from '../shared/commands.ts';
import { worstFirst } from '../shared/severity.ts';
import { configsSource, internalNote, listed, MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };
const KEY = 'min.insync.replicas';
/** Commands are written out for this many topics; the others follow the same form. */
const COMMAND_TOPICS = 5;

type Topic = SectionValue<'kafkaTopics'>[number];

interface Row {
  topic: Topic;
  factor: number;
  minIsr: number;
}

export default defineCheck({
  id: 'min-isr-equal-rf',
  area: 'availability',
  title: {
    pass: 'Topics can be written while one replica is away',
    fail: 'Topics that need every replica to be written',
  },
  why: 'Producers with acks=all stop at every broker restart, planned patches included.',
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
  mayUse: [],
  evaluate({ kafkaTopics, kafkaTopicConfigs }, _thresholds, run) {
    const topics = kafkaTopics.filter((topic) => topic.partitions.length > 0 && !isOfMsk(topic.name));
    if (topics.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };
    const known = topics.map((topic) => ({
      topic,
      factor: replicationFactor(topic),
      minIsr: configNumber(kafkaTopicConfigs, topic.name, KEY),
    }));
    const unread = known.filter(({ minIsr }) => minIsr === null).map(({ topic }) => topic.name);
    const partial = unread.length > 0 ? `${KEY} of ${listed(unread)} was not read` : null;
    // With one replica there is none to wait for: that is another check's finding.
    const rows = known.filter((row): row is Row => row.minIsr !== null && row.factor >= 2 && row.minIsr >= row.factor);
    const findings = worstFirst(rows.map((row) => finding(row, run)));
    if (findings === null) {
      if (partial !== null) return { kind: 'no-data', because: `Not fully measured: ${partial}.` };
      return {
        kind: 'pass',
        summary: `All ${plural(topics.length, 'topic')} can be written with one replica away.`,
        evidence: [],
      };
    }
    return {
      kind: 'findings',
      summary: `${plural(rows.length, 'topic')} of ${topics.length} cannot be written while a replica is away: ${listed(findings.map(({ resource }) => resource))}.`,
      findings,
      evidence: [table(rows, run)],
      recommendation: recommend(rows),
      ...(partial === null ? {} : { partial }),
    };
  },
});

function finding({ topic, factor, minIsr }: Row, run: RunContext): FindingDraft {
  const internal = internalNote(topic);
  return {
    scope: 'topic',
    resource: topic.name,
    severity: SEVERITY[run.environment],
    measured: minIsr,
    limit: factor - 1,
    unit: 'count',
    note: [`replication factor ${factor}`, ...(internal === undefined ? [] : [internal])].join('; '),
    confidence: 1,
  };
}

function table(rows: readonly Row[], run: RunContext): Evidence {
  return {
    title: 'Topics whose minimum equals or exceeds their replicas',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'minIsr', label: KEY, as: 'count' },
      { key: 'factor', label: 'Replication factor', as: 'count' },
    ],
    rows: rows.slice(0, MAX_ROWS).map(({ topic, minIsr, factor }) => ({ topic: topic.name, minIsr, factor })),
    source: configsSource(run, 'Kafka Metadata and DescribeConfigs'),
    reproduce: kafkaTool('kafka-configs.sh', {
      purpose: 'Show the effective settings of the topic',
      args: ['--describe', '--all', '--entity-type', 'topics', ...optionArgs('--entity-name', rows[0]!.topic.name)],
    }),
  };
}

function recommend(rows: readonly Row[]): Recommendation {
  const three = rows.filter(({ factor }) => factor > 2);
  const two = rows.filter(({ factor }) => factor === 2);
  const settled = rows.every(({ topic }) =>
    topic.partitions.every(({ isr, replicas }) => isr.length >= replicas.length),
  );
  const change = [
    ...three
      .slice(0, COMMAND_TOPICS)
      .map(({ topic, factor }) =>
        setTopicConfig(
          `Let ${listed([topic.name])} be written with one replica away`,
          topic.name,
          KEY,
          String(factor - 1),
        ),
      ),
    ...two
      .slice(0, COMMAND_TOPICS)
      .map(({ topic }) =>
        setTopicConfig(
          `Only where a third replica is impossible: accept one acknowledged copy of ${listed([topic.name])}`,
          topic.name,
          KEY,
          '1',
        ),
      ),
  ];
  const action =
    three.length > 0
      ? `Set ${KEY} to one less than the replication factor`
      : 'Add a third replica to the topics with two';
  return {
    action: settled
      ? action
      : `Wait until all replicas are back in sync, never lower ${KEY} to unblock writing; then ${action.charAt(0).toLowerCase()}${action.slice(1)}`,
    confirmFirst:
      'Rule out topics on which every acknowledged record must be on all replicas, at the price of stopping at each restart.',
    commands: [
      kafkaTool('kafka-topics.sh', {
        purpose: 'Topics whose ISR is exactly the minimum now',
        args: ['--describe', '--at-min-isr-partitions'],
      }),
      // Lowering it while a replica is missing would acknowledge records that exist fewer times than promised.
      ...(settled ? change : []),
    ],
    risk: 'Acknowledged records are on one replica fewer by design; with two replicas that is one copy, so a third replica is the better way.',
    expectedEffect: 'Producing goes on while brokers restart one after the other.',
    verifyAfter: 'UnderMinIsrPartitionCount stays 0 during the next restart of a broker.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
