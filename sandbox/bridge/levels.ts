export type MetricLevel = 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION';

const ORDER: readonly MetricLevel[] = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];

/** Levels are cumulative: a cluster publishes what its level and every lower one hold. */
export function published(level: MetricLevel, clusterLevel: MetricLevel): boolean {
  return ORDER.indexOf(level) <= ORDER.indexOf(clusterLevel);
}
