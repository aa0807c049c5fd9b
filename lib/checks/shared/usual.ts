// The last hours against the same hours of the weeks before.
import type { RecentPeriod } from '../../analysis/baseline.ts';
import type { Unit } from '../../text/units.ts';
import type { Evidence } from '../check.ts';

/** Least spread, as a share of what is usual: a steady load has next to none. */
export const USUAL_SPREAD = 0.02;

export function usualTable(title: string, periods: readonly RecentPeriod[], as: Unit): Evidence {
  return {
    title,
    columns: [
      { key: 'hour', label: 'Hour from', as: 'epochMs' },
      { key: 'value', label: 'Measured', as },
      { key: 'usual', label: 'Usual at this hour', as },
      { key: 'change', label: 'Change', as: 'percent' },
    ],
    rows: periods.map(({ atMs, value, median, relChange }) => ({
      hour: atMs,
      value,
      usual: median,
      change: Number.isFinite(relChange) ? 100 * relChange : null,
    })),
    source: 'CloudWatch by the hour, against the median of the same hours of weekdays or weekends of the last weeks',
  };
}
