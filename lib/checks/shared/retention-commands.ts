// Raising a topic's retention: the one dynamic setting that buys a late group time, and what it costs.
import { configNumber } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
import type { ClusterKind, Impact } from '../check.ts';
import { setTopicConfig } from './commands.ts';
import { addedCost, priceOf } from './money.ts';
import { missingBecause } from './wording.ts';

const LIMITS = ['retention.ms', 'retention.bytes'] as const;

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
  logDirs: Collected<SectionValue<'kafkaLogDirs'>>,
  prices: Collected<SectionValue<'prices'>>,
  kind: ClusterKind,
): Impact {
  const key = STORAGE_PRICES[kind];
  if (key === undefined) return { kind: 'unknown', because: 'the price of storage here is not known' };
  if (!logDirs.ok) return { kind: 'unknown', because: missingBecause('the size of the topic', logDirs) };
  const replicas = logDirs.value.flatMap(({ topics }) => (Object.hasOwn(topics, topic) ? topics[topic]! : []));
  const largest = new Map<number, number>();
  let all = 0;
  for (const { partition, sizeBytes } of replicas) {
    all += sizeBytes;
    largest.set(partition, Math.max(largest.get(partition) ?? 0, sizeBytes));
  }
  if (all === 0) return { kind: 'unknown', because: 'the size of the topic is not known' };
  const price = priceOf(prices, key);
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  const isStandard = kind === 'provisioned-standard';
  const bytes = isStandard ? all : [...largest.values()].reduce((a, b) => a + b, 0);
  const label = isStandard ? 'As much again, if the volumes must grow' : 'As much again';
  return addedCost(label, bytes / GIB, 'GiB-month', price.usd);
}
