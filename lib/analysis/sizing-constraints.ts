// What brokers of one size and number must keep within to carry a load, and how much of each limit they use.
import { type BrokerSize, brokerSizeOf } from '../facts/broker-sizes.ts';
import { MAX_VOLUME_GIB } from '../facts/msk-quotas.ts';
import { cpuAfterAzLoss, cpuOn } from './observed-cpu.ts';
import { gp2LimitMiBPerSec } from './storage-limits.ts';
import { equation1, workbookIngress } from './throughput-limits.ts';

/** What the brokers must carry. Peaks include growth and the margin of the goal. */
export interface SizingLoad {
  peakInMiBPerSec: number;
  peakOutMiBPerSec: number;
  avgInMiBPerSec: number;
  /** Of all partitions. */
  replicas: number;
  rf: number;
  azs: number;
  /** What lies on the volumes now, all replicas; Express: one copy. */
  storedGiB: number;
  retentionHours: number;
  /** Local retention with tiering; null: tiering is no option. */
  localHours: number | null;
}

export interface CurrentBrokers {
  instanceType: string;
  brokers: number;
  metadataMode: 'kraft' | 'zookeeper' | 'unknown';
  /** p95 of the busiest broker. */
  cpuPercent: number;
  /** Null on Express. */
  volumeGiB: number | null;
  provisionedMiBPerSec: number | null;
  isTiered: boolean;
  /** m7g needs Kafka 2.8.2 or 3.3.2 and later. */
  canRunGraviton: boolean;
  /** MSK takes brokers away from M5 and M7g alone, on Kafka 2.8.1 or later. */
  canRemoveBrokers: boolean;
}

/** Our judgement; all of it comes from the policy. */
export interface SizingLimits {
  cpuPercent: number;
  cpuAfterAzLossPercent: number;
  /** 0..1 of a volume. */
  diskTarget: number;
  /** 0..1 of Equation 1. */
  throughputTarget: number;
  maxBrokers: number;
  familyFactor?: number;
}

export interface Constraint {
  name:
    | 'cpu'
    | 'cpu-after-az-loss'
    | 'replicas'
    | 'bytes-in'
    | 'bytes-out'
    | 'bytes-in-after-az-loss'
    | 'bytes-out-after-az-loss'
    | 'volume';
  value: number;
  limit: number;
  unit: 'percent' | 'count' | 'MiB/s' | 'MB/s' | 'GiB';
}

export interface BrokerShape {
  instanceType: string;
  brokers: number;
  /** GiB of each volume; null on Express. */
  volumeGiB: number | null;
  provisionedMiBPerSec: number | null;
  isTiered: boolean;
}

export interface JudgedShape extends BrokerShape {
  constraints: readonly Constraint[];
  /** The one with the least room. */
  binding: Constraint;
  /** Fits by measure and by Equation 1, but leaves less room than AWS's workbook wants. */
  isTight: boolean;
}

/** Both sizes must be known. */
export function judgeShape(
  shape: BrokerShape,
  load: SizingLoad,
  current: CurrentBrokers,
  limits: SizingLimits,
): JudgedShape {
  const size = brokerSizeOf(shape.instanceType)!;
  const cpu = cpuOn(
    { ...shape, vcpu: size.vcpu },
    { ...current, vcpu: brokerSizeOf(current.instanceType)!.vcpu },
    limits.familyFactor,
  );
  const constraints: Constraint[] = [
    { name: 'cpu', value: cpu, limit: limits.cpuPercent, unit: 'percent' },
    {
      name: 'cpu-after-az-loss',
      value: cpuAfterAzLoss(cpu, load.azs),
      limit: limits.cpuAfterAzLossPercent,
      unit: 'percent',
    },
    { name: 'replicas', value: load.replicas / shape.brokers, limit: size.recommendedPartitionCount, unit: 'count' },
    ...(size.quota === null
      ? standardConstraints(shape, size, load, limits)
      : quotaConstraints(shape, size.quota, load)),
  ];
  const room = ({ value, limit }: Constraint) => value / limit;
  return {
    ...shape,
    constraints,
    binding: constraints.reduce((least, each) => (room(each) > room(least) ? each : least)),
    isTight: size.quota === null && isBelowWorkbook(shape, size, load),
  };
}

function fanOutOf({ peakInMiBPerSec, peakOutMiBPerSec }: SizingLoad): number {
  return peakInMiBPerSec > 0 ? peakOutMiBPerSec / peakInMiBPerSec : 0;
}

function standardConstraints(
  { brokers, volumeGiB, provisionedMiBPerSec }: BrokerShape,
  { ebsMiBPerSec, networkMiBPerSec }: BrokerSize,
  load: SizingLoad,
  { throughputTarget }: SizingLimits,
): Constraint[] {
  const { limit } = equation1({
    brokers,
    rf: load.rf,
    fanOut: fanOutOf(load),
    storageMiBPerSec: provisionedMiBPerSec ?? gp2LimitMiBPerSec(volumeGiB ?? 0),
    ebsMiBPerSec: ebsMiBPerSec ?? 0,
    networkMiBPerSec: networkMiBPerSec ?? 0,
  });
  return [
    { name: 'bytes-in', value: load.peakInMiBPerSec, limit: throughputTarget * limit, unit: 'MiB/s' },
    { name: 'volume', value: volumeGiB ?? 0, limit: MAX_VOLUME_GIB, unit: 'GiB' },
  ];
}

/** In the workbook's own terms, without the half that it leaves free again. */
function isBelowWorkbook(
  shape: BrokerShape,
  { ebsMiBPerSec, networkMiBPerSec }: BrokerSize,
  load: SizingLoad,
): boolean {
  const volume = shape.provisionedMiBPerSec ?? gp2LimitMiBPerSec(shape.volumeGiB ?? 0);
  const perBroker = workbookIngress({
    ebsMiBPerSec: Math.min(volume, ebsMiBPerSec ?? 0),
    networkMiBPerSec: networkMiBPerSec ?? 0,
    fanOut: fanOutOf(load),
    azs: load.azs,
    isTiered: shape.isTiered,
  });
  return load.peakInMiBPerSec > perBroker * shape.brokers;
}

function quotaConstraints(
  { brokers }: BrokerShape,
  { sustained, max }: NonNullable<BrokerSize['quota']>,
  load: SizingLoad,
): Constraint[] {
  const each = (mibPerSec: number) => (mibPerSec * 1024 ** 2) / 1e6 / brokers;
  const [bytesIn, bytesOut] = [each(load.peakInMiBPerSec), each(load.peakOutMiBPerSec)];
  const afterLoss = load.azs / (load.azs - 1);
  const unit = 'MB/s';
  return [
    { name: 'bytes-in', value: bytesIn, limit: sustained.inMBPerSec, unit },
    { name: 'bytes-out', value: bytesOut, limit: sustained.outMBPerSec, unit },
    { name: 'bytes-in-after-az-loss', value: bytesIn * afterLoss, limit: max.inMBPerSec, unit },
    { name: 'bytes-out-after-az-loss', value: bytesOut * afterLoss, limit: max.outMBPerSec, unit },
  ];
}
