// What tiering, compression, reading in one's own zone and a lower monitoring level save a month. Prices are the caller's, per GiB.
import { HOURS_PER_MONTH } from './cost-item.ts';

const SECONDS_PER_HOUR = 3600;
const MIB_PER_GIB = 1024;

/** GiB that lie on disk: a rate in MiB/s over the retention, in so many copies. */
export function storedGiB(mibPerSec: number, hours: number, copies: number): number {
  return (mibPerSec * hours * SECONDS_PER_HOUR * copies) / MIB_PER_GIB;
}

/** GiB that pass in a month of 730 hours at a rate in MiB/s. */
export function transferredGiBPerMonth(mibPerSec: number): number {
  return storedGiB(mibPerSec, HOURS_PER_MONTH, 1);
}

export interface TieringSaving {
  localNowGiB: number;
  localAfterGiB: number;
  /** One copy of the whole retention: a segment is copied as soon as it rolls. An upper bound. */
  remoteGiB: number;
  usdNow: number;
  usdAfter: number;
  savingUsd: number;
  savingShare: number;
  /** Never: a volume of MSK does not shrink. In place the saving is growth that is avoided; a new cluster has it at once. */
  isRealisableInPlace: false;
}

/** @param load.rollHours until a segment rolls and can be copied: kept locally on top of the local retention */
export function tieringSaving(
  load: {
    ingressMiBPerSec: number;
    retentionHours: number;
    localHours: number;
    rf: number;
    rollHours?: number;
    retrievedGiBPerMonth?: number;
  },
  usdPerGiB: { ebs: number; tier: number; retrieval?: number },
): TieringSaving {
  const { ingressMiBPerSec, retentionHours, rf } = load;
  // Local and remote overlap; what is kept locally is never more than all.
  const localHours = Math.min(retentionHours, load.localHours + (load.rollHours ?? 0));
  const localNowGiB = storedGiB(ingressMiBPerSec, retentionHours, rf);
  const localAfterGiB = storedGiB(ingressMiBPerSec, localHours, rf);
  const remoteGiB = storedGiB(ingressMiBPerSec, retentionHours, 1);
  const usdNow = localNowGiB * usdPerGiB.ebs;
  const retrievalUsd = (load.retrievedGiBPerMonth ?? 0) * (usdPerGiB.retrieval ?? 0);
  const usdAfter = localAfterGiB * usdPerGiB.ebs + remoteGiB * usdPerGiB.tier + retrievalUsd;
  return {
    localNowGiB,
    localAfterGiB,
    remoteGiB,
    usdNow,
    usdAfter,
    savingUsd: usdNow - usdAfter,
    savingShare: usdNow === 0 ? 0 : (usdNow - usdAfter) / usdNow,
    isRealisableInPlace: false,
  };
}

/**
 * What compressing the uncompressed part would save. Only for topics whose batches were measured.
 * @param load.ratio compressed over raw bytes
 * @param load.diskTarget 0..1 of a volume that may be used: what is saved need not be provisioned either
 */
export function compressionSaving(
  load: {
    ingressMiBPerSec: number;
    uncompressedShare: number;
    ratio: number;
    fanOut: number;
    retentionHours: number;
    rf: number;
    diskTarget: number;
    azs: number;
  },
  usdPerGiB: { ebs: number; crossAz: number; expressDataIn: number },
) {
  const reductionShare = load.uncompressedShare * (1 - load.ratio);
  const savedMiBPerSec = load.ingressMiBPerSec * reductionShare;
  const savedGiBPerMonth = transferredGiBPerMonth(savedMiBPerSec);
  const producerUsd = savedGiBPerMonth * evenCrossShare(load.azs) * usdPerGiB.crossAz;
  const ebsGiBSaved = storedGiB(savedMiBPerSec, load.retentionHours, load.rf) / load.diskTarget;
  return {
    newIngressMiBPerSec: load.ingressMiBPerSec - savedMiBPerSec,
    reductionShare,
    ebsGiBSaved,
    /** Growth that is avoided: volumes do not shrink. */
    ebsUsdAvoided: ebsGiBSaved * usdPerGiB.ebs,
    crossAzProducerUsdSaved: producerUsd,
    crossAzConsumerUsdSaved: producerUsd * load.fanOut,
    expressDataInUsdSaved: savedGiBPerMonth * usdPerGiB.expressDataIn,
  };
}

/** Share of traffic that crosses zones when clients and leaders are spread evenly. */
export function evenCrossShare(azs: number): number {
  return (azs - 1) / azs;
}

/** The same for measured shares by zone, in one order of zones: a client meets a leader of its own zone by chance. */
export function crossShare(clientShareByZone: readonly number[], leaderShareByZone: readonly number[]): number {
  return 1 - clientShareByZone.reduce((own, share, zone) => own + share * (leaderShareByZone[zone] ?? 0), 0);
}

/**
 * What client traffic between zones costs at list price, clients and leaders spread evenly, without and with consumers that fetch in
 * their own zone. MSK does not charge what brokers send each other.
 * @param usdPerGiB per byte that crosses: both directions
 * @param rackAwareShare 0..1 of consumed bytes that are then read in the reader's zone
 */
export function crossAzCost(
  load: { ingressMiBPerSec: number; egressMiBPerSec: number; azs: number; rackAwareShare: number },
  usdPerGiB: number,
) {
  const crossUsd = (mibPerSec: number) => transferredGiBPerMonth(mibPerSec) * evenCrossShare(load.azs) * usdPerGiB;
  const consumerUsdNoRack = crossUsd(load.egressMiBPerSec);
  const savingUsd = consumerUsdNoRack * load.rackAwareShare;
  return {
    producerUsd: crossUsd(load.ingressMiBPerSec),
    consumerUsdNoRack,
    consumerUsdWithRack: consumerUsdNoRack - savingUsd,
    savingUsd,
    replicationUsd: 0,
  };
}

/** What each paid monitoring level adds in CloudWatch, by itself: a level includes those below it. */
export function monitoringCost(
  cluster: { brokers: number; topics: number; groupPartitions: number },
  metrics: { perBroker: number; perTopicBroker: number; perPartition: number },
  usdPerMetricMonth: number,
) {
  return {
    perBrokerUsd: cluster.brokers * metrics.perBroker * usdPerMetricMonth,
    perTopicUsd: cluster.brokers * cluster.topics * metrics.perTopicBroker * usdPerMetricMonth,
    perPartitionUsd: cluster.groupPartitions * metrics.perPartition * usdPerMetricMonth,
  };
}

/** What reading metrics costs a month of 730 hours. */
export function metricReadsUsdPerMonth(runsPerDay: number, metricsPerRun: number, usdPer1000: number): number {
  return (((runsPerDay * HOURS_PER_MONTH) / 24) * metricsPerRun * usdPer1000) / 1000;
}

/** Percent of the bill that the cheapest option of the same service level would not cost; 0 where there is none cheaper. */
export function wastePercent(currentUsd: number, cheapestFeasibleUsd: number): number {
  return currentUsd <= 0 ? 0 : Math.max(0, (100 * (currentUsd - cheapestFeasibleUsd)) / currentUsd);
}
