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
  members: number;
}

export interface WitnessedMember {
  group: string;
  memberId: string;
  host: string;
  clientId: string;
  /** `topic:0,1,2` for each topic, sorted; without the topic's name on Kafka 3.9. */
  assignment: string[];
}

/** Cells of the lines that are neither a heading nor prose. */
function table(out: string, columns: number): string[][] {
  const rows = out.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter((cells) => cells.length >= columns && cells[0] !== 'GROUP' && cells[0] !== 'Consumer');
}

const numbers = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number));
const orNull = (cell: string): string | null => (cell === '-' ? null : cell);
const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

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

  async groupOffsets(): Promise<WitnessedOffset[]> {
    const out = await this.run('kafka-consumer-groups', '--describe', '--all-groups', '--offsets');
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
    // GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS; the strategy may be empty.
    const rows = [...out.matchAll(/^(\S+)\s+\S+:\d+\s+\((\d+)\)\s+(?:\S+\s+)?(\w+)\s+(\d+)\s*$/gm)];
    return rows
      .map(([, group, coordinator, state, members]) => ({
        group: group!,
        coordinator: Number(coordinator),
        state: state!,
        members: Number(members),
      }))
      .sort(byText);
  }

  async members(): Promise<WitnessedMember[]> {
    const out = await this.run('kafka-consumer-groups', '--describe', '--all-groups', '--members', '--verbose');
    const rows = [...out.matchAll(/^(\S+)\s+(\S+)\s+(\/\S+)\s+(\S+)\s+\d+\s+(.*)$/gm)];
    return rows
      .map(([, group, memberId, host, clientId, rest]) => ({
        group: group!,
        memberId: memberId!,
        host: host!,
        clientId: clientId!,
        assignment: assignmentOf(rest!),
      }))
      .sort(byText);
  }

  /** Topic to its effective settings. */
  async topicConfigs(): Promise<Record<string, Record<string, string>>> {
    const out = await this.run('kafka-configs', '--describe', '--entity-type', 'topics', '--all');
    const topics: Record<string, Record<string, string>> = {};
    let current: Record<string, string> = {};
    for (const line of out.split('\n')) {
      const heading = /^All configs for topic (\S+) are:/.exec(line);
      if (heading !== null) topics[heading[1]!] = current = {};
      const entry = /^ {2}([a-z.]+)=(.*?) sensitive=/.exec(line);
      if (entry !== null) current[entry[1]!] = entry[2]!;
    }
    return topics;
  }
}

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
