// What Kafka's own command line tools say of the cluster itself: disks, moves, quorum, quotas, and the newest kinds of group.
import { byText, numbers, type Witness } from './witness.ts';

export interface WitnessedReplica {
  broker: number;
  topic: string;
  partition: number;
  sizeBytes: number;
  offsetLag: string;
  isFuture: boolean;
}

export interface WitnessedMove {
  topic: string;
  partition: number;
  replicas: number[];
  adding: number[];
  removing: number[];
}

export interface WitnessedQuorum {
  leaderId: number;
  leaderEpoch: number;
  highWatermark: bigint;
  voters: number[];
  observers: number[];
}

/** Every replica on every broker, without those of internal topics: they grow while one looks. */
export async function witnessReplicas(witness: Witness): Promise<WitnessedReplica[]> {
  const out = await witness.run('kafka-log-dirs', '--describe');
  const { brokers } = JSON.parse(out.split('\n').find((line) => line.startsWith('{'))!) as LogDirs;
  const rows = brokers.flatMap(({ broker, logDirs }) =>
    logDirs.flatMap(({ partitions }) =>
      partitions.map(({ partition: name, size, offsetLag, isFuture }) => {
        const [, topic, partition] = /^(.*)-(\d+)$/.exec(name)!;
        return { broker, topic: topic!, partition: Number(partition), sizeBytes: size, offsetLag, isFuture };
      }),
    ),
  );
  return rows
    .filter(({ topic }) => !topic.startsWith('__'))
    .map((row) => ({ ...row, offsetLag: String(row.offsetLag) }))
    .sort(byText);
}

interface LogDirs {
  brokers: {
    broker: number;
    logDirs: { partitions: { partition: string; size: number; offsetLag: number; isFuture: boolean }[] }[];
  }[];
}

export async function witnessMoves(witness: Witness): Promise<WitnessedMove[]> {
  const out = await witness.run('kafka-reassign-partitions', '--list');
  const rows = out.matchAll(/^(\S+)-(\d+): replicas: ([\d,]*)\.(?: adding: ([\d,]*)\.)?(?: removing: ([\d,]*)\.)?/gm);
  return [...rows]
    .map(([, topic, partition, replicas, adding, removing]) => ({
      topic: topic!,
      partition: Number(partition),
      replicas: numbers(replicas!),
      adding: numbers(adding ?? ''),
      removing: numbers(removing ?? ''),
    }))
    .sort(byText);
}

export async function witnessQuorum(witness: Witness): Promise<WitnessedQuorum> {
  const out = await witness.run('kafka-metadata-quorum', 'describe', '--status');
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(out)![1]!;
  const ids = (name: string): number[] =>
    [...field(name).matchAll(/"id": (\d+)/g)].map(([, id]) => Number(id)).sort((a, b) => a - b);
  return {
    leaderId: Number(field('LeaderId')),
    leaderEpoch: Number(field('LeaderEpoch')),
    highWatermark: BigInt(field('HighWatermark')),
    voters: ids('CurrentVoters'),
    observers: ids('CurrentObservers'),
  };
}

/** Node id to the log end offset, and whether it votes. */
export async function witnessQuorumReplicas(witness: Witness): Promise<Map<number, { end: bigint; votes: boolean }>> {
  const out = await witness.run('kafka-metadata-quorum', 'describe', '--replication');
  const rows = out.matchAll(/^(\d+)\s+\S+\s+(\d+)\s+\d+\s+\d+\s+\d+\s+(\w+)/gm);
  return new Map(
    [...rows].map(([, id, end, status]) => [Number(id), { end: BigInt(end!), votes: status !== 'Observer' }]),
  );
}

/** Each quota in one line: `user=alice client-id=app producer_byte_rate=1048576`. */
export async function witnessQuotas(witness: Witness): Promise<string[]> {
  const kinds = [['users'], ['clients'], ['users', 'clients'], ['ips']];
  const outs = await Promise.all(
    kinds.map((kind) => witness.run('kafka-configs', '--describe', ...kind.flatMap((each) => ['--entity-type', each]))),
  );
  const lines: string[] = [];
  for (const [, entities, quotas] of outs.join('\n').matchAll(/^Quota configs for (.*) are (.*)$/gm)) {
    const entity = entities!.split(', ').map(quotaEntity).join(' ');
    for (const [, key, value] of quotas!.matchAll(/(\w+)=([\d.E]+)/g)) lines.push(`${entity} ${key}=${Number(value)}`);
  }
  return lines.sort();
}

/** `user-principal 'alice'`, `the default client-id`. */
function quotaEntity(text: string): string {
  const type = /user|client-id|ip/.exec(text)![0];
  return `${type}=${/'(.*)'/.exec(text)?.[1] ?? '<default>'}`;
}

export interface WitnessedKind {
  group: string;
  type: string;
  protocol: string;
}

/** Kafka 4.x: every group with its type and protocol. */
export async function witnessKinds(witness: Witness): Promise<WitnessedKind[]> {
  const out = await witness.run('kafka-groups', '--list');
  const rows = out.matchAll(/^(\S+)[ ]+(Classic|Consumer|Share|Streams)[ ]*(\S*)[ ]*$/gm);
  return [...rows]
    .map(([, group, type, protocol]) => ({ group: group!, type: type!.toLowerCase(), protocol: protocol! }))
    .sort(byText);
}

/** Kafka 4.x: coordinator, state and number of members of the share groups or the Streams groups. */
export async function witnessNewGroups(witness: Witness, tool: 'kafka-share-groups' | 'kafka-streams-groups') {
  const out = await witness.run(tool, '--describe', '--all-groups', '--state');
  return [...out.matchAll(/^(\S+)\s+\S+:\d+\s+\((\d+)\)\s+(\w+)\s+(\d+)\s*$/gm)].map(
    ([, group, coordinator, state, members]) => ({
      group: group!,
      coordinator: Number(coordinator),
      state: state!,
      members: Number(members),
    }),
  );
}
