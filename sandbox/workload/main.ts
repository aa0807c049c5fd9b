/** The workload's own process: the sandbox starts it, speaks to it over IPC, and it ends when the sandbox is gone. */
import { type CommittedOffsets, commitOffsets, endOffsets } from './client.ts';
import { type GroupMember, startMember } from './consume.ts';
import type { NumberedRequest, WorkloadReply, WorkloadRequest } from './messages.ts';
import { startProducer, type TopicProducer } from './produce.ts';
import { committedShareOfHistory, type GroupShape, groupShapes, topicShapes } from './shapes.ts';
import { createTopics } from './topics.ts';

const IDLE_RECORDS_PER_TOPIC = 600;

const stalledGroups = new Set<string>();
const producers = new Map<string, TopicProducer>();
const members: GroupMember[] = [];

process.on('disconnect', () => process.exit(0));
process.on('message', ({ number, request }: NumberedRequest) => {
  handle(request).then(
    () => reply({ number }),
    (error: unknown) => {
      console.error(error);
      reply({ number, error: error instanceof Error ? rootCause(error).message : String(error) });
    },
  );
});

function reply(message: WorkloadReply): void {
  process.send?.(message);
}

/** kafkajs wraps what the broker said. */
function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

async function handle(request: WorkloadRequest): Promise<void> {
  switch (request.kind) {
    case 'create-topics':
      await createTopics(request.bootstrap, topicShapes(request.runId));
      note('topics are there');
      return;
    case 'start':
      return start(request);
    case 'stall':
      requireMembers(request.groupId);
      stalledGroups.add(request.groupId);
      return;
    case 'resume':
      stalledGroups.delete(request.groupId);
      return;
    case 'burst': {
      const producer = producers.get(request.topic);
      if (producer === undefined) throw new Error(`the workload writes no topic ${request.topic}`);
      return producer.burst(request.records);
    }
    case 'stop':
      await Promise.allSettled([...producers.values(), ...members].map((part) => part.stop()));
      return;
  }
}

function note(what: string): void {
  console.log(`${process.uptime().toFixed(1)} s: ${what}`);
}

function requireMembers(groupId: string): void {
  if (!members.some((member) => member.groupId === groupId))
    throw new Error(`group ${groupId} has no member here to stall`);
}

async function start({ bootstrap, profile, runId, seed }: Extract<WorkloadRequest, { kind: 'start' }>): Promise<void> {
  const shapes = topicShapes(runId);
  await Promise.all(
    shapes.map(async (shape) => producers.set(shape.name, await startProducer(bootstrap, shape, seed))),
  );
  const groups = groupShapes(profile, runId);
  if (profile === 'idle') {
    await Promise.all([...producers.values()].map((producer) => producer.burst(IDLE_RECORDS_PER_TOPIC)));
  } else {
    const historic = new Set(shapes.filter((shape) => shape.withHistory).map((shape) => shape.name));
    const written = [...producers.values()].filter((producer) => historic.has(producer.topic));
    await Promise.all(written.map((producer) => producer.writeHistory()));
    await Promise.all([...producers.values()].map((producer) => producer.burst(24)));
  }
  note('first records are written');
  // A member that knows KIP-848 is already on its way, and begins at the end by itself.
  const committing = profile === 'idle' ? groups : groups.filter(({ protocol }) => protocol === 'classic');
  await commitOffsets(bootstrap, await startingPoints(bootstrap, committing));
  note('offsets are committed');
  if (profile === 'idle') {
    await Promise.all([...producers.values()].map((producer) => producer.stop()));
    return;
  }
  for (const producer of producers.values()) producer.run();
  for (const group of groups) startGroup(bootstrap, group);
  await Promise.all(members.map((member) => member.joined));
  note('members have joined');
}

function startGroup(bootstrap: string, group: GroupShape): void {
  if (group.behaviour === 'abandoned' || group.protocol === 'consumer') return;
  if (group.behaviour === 'stalled') stalledGroups.add(group.id);
  for (let index = 0; index < group.members; index += 1) {
    members.push(startMember(bootstrap, group, index, () => stalledGroups.has(group.id)));
  }
}

/** Healthy groups start at the end; the others behind it, and known to the broker before a member joins. */
async function startingPoints(bootstrap: string, groups: GroupShape[]): Promise<CommittedOffsets[]> {
  return Promise.all(
    groups.map(async (group) => {
      const ends = [...(await endOffsets(bootstrap, group.topic))];
      const behind = (end: bigint): bigint => BigInt(Math.floor(Number(end) * committedShareOfHistory));
      const offsets = ends.map(
        ([partition, end]) => [partition, group.behaviour === 'healthy' ? end : behind(end)] as const,
      );
      return { groupId: group.id, topic: group.topic, offsets: new Map(offsets) };
    }),
  );
}
