import { type Collected, type Missing, missing, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { BrokerNode, ClusterSession, NodeAnswer } from './cluster-session.ts';
import { counted, partialLine } from './partial-line.ts';
import { type DescribedConfigs, describeConfigs } from './protocol/describe-configs.ts';
import { errorName } from './protocol/error-names.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';

/** The topic settings the checks read. A broker leaves out those it does not know (tiered storage before Kafka 3.6). */
export const WANTED_TOPIC_CONFIGS = [
  'min.insync.replicas',
  'unclean.leader.election.enable',
  'retention.ms',
  'retention.bytes',
  'cleanup.policy',
  'compression.type',
  'segment.bytes',
  'segment.ms',
  'max.message.bytes',
  'message.timestamp.type',
  'local.retention.ms',
  'remote.storage.enable',
] as const;

type TopicConfigs = SectionValue<'kafkaTopicConfigs'>;
type ConfigSource = TopicConfigs[string][string]['source'];

/** DescribeConfigs' config_source; 0, 6 and later do not occur for topics. */
const SOURCES: Record<number, ConfigSource> = {
  1: 'topic',
  2: 'dynamic-broker',
  3: 'dynamic-default-broker',
  4: 'static-broker',
  5: 'default',
};

const TOPICS_FIX =
  'allow Describe on the topics and on the cluster (MSK IAM: kafka-cluster:DescribeTopic on topic/*, DescribeCluster)';
const CONFIGS_FIX = 'allow DescribeConfigs on the topics (MSK IAM: kafka-cluster:DescribeTopicDynamicConfiguration)';

export function brokersValue(metadata: MetadataAnswer): SectionValue<'kafkaBrokers'> {
  const brokers = metadata.brokers.toSorted((a, b) => a.id - b.id);
  return {
    clusterId: metadata.clusterId,
    controllerId: metadata.controllerId < 0 ? null : metadata.controllerId,
    brokers: brokers.map(({ id, host, port, rack }) => ({ id, host, port, rack })),
  };
}

/**
 * Kafka leaves out what one may not describe, and says nothing. No topics for a principal without Describe on the cluster
 * are no knowledge, not an empty cluster; and where there are groups, there are topics. Null when nothing speaks for that.
 */
export function hiddenTopics({ topics, mayDescribeCluster }: MetadataAnswer, groupCount: number): Missing | null {
  if (topics.length > 0) return null;
  if (groupCount === 0 && mayDescribeCluster !== false) return null;
  const because = groupCount > 0 ? 'there are groups' : 'this principal may not describe the cluster';
  return missing('not-permitted', `no topic is visible, and ${because}: permissions hide the topics`, TOPICS_FIX);
}

export function topicsValue(metadata: MetadataAnswer): SectionValue<'kafkaTopics'> {
  return metadata.topics
    .map((topic) => ({
      name: topic.name,
      internal: topic.internal,
      error: errorName(topic.errorCode),
      partitions: topic.partitions
        .map(({ errorCode, ...partition }) => ({ ...partition, error: errorName(errorCode) }))
        .sort((a, b) => a.partition - b.partition),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Asks for the topics' configuration, a share from each broker: every broker knows it, and the shares together cost as
 * many requests as there are brokers. A share that is not answered is asked once more from a broker that did answer.
 */
export async function askTopicConfigs(session: ClusterSession): Promise<NodeAnswer<DescribedConfigs[]>[]> {
  const shares = sharesOf(session);
  const ask = (node: BrokerNode, topics: string[]) =>
    session.askNode(node, describeConfigs, { topics, keys: WANTED_TOPIC_CONFIGS });
  const answers = await Promise.all(session.nodes.map((node) => ask(node, shares.get(node) ?? [])));
  const healthy = answers.find(({ answer }) => answer !== null)?.node;
  if (healthy === undefined) return answers;
  return Promise.all(
    answers.map(async (given) => {
      const share = shares.get(given.node) ?? [];
      return given.answer === null && share.length > 0 ? ask(healthy, share) : given;
    }),
  );
}

/** Topics dealt out over the connected brokers. */
function sharesOf({ nodes, metadata }: ClusterSession): Map<BrokerNode, string[]> {
  const connected = nodes.filter((node) => node.fault === null);
  const shares = new Map<BrokerNode, string[]>(connected.map((node) => [node, []]));
  metadata.topics.forEach(({ name }, index) => {
    const node = connected[index % connected.length];
    if (node !== undefined) shares.get(node)?.push(name);
  });
  return shares;
}

export function topicConfigsSection(
  answers: readonly NodeAnswer<DescribedConfigs[]>[],
  metadata: MetadataAnswer,
  atMs: number,
): Collected<TopicConfigs> {
  const topicCount = metadata.topics.length;
  const described = answers.flatMap(({ answer }) => answer ?? []);
  const refused = described.filter(({ errorCode }) => errorCode !== 0);
  if (topicCount > 0 && refused.length === topicCount) {
    const error = errorName(refused[0]?.errorCode ?? 0);
    return missing(
      'not-permitted',
      `DescribeConfigs was refused for ${counted(topicCount, 'topic')}: ${error}`,
      CONFIGS_FIX,
    );
  }
  if (described.length === 0 && topicCount > 0) {
    const fault = answers.find((given) => given.fault !== null)?.fault;
    return fault?.asMissing() ?? missing('failed', 'no broker answered DescribeConfigs');
  }
  const read = described.filter(({ errorCode }) => errorCode === 0);
  // fromEntries, not assignment: `__proto__` is a legal topic name.
  const value = Object.fromEntries(read.map(({ topic, entries }) => [topic, entriesOf(entries)] as const).sort(byName));
  const unread = topicCount - read.length;
  return present(
    value,
    atMs,
    partialLine([unread > 0 && `configuration of ${unread} of ${counted(topicCount, 'topic')} not read`]),
  );
}

/** In the order of the wanted keys: a broker's own order changes from version to version. */
function entriesOf(entries: DescribedConfigs['entries']): TopicConfigs[string] {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const known = WANTED_TOPIC_CONFIGS.flatMap((key) => byKey.get(key) ?? []);
  return Object.fromEntries(
    known.map(({ key, value, source }) => [key, { value, source: SOURCES[source] ?? 'unknown' }]),
  );
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
