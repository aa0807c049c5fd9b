import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { runKafkaTool } from '../kafka/tools.ts';

export interface PartitionReplicas {
  topic: string;
  partition: number;
  leader: number;
  /** In order: the first one is the preferred leader. */
  replicas: number[];
}

export async function describeReplicas(cluster: KafkaCluster): Promise<PartitionReplicas[]> {
  const out = await runKafkaTool(cluster, 'kafka-topics', ['--describe']);
  return [...out.matchAll(/Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: ([\d,]+)/g)].map((match) => ({
    topic: match[1]!,
    partition: Number(match[2]),
    leader: match[3] === 'none' ? -1 : Number(match[3]),
    replicas: match[4]!.split(',').map(Number),
  }));
}

/** Only the order changes, so no data moves; an election of the preferred leaders then follows the new order. */
export async function reorderReplicas(cluster: KafkaCluster, wanted: PartitionReplicas[]): Promise<void> {
  const partitions = wanted.map(({ topic, partition, replicas }) => ({ topic, partition, replicas }));
  await withJsonFile({ version: 1, partitions }, (file) =>
    runKafkaTool(cluster, 'kafka-reassign-partitions', ['--execute', '--reassignment-json-file', file]),
  );
  const which = wanted.map(({ topic, partition }) => ({ topic, partition }));
  await withJsonFile({ partitions: which }, (file) =>
    runKafkaTool(cluster, 'kafka-leader-election', ['--election-type', 'preferred', '--path-to-json-file', file]),
  );
}

export async function withJsonFile<T>(content: object, use: (file: string) => Promise<T>): Promise<T> {
  const file = join(tmpdir(), `msk-checkup-sandbox-${process.pid}-${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, JSON.stringify(content));
  try {
    return await use(file);
  } finally {
    rmSync(file, { force: true });
  }
}
