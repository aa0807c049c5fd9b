// Members of the kinds of group that only Kafka's own Java clients can join. From 4.x on.
import { join } from 'node:path';
import { ClusterReader } from '../bridge/kafka/reader.ts';
import { type OwnedProcess, spawnOwned } from '../processes.ts';
import { ensureKafkaArtifacts } from './artifacts.ts';
import type { KafkaCluster } from './cluster.ts';
import { compiledJar } from './java-program.ts';
import { toolJvmArgs } from './jvm.ts';
import { waitUntil } from './readiness.ts';
import { kafkaToolCommand } from './tools.ts';

export interface LiveMember {
  group: string;
  topic: string;
  /** For its log and its state. */
  folder: string;
}

const JOIN_TIMEOUT_MS = 30_000;
const streamsSource = join(import.meta.dirname, 'streams', 'StreamsMember.java');

/** Kafka's console share consumer; resolves once the group is stable. It reads until it is stopped. */
export async function startShareMember(cluster: KafkaCluster, member: LiveMember): Promise<OwnedProcess> {
  const read = ['--topic', member.topic, '--group', member.group];
  return joined(cluster, member, await kafkaToolCommand(cluster, 'kafka-console-share-consumer', read));
}

/** A small Kafka Streams program with `group.protocol=streams`; resolves once the group is stable. */
export async function startStreamsMember(cluster: KafkaCluster, member: LiveMember): Promise<OwnedProcess> {
  const artifacts = await ensureKafkaArtifacts(cluster.version, () => {});
  const jar = await compiledJar(artifacts, streamsSource);
  const program = [cluster.bootstrap, member.group, member.topic, join(member.folder, `${member.group}-state`)];
  const args = [...toolJvmArgs(artifacts, [jar]), 'StreamsMember', ...program];
  return joined(cluster, member, { command: artifacts.java.command, args });
}

async function joined(
  cluster: KafkaCluster,
  { group, folder }: LiveMember,
  { command, args }: { command: string; args: string[] },
): Promise<OwnedProcess> {
  const logFile = join(folder, `${group}.log`);
  const process = spawnOwned({ name: group, command, args, logFile });
  const reader = new ClusterReader(cluster);
  try {
    const isStable = async (): Promise<boolean> => /^stable$/i.test((await reader.groupState(group)) ?? '');
    await waitUntil(`a member of ${group} (${logFile})`, JOIN_TIMEOUT_MS, isStable);
    return process;
  } catch (error) {
    await process.stop();
    throw error;
  } finally {
    reader.close();
  }
}
