// The level at which retention deletes as fast as producers write, for the volume of each broker (rules of Kafka's log cleaner). A forecast
// that does not know it cries wolf on every new topic; one that guesses it too low hides a full disk. So any unknown makes it unknown.
import type { SectionValue } from '../snapshot/schema.ts';
import { plateauBytes, type ReplicaLoad } from './disk-forecast.ts';
import { effectiveRetention } from './effective-retention.ts';
import { GIB, type LoadInputs, topicLoads } from './topic-load.ts';
import { configNumber, configValue } from './topology.ts';

/** `log.retention.check.interval.ms`, which MSK leaves at Kafka's default. */
const CHECK_INTERVAL_MS = 300_000;
/** Indexes, and segments that wait for their deletion. */
const OVERHEAD = 1.1;

/**
 * Percent of the volume by broker id; null where a rate, a limit or a size is not known, or something grows without end.
 * @param meanBytesInPerSec of the whole cluster over days: the looks of one run tell only how the topics share it
 */
export function diskPlateaus(
  inputs: LoadInputs,
  { takenAtMs, volumeGiB, meanBytesInPerSec }: { takenAtMs: number; volumeGiB: number; meanBytesInPerSec: number },
): Map<number, number> | null {
  const { kafkaTopics: topics, kafkaTopicConfigs: configs } = inputs;
  if (!topics.ok || !configs.ok || topics.partial !== undefined || configs.partial !== undefined) return null;
  const loads = new Map(topicLoads(inputs, takenAtMs).map((load) => [load.topic, load]));
  let seenPerSec = 0;
  for (const { topic, bytesPerSec } of loads.values()) {
    if (bytesPerSec === null && deletes(configs.value, topic)) return null;
    seenPerSec += bytesPerSec ?? 0;
  }
  if (seenPerSec <= 0) return null;
  const scale = meanBytesInPerSec / seenPerSec;
  const byBroker = new Map<number, ReplicaLoad[]>();
  for (const { name, partitions } of topics.value) {
    const own = loads.get(name);
    for (const { partition, replicas } of partitions) {
      const load = own?.partitions.find((each) => each.partition === partition);
      const replica = load === undefined ? null : replicaLoad(configs.value, name, load, scale);
      if (replica === null) return null;
      for (const broker of replicas) byBroker.set(broker, [...(byBroker.get(broker) ?? []), replica]);
    }
  }
  const plateaus = new Map<number, number>();
  for (const [broker, replicas] of byBroker) {
    const bytes = plateauBytes(replicas);
    if (bytes === null) return null;
    plateaus.set(broker, (100 * OVERHEAD * bytes) / (volumeGiB * GIB));
  }
  return plateaus;
}

type Configs = SectionValue<'kafkaTopicConfigs'>;

function deletes(configs: Configs, topic: string): boolean {
  return configValue(configs, topic, 'cleanup.policy')?.includes('delete') !== false;
}

function replicaLoad(
  configs: Configs,
  topic: string,
  { bytesPerSec, sizeBytes }: { bytesPerSec: number | null; sizeBytes: number | null },
  scale: number,
): ReplicaLoad | null {
  if (configValue(configs, topic, 'remote.storage.enable') === 'true') return null;
  // A compacted log keeps about what it has.
  if (!deletes(configs, topic))
    return sizeBytes === null ? null : { bytesInPerSec: 1, retainedSec: null, limitBytes: sizeBytes };
  const of = (key: string) => configNumber(configs, topic, key);
  const [retentionMs, retentionBytes] = [of('retention.ms'), of('retention.bytes')];
  const [segmentBytes, segmentMs] = [of('segment.bytes'), of('segment.ms')];
  if (bytesPerSec === null || retentionMs === null || retentionBytes === null) return null;
  if (segmentBytes === null || segmentMs === null) return null;
  const partitionBytesPerSec = bytesPerSec * scale;
  const retention = effectiveRetention({
    retentionMs,
    segmentBytes,
    segmentMs,
    partitionBytesPerSec,
    checkIntervalMs: CHECK_INTERVAL_MS,
  });
  return {
    bytesInPerSec: partitionBytesPerSec,
    retainedSec: retention.worstRecordAgeSeconds,
    limitBytes: retentionBytes < 0 ? null : retentionBytes + segmentBytes,
  };
}
