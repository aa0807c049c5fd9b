// What CPU a broker of another size or number would have, by what is observed now.
import { brokerSizeOf, familyOf } from '../facts/broker-sizes.ts';
import { HOURS_PER_MONTH } from './cost-item.ts';

export interface BrokerSet {
  instanceType: string;
  brokers: number;
  vcpu: number;
}

/**
 * CPU percent of the same work on other brokers: by cores.
 * @param familyFactor CPU of the other family's core for the work of one of the current family, 1 unless measured; within a family 1
 */
export function cpuOn(target: BrokerSet, current: BrokerSet & { cpuPercent: number }, familyFactor = 1): number {
  const factor = familyOf(target.instanceType) === familyOf(current.instanceType) ? 1 : familyFactor;
  return ((current.cpuPercent * current.brokers * current.vcpu) / (target.brokers * target.vcpu)) * factor;
}

/** The same after the brokers of one zone are lost, all their CPU moved to the rest. */
export function cpuAfterAzLoss(cpuPercent: number, azs: number): number {
  return (cpuPercent * azs) / (azs - 1);
}

export interface CpuCandidate {
  instanceType: string;
  brokers: number;
  cpu: number;
  cpuAzLoss: number;
  /** Mean replicas of a broker. */
  partitionsPerBroker: number;
  /** Recommended; null for an unknown size, which is not feasible. */
  partitionLimit: number | null;
  usdPerMonth: number;
  isFeasible: boolean;
}

/**
 * Candidates judged by observed CPU and the recommended number of replicas, in the order given, and the cheapest feasible. Of equal
 * cost: the same number of brokers as now, then the same type, then the first.
 * @param limits percent
 */
export function sizeByObservedCpu(
  current: BrokerSet & { cpuPercent: number },
  candidates: readonly (BrokerSet & { usdPerHour: number })[],
  {
    replicas,
    azs,
    limits,
    familyFactor = 1,
  }: { replicas: number; azs: number; limits: { cpu: number; cpuAzLoss: number }; familyFactor?: number },
): { rows: CpuCandidate[]; best: CpuCandidate | null; savingUsdPerMonth: number | null } {
  const rows = candidates.map((candidate): CpuCandidate => {
    const { instanceType, brokers, usdPerHour } = candidate;
    const cpu = cpuOn(candidate, current, familyFactor);
    const cpuAzLoss = cpuAfterAzLoss(cpu, azs);
    const partitionsPerBroker = replicas / brokers;
    const partitionLimit = brokerSizeOf(instanceType)?.recommendedPartitionCount ?? null;
    const isFeasible =
      cpu <= limits.cpu &&
      cpuAzLoss <= limits.cpuAzLoss &&
      partitionLimit !== null &&
      partitionsPerBroker <= partitionLimit &&
      brokers % azs === 0;
    const usdPerMonth = brokers * usdPerHour * HOURS_PER_MONTH;
    return { instanceType, brokers, cpu, cpuAzLoss, partitionsPerBroker, partitionLimit, usdPerMonth, isFeasible };
  });
  const best = rows.filter(({ isFeasible }) => isFeasible).toSorted(byCost(current))[0] ?? null;
  const usdPerHour = candidates.find(({ instanceType }) => instanceType === current.instanceType)?.usdPerHour;
  const usdNow = usdPerHour === undefined ? null : current.brokers * usdPerHour * HOURS_PER_MONTH;
  return { rows, best, savingUsdPerMonth: best === null || usdNow === null ? null : usdNow - best.usdPerMonth };
}

/** Cents that differ only by rounding are equal; then what changes least comes first. */
export function byCost(current: { brokers: number; instanceType: string }) {
  type Option = { usdPerMonth: number; brokers: number; instanceType: string };
  const rank = (option: Option) => [
    Math.round(option.usdPerMonth * 100),
    option.brokers === current.brokers ? 0 : 1,
    option.instanceType === current.instanceType ? 0 : 1,
  ];
  return (a: Option, b: Option): number => {
    const [left, right] = [rank(a), rank(b)];
    return left.map((value, i) => value - right[i]!).find((difference) => difference !== 0) ?? 0;
  };
}
