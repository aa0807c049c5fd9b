import type { GroupLag } from './kafka/reader.ts';
import type { Rates } from './rates.ts';

export interface LagFigure {
  name: string;
  unit: string;
  value: number | undefined;
}

/** MSK's lag metrics of one group and topic. A time that cannot be estimated is not published. */
export function lagFigures(lag: GroupLag, rates: Rates, atMs: number): LagFigure[] {
  const partitions = lag.partitions.map(({ partition, committed, end }) => {
    const key = `lag/${lag.group}/${lag.topic}/${partition}`;
    return {
      lag: Math.max(0, Number(end - committed)),
      consumedPerSec: rates.perSec(`${key}/committed`, Number(committed), atMs),
      producedPerSec: rates.perSec(`${key}/end`, Number(end), atMs),
    };
  });
  const worst = partitions.reduce((a, b) => (b.lag > a.lag ? b : a));
  const timesSec = partitions.map(({ lag: records, producedPerSec }) => secondsFor(records, producedPerSec));
  const known = timesSec.filter((sec) => sec !== undefined);
  return [
    { name: 'SumOffsetLag', unit: 'Count', value: partitions.reduce((sum, one) => sum + one.lag, 0) },
    { name: 'MaxOffsetLag', unit: 'Count', value: worst.lag },
    // The time to drain the largest lag at the pace of the last minute; a group that stands still never drains it.
    { name: 'EstimatedMaxTimeLag', unit: 'Seconds', value: secondsFor(worst.lag, worst.consumedPerSec) },
    // How long ago the oldest unread record was written, at the pace of the last minute.
    { name: 'RollingEstimatedTimeLagMax', unit: 'Seconds', value: known.length === 0 ? undefined : Math.max(...known) },
  ];
}

function secondsFor(records: number, perSec: number | undefined): number | undefined {
  if (records === 0) return 0;
  return perSec === undefined || perSec <= 0 ? undefined : records / perSec;
}
