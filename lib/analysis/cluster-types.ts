// One load on Standard, Express and Serverless: what bars each, and what each costs a month.
import { brokerSizeOf } from '../facts/broker-sizes.ts';
import { SERVERLESS_QUOTAS } from '../facts/msk-quotas.ts';
import { HOURS_PER_MONTH } from './cost-item.ts';
import { storedGiB, transferredGiBPerMonth } from './savings.ts';

export interface TypeLoad {
  avgInMiBPerSec: number;
  avgOutMiBPerSec: number;
  peakInMiBPerSec: number;
  peakOutMiBPerSec: number;
  retentionHours: number;
  /** Leaders: Serverless bills and limits partitions without their replicas. */
  partitions: number;
}

/** Rates of one month's bill in USD; every one comes from a price list. */
export interface StandardRates {
  brokers: number;
  brokerHour: number;
  ebsPerGiB: number;
  /** Volumes over what is stored. */
  ebsHeadroom: number;
  rf: number;
}

export interface ExpressRates {
  brokers: number;
  brokerHour: number;
  dataInPerGiB: number;
  storagePerGiB: number;
}

export interface ServerlessRates {
  clusterHour: number;
  partitionHour: number;
  inPerGiB: number;
  outPerGiB: number;
  storagePerGiB: number;
}

/** Brokers by the hour, and volumes with their headroom. */
export function standardUsdPerMonth(load: TypeLoad, rates: StandardRates): number {
  const volumesGiB = storedGiB(load.avgInMiBPerSec, load.retentionHours, rates.rf) * rates.ebsHeadroom;
  return rates.brokers * rates.brokerHour * HOURS_PER_MONTH + volumesGiB * rates.ebsPerGiB;
}

/** @param copies billed: 1 by AWS's metric and sizing script; 3 where what is stored shows that replicas count */
export function expressUsdPerMonth(load: TypeLoad, rates: ExpressRates, copies = 1): number {
  return (
    rates.brokers * rates.brokerHour * HOURS_PER_MONTH +
    transferredGiBPerMonth(load.avgInMiBPerSec) * rates.dataInPerGiB +
    storedGiB(load.avgInMiBPerSec, load.retentionHours, copies) * rates.storagePerGiB
  );
}

/** The cluster's and the partitions' hours, bytes both ways, one stored copy. */
export function serverlessUsdPerMonth(load: TypeLoad, rates: ServerlessRates): number {
  return (
    HOURS_PER_MONTH * (rates.clusterHour + load.partitions * rates.partitionHour) +
    transferredGiBPerMonth(load.avgInMiBPerSec) * rates.inPerGiB +
    transferredGiBPerMonth(load.avgOutMiBPerSec) * rates.outPerGiB +
    storedGiB(load.avgInMiBPerSec, load.retentionHours, 1) * rates.storagePerGiB
  );
}

/** Why the load does not fit into Serverless's quotas; empty where it does. Authentication and settings are the caller's to look at. */
export function serverlessBlockers(load: TypeLoad): string[] {
  const { inMBPerSec, outMBPerSec, partitions } = SERVERLESS_QUOTAS;
  return [
    ...over('bytes in at peak', mbPerSec(load.peakInMiBPerSec), inMBPerSec, 'MB/s'),
    ...over('bytes out at peak', mbPerSec(load.peakOutMiBPerSec), outMBPerSec, 'MB/s'),
    ...over('partitions', load.partitions, partitions, ''),
  ];
}

/** Why so many Express brokers would be throttled or could not hold the partitions; a size that is not known bars nothing. */
export function expressBlockers(load: TypeLoad, instanceType: string, brokers: number): string[] {
  const size = brokerSizeOf(instanceType);
  if (size === null || size.quota === null) return [];
  const { max } = size.quota;
  return [
    ...over('bytes in at peak', mbPerSec(load.peakInMiBPerSec), brokers * max.inMBPerSec, 'MB/s'),
    ...over('bytes out at peak', mbPerSec(load.peakOutMiBPerSec), brokers * max.outMBPerSec, 'MB/s'),
    // Express keeps three replicas of everything.
    ...over('replicas', 3 * load.partitions, brokers * size.maxPartitionCount, ''),
  ];
}

function mbPerSec(mibPerSec: number): number {
  return (mibPerSec * 1024 ** 2) / 1e6;
}

function over(what: string, value: number, limit: number, unit: string): string[] {
  return value > limit ? [`${what}: ${+value.toFixed(1)} of ${+limit.toFixed(1)} ${unit}`.trimEnd()] : [];
}

export interface TypeOption<Name extends string> {
  name: Name;
  /** Null: a price or a quantity is unknown. */
  usdPerMonth: number | null;
  blockers: readonly string[];
}

/** The cheapest that nothing bars and whose cost is known, the first of equals; null when there is none. */
export function cheapestEligible<Name extends string>(options: readonly TypeOption<Name>[]): Name | null {
  const open = options.filter(({ blockers, usdPerMonth }) => blockers.length === 0 && usdPerMonth !== null);
  return open.toSorted((a, b) => a.usdPerMonth! - b.usdPerMonth!)[0]?.name ?? null;
}
