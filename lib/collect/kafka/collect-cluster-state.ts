// What one broker can say for the whole cluster: moves of partitions, the metadata quorum, client quotas.
import { type Collected, missing, present } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { KafkaPlan, KafkaSections } from './plan.ts';
import type { Api } from './protocol/api.ts';
import { type ClientQuota, describeClientQuotas } from './protocol/describe-client-quotas.ts';
import { describeQuorum } from './protocol/describe-quorum.ts';
import { errorName } from './protocol/error-names.ts';
import { listPartitionReassignments } from './protocol/list-partition-reassignments.ts';

const DESCRIBE_FIX = 'allow Describe on the cluster (MSK IAM: kafka-cluster:DescribeCluster)';
const QUOTAS_FIX = 'allow DescribeConfigs on the cluster (MSK IAM: kafka-cluster:DescribeClusterDynamicConfiguration)';

const NOT_CONTROLLER = 41;
/** What brokers pass on. */
const FOR_THE_CONTROLLER: readonly number[] = [listPartitionReassignments.key, describeQuorum.key];
const ENTITY_TYPES = ['user', 'client-id', 'ip'] as const;

type ClusterState = Pick<KafkaSections, 'kafkaReassignments' | 'kafkaQuorum'>;

/**
 * Those of the wanted sections, one request each. To be asked when nothing else is: a broker passes these questions on to the
 * controller and keeps its connection to us waiting meanwhile, and without a controller that lasts until the time is up.
 */
export async function readClusterState(session: ClusterSession, wanted: KafkaPlan['sections']): Promise<ClusterState> {
  const reads: { [Name in keyof ClusterState]-?: () => Promise<NonNullable<ClusterState[Name]>> } = {
    kafkaReassignments: () => readReassignments(session),
    kafkaQuorum: () => readQuorum(session),
  };
  const names = Object.keys(reads) as (keyof ClusterState)[];
  const read = names.filter((name) => wanted.includes(name)).map(async (name) => [name, await reads[name]()] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Partitions that are being moved. With ZooKeeper only the controller knows them, with KRaft every broker asks it. */
async function readReassignments(session: ClusterSession): Promise<Collected<SectionValue<'kafkaReassignments'>>> {
  const read = await askOne(session, listPartitionReassignments, DESCRIBE_FIX);
  if (!read.ok) return read;
  return present(read.value.partitions.sort(byPlace), read.asOfMs);
}

/** The metadata quorum; not supported where ZooKeeper keeps the metadata. */
async function readQuorum(session: ClusterSession): Promise<Collected<SectionValue<'kafkaQuorum'>>> {
  if (!session.supports(describeQuorum)) {
    return missing('not-supported', 'the brokers speak no DescribeQuorum: ZooKeeper keeps the metadata');
  }
  const read = await askOne(session, describeQuorum, DESCRIBE_FIX);
  if (!read.ok) return read;
  const { leaderId, leaderEpoch, highWatermark, voters, observers } = read.value;
  const quorum = { leaderId, leaderEpoch, highWatermark, voters: voters.sort(byId), observers: observers.sort(byId) };
  return present(quorum, read.asOfMs);
}

/** Client quotas, which every broker knows. */
export async function readQuotas(session: ClusterSession): Promise<Collected<SectionValue<'kafkaQuotas'>>> {
  if (!session.supports(describeClientQuotas)) {
    return missing('not-supported', 'the brokers speak no DescribeClientQuotas: that needs Kafka 2.6');
  }
  const read = await askOne(session, describeClientQuotas, QUOTAS_FIX);
  return read.ok ? present(read.value.quotas.map(quotaOf), read.asOfMs) : read;
}

type Quota = SectionValue<'kafkaQuotas'>[number];
type EntityType = Quota['entity'][number]['type'];

function quotaOf({ entity, values }: ClientQuota): Quota {
  const known = (type: string): EntityType => ENTITY_TYPES.find((each) => each === type) ?? 'other';
  return {
    entity: entity.map(({ type, name }) => ({ type: known(type), name })),
    // JSON knows no infinity.
    quotas: Object.fromEntries(
      values.filter(({ value }) => Number.isFinite(value)).map(({ key, value }) => [key, value]),
    ),
  };
}

/** Asks the controller, or another broker when it does not answer or says that it is not the controller. */
async function askOne<Answer extends { errorCode: number }>(
  session: ClusterSession,
  api: Api<null, Answer>,
  fix: string,
): Promise<Collected<Answer>> {
  const { controllerId } = session.metadata;
  const nodes = session.nodes.toSorted((a, b) => Number(b.id === controllerId) - Number(a.id === controllerId));
  let why: Collected<never> = missing('failed', 'no broker answered');
  for (const node of nodes) {
    const wasWell = node.fault === null;
    const { answer, fault } = await session.askNode(node, api, null);
    if (fault !== null) {
      why = fault.asMissing();
      if (session.clock.stopped !== null || fault.kind === 'unsupported') break;
      // A broker that fell silent over a question for the controller waits for it, and so would the next one.
      if (wasWell && fault.kind === 'request-timeout' && FOR_THE_CONTROLLER.includes(api.key)) break;
      continue;
    }
    if (answer === null) continue;
    const error = errorName(answer.errorCode);
    if (error === null) return present(answer, session.clock.now());
    const isRefused = error.endsWith('_AUTHORIZATION_FAILED');
    why = missing(
      isRefused ? 'not-permitted' : 'failed',
      `${api.name} was answered with ${error}`,
      isRefused ? fix : undefined,
    );
    if (answer.errorCode !== NOT_CONTROLLER) break;
  }
  return why;
}

function byId(a: { id: number }, b: { id: number }): number {
  return a.id - b.id;
}

function byPlace(a: { topic: string; partition: number }, b: { topic: string; partition: number }): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}
