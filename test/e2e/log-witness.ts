// What Kafka's own tools say of batches in the segment files, and of the producers that a leader remembers.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { runKafkaTool } from '../../sandbox/kafka/tools.ts';

export interface DumpedBatch {
  sizeBytes: number;
  records: number;
  codec: string;
  maxTimestampMs: number;
  isTransactional: boolean;
  isIdempotent: boolean;
  isLogAppendTime: boolean;
  /** Of the first record, which is what a batch counts its timestamps from; not shown where the broker sets them. */
  firstTimestampMs: number | null;
}

/** Topic to the batches of its partition 0 that are no transaction markers, by `kafka-dump-log`, oldest first. */
export async function dumpedBatches(
  cluster: KafkaCluster,
  topics: readonly string[],
): Promise<Record<string, DumpedBatch[]>> {
  const [broker] = cluster.brokers;
  const files = topics.flatMap((topic) => {
    const folder = join(broker!.logDir, `${topic}-0`);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(folder, name));
  });
  const out = await runKafkaTool(cluster, 'kafka-dump-log', ['--deep-iteration', '--files', files.join(',')]);
  const found: Record<string, DumpedBatch[]> = {};
  let batches: DumpedBatch[] = [];
  for (const line of out.split('\n')) {
    const topic = /^Dumping .*\/([^/]+)-0\/[^/]+\.log$/.exec(line)?.[1];
    if (topic !== undefined) {
      batches = found[topic] ?? [];
      found[topic] = batches;
    } else if (line.startsWith('baseOffset:')) {
      if (!line.includes('isControl: true')) batches.push(batchOf(line));
    } else if (line.startsWith('|')) {
      const last = batches.at(-1);
      const time = /CreateTime: (-?\d+)/.exec(line)?.[1];
      if (last !== undefined && time !== undefined) last.firstTimestampMs ??= Number(time);
    }
  }
  return found;
}

function batchOf(line: string): DumpedBatch {
  const field = (name: string) => new RegExp(`(?:^| )${name}: (\\S+)`).exec(line)?.[1];
  const createTime = field('CreateTime');
  return {
    sizeBytes: Number(field('size')),
    records: Number(field('count')),
    codec: field('compresscodec')!.toLowerCase(),
    maxTimestampMs: Number(createTime ?? field('LogAppendTime')),
    isTransactional: field('isTransactional') === 'true',
    isIdempotent: Number(field('producerId')) >= 0,
    isLogAppendTime: createTime === undefined,
    firstTimestampMs: null,
  };
}

export interface WitnessedProducer {
  producerId: string;
  producerEpoch: number;
  coordinatorEpoch: number;
  lastSequence: number;
  lastTimestampMs: number;
  openTransactionStart: string | null;
}

/** Of partition 0, by `kafka-transactions`, in the order of their ids. */
export async function describedProducers(cluster: KafkaCluster, topic: string): Promise<WitnessedProducer[]> {
  const out = await runKafkaTool(cluster, 'kafka-transactions', [
    'describe-producers',
    '--topic',
    topic,
    '--partition',
    '0',
  ]);
  const rows = out.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter((cells) => /^\d+$/.test(cells[0] ?? ''))
    .map(([id, epoch, coordinator, sequence, timestamp, start]) => ({
      producerId: id!,
      producerEpoch: Number(epoch),
      coordinatorEpoch: Number(coordinator),
      lastSequence: Number(sequence),
      lastTimestampMs: Number(timestamp),
      openTransactionStart: start === 'None' ? null : start!,
    }))
    .sort((a, b) => Number(a.producerId) - Number(b.producerId));
}
