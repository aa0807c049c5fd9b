// Tables about partitions in trouble, and the brokers behind them.
import type { PartitionHealth } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import type { Evidence, RunContext } from '../check.ts';
import { kafkaTool } from './commands.ts';
import { MAX_ROWS, metadataSource } from './wording.ts';

/** `kafka-topics.sh --describe` with the filter that shows the same partitions. */
export function listPartitions(purpose: string, filter: string): Command {
  return kafkaTool('kafka-topics.sh', { purpose, args: ['--describe', filter] });
}

export function partitionTable(
  title: string,
  all: readonly PartitionHealth[],
  reproduce: Command,
  run: RunContext,
): Evidence {
  const rest = all.length > MAX_ROWS ? `; ${MAX_ROWS} of ${all.length} rows` : '';
  return {
    title,
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'partition', label: 'Partition', as: 'count' },
      { key: 'leader', label: 'Leader', as: 'name' },
      { key: 'replicas', label: 'Replicas', as: 'name' },
      { key: 'isr', label: 'ISR', as: 'name' },
      { key: 'minIsr', label: 'min.insync.replicas', as: 'count' },
    ],
    rows: all.slice(0, MAX_ROWS).map(({ topic, partition, leader, replicas, isr, minInsyncReplicas }) => ({
      topic,
      partition,
      leader: leader < 0 ? 'none' : String(leader),
      replicas: replicas.join(','),
      isr: isr.join(','),
      minIsr: minInsyncReplicas,
    })),
    source: metadataSource(run) + rest,
    reproduce,
  };
}

/** Brokers whose replica is not in sync, with their partitions; the one that lacks most comes first. */
export function missingByBroker(all: readonly PartitionHealth[]): [number, PartitionHealth[]][] {
  const missing = new Map<number, PartitionHealth[]>();
  for (const partition of all) {
    for (const id of partition.replicas.filter((replica) => !partition.isr.includes(replica))) {
      const its = missing.get(id);
      if (its === undefined) missing.set(id, [partition]);
      else its.push(partition);
    }
  }
  return [...missing].sort(([a, inA], [b, inB]) => inB.length - inA.length || a - b);
}

/** Brokers that hold replicas and are not in the cluster's live list; none when nobody could look. */
export function goneBrokers(
  all: readonly Pick<PartitionHealth, 'replicas'>[],
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>>,
): number[] {
  if (!kafkaBrokers.ok) return [];
  const live = new Set(kafkaBrokers.value.brokers.map((broker) => broker.id));
  const gone = new Set<number>();
  for (const { replicas } of all) for (const id of replicas) if (!live.has(id)) gone.add(id);
  return [...gone].sort((a, b) => a - b);
}

/** Topics that were listed without their partitions: nobody looked at them. */
export function unreadTopics(topics: SectionValue<'kafkaTopics'>): string[] {
  return topics.filter((topic) => topic.error !== null && topic.partitions.length === 0).map((topic) => topic.name);
}
