// Whether fewer or smaller brokers of the same kind would carry what this cluster carried over the last weeks, and what they would spare:
// the question of right-sizing put from a snapshot's sections (K35 and the checks on what is too large).

import { canRemoveBrokers, canRunGraviton, familyOf } from '../facts/broker-sizes.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { BROKER_QUOTAS } from '../facts/msk-quotas.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { gibKept } from './cost-usage.ts';
import { type RightSizing, rightSizing, type SizingOption } from './right-sizing.ts';
import { storedGiB, wastePercent } from './savings.ts';
import type { CurrentBrokers, SizingLimits, SizingLoad } from './sizing-constraints.ts';
import { usualReplication } from './usual-replication.ts';
import { plannedPeaks, type Workload, workloadOf } from './workload.ts';

export const SIZING_SECTIONS = [
  'metrics',
  'cluster',
  'prices',
  'kafkaTopics',
  'configuration',
  'kafkaBrokerConfigs',
  'quotas',
] as const;

/** Sections as a check or KPI gets them in `mayUse`. */
export type SizingInputs = {
  readonly [N in (typeof SIZING_SECTIONS)[number]]: Collected<SectionValue<N>>;
};

/** Our judgement: the thresholds of `brokers-oversized`. */
export interface SizingPolicy {
  cpuPercent: number;
  cpuAfterAzLossPercent: number;
  diskTargetPercent: number;
  throughputTargetPercent: number;
  growthDays: number;
  /** Times the peak. */
  peakMargin: number;
  minHistoryDays: number;
  minConfidence: number;
}

export interface JudgedOption extends SizingOption {
  /** 0..1 */
  confidence: number;
}

export interface ClusterSizing {
  kind: 'sized';
  workload: Workload;
  /** With the peaks to plan for. */
  load: SizingLoad;
  current: CurrentBrokers;
  limits: SizingLimits;
  currentUsdPerMonth: number;
  /** At most three, cheapest first. */
  options: readonly JudgedOption[];
  feasibleCount: number;
  /** The cheapest that is sure enough and cheaper than now; null: stay. */
  best: JudgedOption | null;
  /** False where the replication factor is the brokers' default, because topics were not read. */
  isReplicationCounted: boolean;
}

export type SizingAnswer =
  | ClusterSizing
  | { kind: 'too-young'; days: number; because: string }
  | { kind: 'unknown'; because: string };

/** Not for Serverless, which has no brokers: `unknown`. */
export function sizeCluster(inputs: SizingInputs, policy: SizingPolicy): SizingAnswer {
  const { cluster, metrics, prices } = inputs;
  if (!cluster.ok || cluster.value.kind === 'serverless') return unknown('the brokers were not described');
  if (!metrics.ok) return unknown(`metrics were not read (${metrics.reason}): ${metrics.detail}`);
  if (!prices.ok) return unknown(`prices were not read (${prices.reason}): ${prices.detail}`);
  const workload = workloadOf(metrics.value, cluster.value);
  if (workload === null || workload.storedGiB === null)
    return unknown('not every broker has its hours of bytes, CPU, replicas and disk, and its CPU in the window');
  if (workload.historyDays < policy.minHistoryDays) {
    const days = Math.floor(workload.historyDays);
    return { kind: 'too-young', days, because: `only ${days} of ${policy.minHistoryDays} days of hours are known` };
  }
  const replication = usualReplication(inputs.kafkaTopics, inputs);
  if (replication === null) return unknown('the replication factor of the topics is not known');
  const current = currentBrokers(cluster.value, workload.cpuP95Percent);
  const load: SizingLoad = {
    ...plannedPeaks(workload, { growthDays: policy.growthDays, margin: policy.peakMargin }),
    avgInMiBPerSec: workload.avgInMiBPerSec,
    replicas: workload.replicas,
    rf: replication.rf,
    azs: cluster.value.azCount,
    storedGiB: workload.storedGiB,
    retentionHours: tieredHours(inputs, current, workload.avgInMiBPerSec),
    // Whether to tier is another question, with its own answer.
    localHours: null,
  };
  const limits: SizingLimits = {
    cpuPercent: policy.cpuPercent,
    cpuAfterAzLossPercent: policy.cpuAfterAzLossPercent,
    diskTarget: policy.diskTargetPercent / 100,
    throughputTarget: policy.throughputTargetPercent / 100,
    maxBrokers: Math.max(current.brokers, brokerQuota(inputs.quotas, current.metadataMode)),
  };
  const sizing = rightSizing(load, current, limits, prices);
  if (sizing === null)
    return unknown(`${current.instanceType} or a part of its storage has no price, or its size is not known`);
  const isReplicationCounted = inputs.kafkaTopics.ok || cluster.value.kind === 'provisioned-express';
  return { kind: 'sized', workload, load, current, limits, isReplicationCounted, ...judged(sizing, current, policy) };
}

function unknown(because: string): SizingAnswer {
  return { kind: 'unknown', because };
}

function judged(
  { currentUsdPerMonth, options, feasibleCount }: RightSizing,
  current: CurrentBrokers,
  { minConfidence }: SizingPolicy,
): Pick<ClusterSizing, 'currentUsdPerMonth' | 'options' | 'feasibleCount' | 'best'> {
  const sure = options.map((option) => ({ ...option, confidence: confidenceOf(option, current) }));
  const best = sure.find(({ confidence, savingUsdPerMonth }) => confidence >= minConfidence && savingUsdPerMonth > 0);
  return { currentUsdPerMonth, options: sure, feasibleCount, best: best ?? null };
}

/** Cores of another family do other work for the same percent; what AWS's workbook calls too tight is no advice of ours. */
function confidenceOf({ instanceType, isTight }: SizingOption, current: CurrentBrokers): number {
  if (isTight) return 0.5;
  return familyOf(instanceType) === familyOf(current.instanceType) ? 0.9 : 0.7;
}

type Provisioned = Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>;

function currentBrokers(cluster: Provisioned, cpuPercent: number): CurrentBrokers {
  const { instanceType, brokerCount: brokers, metadataMode, kafkaVersion } = cluster;
  const isStandard = cluster.kind === 'provisioned-standard';
  return {
    instanceType,
    brokers,
    metadataMode,
    cpuPercent,
    volumeGiB: isStandard ? cluster.volumeGiBPerBroker : null,
    provisionedMiBPerSec: isStandard ? cluster.provisionedThroughputMiBPerSec : null,
    isTiered: isStandard && cluster.storageMode === 'TIERED',
    canRunGraviton: canRunGraviton(kafkaVersion),
    canRemoveBrokers: canRemoveBrokers(instanceType, kafkaVersion),
  };
}

/** Hours of today's traffic that lie in the tier: the same for every option, and part of what is paid. */
function tieredHours(
  { metrics, cluster }: SizingInputs,
  { isTiered, brokers }: CurrentBrokers,
  avgInMiBPerSec: number,
): number {
  if (!isTiered || !cluster.ok || avgInMiBPerSec <= 0) return 0;
  const kept = gibKept(metrics, { metric: METRICS.remoteLogSize, members: brokers, memberName: 'brokers' });
  return 'unknown' in kept ? 0 : kept.quantity / storedGiB(avgInMiBPerSec, 1, 1);
}

/** The account's own quota where it was told, else AWS's. */
function brokerQuota(quotas: SizingInputs['quotas'], mode: CurrentBrokers['metadataMode']): number {
  const isKraft = mode === 'kraft';
  const wanted = isKraft ? 'brokers-per-kraft-cluster' : 'brokers-per-zookeeper-cluster';
  const own = quotas.ok ? quotas.value.find(({ limits }) => limits === wanted)?.value : null;
  return own ?? (isKraft ? BROKER_QUOTAS.perCluster.kraft : BROKER_QUOTAS.perCluster.zookeeper);
}

/** K35: percent of what brokers and their storage cost that the best option would not cost; 0 where none is cheaper. */
export function costWastePercent({ currentUsdPerMonth, best }: ClusterSizing): number {
  return wastePercent(currentUsdPerMonth, best?.usdPerMonth ?? currentUsdPerMonth);
}
