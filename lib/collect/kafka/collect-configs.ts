// Effective settings of topics and brokers. Every broker knows every topic's settings, but only its own: so each is asked for its own
// and for a share of the topics, N requests in all.
import { type Collected, missing, present } from '../../snapshot/collected.ts';
import type { CONFIG_SOURCES } from '../../snapshot/kafka-words.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { askInParts, partsOf } from './chunks.ts';
import type { BrokerNode, ClusterSession, NodeAnswer } from './cluster-session.ts';
import { countErrors, counted, partialLine, refusal, silentBrokers } from './partial-line.ts';
import { type ConfigResource, type DescribedConfigs, describeConfigs } from './protocol/describe-configs.ts';
import { errorName } from './protocol/error-names.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';
import { WANTED_BROKER_CONFIGS, WANTED_TOPIC_CONFIGS } from './wanted-configs.ts';

type ConfigSource = (typeof CONFIG_SOURCES)[number];
type Entries = SectionValue<'kafkaTopicConfigs'>[string];
type Answers = NodeAnswer<DescribedConfigs[]>[];

/** DescribeConfigs' config_source; 0, 6 and later do not occur for topics and brokers. */
const SOURCES: Record<number, ConfigSource> = {
  1: 'topic',
  2: 'dynamic-broker',
  3: 'dynamic-default-broker',
  4: 'static-broker',
  5: 'default',
};

const TOPICS_FIX = 'allow DescribeConfigs on the topics (MSK IAM: kafka-cluster:DescribeTopicDynamicConfiguration)';
const BROKERS_FIX = 'allow DescribeConfigs on the cluster (MSK IAM: kafka-cluster:DescribeClusterDynamicConfiguration)';

/** One resource in an answer: a setting takes some 60 bytes. */
const RESOURCE_BYTES = 1_500;

/** Asks all brokers. A share of topics that is not answered is asked once more from a broker that did answer. */
export async function askConfigs(session: ClusterSession): Promise<Answers> {
  const shares = sharesOf(session);
  const topicsOf = (node: BrokerNode): ConfigResource[] =>
    (shares.get(node) ?? []).map((name) => ({ type: 'topic', name, keys: WANTED_TOPIC_CONFIGS }));
  const first = await askFor(session, (node) => [
    { type: 'broker', name: String(node.id), keys: WANTED_BROKER_CONFIGS },
    ...topicsOf(node),
  ]);
  const healthy = first.find(({ fault }) => fault === null)?.node;
  const left = first
    .filter(({ fault }) => fault !== null)
    .flatMap(({ node, answer }) => {
      const read = new Set((answer ?? []).map(({ name }) => name));
      return topicsOf(node).filter(({ name }) => !read.has(name));
    });
  if (healthy === undefined || left.length === 0) return first;
  return [...first, ...(await askFor(session, (node) => (node === healthy ? left : [])))];
}

async function askFor(session: ClusterSession, resourcesOf: (node: BrokerNode) => ConfigResource[]): Promise<Answers> {
  const answers = await askInParts(session, describeConfigs, (node) =>
    partsOf(resourcesOf(node), () => RESOURCE_BYTES),
  );
  return answers.map(({ answer, ...given }) => ({ ...given, answer: answer?.flat() ?? null }));
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
  answers: Answers,
  metadata: MetadataAnswer,
  atMs: number,
): Collected<SectionValue<'kafkaTopicConfigs'>> {
  const count = metadata.topics.length;
  const described = describedOf(answers, 'topic');
  const refused = described.filter(({ errorCode }) => errorCode !== 0);
  if (count > 0 && refused.length === count) {
    const errors = refused.flatMap(({ errorCode }) => errorName(errorCode) ?? []);
    return refusal(errors, `DescribeConfigs was refused for ${counted(count, 'topic')}`, TOPICS_FIX);
  }
  if (described.length === 0 && count > 0) return unanswered(answers);
  const read = described.filter(({ errorCode }) => errorCode === 0);
  const unread = count - read.length;
  return present(
    entriesByName(read, WANTED_TOPIC_CONFIGS),
    atMs,
    partialLine([unread > 0 && `configuration of ${unread} of ${counted(count, 'topic')} not read`]),
  );
}

export function brokerConfigsSection(answers: Answers, atMs: number): Collected<SectionValue<'kafkaBrokerConfigs'>> {
  const described = describedOf(answers, 'broker');
  const errors = described.flatMap(({ errorCode }) => errorName(errorCode) ?? []);
  if (described.length === 0) return unanswered(answers);
  if (errors.length === described.length) {
    return refusal(errors, 'DescribeConfigs was refused for all brokers', BROKERS_FIX);
  }
  const silent = silentBrokers(answers);
  return present(
    entriesByName(
      described.filter(({ errorCode }) => errorCode === 0),
      WANTED_BROKER_CONFIGS,
    ),
    atMs,
    partialLine([
      errors.length > 0 && `DescribeConfigs of ${counted(errors.length, 'broker')}: ${countErrors(errors)}`,
      silent !== '' && `no answer from ${silent}`,
    ]),
  );
}

function unanswered(answers: Answers): Collected<never> {
  const fault = answers.find((given) => given.fault !== null)?.fault;
  return fault?.asMissing() ?? missing('failed', 'no broker answered DescribeConfigs');
}

function describedOf(answers: Answers, type: ConfigResource['type']): DescribedConfigs[] {
  return answers.flatMap(({ answer }) => answer ?? []).filter((described) => described.type === type);
}

/** fromEntries, not assignment: `__proto__` is a legal topic name. */
function entriesByName(read: readonly DescribedConfigs[], wanted: readonly string[]): Record<string, Entries> {
  const rows = read.map(({ name, entries }) => [name, entriesOf(entries, wanted)] as const);
  return Object.fromEntries(rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

/** In the order of the wanted keys: a broker's own order changes from version to version. */
function entriesOf(entries: DescribedConfigs['entries'], wanted: readonly string[]): Entries {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const known = wanted.flatMap((key) => byKey.get(key) ?? []);
  return Object.fromEntries(
    known.map(({ key, value, source }) => [key, { value, source: SOURCES[source] ?? 'unknown' }]),
  );
}
