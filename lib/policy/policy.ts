// The resolved policy: our judgement (thresholds, sampling, environment, goal) after the user's file was applied over the defaults.
import type { Chosen, Environment, Goal } from './environment.ts';
import type { LagPolicy } from './lag-policy.ts';
import type { Objectives, PlannedWork, Waiver } from './objectives.ts';
import type { Weights } from './score-weights.ts';
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
  weights: Weights;
  objectives: Objectives;
  /** Work that was announced: its minutes are not judged, as those of a cluster operation. */
  planned: readonly PlannedWork[];
  /** In the order of the file; expired ones are kept, to be told. */
  waivers: readonly Waiver[];
  /** Who answers for what no pattern names; null when the policy does not say. */
  owner: string | null;
  checks: CheckThresholds;
  /** Each value that differs from the default, as `checks.cpu-high.mediumPercent: 50 (default 60)`: printed in the report. */
  overrides: readonly string[];
  /** Short hash of everything above: tells whether yesterday was judged by the same policy. */
  fingerprint: string;
}
