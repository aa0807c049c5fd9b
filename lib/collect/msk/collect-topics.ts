// The `mskTopics` section: topology from MSK's own topic API, for a run that has no way to the brokers. Source of the rules:
// https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html, read 2026-11-21.
import type { TopicInfo, TopicPartitionInfo } from '@aws-sdk/client-kafka';
import pMap from 'p-map';
import { meaningOfState, whyUnreadable } from '../../facts/cluster-states.ts';
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { plural } from '../../text/units.ts';
import { type AwsFailure, classifyAwsError } from '../classify-aws-error.ts';
import { Deadline } from '../deadline.ts';
import { collectPages } from '../pages.ts';
import type { SectionRun } from '../section-run.ts';
import type { ClusterArn } from './cluster-arn.ts';
import { clusterCall, partialOf } from './cluster-reading.ts';
import type { MskReader } from './msk-reader.ts';
import { IncompleteAnswerError } from './normalise-cluster.ts';
import { readTopicConfigs } from './topic-configs.ts';

type MskTopics = SectionValue<'mskTopics'>;
type MskTopic = MskTopics[number];
type Partition = NonNullable<MskTopic['partitions']>[number];

/** 100 a page: 10,000 topics. */
const MAX_TOPIC_PAGES = 100;
/** 100 a page: 4,000 partitions of one topic. */
const MAX_PARTITION_PAGES = 40;
/** Two calls or more a topic. */
export const MAX_DESCRIBED_TOPICS = 200;
/** AWS publishes no rate limit of its control plane. */
const CONCURRENCY = 3;
/** One refusal may be a topic of its own; the third is a rule. */
const MAX_FAILURES = 3;
const DESCRIBE_WITHIN_MS = 30_000;

export interface MskTopicsOptions {
  cluster: Collected<Cluster>;
  /** Time for describing single topics, after the list; 30 s when absent. What is not described by then is a gap. */
  describeWithinMs?: number | undefined;
}

/** Topics of the cluster as MSK's control plane knows them, at most a minute or so old. Never rejects. */
export async function collectMskTopics(
  reader: MskReader,
  arn: ClusterArn,
  run: SectionRun,
  { cluster, describeWithinMs = DESCRIBE_WITHIN_MS }: MskTopicsOptions,
): Promise<Collected<MskTopics>> {
  const unsupported = unsupportedBecause(cluster);
  if (unsupported !== null) return run.settle<MskTopics>('mskTopics', unsupported);
  const read = await run.read('mskTopics', clusterCall('ListTopics', arn), async (signal) => {
    const { topics, gap } = await listTopics(reader, arn, signal);
    const described = await describeTopics({ reader, arn, signal, describeWithinMs }, topics);
    return { value: described.topics, partial: partialOf([gap, ...described.gaps]) };
  });
  return !read.ok && read.reason === 'not-permitted' ? { ...read, fix: permissionsFix(arn) } : read;
}

/** The API wants the right to call it and the right that a Kafka client would need for the same answer. */
function permissionsFix({ arn }: ClusterArn): string {
  const topics = `${arn.replace(':cluster/', ':topic/')}/*`;
  return `Allow kafka:ListTopics, kafka:DescribeTopic, kafka:DescribeTopicPartitions and kafka-cluster:Connect on ${arn}, and these three kafka actions, kafka-cluster:DescribeTopic and kafka-cluster:DescribeTopicDynamicConfiguration on ${topics} for the caller`;
}

/** Null when the API should answer, or when nothing is known of the cluster: then the API itself tells. */
function unsupportedBecause(cluster: Collected<Cluster>): Missing | null {
  if (!cluster.ok) return null;
  if (cluster.value.kind === 'serverless')
    return missing('not-supported', "MSK's topic API does not know serverless clusters");
  const { kafkaVersion, state } = cluster.value;
  if (kafkaVersion !== null && isBefore36(kafkaVersion)) {
    const fix = 'Give the run a network path to the brokers, or upgrade to Kafka 3.6 or later';
    return missing('not-supported', `MSK's topic API needs Kafka 3.6, the cluster has ${kafkaVersion}`, fix);
  }
  if (state === 'ACTIVE') return null;
  const known = meaningOfState(state);
  // What is being deleted will not be ACTIVE again.
  if (known?.serving === false) return missing('not-supported', whyUnreadable(state, 'mskTopics') ?? known.meaning);
  const detail = `MSK's topic API answers only while the cluster is ACTIVE, and it is ${safeLabel(state)}`;
  return missing('not-supported', detail, 'Run again when the cluster is ACTIVE');
}

function isBefore36(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return false;
  return major < 3 || (major === 3 && minor < 6);
}

async function listTopics(reader: MskReader, arn: ClusterArn, signal: AbortSignal) {
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await reader.listTopics(arn.arn, token, signal);
    if (page.Topics === undefined) throw new IncompleteAnswerError('the answer holds no Topics');
    return { items: page.Topics, nextToken: page.NextToken };
  }, MAX_TOPIC_PAGES);
  const topics = items.flatMap(listedTopic).sort((a, b) => (a.name < b.name ? -1 : 1));
  const unnamed = items.length - topics.length;
  const gap = partialOf(
    [
      isTruncated && `the list of topics went on after ${topics.length}`,
      unnamed > 0 && `${plural(unnamed, 'topic')} came without a name`,
    ].filter((each) => each !== false),
  );
  return { topics, gap };
}

function listedTopic(info: TopicInfo): MskTopic[] {
  if (!info.TopicName) return [];
  return [
    {
      name: info.TopicName,
      replicationFactor: countOf(info.ReplicationFactor),
      partitionCount: countOf(info.PartitionCount),
      outOfSyncReplicaCount: countOf(info.OutOfSyncReplicaCount),
      configs: null,
      partitions: null,
    },
  ];
}

function countOf(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

interface Describing {
  reader: MskReader;
  arn: ClusterArn;
  signal: AbortSignal;
  describeWithinMs: number;
}

/** What went wrong while topics were described. */
interface Trouble {
  failures: AwsFailure[];
  oddConfigs: number;
  oddPartitions: number;
  cutTopics: number;
}

async function describeTopics(describing: Describing, topics: readonly MskTopic[]) {
  const chosen = mostTelling(topics);
  const trouble: Trouble = { failures: [], oddConfigs: 0, oddPartitions: 0, cutTopics: 0 };
  const deadline = new Deadline(describing.describeWithinMs, describing.signal);
  const described = new Map<string, MskTopic | 'gone'>();
  try {
    await pMap(
      chosen,
      async (topic) => {
        if (deadline.signal.aborted || trouble.failures.length >= MAX_FAILURES) return;
        const whole = await describeTopic({ ...describing, signal: deadline.signal }, topic, trouble);
        if (whole !== null) described.set(topic.name, whole);
      },
      { concurrency: CONCURRENCY },
    );
  } finally {
    deadline.release();
  }
  // The end of the whole run is told by whoever runs it.
  describing.signal.throwIfAborted();
  const rest = topics.length - described.size;
  const left = topics.map((topic) => described.get(topic.name) ?? topic);
  return {
    topics: left.filter((topic) => topic !== 'gone'),
    gaps: [
      rest > 0 ? notDescribed(rest, topics.length, trouble.failures, deadline.signal.aborted) : null,
      ...oddities(trouble),
    ],
  };
}

/** Those with replicas out of sync first, then the largest. */
function mostTelling(topics: readonly MskTopic[]): MskTopic[] {
  return topics
    .toSorted(
      (a, b) =>
        (b.outOfSyncReplicaCount ?? 0) - (a.outOfSyncReplicaCount ?? 0) ||
        (b.partitionCount ?? 0) - (a.partitionCount ?? 0) ||
        (a.name < b.name ? -1 : 1),
    )
    .slice(0, MAX_DESCRIBED_TOPICS);
}

function notDescribed(rest: number, total: number, failures: readonly AwsFailure[], isOver: boolean): string {
  const names = [...new Set(failures.map(({ name }) => name))].join(', ');
  const why = failures.length > 0 ? ` (${names})` : isOver ? ' (no time was left)' : '';
  const denied = failures.some(({ kind }) => kind === 'not-permitted');
  const cure = denied
    ? '. Allow kafka:DescribeTopic, kafka:DescribeTopicPartitions, kafka-cluster:DescribeTopic and kafka-cluster:DescribeTopicDynamicConfiguration on all topics'
    : '';
  return `${rest} of ${plural(total, 'topic')} listed, not described${why}${cure}`;
}

function oddities({ oddConfigs, oddPartitions, cutTopics }: Trouble): (string | null)[] {
  return [
    oddConfigs > 0 ? `settings of ${plural(oddConfigs, 'topic')} not understood` : null,
    oddPartitions > 0 ? `${plural(oddPartitions, 'partition')} came without number, replicas or ISR` : null,
    cutTopics > 0 ? `the partitions of ${plural(cutTopics, 'topic')} were not all listed` : null,
  ];
}

/** Null when it could not be described: its failure is then among the trouble. A topic deleted since it was listed is gone. */
async function describeTopic(
  { reader, arn, signal }: Describing,
  topic: MskTopic,
  trouble: Trouble,
): Promise<MskTopic | 'gone' | null> {
  try {
    const about = await reader.describeTopic(arn.arn, topic.name, signal);
    const { items, isTruncated } = await collectPages(async (token) => {
      const page = await reader.describeTopicPartitions(arn.arn, topic.name, token, signal);
      return { items: page.Partitions ?? [], nextToken: page.NextToken };
    }, MAX_PARTITION_PAGES);
    const partitions = items.flatMap(partitionOf).sort((a, b) => a.partition - b.partition);
    const configs = readTopicConfigs(about.Configs);
    if (configs === null) trouble.oddConfigs += 1;
    trouble.oddPartitions += items.length - partitions.length;
    const expected = countOf(about.PartitionCount) ?? topic.partitionCount;
    // Every topic has a partition: none at all is an answer that lacks them.
    if (isTruncated || items.length < (expected ?? 1)) trouble.cutTopics += 1;
    return {
      ...topic,
      replicationFactor: countOf(about.ReplicationFactor) ?? topic.replicationFactor,
      partitionCount: expected,
      configs,
      partitions: partitions.length === 0 ? null : partitions,
    };
  } catch (error) {
    const failure = classifyAwsError(error);
    if (failure.kind === 'not-found') return 'gone';
    // What our own deadline cut short is no refusal.
    if (!signal.aborted) trouble.failures.push(failure);
    return null;
  }
}

/** Without replicas or ISR nothing can be said of a partition: an empty list must not look like a broken one. */
function partitionOf({ Partition: partition, Leader: leader, Replicas, Isr }: TopicPartitionInfo): Partition[] {
  if (countOf(partition) === null || Replicas === undefined || Replicas.length === 0 || Isr === undefined) return [];
  if (![...Replicas, ...Isr].every(Number.isSafeInteger)) return [];
  return [
    { partition: partition!, leader: leader === undefined || leader < 0 ? null : leader, replicas: Replicas, isr: Isr },
  ];
}
