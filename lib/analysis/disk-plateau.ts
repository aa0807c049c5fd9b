// The level at which retention deletes as fast as producers write, for the volume of each broker (rules of Kafka's log cleaner). A forecast
// that does not know it cries wolf on every new topic; one that guesses it too low hides a full disk. So any unknown makes it unknown.
import type { SectionValue } from '../snapshot/schema.ts';
import { plateauBytes, type ReplicaLoad } from './disk-forecast.ts';
import { effectiveRetention } from './effective-retention.ts';
import { GIB, type LoadInputs, type PartitionLoad, topicLoads } from './topic-load.ts';
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
  for (const { bytesPerSec } of loads.values()) seenPerSec += bytesPerSec ?? 0;
  if (seenPerSec <= 0) return null;
  const scale = meanBytesInPerSec / seenPerSec;
  const bytesByBroker = new Map<number, number>();
  for (const { name, partitions } of topics.value) {
    const own = loads.get(name);
    const settings = settingsOf(configs.value, name);
    if (own === undefined || settings === null) return null;
    for (let i = 0; i < partitions.length; i++) {
      // Loads are in the order of the metadata.
      const replica = replicaLoad(settings, own.partitions[i]!, scale);
      const bytes = replica === null ? null : plateauBytes([replica]);
      if (bytes === null) return null;
      for (const broker of partitions[i]!.replicas) bytesByBroker.set(broker, (bytesByBroker.get(broker) ?? 0) + bytes);
    }
  }
  const plateaus = new Map<number, number>();
  for (const [broker, bytes] of bytesByBroker) {
    plateaus.set(broker, (100 * OVERHEAD * bytes) / (volumeGiB * GIB));
  }
  return plateaus;
}

type Configs = SectionValue<'kafkaTopicConfigs'>;

function deletes(configs: Configs, topic: string): boolean {
  return configValue(configs, topic, 'cleanup.policy')?.includes('delete') !== false;
}

interface Retention {
  retentionMs: number;
  retentionBytes: number;
  segmentBytes: number;
  segmentMs: number;
}

/** Null where one is not known, or where the log has no end on these volumes. */
function settingsOf(configs: Configs, topic: string): Retention | 'compacted' | null {
  if (configValue(configs, topic, 'remote.storage.enable') === 'true') return null;
  if (!deletes(configs, topic)) return 'compacted';
  const of = (key: string) => configNumber(configs, topic, key);
  const [retentionMs, retentionBytes] = [of('retention.ms'), of('retention.bytes')];
  const [segmentBytes, segmentMs] = [of('segment.bytes'), of('segment.ms')];
  return retentionMs === null || retentionBytes === null || segmentBytes === null || segmentMs === null
    ? null
    : { retentionMs, retentionBytes, segmentBytes, segmentMs };
}

function replicaLoad(
  settings: Retention | 'compacted',
  { bytesPerSec, sizeBytes }: PartitionLoad,
  scale: number,
): ReplicaLoad | null {
  // A compacted log keeps about what it has; of unknown size it has no limit either.
  if (settings === 'compacted') return { bytesInPerSec: 1, retainedSec: null, limitBytes: sizeBytes };
  if (bytesPerSec === null) return null;
  const { retentionMs, retentionBytes, segmentBytes, segmentMs } = settings;
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
