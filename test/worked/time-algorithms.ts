// Series, lag and change under the names and shapes of the worked examples: thin adaptors and nothing else.
import { bestAssignment } from '../../lib/analysis/assignment.ts';
import { availability, type DownCounts } from '../../lib/analysis/availability.ts';
import { type AnomalyRule, againstUsual, usualOf } from '../../lib/analysis/baseline.ts';
import { effectiveRetention } from '../../lib/analysis/effective-retention.ts';
import { partitionSkew } from '../../lib/analysis/hot-partition.ts';
import { impactOf } from '../../lib/analysis/impact.ts';
import { gapShares, type PresentMinutes } from '../../lib/analysis/lag-gaps.ts';
import { sumByTimestamp } from '../../lib/analysis/series.ts';
import { leastSquaresSlope, meanSdZ } from '../../lib/analysis/statistics.ts';
import { loadProfile } from '../../lib/analysis/throughput.ts';
import { daysUntil, trendOf } from '../../lib/analysis/trend.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

function fiveMinutes(values: readonly (number | null)[]): TrustedSeries {
  const measured = Float64Array.from(values, (value) => value ?? Number.NaN);
  return new TrustedSeries({ dimensions: {}, periodSec: 300, startMs: 0, values: measured, expected: values.length });
}

export const TIME_ALGORITHMS = {
  'throughput.percentiles': ({ brokers }: { brokers: Record<string, (number | null)[]> }) => {
    const series = sumByTimestamp(Object.values(brokers).map(fiveMinutes));
    return { clusterSeries: [...series.measured], ...loadProfile(series) };
  },

  'skew.hotPartition': (inputs: {
    rates: number[];
    madFloorShare: number;
    flag: {
      maxOverMedianOfOthers: number;
      minShareTimesFair: number;
      robustZ: number;
      robustZFromPartitions: number;
    };
  }) =>
    partitionSkew(inputs.rates, {
      ...inputs.flag,
      minOverMedianOfOthers: inputs.flag.maxOverMedianOfOthers,
      minRobustZ: inputs.flag.robustZ,
      madFloorShare: inputs.madFloorShare,
    }),

  'baseline.sameHour': ({ history, value, ...rule }: AnomalyRule & { history: number[]; value: number }) => {
    const usual = usualOf(history, rule);
    return usual && { ...againstUsual(usual, value, rule), meanSdZForContrast: meanSdZ(history, value) };
  },

  'forecast.diskFull': (inputs: { days: number[]; usedPercent: number[]; threshold: number; full: number }) => {
    const trend = trendOf(inputs.days, inputs.usedPercent, inputs.days.at(-1)!);
    return (
      trend && {
        ...trend,
        daysTo85: daysUntil(trend, inputs.threshold),
        daysTo100: daysUntil(trend, inputs.full),
        olsSlopeForContrast: leastSquaresSlope(inputs.days, inputs.usedPercent),
      }
    );
  },

  'impact.compare': (inputs: {
    pre: number[];
    post: number[];
    trafficPreMiBs: number;
    trafficPostMiBs: number;
    alpha: number;
    minEffect: number;
    trafficTolerance: number;
  }) => impactOf({ ...inputs, trafficPre: inputs.trafficPreMiBs, trafficPost: inputs.trafficPostMiBs }, inputs),

  'lag.gapInstability': (inputs: PresentMinutes) => gapShares(inputs),

  'groups.assignment': ({ partitions, members }: { partitions: number; members: number[] }) =>
    members.map((count) => bestAssignment(partitions, count)),

  'availability.minutes': (inputs: DownCounts) => availability(inputs),

  'topic.effectiveRetention': (
    inputs: Omit<Parameters<typeof effectiveRetention>[0], 'partitionBytesPerSec'> & { partitionBytesPerS: number },
  ) => effectiveRetention({ ...inputs, partitionBytesPerSec: inputs.partitionBytesPerS }),
};
