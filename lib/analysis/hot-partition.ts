// Which partitions of one topic carry far more than the others.
import { mean, medianDeviation, quantileOfOrdered, robustZ, sum } from './statistics.ts';

/** When a partition is hot. One hot partition inflates mean and deviation alike, so it is held against the others' median. */
export interface HotPartitionRule {
  minOverMedianOfOthers: number;
  /** Least share of the topic, as a multiple of 1/partitions: among many quiet partitions a lively one is not hot. */
  minShareTimesFair: number;
  minRobustZ: number;
  /** With fewer partitions the robust z is not asked: too few others to know their spread. */
  robustZFromPartitions: number;
  /** Floor of the spread as a share of the median: a perfectly even topic has a MAD of 0. */
  madFloorShare: number;
}

export interface PartitionSkew {
  mean: number;
  maxOverMean: number;
  medianOfOthers: number;
  /** Null where at least half of the others are idle. */
  maxOverMedianOfOthers: number | null;
  /** Of the busiest partition, 0..1. */
  share: number;
  fairShare: number;
  mad: number;
  madUsed: number;
  /** Of the busiest partition; infinite where the others have no spread at all. */
  robustZ: number;
  /** (max - mean) / population standard deviation: never above `largestPossiblePopulationZ`, so a mean + 3 sigma rule is deaf below 11 partitions. */
  populationZ: number;
  largestPossiblePopulationZ: number;
  /** Indices into the rates, ascending. */
  hotPartitions: readonly number[];
}

/** Null for fewer than two partitions or a topic without load. Rates are of one unit and not negative. */
export function partitionSkew(rates: readonly number[], rule: HotPartitionRule): PartitionSkew | null {
  const n = rates.length;
  const total = sum(rates);
  if (n < 2 || total <= 0) return null;
  const average = total / n;
  const ordered = Float64Array.from(rates).sort();
  const centre = quantileOfOrdered(ordered, 0.5)!;
  const mad = medianDeviation(rates)!;
  const madUsed = Math.max(mad, rule.madFloorShare * centre);
  const largest = ordered[n - 1]!;
  const deviation = Math.sqrt(mean(rates.map((rate) => (rate - average) ** 2))!);
  const medianOfOthers = medianWithout(ordered, largest);
  const isHot = (rate: number) =>
    rate >= rule.minOverMedianOfOthers * medianWithout(ordered, rate) &&
    rate * n >= rule.minShareTimesFair * total &&
    (n < rule.robustZFromPartitions || robustZ(rate, centre, madUsed) > rule.minRobustZ);
  return {
    mean: average,
    maxOverMean: largest / average,
    medianOfOthers,
    maxOverMedianOfOthers: medianOfOthers > 0 ? largest / medianOfOthers : null,
    share: largest / total,
    fairShare: 1 / n,
    mad,
    madUsed,
    robustZ: robustZ(largest, centre, madUsed),
    populationZ: deviation === 0 ? 0 : (largest - average) / deviation,
    largestPossiblePopulationZ: Math.sqrt(n - 1),
    hotPartitions: rates.flatMap((rate, index) => (isHot(rate) ? [index] : [])),
  };
}

/** Of the others, when one that has this value is left out; a topic may have thousands, so that they are not ordered again for each. */
function medianWithout(ordered: Float64Array, value: number): number {
  const other = (rank: number) => (ordered[rank]! < value ? ordered[rank]! : ordered[rank + 1]!);
  const last = ordered.length - 2;
  return (other(last >> 1) + other((last + 1) >> 1)) / 2;
}
