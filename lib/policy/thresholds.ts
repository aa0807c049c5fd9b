// Thresholds of every check by id, units in the names. Values with their reasons are in default-policy.ts.

/** A medium/high/critical ladder in percent: each step must lie beyond the one before. */
export interface PercentLadder {
  mediumPercent: number;
  highPercent: number;
  criticalPercent: number;
}

export interface CheckThresholds {
  'offline-partitions': Record<string, never>;
  'partitions-under-min-isr': { minMinutes: number };
  'partitions-under-replicated': { minMinutes: number; criticalPercent: number; criticalMinutes: number };
  'replication-factor-low': { minReplicationFactor: number };
  'min-isr-equal-rf': Record<string, never>;
  'unclean-election-enabled': Record<string, never>;
  'consumer-stalled': Record<string, never>;
  'consumer-stopped': Record<string, never>;
  'lag-growing': Record<string, never>;
  'records-lost-to-retention': Record<string, never>;
  'retention-risk': { consumedPercent: number; hoursToLoss: number };
  'disk-used-high': PercentLadder;
  'cpu-high': PercentLadder & { minSustainedPeriods: number; minShareOfWindowPercent: number };
  'version-unsupported': { highDays: number; mediumDays: number };
  'leaders-skewed': { maxOverMean: number; minLeadersPerBroker: number; minMinutes: number };
}

/** How consumer status (rules.md D2b) is judged: shared by the consumer checks and KPIs, so that they never disagree. */
export interface LagPolicy {
  /** Lag below this is never judged. */
  allowedMessages: number;
  /** Lag below this many seconds of the partition's produce rate is never judged. */
  allowedSeconds: number;
  minSamples: number;
  minSpanSec: number;
}

export type CheckId = keyof CheckThresholds;
