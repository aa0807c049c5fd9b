// How uneven a load was, moment by moment.
import { sumByTimestamp, TrustedSeries } from './series.ts';

/** Each series over the mean of all, only where every one has a point: a silent broker is never taken for an idle one. */
export function overMean<K>(all: ReadonlyMap<K, TrustedSeries>): Map<K, TrustedSeries> {
  const total = sumByTimestamp([...all.values()]);
  return new Map(
    [...all].map(([key, series]) => {
      const offset = (series.startMs - total.startMs) / (total.periodSec * 1000);
      // Without load it is 0 over 0, which is NaN.
      const values = total.values.map((sum, i) => ((series.values[i - offset] ?? Number.NaN) * all.size) / sum);
      const { periodSec, startMs, expected, silentSec } = total;
      return [
        key,
        new TrustedSeries({ dimensions: series.dimensions, periodSec, startMs, values, expected, silentSec }),
      ];
    }),
  );
}
