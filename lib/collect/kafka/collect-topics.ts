import { type Collected, type Missing, missing, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { counted, listSome, partialLine } from './partial-line.ts';
import { errorName } from './protocol/error-names.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';

const TOPICS_FIX =
  'allow Describe on the topics and on the cluster (MSK IAM: kafka-cluster:DescribeTopic on topic/*, DescribeCluster)';

/** @param isKRaft then each broker names any other one as the controller, because every broker passes on what is for it */
export function brokersValue(metadata: MetadataAnswer, isKRaft: boolean): SectionValue<'kafkaBrokers'> {
  const brokers = metadata.brokers.toSorted((a, b) => a.id - b.id);
  return {
    clusterId: metadata.clusterId,
    controllerId: isKRaft || metadata.controllerId < 0 ? null : metadata.controllerId,
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

/**
 * Topics that lie on the brokers' disks and that Metadata does not name: permissions on some topics leave the others out in silence.
 * Log directories need no permission on topics. Kafka's and AWS's own topics, which some policies leave out, do not count.
 */
export function invisibleTopics(
  { topics }: MetadataAnswer,
  logDirs: Collected<SectionValue<'kafkaLogDirs'>> | null,
): string {
  if (logDirs === null || !logDirs.ok) return '';
  const visible = new Set(topics.map(({ name }) => name));
  const onDisk = new Set(logDirs.value.flatMap((broker) => Object.keys(broker.topics)));
  const hidden = [...onDisk].filter((topic) => !visible.has(topic) && !topic.startsWith('__'));
  if (hidden.length === 0) return '';
  return `${counted(hidden.length, 'topic')} on the brokers’ disks may not be described, or ${hidden.length === 1 ? 'was' : 'were'} being made or deleted`;
}

/** Brokers that replicas name and the metadata does not: down, or gone for good. What only they can tell is missing. Empty when there are none. */
export function absentBrokers({ brokers, topics }: MetadataAnswer): string {
  const known = new Set(brokers.map(({ id }) => id));
  const named = new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas)));
  const absent = [...named].filter((id) => !known.has(id)).sort((a, b) => a - b);
  if (absent.length === 0) return '';
  const [noun, verb] = absent.length === 1 ? ['broker', 'holds replicas and is'] : ['brokers', 'hold replicas and are'];
  return `${noun} ${listSome(absent.map(String))} ${verb} not in the cluster now`;
}

/** The same section, with one more thing that is missing in it. */
export function withGap<T>(section: Collected<T>, gap: string): Collected<T> {
  if (!section.ok || gap === '') return section;
  return present(section.value, section.asOfMs, partialLine([section.partial ?? '', gap]));
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
