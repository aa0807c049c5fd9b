// What a Standard broker's volume can move, how much of it is used, and whether storage autoscaling keeps up with growth.
import type { MaskedInterval } from '../checks/check.ts';
import { brokerSizeOf } from '../facts/broker-sizes.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { MAX_VOLUME_GIB } from '../facts/msk-quotas.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { findSeries, seriesQuantile, sumByTimestamp, trustedPoints } from './series.ts';

const MIB = 1024 ** 2;

/** Throughput of a volume without provisioned throughput, by AWS's skill managing-amazon-msk (manage-storage.md, 2026-08-20). */
export function gp2LimitMiBPerSec(volumeGiB: number): number {
  return Math.min(250, Math.max(128, 0.75 * volumeGiB));
}

export interface StorageLimit {
  miBPerSec: number;
  /** What sets it. */
  by: 'volume' | 'provisioned' | 'instance';
}

/** What one broker's storage can move: the lower of volume and instance; null when the volume or the size is not known. */
export function storageLimit(
  broker: Pick<
    Extract<Cluster, { kind: 'provisioned-standard' }>,
    'instanceType' | 'volumeGiBPerBroker' | 'provisionedThroughputMiBPerSec'
  >,
): StorageLimit | null {
  const { volumeGiBPerBroker: volumeGiB, provisionedThroughputMiBPerSec: provisioned } = broker;
  const instance = brokerSizeOf(broker.instanceType)?.ebsMiBPerSec ?? null;
  if (instance === null || (provisioned === null && volumeGiB === null)) return null;
  const volume = provisioned ?? gp2LimitMiBPerSec(volumeGiB!);
  if (instance < volume) return { miBPerSec: instance, by: 'instance' };
  return { miBPerSec: volume, by: provisioned === null ? 'volume' : 'provisioned' };
}

/** Writes that a broker's leaders cause on a broker, all replicas counted, when brokers lead and follow alike. */
export function writeDemandMiBPerSec(leaderInMiBPerSec: number, rf: number): number {
  return leaderInMiBPerSec * rf;
}

/** Sums of VolumeReadBytes and VolumeWriteBytes over a period as a rate. */
export function measuredMiBPerSec(bytes: { read: number; write: number }, periodSec: number): number {
  return (bytes.read + bytes.write) / (periodSec * MIB);
}

export interface StorageUse {
  brokerId: string;
  /** p99 of what passed; `demand`: no volume metrics, so bytes in times the replication factor. */
  miBPerSec: number;
  basis: 'measured' | 'demand';
  share: number;
  coverage: number;
}

/**
 * Use of each broker's storage throughput, the highest first; null when the limit is not known. Brokers without either series are
 * absent.
 */
export function storageUse(
  metrics: SectionValue<'metrics'>,
  cluster: Extract<Cluster, { kind: 'provisioned-standard' }>,
  { rf, masked = [] }: { rf: number; masked?: readonly MaskedInterval[] },
): StorageUse[] | null {
  const limit = storageLimit(cluster);
  if (limit === null) return null;
  const read = (definition: typeof METRICS.bytesIn) =>
    new Map(
      findSeries(metrics, definition).map((series) => [
        series.dimensions['Broker ID'] ?? '',
        trustedPoints(series, { masked }),
      ]),
    );
  const reads = read(METRICS.volumeReadBytes);
  const writes = read(METRICS.volumeWriteBytes);
  const bytesIn = read(METRICS.bytesIn);
  const uses = [...new Set([...writes.keys(), ...bytesIn.keys()])].flatMap((brokerId): StorageUse[] => {
    const parts = [reads.get(brokerId), writes.get(brokerId)].filter((each) => each !== undefined);
    const moved = parts.length < 2 ? null : sumByTimestamp(parts);
    const taken = bytesIn.get(brokerId);
    const [series, basis] =
      moved !== null && moved.count > 0 ? [moved, 'measured' as const] : [taken, 'demand' as const];
    const value = series === undefined ? null : seriesQuantile(series, 0.99);
    if (series === undefined || value === null) return [];
    const miBPerSec =
      basis === 'measured'
        ? measuredMiBPerSec({ read: 0, write: value }, series.periodSec)
        : writeDemandMiBPerSec(value / MIB, rf);
    return [{ brokerId, miBPerSec, basis, share: miBPerSec / limit.miBPerSec, coverage: series.coverage }];
  });
  return uses.sort((a, b) => b.share - a.share);
}

export interface StorageScaling {
  volumeGiB: number;
  usedGiB: number;
  growthGiBPerHour: number;
  /** 0..1 of the volume: an expansion begins when so much is used. */
  targetUtilisation: number;
  stepShare: number;
  minStepGiB: number;
  cooldownHours: number;
}

/**
 * Expansions of one broker's volume under steady growth, as [hours from now, GiB after]; and when the volume is full all the same, null
 * when never. A volume ends at MSK's largest.
 */
export function storageScaling(broker: StorageScaling): {
  steps: [hours: number, volumeGiB: number][];
  fullAtHours: number | null;
  /** Growth that expansions of today's size just keep up with. */
  sustainableGrowthGiBPerHour: number;
} {
  const { usedGiB, growthGiBPerHour: growth, targetUtilisation, cooldownHours } = broker;
  const step = (volume: number) => Math.max(broker.minStepGiB, broker.stepShare * volume);
  const hoursUntil = (gib: number) => (usedGiB >= gib ? 0 : growth > 0 ? (gib - usedGiB) / growth : null);
  const steps: [number, number][] = [];
  const sustainableGrowthGiBPerHour = step(broker.volumeGiB) / cooldownHours;
  let volume = broker.volumeGiB;
  for (let earliest = 0; ; earliest = steps.at(-1)![0] + cooldownHours) {
    const fullAt = hoursUntil(volume);
    const due = hoursUntil(targetUtilisation * volume);
    const expandAt = due === null ? null : Math.max(due, earliest);
    const isFullFirst = fullAt !== null && expandAt !== null && fullAt <= expandAt;
    if (expandAt === null || isFullFirst || volume >= MAX_VOLUME_GIB || step(volume) <= 0)
      return { steps, fullAtHours: fullAt, sustainableGrowthGiBPerHour };
    volume = Math.min(MAX_VOLUME_GIB, volume + step(volume));
    steps.push([expandAt, volume]);
  }
}
