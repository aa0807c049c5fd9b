// The resolved policy: our judgement (thresholds, sampling, environment, goal) after the user's file was applied over the defaults.
import type { Chosen, Environment, Goal } from './environment.ts';
import type { LagPolicy } from './lag-policy.ts';
import type { CheckThresholds } from './thresholds/index.ts';

export interface SamplingPolicy {
  /** Looks at end and committed offsets within one run, the core collection included. */
  samples: number;
  intervalSec: number;
  /** Also read what needs READ on the topics: headers of record batches, and producers. Records themselves are never kept. */
  readData: boolean;
  /** Also scrape the brokers' Prometheus endpoints, where the cluster has them switched on. */
  openMonitoring: boolean;
}

export interface Policy {
  environment: Chosen<Environment>;
  goal: Chosen<Goal>;
  sampling: SamplingPolicy;
  lag: LagPolicy;
  checks: CheckThresholds;
  /** Each value that differs from the default, as `checks.cpu-high.mediumPercent: 50 (default 60)`: printed in the report. */
  overrides: readonly string[];
  /** Short hash of everything above: tells whether yesterday was judged by the same policy. */
  fingerprint: string;
}
