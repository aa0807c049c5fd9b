import { join } from 'node:path';
import { ClusterReader } from '../bridge/kafka/reader.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { waitUntil } from '../kafka/readiness.ts';
import { kafkaToolCommand } from '../kafka/tools.ts';
import { type OwnedProcess, spawnOwned, spawnOwnedWithIpc } from '../processes.ts';
import type { WorkloadReply, WorkloadRequest } from './messages.ts';
import { groupShapes, kip848Group, type Profile } from './shapes.ts';

export interface Workload {
  stall(groupId: string): Promise<void>;
  resume(groupId: string): Promise<void>;
  burst(topic: string, records: number): Promise<void>;
  processes(): { name: string; pid: number }[];
  stop(): Promise<void>;
}

export interface WorkloadOptions {
  cluster: KafkaCluster;
  profile: Exclude<Profile, 'empty'>;
  runId: string;
  seed: number;
  folder: string;
}

const START_TIMEOUT_MS = 60_000;

/** Starts the workload's process and resolves once topics, groups and first records are there. */
export async function startWorkload(options: WorkloadOptions): Promise<Workload> {
  const { cluster, profile, runId, seed, folder } = options;
  const { owned, child } = spawnOwnedWithIpc({
    name: 'workload',
    command: process.execPath,
    args: [join(import.meta.dirname, 'main.ts')],
    logFile: join(folder, 'workload.log'),
  });
  const waiting = new Map<number, (error?: string) => void>();
  let lastNumber = 0;
  child.on('message', (reply: WorkloadReply) => waiting.get(reply.number)?.(reply.error));
  void owned.exited.then(() => {
    for (const answer of waiting.values()) answer('the workload ended; see workload.log in the run folder');
  });
  const ask = (request: WorkloadRequest): Promise<void> =>
    new Promise((resolve, reject) => {
      const number = ++lastNumber;
      waiting.set(number, (error) => {
        waiting.delete(number);
        if (error === undefined) resolve();
        else reject(new Error(`workload: ${error}`));
      });
      child.send({ number, request }, (error) => {
        if (error !== null) waiting.get(number)?.(error.message);
      });
    });
  const processes: OwnedProcess[] = [owned];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop()));
  };
  try {
    const { bootstrap } = cluster;
    await ask({ kind: 'create-topics', bootstrap, runId });
    const keep = (member: OwnedProcess) => processes.push(member);
    const parts = [
      ask({ kind: 'start', bootstrap, profile, runId, seed }),
      ...(profile === 'idle' ? [] : [startKip848Member({ cluster, profile, runId, folder, keep })]),
    ];
    await Promise.allSettled(parts);
    await Promise.all(parts);
    await waitForPreferredLeaders(cluster);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stall: (groupId) => ask({ kind: 'stall', groupId }),
    resume: (groupId) => ask({ kind: 'resume', groupId }),
    burst: (topic, records) => ask({ kind: 'burst', topic, records }),
    processes: () => processes.map(({ name, pid }) => ({ name, pid })),
    stop,
  };
}

interface Kip848Options {
  cluster: KafkaCluster;
  profile: Profile;
  runId: string;
  folder: string;
  /** Told of the process at once, so that it is ended with the others should it never be ready. */
  keep: (member: OwnedProcess) => void;
}

/** kafkajs knows classic groups only, so the member of the KIP-848 group is Kafka's own console consumer. */
async function startKip848Member({ cluster, profile, runId, folder, keep }: Kip848Options): Promise<void> {
  const group = groupShapes(profile, runId).find((shape) => shape.id === kip848Group);
  if (group === undefined) throw new Error(`no group ${kip848Group} in profile ${profile}`);
  const properties = ['group.protocol=consumer', 'auto.commit.interval.ms=1000', 'client.id=clickstream-realtime-0'];
  const tool = await kafkaToolCommand(cluster, 'kafka-console-consumer', [
    '--topic',
    group.topic,
    '--group',
    group.id,
    ...properties.flatMap((property) => ['--consumer-property', property]),
  ]);
  // The records themselves are of no use; without this the log would grow with the traffic.
  const silenced = ['-c', 'exec "$@" >/dev/null', 'console-consumer', tool.command, ...tool.args];
  const member = spawnOwned({
    name: 'kip848-member',
    command: '/bin/sh',
    args: silenced,
    logFile: join(folder, 'kip848-member.log'),
  });
  keep(member);
  const ended = member.exited.then(() => true);
  await withReader(cluster, (reader) =>
    waitUntil(`group ${group.id} becomes stable`, START_TIMEOUT_MS, async () => {
      if (await Promise.race([ended, Promise.resolve(false)]))
        throw new Error('its member ended; see kip848-member.log in the run folder');
      return (await reader.groupState(group.id))?.toLowerCase() === 'stable';
    }),
  );
}

/** A broker that was fenced for a moment while the machine was busy gets its leaders back at the controller's next look. */
async function waitForPreferredLeaders(cluster: KafkaCluster): Promise<void> {
  await withReader(cluster, (reader) =>
    waitUntil('every partition is led by its first replica', START_TIMEOUT_MS, async () => {
      const { topics } = await reader.metadata();
      return topics.every(({ partitions }) => partitions.every(({ leader, replicas }) => leader === replicas[0]));
    }),
  );
}

async function withReader<T>(cluster: KafkaCluster, use: (reader: ClusterReader) => Promise<T>): Promise<T> {
  const reader = new ClusterReader(cluster);
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}
