// Raising a topic's retention: the one dynamic setting that buys a late group time, and what it costs.
import { configNumber, configValue } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatQuantity } from '../../text/units.ts';
import type { ClusterKind, Impact, RunContext } from '../check.ts';
import { setTopicConfig } from './commands.ts';
import { roomBytes, roomOfDirs } from './disk-room.ts';
import { addedCost, priceOf } from './money.ts';
import { listed, missingBecause } from './wording.ts';

type LogDirs = Collected<SectionValue<'kafkaLogDirs'>>;

const LIMITS = ['retention.ms', 'retention.bytes'] as const;

interface RoomInputs {
  cluster: Collected<SectionValue<'cluster'>>;
  metrics: Collected<SectionValue<'metrics'>>;
  kafkaLogDirs: LogDirs;
  kafkaTopicConfigs: Collected<SectionValue<'kafkaTopicConfigs'>>;
}

/**
 * Why the disks may not hold as much of the topic again, for the middle of a sentence; null where they do, or where storage grows by
 * itself.
 */
export function noRoomBecause(
  topic: string,
  { cluster, metrics, kafkaLogDirs, kafkaTopicConfigs }: RoomInputs,
  run: RunContext,
): string | null {
  if (run.clusterKind === 'provisioned-express' || run.clusterKind === 'serverless') return null;
  // What is tiered grows in S3.
  if (kafkaTopicConfigs.ok && configValue(kafkaTopicConfigs.value, topic, 'remote.storage.enable') === 'true')
    return null;
  const { diskPercent } = run.checks['retention-unbounded'];
  const room =
    run.clusterKind === 'kafka' ? roomOfDirs(kafkaLogDirs, diskPercent) : roomBytes(cluster, metrics, diskPercent, run);
  const more = storedBytes(topic, kafkaLogDirs).all;
  if (room === null || more === 0) return `nobody could tell whether the disks hold twice ${listed([topic])}`;
  if (more <= room) return null;
  return `twice ${listed([topic])} takes ${formatQuantity(more, 'bytes')} more, and the disks have ${formatQuantity(Math.max(0, room), 'bytes')} below ${formatQuantity(diskPercent, 'percent')}`;
}

/** The action of who needs a longer retention for a while. */
export function raiseAction(noRoom: string | null, raise: string, capacity: string): string {
  return noRoom === null
    ? `${raise}, and ${capacity}`
    : `First ${capacity}, and grow the volumes before the retention is raised, because ${noRoom}`;
}

function storedBytes(topic: string, logDirs: LogDirs): { all: number; oneCopy: number } {
  const replicas = (logDirs.ok ? logDirs.value : []).flatMap(({ topics }) =>
    Object.hasOwn(topics, topic) ? topics[topic]! : [],
  );
  const largest = new Map<number, number>();
  let all = 0;
  for (const { partition, sizeBytes } of replicas) {
    all += sizeBytes;
    largest.set(partition, Math.max(largest.get(partition) ?? 0, sizeBytes));
  }
  return { all, oneCopy: [...largest.values()].reduce((a, b) => a + b, 0) };
}

/** Commands that double every limit the topic has; none when its limits are unknown or there are none. */
export function doubleRetention(configs: Collected<SectionValue<'kafkaTopicConfigs'>>, topic: string): Command[] {
  if (!configs.ok) return [];
  return LIMITS.flatMap((key) => {
    const limit = configNumber(configs.value, topic, key);
    if (limit === null || limit <= 0) return [];
    const purpose = `Double ${key} of ${safeLabel(topic, 80)} from ${limit} until the group has caught up`;
    return [setTopicConfig(purpose, topic, key, String(limit * 2))];
  });
}

/** Standard bills every replica, the others one copy. */
const STORAGE_PRICES: Partial<Readonly<Record<ClusterKind, string>>> = {
  'provisioned-standard': 'storage/gp2',
  'provisioned-express': 'express/storage',
};
const GIB = 1024 ** 3;

/** A month of as many bytes again as the topic keeps now; on Standard brokers only if the volumes must grow for it. */
export function doublingCost(
  topic: string,
  logDirs: LogDirs,
  prices: Collected<SectionValue<'prices'>>,
  kind: ClusterKind,
): Impact {
  const key = STORAGE_PRICES[kind];
  if (key === undefined) return { kind: 'unknown', because: 'the price of storage here is not known' };
  if (!logDirs.ok) return { kind: 'unknown', because: missingBecause('the size of the topic', logDirs) };
  const { all, oneCopy } = storedBytes(topic, logDirs);
  if (all === 0) return { kind: 'unknown', because: 'the size of the topic is not known' };
  const price = priceOf(prices, key);
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  const isStandard = kind === 'provisioned-standard';
  const bytes = isStandard ? all : oneCopy;
  const label = isStandard ? 'As much again, if the volumes must grow' : 'As much again';
  return addedCost(label, bytes / GIB, 'GiB-month', price.usd);
}
