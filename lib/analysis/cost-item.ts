// One line of a cost before it is priced, and what several lines count by.
import type { Sections } from '../snapshot/schema.ts';

/** AWS's own convention for a month of hourly prices. */
export const HOURS_PER_MONTH = 730;

/** Sections that tell how much is used; one that is absent was not asked for, and leaves what it would tell unknown or out. */
export type CostUsage = Pick<
  Sections,
  'metrics' | 'connectors' | 'security' | 'kafkaTopics' | 'mskTopics' | 'kafkaOffsets'
>;

/** A line before it is priced. */
export interface CostItem {
  label: string;
  /** Null = unknown. */
  quantity: number | null;
  unit: string;
  /** The first of these that has a price. */
  priceKeys: readonly [string, ...string[]];
  /** Why the quantity is unknown, or what a measured or estimated one rests on. */
  note?: string;
  /** More may be used than could be measured. */
  isAtLeast?: true;
}

/** Topics of the user, from Kafka or from MSK's topic API; Kafka's own are not billed. Null when neither was read in full. */
export function topicsOf({ kafkaTopics, mskTopics }: CostUsage): { count: number; partitions: number | null } | null {
  if (kafkaTopics?.ok === true && kafkaTopics.partial === undefined) {
    const own = kafkaTopics.value.filter((topic) => !topic.internal);
    return { count: own.length, partitions: own.reduce((total, topic) => total + topic.partitions.length, 0) };
  }
  if (mskTopics?.ok !== true || mskTopics.partial !== undefined) return null;
  const own = mskTopics.value.filter(({ name }) => !name.startsWith('__'));
  const counts = own.map(({ partitionCount }) => partitionCount);
  const known = counts.filter((count) => count !== null);
  const partitions = known.length < counts.length ? null : known.reduce((total, count) => total + count, 0);
  return { count: own.length, partitions };
}

export function product(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

export function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}
