// How many brokers and partitions a load needs, by AWS's workbook and by the plain rules of capacity planning. No prices of our own.
import { MAX_VOLUME_GIB } from '../facts/msk-quotas.ts';
import { HOURS_PER_MONTH } from './cost-item.ts';
import { storedGiB, transferredGiBPerMonth } from './savings.ts';
import { workbookIngress } from './throughput-limits.ts';

/**
 * Whole pieces of `size` that hold `demand`; what is only rounding above a whole number needs no further piece. Nothing needs none,
 * whatever the size; of pieces that hold nothing no number is enough.
 */
export function piecesFor(demand: number, size: number): number {
  if (demand <= 0) return 0;
  const pieces = demand / size;
  return Math.max(0, Math.ceil(Math.min(pieces - 1e-9, pieces * (1 - 1e-12))));
}

/** MSK spreads brokers evenly over zones: the next multiple, at least one a zone. */
export function roundUpToAzs(brokers: number, azs: number): number {
  return Math.max(1, Math.ceil(brokers / azs)) * azs;
}

/**
 * AWS's sizing workbook for one Standard size without tiering, as scripts/msk_sizing.py of AWS's skill managing-amazon-msk (2026-08-20)
 * has it: throughput in MiB/s, consumers that read in their own zone.
 * @param load.replicas partitions, all replicas counted
 * @param size.ebsHeadroom volumes over what is stored, 2 in the workbook
 */
export function workbookSizing(
  load: {
    avgIn: number;
    peakIn: number;
    peakOut: number;
    replicas: number;
    rf: number;
    retentionHours: number;
    azs: number;
  },
  size: {
    ebsMiBPerSec: number;
    networkMiBPerSec: number;
    recommendedPartitionCount: number;
    utilisation: number;
    ebsHeadroom: number;
  },
  prices: { brokerHour: number; ebsPerGiB: number; crossAzPerGiB: number },
) {
  const { peakIn, peakOut, azs } = load;
  const fanOut = peakOut / peakIn;
  const ingressPerBroker = workbookIngress({ ...size, fanOut, azs }) * size.utilisation;
  const ebsGiB = storedGiB(load.avgIn, load.retentionHours, load.rf) * size.ebsHeadroom;
  const brokersFor = (demand: number, capacity: number) => roundUpToAzs(piecesFor(demand, capacity), azs);
  const needs = {
    ingress: brokersFor(peakIn, ingressPerBroker),
    egress: brokersFor(peakOut, fanOut * ingressPerBroker),
    partitions: brokersFor(load.replicas, size.recommendedPartitionCount),
    storage: brokersFor(ebsGiB, MAX_VOLUME_GIB),
  };
  const result = Math.max(...Object.values(needs));
  const crossAzGiB = transferredGiBPerMonth(load.avgIn) * ((azs - 1) / azs);
  return {
    ingressPerBroker,
    brokers: { ...needs, result },
    ebsGiB,
    usdPerMonth:
      result * prices.brokerHour * HOURS_PER_MONTH + ebsGiB * prices.ebsPerGiB + crossAzGiB * prices.crossAzPerGiB,
  };
}

export interface PlannedLoad {
  messagesPerSec: number;
  messageBytes: number;
  rf: number;
  partitionLimitPerBroker: number;
  brokers: number;
  retentionHours: number;
}

/**
 * The formulas found in tutorials, as they are written: messages alone, no peak, as many consumers as partitions, fractions of a broker,
 * full disks. For holding against the corrected ones, not for use.
 */
export function naivePlan(load: PlannedLoad & { messagesPerPartitionPerSec: number }) {
  const partitions = load.messagesPerSec / load.messagesPerPartitionPerSec;
  return {
    partitions,
    consumers: partitions,
    brokers: (partitions * load.rf) / load.partitionLimitPerBroker,
    storageGiBPerBroker: storedGiB(mibPerSec(load), load.retentionHours, load.rf) / load.brokers,
  };
}

/**
 * Partitions, consumers, brokers and disk for a load: peak in bytes and in messages, a multiple of the brokers, never fewer brokers than
 * replicas or zones, and disks that keep room.
 * @param load.diskTarget 0..1 of the volume that may be used
 * @param load.overhead what indexes and open segments add, as a factor
 * @param load.skew busiest broker over the mean
 */
export function capacityPlan(
  load: PlannedLoad & {
    peakFactor: number;
    producePerPartitionMiBPerSec: number;
    consumePerMemberPerSec: number;
    azs: number;
    diskTarget: number;
    overhead: number;
    skew?: number;
  },
) {
  const partitionsByProduce = piecesFor(mibPerSec(load) * load.peakFactor, load.producePerPartitionMiBPerSec);
  const consumersNeeded = piecesFor(load.messagesPerSec * load.peakFactor, load.consumePerMemberPerSec);
  const wanted = Math.max(partitionsByProduce, consumersNeeded, 1);
  const partitions = Math.ceil(wanted / load.brokers) * load.brokers;
  const brokersByPartitions = piecesFor(partitions * load.rf, load.partitionLimitPerBroker);
  const stored = storedGiB(mibPerSec(load), load.retentionHours, load.rf);
  return {
    partitionsByProduce,
    /** A member reads whole partitions: there must be as many as members. */
    partitionsByConsume: consumersNeeded,
    partitions,
    consumersNeeded,
    brokersByPartitions,
    brokersMin: roundUpToAzs(Math.max(brokersByPartitions, load.rf), load.azs),
    storageGiBPerBroker: ((stored / load.brokers) * load.overhead * (load.skew ?? 1)) / load.diskTarget,
  };
}

function mibPerSec({ messagesPerSec, messageBytes }: PlannedLoad): number {
  return (messagesPerSec * messageBytes) / 1024 ** 2;
}
