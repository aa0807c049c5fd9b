// Two metrics of each broker as one: user and system CPU, bytes in and out.
import { sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';

/** Their sum, of brokers that have both, where both have a point. */
export function bothOf(
  a: ReadonlyMap<string, TrustedSeries>,
  b: ReadonlyMap<string, TrustedSeries>,
): Map<string, TrustedSeries> {
  return new Map([...a].flatMap(([id, one]) => (b.has(id) ? [[id, sumByTimestamp([one, b.get(id)!])]] : [])));
}
