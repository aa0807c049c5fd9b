import { expect, test } from 'vitest';
import type { MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { ALL_METRICS } from '../../lib/facts/metric-catalogue-all.ts';
import { PAID_METRICS } from '../../lib/facts/paid-metrics.ts';

const LAST_DIMENSION = {
  PER_BROKER: 'Broker ID',
  PER_TOPIC_PER_BROKER: 'Topic',
  PER_TOPIC_PER_PARTITION: 'Partition',
} as const;

test('the counts are those of the whole catalogue, by kind, level and condition', () => {
  const counts = new Map<string, number>();
  for (const row of Object.values(ALL_METRICS) as MetricDefinition[]) {
    if (row.level === 'DEFAULT') continue;
    // What a level multiplies by is the last dimension of all its rows.
    expect(row.dimensions.at(-1), row.name).toBe(LAST_DIMENSION[row.level]);
    for (const kind of row.kinds) {
      const key = `${kind} ${row.level} ${row.condition ?? 'always'}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const told = Object.entries(PAID_METRICS).flatMap(([kind, levels]) =>
    Object.entries(levels).flatMap(([level, conditions]) =>
      Object.entries(conditions).map(([condition, count]) => [`${kind} ${level} ${condition}`, count] as const),
    ),
  );
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counts));
});
