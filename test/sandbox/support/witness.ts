// What Kafka's own command line tools say, as values. They share no code with the product.
import { type KafkaTool, runKafkaTool, type ToolTarget } from '../../../sandbox/kafka/tools.ts';

export interface WitnessedPartition {
  topic: string;
  partition: number;
  leader: number;
  replicas: number[];
  isr: number[];
}

export interface WitnessedOffset {
  group: string;
  topic: string;
  partition: number;
  committed: string | null;
  end: string;
  lag: string | null;
}

export interface WitnessedGroup {
  group: string;
  coordinator: number;
  state: string;
  assignor: string;
  members: number;
}

export interface WitnessedMember {
  group: string;
  memberId: string;
  instanceId: string | null;
  host: string;
  clientId: string;
  /** `topic:0,1,2` for each topic, sorted; without the topic's name on Kafka 3.9. */
  assignment: string[];
}

/** Key to its value and to where Kafka has it from. */
export type WitnessedConfigs = Record<string, { value: string | null; source: string }>;

/** Cells of the lines that are neither a heading nor prose. */
function table(out: string, columns: number): string[][] {
  const rows = out.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter((cells) => cells.length >= columns && cells[0] !== 'GROUP' && cells[0] !== 'Consumer');
}

export const numbers = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number));
const orNull = (cell: string): string | null => (cell === '-' ? null : cell);
export const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

export class Witness {
  private readonly cluster: ToolTarget;

  constructor(cluster: ToolTarget) {
    this.cluster = cluster;
  }

  async run(tool: KafkaTool, ...args: string[]): Promise<string> {
    return runKafkaTool(this.cluster, tool, args);
  }

  /** By topic and partition, internal topics included. */
  async partitions(): Promise<WitnessedPartition[]> {
    const out = await this.run('kafka-topics', '--describe');
    const lines = out.matchAll(/Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: ([\d,]*)\s+Isr: ([\d,]*)/g);
    const rows = [...lines].map(([, topic, partition, leader, replicas, isr]) => ({
      topic: topic!,
      partition: Number(partition),
      leader: leader === 'none' ? -1 : Number(leader),
      replicas: numbers(replicas!),
      isr: numbers(isr!).sort((a, b) => a - b),
    }));
    return rows.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  }

  /** `topic:partition` to offset; `-1` asks for the end, `-2` for the start. */
  async logOffsets(time: '-1' | '-2'): Promise<Record<string, string>> {
    const out = await this.run('kafka-get-offsets', '--time', time);
    const rows = out.matchAll(/^(\S+):(\d+):(\d+)$/gm);
    return Object.fromEntries([...rows].map(([, topic, partition, offset]) => [`${topic}:${partition}`, offset!]));
  }

  /** Of these groups, or of all that the tool knows: classic and KIP-848. */
  async groupOffsets(groups?: readonly string[]): Promise<WitnessedOffset[]> {
    const which = groups?.flatMap((group) => ['--group', group]) ?? ['--all-groups'];
    const out = await this.run('kafka-consumer-groups', '--describe', ...which, '--offsets');
    const rows = table(out, 9).map(([group, topic, partition, committed, end, lag]) => ({
      group: group!,
      topic: topic!,
      partition: Number(partition),
      committed: orNull(committed!),
      end: end!,
      lag: orNull(lag!),
    }));
    return rows.sort(byText);
  }

  async groups(): Promise<WitnessedGroup[]> {
    const out = await this.run('kafka-consumer-groups', '--describe', '--all-groups', '--state');
    // GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS; without a strategy 3.9 leaves its cell empty.
    const rows = [...out.matchAll(/^(\S+)\s+\S+:\d+\s+\((\d+)\)\s+(?:(\S+)\s+)?(\w+)\s+(\d+)\s*$/gm)];
    return rows
      .map(([, group, coordinator, assignor, state, members]) => ({
        group: group!,
        coordinator: Number(coordinator),
        state: state!,
        assignor: orNull(assignor ?? '-') ?? '',
        members: Number(members),
      }))
      .sort(byText);
  }

  async members(): Promise<WitnessedMember[]> {
    const out = await this.run('kafka-consumer-groups', '--describe', '--all-groups', '--members', '--verbose');
    // The column of the instance id is there only where a member of the group has one.
    const rows = [...out.matchAll(/^(\S+)\s+(\S+)\s+(?:(\S+)\s+)?(\/\S+)\s+(\S+)\s+\d+\s+(.*)$/gm)];
    return rows
      .map(([, group, memberId, instanceId, host, clientId, rest]) => ({
        group: group!,
        memberId: memberId!,
        instanceId: orNull(instanceId ?? '-'),
        host: host!,
        clientId: clientId!,
        assignment: assignmentOf(rest!),
      }))
      .sort(byText);
  }

  /** Topic to its effective settings. */
  topicConfigs(): Promise<Record<string, WitnessedConfigs>> {
    return this.configs('topic');
  }

  /** Broker id to what that broker runs with. */
  brokerConfigs(): Promise<Record<string, WitnessedConfigs>> {
    return this.configs('broker');
  }

  private async configs(entity: 'topic' | 'broker'): Promise<Record<string, WitnessedConfigs>> {
    const out = await this.run('kafka-configs', '--describe', '--entity-type', `${entity}s`, '--all');
    const found: Record<string, WitnessedConfigs> = {};
    let current: WitnessedConfigs = {};
    for (const line of out.split('\n')) {
      const heading = new RegExp(`^All configs for ${entity} (\\S+) are:`).exec(line);
      if (heading !== null) found[heading[1]!] = current = {};
      const entry = /^ {2}([\w.]+)=(.*?) sensitive=\w+ synonyms=\{(\w*)/.exec(line);
      // The first synonym is the one in force; a setting without any is unset.
      if (entry !== null)
        current[entry[1]!] = { value: entry[2] === 'null' ? null : entry[2]!, source: SOURCES[entry[3]!] ?? 'default' };
    }
    return found;
  }
}

/** Kafka's words to the snapshot's. */
const SOURCES: Record<string, string> = {
  DYNAMIC_TOPIC_CONFIG: 'topic',
  DYNAMIC_BROKER_CONFIG: 'dynamic-broker',
  DYNAMIC_DEFAULT_BROKER_CONFIG: 'dynamic-default-broker',
  STATIC_BROKER_CONFIG: 'static-broker',
};

/**
 * `orders:0,1;payments:2` of 4.x; `(0,1,10,2)` of Kafka 3.9, which leaves the topic out. A KIP-848 member's target assignment stands
 * behind its present one, and is the same in a stable group.
 */
function assignmentOf(text: string): string[] {
  const named = [...text.matchAll(/([\w.-]*)(?:\(([\d,]+)\)|:([\d,]+))/g)];
  const byNumber = (list: string): string =>
    numbers(list)
      .sort((a, b) => a - b)
      .join(',');
  return [...new Set(named.map(([, topic, old, current]) => `${topic}:${byNumber((old ?? current)!)}`))].sort();
}

/** Requests the brokers say they have answered so far, by Kafka's name of the request. */
export async function requestCounts(cluster: {
  brokers: readonly { jmxPort: number }[];
}): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const texts = await Promise.all(
    cluster.brokers.map(async ({ jmxPort }) => (await fetch(`http://127.0.0.1:${jmxPort}/metrics`)).text()),
  );
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const found = /^kafka_network_RequestMetrics_Count\{(.*)\} (\S+)$/.exec(line);
    if (found === null || !found[1]!.includes('name="RequestsPerSec"')) continue;
    const request = /request="(\w+)"/.exec(found[1]!)?.[1] ?? '';
    counts.set(request, (counts.get(request) ?? 0) + Number(found[2]));
  }
  return counts;
}
