// The level at which retention holds each broker's volume, for the forecasts of the check and of the KPI (K29).
import { METRICS } from '../facts/metric-catalogue.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { diskPlateaus } from './disk-plateau.ts';
import { findHourly, trustedPoints } from './series.ts';
import { mean, sum } from './statistics.ts';
import type { LoadInputs } from './topic-load.ts';

/**
 * Percent of the volume by broker id; null where anything of it is not known.
 * @param lastHours by the traffic of so many last hours; of all of the weeks by default
 */
export function brokerPlateaus(
  metrics: SectionValue<'metrics'>,
  cluster: Collected<SectionValue<'cluster'>>,
  loads: LoadInputs,
  takenAtMs: number,
  lastHours = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, number> | null {
  if (!cluster.ok || cluster.value.kind !== 'provisioned-standard') return null;
  const { volumeGiBPerBroker: volumeGiB, brokerCount } = cluster.value;
  const means = findHourly(metrics, METRICS.bytesIn).map((series) =>
    mean(trustedPoints(series, { dropLast: 0 }).measured.slice(-lastHours)),
  );
  const known = means.filter((value) => value !== null);
  if (volumeGiB === null || known.length < brokerCount) return null;
  const plateaus = diskPlateaus(loads, { takenAtMs, volumeGiB, meanBytesInPerSec: sum(known) });
  return plateaus && new Map([...plateaus].map(([brokerId, percent]) => [String(brokerId), percent]));
}
