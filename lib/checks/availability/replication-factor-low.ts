// How many copies a topic has, against how many the cluster could hold in different availability zones. MSK restarts every broker for
// each patch: a topic with one replica stops each time. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.

import { GIB, type TopicLoad, topicLoads } from '../../analysis/topic-load.ts';
import { replicationFactor } from '../../analysis/topology.ts';
import { isOfMsk } from '../../facts/topic-names.ts';
import { forName } from '../../policy/pattern.ts';
import { type Collected, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Impact,
  type Recommendation,
  type RunContext,
  type Severity,
  type SeverityByEnvironment,
} from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { REASSIGN_RISK, reassignCommands } from '../shared/reassign.ts';
import { replicasWanted } from '../shared/replicas-wanted.ts';
import { worstFirst } from '../shared/severity.ts';
import { brokers, internalNote, listed, MAX_ROWS, metadataSource } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };
const SEVERITY_OF_ONE: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'low' };

type Topics = SectionValue<'kafkaTopics'>;

/** What of a topic's size and traffic is known is shown; what is not changes no verdict. */
const EVIDENCE = ['kafkaTopicConfigs', 'kafkaOffsets', 'kafkaSamples', 'kafkaLogDirs', 'prices'] as const;

export default defineCheck({
  id: 'replication-factor-low',
  area: 'availability',
  title: { pass: 'Topics have a copy in every zone they need', fail: 'Topics with too few replicas' },
  why: 'A topic with too few replicas stops when a broker restarts or a zone fails, and loses records when a disk does.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#replication',
  ],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers keep every topic at replication factor 3.',
    serverless: 'AWS sets the replication of MSK Serverless.',
  },
  needs: ['kafkaTopics'],
  mayUse: ['kafkaBrokers', 'cluster', 'mskTopics', ...EVIDENCE],
  toleratesPartial: ['cluster', ...EVIDENCE],
  evaluate({ kafkaTopics, kafkaBrokers, cluster, mskTopics, prices, ...sections }, thresholds, run) {
    const topics = kafkaTopics.filter((topic) => topic.partitions.length > 0);
    const all = [...topics.map(rowOf), ...(run.topology.from === 'msk-topics' ? listedOnly(mskTopics) : [])];
    if (all.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };
    const rows = all.filter(({ name }) => !isOfMsk(name) && forName(run.objectives.topics, name)?.ephemeral !== true);
    if (rows.length === 0) return { kind: 'not-applicable', because: 'The policy calls every topic ephemeral.' };
    const { brokerCount, wanted, gone } = replicasWanted(
      topics,
      kafkaBrokers,
      cluster,
      thresholds.minReplicationFactor,
    );
    if (brokerCount === 0)
      return { kind: 'no-data', because: 'Not measured: nobody tells how many brokers the cluster has.' };
    if (brokerCount === 1)
      return { kind: 'not-applicable', because: 'The cluster has one broker: no topic can have a second copy.' };

    const undecided = rows.filter(({ factor }) => factor >= wanted.atLeast && factor < wanted.atMost);
    const partial =
      undecided.length > 0
        ? `the zone of ${brokers(gone)} is unknown while it is away, so ${plural(undecided.length, 'topic')} cannot be judged`
        : null;

    const low = rows.filter(({ factor }) => factor < wanted.atLeast);
    const loads = topicLoads({ kafkaTopics: present(kafkaTopics, run.takenAtMs), ...sections }, run.takenAtMs);
    const loadOf = new Map(loads.map((load) => [load.topic, load]));
    const findings = worstFirst(
      low.map((row) => finding(row, wanted.atLeast, run)),
      'lower',
    );
    if (findings === null) {
      if (partial !== null) return { kind: 'no-data', because: `Not fully measured: ${partial}.` };
      const summary = `All ${plural(rows.length, 'topic')} have at least ${plural(wanted.atLeast, 'replica')}.`;
      return { kind: 'pass', summary, evidence: [] };
    }
    const worst = findings[0];
    return {
      kind: 'findings',
      summary: `${plural(low.length, 'topic')} of ${rows.length} below ${wanted.atLeast} replicas; worst: ${listed([worst.resource])} with ${worst.measured}.`,
      findings,
      evidence: [
        {
          title: `Topics with fewer than ${wanted.atLeast} replicas`,
          columns: [
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'factor', label: 'Replication factor', as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
            { key: 'bytesIn', label: 'Produced', as: 'bytesPerSec' },
            { key: 'stored', label: 'Stored, all copies', as: 'bytes' },
          ],
          rows: findings.slice(0, MAX_ROWS).map(({ resource, measured }) => ({
            topic: resource,
            factor: measured,
            partitions: rows.find(({ name }) => name === resource)?.partitionCount ?? null,
            bytesIn: loadOf.get(resource)?.bytesPerSec ?? null,
            stored: loadOf.get(resource)?.localBytes ?? null,
          })),
          source: metadataSource(run),
          reproduce: kafkaTool('kafka-topics.sh', {
            purpose: 'Show the replicas of every topic',
            args: ['--describe'],
          }),
        },
      ],
      recommendation: recommend(
        [worst.resource, ...findings.slice(1).map(({ resource }) => resource)],
        wanted.atLeast,
        impactOf(low, wanted.atLeast, loadOf, prices, run),
      ),
      ...(partial === null ? {} : { partial }),
    };
  },
});

interface Row {
  name: string;
  internal: boolean;
  factor: number;
  partitionCount: number | null;
}

function rowOf(topic: Topics[number]): Row {
  const { name, internal, partitions } = topic;
  return { name, internal, factor: replicationFactor(topic), partitionCount: partitions.length };
}

/** Of topics that MSK's topic API listed and nobody described the number of replicas is known all the same. */
function listedOnly(mskTopics: Collected<SectionValue<'mskTopics'>>): Row[] {
  const listed = mskTopics.ok ? mskTopics.value.filter(({ partitions }) => partitions === null) : [];
  return listed.flatMap(({ name, replicationFactor: factor, partitionCount }) =>
    factor === null || factor === 0 ? [] : [{ name, internal: false, factor, partitionCount }],
  );
}

/** Each missing copy is as large as one that exists. */
function impactOf(
  low: readonly Row[],
  wanted: number,
  loadOf: ReadonlyMap<string, TopicLoad>,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Impact {
  if (run.clusterKind === 'kafka') return { kind: 'none' };
  let bytes = 0;
  for (const { name, factor } of low) {
    const stored = loadOf.get(name)?.localBytes ?? null;
    if (stored === null) return { kind: 'unknown', because: `the bytes that ${listed([name])} keeps were not read` };
    bytes += (stored / factor) * (wanted - factor);
  }
  const price = priceOf(prices, 'storage/gp2');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost(
    'Storage of the added copies, where volumes must grow for them',
    bytes / GIB,
    'GiB-month',
    price.usd,
  );
}

function finding(row: Row, wanted: number, run: RunContext): FindingDraft {
  const { factor, partitionCount } = row;
  const severity: Severity = (factor === 1 ? SEVERITY_OF_ONE : SEVERITY)[run.environment];
  const internal = internalNote(row);
  const notes = [
    ...(partitionCount === null ? [] : [plural(partitionCount, 'partition')]),
    ...(internal === undefined ? [] : [internal]),
  ];
  if (factor === 1) notes.push('stops at every restart of its broker');
  return {
    scope: 'topic',
    resource: row.name,
    severity,
    measured: factor,
    limit: wanted,
    unit: 'count',
    note: notes.join('; '),
    confidence: 1,
  };
}

function recommend(topics: readonly [string, ...string[]], wanted: number, impact: Impact): Recommendation {
  return {
    action: `Raise ${plural(topics.length, 'topic')} to ${wanted} replicas in different zones, at most ten partitions at a time`,
    confirmFirst:
      'Rule out topics whose records may be lost or produced again (call them ephemeral in the policy), and check that disks have room for the further copies.',
    commands: reassignCommands(topics[0], 'one more broker per partition'),
    risk: REASSIGN_RISK,
    expectedEffect: 'The topics stay available through a restart or the loss of a zone.',
    verifyAfter: 'kafka-topics.sh --describe shows the replicas in the ISR, and disk use has settled.',
    effort: 'migration',
    impact,
  };
}
