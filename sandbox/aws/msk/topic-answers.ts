import type { TopicState } from '../../bridge/kafka/requests.ts';
import { AwsError } from '../http.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import type { MskState } from './state.ts';

/** MSK's topic API reads the cluster itself: without a broker to ask it fails by name. */
export async function readTopics(state: MskState): Promise<TopicState[]> {
  try {
    return (await state.reader.metadata()).topics;
  } catch {
    throw new AwsError('ClusterConnectivityException', 'Unable to connect to the cluster.', 409);
  }
}

export async function listTopics(state: MskState, nameFilter: string | null): Promise<object[]> {
  const topics = await readTopics(state);
  return topics
    .filter(({ name }) => nameFilter === null || name.startsWith(nameFilter))
    .map((topic) => ({ ...summary(state, topic), outOfSyncReplicaCount: outOfSync(topic) }));
}

export async function describeTopic(state: MskState, name: string): Promise<object> {
  const topic = await find(state, name);
  const overrides = await state.reader.topicOverrides(name);
  const configs = Buffer.from(JSON.stringify(Object.fromEntries(overrides))).toString('base64');
  return { ...summary(state, topic), configs, status: 'ACTIVE' };
}

export async function describeTopicPartitions(state: MskState, name: string): Promise<object[]> {
  const topic = await find(state, name);
  // Without a leader the field is left out: -1 is Kafka's convention, and no field of the model documents it.
  return topic.partitions.map(({ partition, leader, replicas, isr }) => ({
    partition,
    ...(leader < 0 ? {} : { leader }),
    replicas,
    isr,
  }));
}

async function find(state: MskState, name: string): Promise<TopicState> {
  const topic = (await readTopics(state)).find((one) => one.name === name);
  if (topic === undefined) {
    throw new AwsError('UnknownTopicOrPartitionException', `The topic ${name} does not exist.`, 404);
  }
  return topic;
}

function summary(state: MskState, topic: TopicState): object {
  const [first] = topic.partitions;
  return {
    topicArn: `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:topic/${state.identity.name}/${state.identity.uuid}/${topic.name}`,
    topicName: topic.name,
    replicationFactor: first?.replicas.length ?? 0,
    partitionCount: topic.partitions.length,
  };
}

function outOfSync(topic: TopicState): number {
  return topic.partitions.reduce((sum, { replicas, isr }) => sum + replicas.length - isr.length, 0);
}
