// A series on a longer period: what is asked for by the minute for one question is judged by the five minutes for another.
import { TrustedSeries } from './trusted-series.ts';

/** The largest value of each longer period, a multiple of the series' own; a period without any value stays a gap. */
export function maxOver(series: TrustedSeries, periodSec: number): TrustedSeries {
  if (series.periodSec === periodSec) return series;
  const factor = periodSec / series.periodSec;
  const periodMs = periodSec * 1000;
  const startMs = Math.floor(series.startMs / periodMs) * periodMs;
  const skipped = (series.startMs - startMs) / (series.periodSec * 1000);
  const values = new Float64Array(Math.ceil((skipped + series.values.length) / factor)).fill(Number.NaN);
  for (let index = 0; index < series.values.length; index++) {
    const value = series.values[index]!;
    if (Number.isNaN(value)) continue;
    const at = Math.floor((skipped + index) / factor);
    values[at] = Number.isNaN(values[at]!) ? value : Math.max(values[at]!, value);
  }
  const expected = Math.ceil(series.expected / factor);
  const { dimensions, silentSec } = series;
  return new TrustedSeries({ dimensions, periodSec, startMs, values, expected, silentSec });
}
