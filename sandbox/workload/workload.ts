import { join } from 'node:path';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { waitUntil } from '../kafka/readiness.ts';
import { kafkaToolCommand, runKafkaTool } from '../kafka/tools.ts';
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
    // kafkajs 2.2.4 sets negative timers, which Node 24 warns about at each connection.
    args: ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'main.ts')],
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
    await ask({ kind: 'start', bootstrap: cluster.bootstrap, profile, runId, seed });
    if (profile !== 'idle') processes.push(await startKip848Member(cluster, profile, runId, folder));
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

/** kafkajs knows classic groups only, so the member of the KIP-848 group is Kafka's own console consumer. */
async function startKip848Member(
  cluster: KafkaCluster,
  profile: Profile,
  runId: string,
  folder: string,
): Promise<OwnedProcess> {
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
  const ended = member.exited.then(() => true);
  await waitUntil(`group ${group.id} becomes stable`, START_TIMEOUT_MS, async () => {
    if (await Promise.race([ended, Promise.resolve(false)]))
      throw new Error('its member ended; see kip848-member.log in the run folder');
    const state = await runKafkaTool(cluster, 'kafka-consumer-groups', ['--describe', '--group', group.id, '--state']);
    return /\bStable\b/.test(state);
  });
  return member;
}
