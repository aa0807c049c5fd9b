// One number a broker from its series, held against a ladder of limits.

import { seriesQuantile, type TrustedSeries } from '../../analysis/series.ts';
import type { Persistence } from '../../analysis/sustained.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { formatQuantity, type Unit } from '../../text/units.ts';
import type { Evidence, FindingDraft, RunContext, Severity } from '../check.ts';
import { stepFor } from './severity.ts';

export interface Level {
  brokerId: string;
  series: TrustedSeries;
  /** Quantile of the window. */
  value: number;
  highest: number;
}

/** Highest first. Brokers without a point are left out: `coverageGap` names them. */
export function levelsOf(all: ReadonlyMap<string, TrustedSeries>, q: number): Level[] {
  return [...all]
    .flatMap(([brokerId, series]) => {
      const value = seriesQuantile(series, q);
      return value === null ? [] : [{ brokerId, series, value, highest: series.highest ?? value }];
    })
    .sort((a, b) => b.value - a.value);
}

/** Severities in production with their limits, worst first. */
export type Ladder = readonly (readonly [severity: Severity, limit: number])[];

/** One finding a broker whose level is above a limit, and stayed above it long enough to count. */
export function findingsAbove(
  levels: readonly Level[],
  ladder: Ladder,
  persistence: Persistence,
  unit: Unit,
  run: RunContext,
): FindingDraft[] {
  return levels.flatMap(({ brokerId, series, value, highest }): FindingDraft[] => {
    const step = ladder.find(([, limit]) => value > limit && isSustained(series, (each) => each > limit, persistence));
    if (step === undefined) return [];
    const [severity, limit] = step;
    return [
      {
        scope: 'broker',
        resource: brokerId,
        severity: stepFor(run, severity),
        measured: value,
        limit,
        unit,
        note: `highest ${formatQuantity(series.periodSec, 'durationSec')} ${formatQuantity(highest, unit)}`,
        confidence: 1,
      },
    ];
  });
}

export type BrokerColumn = readonly [key: string, label: string, as: Unit, of: (brokerId: string) => number | null];

/** A row a broker in the order given. */
export function brokerTable(
  title: string,
  brokerIds: Iterable<string>,
  columns: readonly BrokerColumn[],
  more: Pick<Evidence, 'source' | 'reproduce'>,
): Evidence {
  return {
    title,
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      ...columns.map(([key, label, as]) => ({ key, label, as })),
    ],
    rows: [...brokerIds].map((broker) => ({
      broker,
      ...Object.fromEntries(columns.map(([key, , , of]) => [key, of(broker)])),
    })),
    ...more,
  };
}

/** Columns for the levels themselves: quantile and highest value. */
export function levelColumns(levels: readonly Level[], label: string, as: Unit): BrokerColumn[] {
  const byId = new Map(levels.map((level) => [level.brokerId, level]));
  return [
    ['level', label, as, (id) => byId.get(id)?.value ?? null],
    ['highest', 'Highest', as, (id) => byId.get(id)?.highest ?? null],
  ];
}

/** Reads a quantile of another metric for a table; null where the broker has none. */
export function quantileOf(all: ReadonlyMap<string, TrustedSeries>, q: number): (brokerId: string) => number | null {
  return (brokerId) => {
    const series = all.get(brokerId);
    return series === undefined ? null : seriesQuantile(series, q);
  };
}
