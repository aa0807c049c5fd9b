// How many copies a topic has, against how many the cluster could hold in different availability zones. MSK restarts every broker for
// each patch: a topic with one replica stops each time. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.
import { replicationFactor } from '../../analysis/topology.ts';
import { forName } from '../../policy/pattern.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type Severity,
  type SeverityByEnvironment,
} from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { worstFirst } from '../shared/severity.ts';
import { brokers, internalNote, listed, MAX_ROWS, metadataSource } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };
const SEVERITY_OF_ONE: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'low' };

type Topics = SectionValue<'kafkaTopics'>;

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
  mayUse: ['kafkaBrokers', 'cluster', 'mskTopics'],
  toleratesPartial: ['cluster'],
  evaluate({ kafkaTopics, kafkaBrokers, cluster, mskTopics }, thresholds, run) {
    const topics = kafkaTopics.filter((topic) => topic.partitions.length > 0);
    const all = [...topics.map(rowOf), ...(run.topology.from === 'msk-topics' ? listedOnly(mskTopics) : [])];
    if (all.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };
    const rows = all.filter(({ name }) => forName(run.objectives.topics, name)?.ephemeral !== true);
    if (rows.length === 0) return { kind: 'not-applicable', because: 'The policy calls every topic ephemeral.' };
    const { brokerCount, zones, gone } = sizeOf(topics, kafkaBrokers, cluster);
    if (brokerCount === 0)
      return { kind: 'no-data', because: 'Not measured: nobody tells how many brokers the cluster has.' };
    if (brokerCount === 1)
      return { kind: 'not-applicable', because: 'The cluster has one broker: no topic can have a second copy.' };

    const wantedIn = (count: number) =>
      // Brokers restart one by one: even within one zone a second copy keeps a topic up.
      Math.min(thresholds.minReplicationFactor, brokerCount, Math.max(2, count));
    const wanted = wantedIn(zones.atLeast);
    const wantedAtMost = wantedIn(zones.atMost);
    const undecided = rows.filter(({ factor }) => factor >= wanted && factor < wantedAtMost);
    const partial =
      undecided.length > 0
        ? `the zone of ${brokers(gone)} is unknown while it is away, so ${plural(undecided.length, 'topic')} cannot be judged`
        : null;

    const low = rows.filter(({ factor }) => factor < wanted);
    const findings = worstFirst(
      low.map((row) => finding(row, wanted, run)),
      'lower',
    );
    if (findings === null) {
      if (partial !== null) return { kind: 'no-data', because: `Not fully measured: ${partial}.` };
      const summary = `All ${plural(rows.length, 'topic')} have at least ${plural(wanted, 'replica')}.`;
      return { kind: 'pass', summary, evidence: [] };
    }
    const worst = findings[0];
    return {
      kind: 'findings',
      summary: `${plural(low.length, 'topic')} of ${rows.length} below ${wanted} replicas; worst: ${listed([worst.resource])} with ${worst.measured}.`,
      findings,
      evidence: [
        {
          title: `Topics with fewer than ${wanted} replicas`,
          columns: [
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'factor', label: 'Replication factor', as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
          ],
          rows: findings.slice(0, MAX_ROWS).map(({ resource, measured }) => ({
            topic: resource,
            factor: measured,
            partitions: rows.find(({ name }) => name === resource)?.partitionCount ?? null,
          })),
          source: metadataSource(run),
          reproduce: kafkaTool('kafka-topics.sh', {
            purpose: 'Show the replicas of every topic',
            args: ['--describe'],
          }),
        },
      ],
      recommendation: recommend(
        findings.map(({ resource }) => resource),
        wanted,
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

interface Size {
  brokerCount: number;
  /** A broker that is down tells no zone: the number of zones is then only known within bounds. */
  zones: { atLeast: number; atMost: number };
  gone: number[];
}

/** The cluster as it is meant to be: brokers that are down count, else a failure would lower the demand. */
function sizeOf(
  topics: Topics,
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>>,
  cluster: Collected<SectionValue<'cluster'>>,
): Size {
  const live = kafkaBrokers.ok ? kafkaBrokers.value.brokers : [];
  const replicas = topics.flatMap((topic) => topic.partitions.flatMap((partition) => partition.replicas));
  const ids = new Set([...live.map((broker) => broker.id), ...replicas]);
  const gone = kafkaBrokers.ok
    ? [...ids].filter((id) => !live.some((broker) => broker.id === id)).sort((a, b) => a - b)
    : [];
  const described = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value : null;
  const brokerCount = Math.max(ids.size, described?.brokerCount ?? 0);
  if (described !== null)
    return { brokerCount, zones: { atLeast: described.azCount, atMost: described.azCount }, gone };
  const racks = new Set(live.flatMap((broker) => broker.rack ?? []));
  // Brokers without racks: nothing says that two of them share a zone.
  if (racks.size === 0) return { brokerCount, zones: { atLeast: brokerCount, atMost: brokerCount }, gone };
  return { brokerCount, zones: { atLeast: racks.size, atMost: racks.size + gone.length }, gone };
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

const PLAN = 'reassignment.json';

function recommend(topics: readonly string[], wanted: number): Recommendation {
  const [first] = topics;
  return {
    action: `Raise ${plural(topics.length, 'topic')} to ${wanted} replicas in different zones, at most ten partitions at a time`,
    confirmFirst:
      'Rule out topics whose records may be lost or produced again, and check that disks have room for the further copies.',
    commands: [
      kafkaTool('kafka-topics.sh', {
        purpose: `Show the present replicas of ${listed([first!])}, to write ${PLAN} with one more broker per partition`,
        args: ['--describe', ...optionArgs('--topic', first!)],
      }),
      kafkaTool('kafka-reassign-partitions.sh', {
        purpose: `Add the replicas of ${PLAN}, copying at most 50 MB/s per broker`,
        effect: 'change',
        args: ['--execute', '--reassignment-json-file', PLAN, '--throttle', '50000000'],
      }),
      kafkaTool('kafka-reassign-partitions.sh', {
        purpose: 'Check that copying has finished, which also removes the throttle',
        effect: 'change',
        args: ['--verify', '--reassignment-json-file', PLAN],
      }),
    ],
    risk: 'Copies all retained data of the topics over the network and onto further disks; not while partitions are under-replicated or CPU is above 70 %.',
    expectedEffect: 'The topics stay available through a restart or the loss of a zone.',
    verifyAfter: 'kafka-topics.sh --describe shows the replicas in the ISR, and disk use has settled.',
    effort: 'migration',
    impact: {
      kind: 'unknown',
      because:
        'the retained bytes of a topic are not measured yet; the cost is those bytes once more per added replica',
    },
  };
}
