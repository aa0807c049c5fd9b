// Topics that Kafka, Connect and the Schema Registry cannot do without: when one of them stops, every group, transaction or connector stops.
// Their replication is set when they are made: https://kafka.apache.org/documentation/#brokerconfigs_offsets.topic.replication.factor.
import { configNumber, replicationFactor } from '../../analysis/topology.ts';
import { OF_TOOLS } from '../../facts/topic-names.ts';
import { plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { REASSIGN_RISK, reassignCommands } from '../shared/reassign.ts';
import { replicasWanted } from '../shared/replicas-wanted.ts';
import { COMMAND_TOPICS, type Topic, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { brokers, COORDINATION_TOPICS, internalNote, listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };
const KEY = 'min.insync.replicas';

interface Row {
  topic: Topic;
  factor: number;
  minIsr: number | null;
}

export default defineCheck({
  id: 'internal-topics-fragile',
  area: 'availability',
  title: { pass: 'Internal topics survive the loss of a broker', fail: 'Internal topics that one broker can stop' },
  why: "These topics hold every group's offsets, the state of transactions, connectors or schemas: without them no client that needs them works.",
  references: [
    'https://kafka.apache.org/documentation/#brokerconfigs_offsets.topic.replication.factor',
    'https://kafka.apache.org/documentation/#brokerconfigs_transaction.state.log.replication.factor',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html',
  ],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers keep every topic at replication factor 3 and min.insync.replicas 2.',
    serverless: 'AWS sets the replication of MSK Serverless.',
  },
  needs: ['kafkaTopics'],
  mayUse: ['kafkaTopicConfigs', 'kafkaBrokers', 'cluster'],
  toleratesPartial: ['kafkaBrokers', 'cluster'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, kafkaBrokers, cluster }, { minReplicationFactor }, run) {
    const topics = kafkaTopics.filter(
      ({ name, partitions }) => partitions.length > 0 && (COORDINATION_TOPICS.includes(name) || OF_TOOLS.test(name)),
    );
    if (topics.length === 0) return { kind: 'not-applicable', because: 'The cluster has no internal topics yet.' };
    const { brokerCount, wanted, gone } = replicasWanted(kafkaTopics, kafkaBrokers, cluster, minReplicationFactor);
    if (brokerCount < 2) return { kind: 'not-applicable', because: 'The cluster has one broker.' };
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : {};
    const rows = topics.map(
      (topic): Row => ({ topic, factor: replicationFactor(topic), minIsr: configNumber(configs, topic.name, KEY) }),
    );
    const fragile = rows.filter((row) => row.factor < wanted.atLeast || isBlocked(row));
    const inDoubt = rows.filter(({ factor }) => factor >= wanted.atLeast && factor < wanted.atMost);
    return conclude({
      findings: fragile.map((row) => finding(row, wanted.atLeast, run)),
      worse: 'lower',
      gap: firstGap(
        unreadBecause(configs, topics, [KEY]),
        inDoubt.length > 0 ? `the zone of ${brokers(gone)} is unknown while it is away` : null,
      ),
      evidence: [
        topicTable(
          'Internal topics',
          [
            { key: 'factor', label: 'Replication factor', as: 'count' },
            { key: 'minIsr', label: KEY, as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
          ],
          rows.map(({ topic, factor, minIsr }) => ({
            topic: topic.name,
            factor,
            minIsr,
            partitions: topic.partitions.length,
          })),
          run,
        ),
      ],
      pass: `${plural(rows.length, 'internal topic has', 'internal topics have')} at least ${wanted.atLeast} replicas, and can be written while one is away.`,
      fail: () =>
        `${plural(fragile.length, 'internal topic')} of ${rows.length} would not survive the loss of one broker: ${listed(fragile.map(({ topic }) => topic.name))}.`,
      recommend: () => recommend(fragile, wanted.atLeast),
    });
  },
});

/** With one replica there is none to wait for: that is the replication factor's fault. */
function isBlocked({ factor, minIsr }: Row): boolean {
  return minIsr !== null && factor >= 2 && minIsr >= factor;
}

function finding(row: Row, wanted: number, run: RunContext): FindingDraft {
  const { topic, factor, minIsr } = row;
  const isShort = factor < wanted;
  const notes = [
    internalNote(topic),
    isShort ? `${plural(factor, 'replica')} instead of ${wanted}` : null,
    isBlocked(row) ? `${KEY} ${minIsr} of ${factor}` : null,
  ];
  return {
    scope: 'topic',
    resource: topic.name,
    severity: SEVERITY[run.environment],
    measured: isShort ? factor : factor - minIsr!,
    limit: isShort ? wanted : 1,
    unit: 'count',
    note: notes.filter((note) => note !== null && note !== undefined).join('; '),
    confidence: 1,
  };
}

function recommend(fragile: readonly Row[], wanted: number): Recommendation {
  const short = fragile.filter(({ factor }) => factor < wanted);
  const blocked = fragile.filter(isBlocked);
  // Lowering it while a replica is missing would acknowledge commits that exist fewer times than promised.
  const settled = blocked.filter(({ topic }) =>
    topic.partitions.every(({ isr, replicas }) => isr.length >= replicas.length),
  );
  const actions = [
    short.length > 0 ? `raise ${listed(short.map(({ topic }) => topic.name))} to ${wanted} replicas` : null,
    blocked.length > 0
      ? `set ${KEY} of ${listed(blocked.map(({ topic }) => topic.name))} to one less than the replicas`
      : null,
  ].filter((action) => action !== null);
  const action = actions.join(', then ');
  return {
    action: action.charAt(0).toUpperCase() + action.slice(1),
    confirmFirst:
      'Rule out a test cluster that is made anew often. The broker settings only count when these topics are made.',
    commands: [
      ...short.slice(0, 1).flatMap(({ topic }) => reassignCommands(topic.name, 'one more broker per partition')),
      ...settled
        .slice(0, COMMAND_TOPICS)
        .map(({ topic, factor }) =>
          setTopicConfig(
            `Let ${listed([topic.name])} be written with one replica away`,
            topic.name,
            KEY,
            String(Math.max(1, factor - 1)),
          ),
        ),
    ],
    risk: `Coordinators of groups and transactions move while their partitions are copied. ${REASSIGN_RISK}`,
    expectedEffect: 'Commits, transactions and connectors go on when a broker is lost or patched.',
    verifyAfter: 'kafka-topics.sh --describe shows the replicas in the ISR, and groups commit as before.',
    effort: 'migration',
    impact: { kind: 'none' },
  };
}
