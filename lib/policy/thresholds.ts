// Thresholds of every check by id, units in the names. Values with their reasons are in default-policy.ts.

/** A medium/high/critical ladder in percent: each step must lie beyond the one before. */
export interface PercentLadder {
  mediumPercent: number;
  highPercent: number;
  criticalPercent: number;
}

/** How much of a window must have been seen before it may be called healthy. */
export interface SeriesCoverage {
  /** Below this share of the expected datapoints a clean series proves nothing. */
  minCoveragePercent: number;
}

/** "Sustained": true in this many consecutive periods and in this share of the window. */
export interface Sustained {
  minSustainedPeriods: number;
  minShareOfWindowPercent: number;
}

export interface CheckThresholds {
  'offline-partitions': SeriesCoverage;
  'partitions-under-min-isr': SeriesCoverage & { minMinutes: number };
  'partitions-under-replicated': SeriesCoverage & {
    minMinutes: number;
    criticalPercent: number;
    criticalMinutes: number;
    flappingTransitions: number;
  };
  'replication-factor-low': { minReplicationFactor: number };
  'min-isr-equal-rf': Record<string, never>;
  'unclean-election-enabled': Record<string, never>;
  'consumer-stalled': Record<string, never>;
  'consumer-stopped': Record<string, never>;
  'lag-growing': SeriesCoverage & { trendHours: number; minSlopePercentOfProduceRate: number; maxPValue: number };
  'records-lost-to-retention': Record<string, never>;
  'retention-risk': { consumedPercent: number; hoursToLoss: number };
  'disk-used-high': PercentLadder & SeriesCoverage & { targetPercent: number };
  'cpu-high': PercentLadder & SeriesCoverage & Sustained;
  'version-unsupported': { highDays: number; mediumDays: number };
  'leaders-skewed': SeriesCoverage & { maxOverMean: number; minLeadersPerBroker: number; minMinutes: number };
}

/** How consumer status is judged: shared by the consumer checks and KPIs, so that they never disagree. */
export interface LagPolicy {
  /** Lag below this is never judged. */
  allowedMessages: number;
  /** Lag below this many seconds of the partition's produce rate is never judged. */
  allowedSeconds: number;
  minSamples: number;
  minSpanSec: number;
}

export type CheckId = keyof CheckThresholds;
