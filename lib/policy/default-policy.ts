// Our judgement where nobody said otherwise. Every number has its unit in its key and its reason above it; users override single keys.
// Sources: [BP] docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html, [BURROW] github.com/linkedin/Burrow wiki "Consumer Lag
// Evaluation Rules", [KLAG] github.com/themoah/klag, [CC] github.com/linkedin/cruise-control default thresholds,
// [VSUP] docs.aws.amazon.com/msk/latest/developerguide/version-support.html.
import type { Environment, Goal } from './environment.ts';
import type { LagPolicy } from './lag-policy.ts';
import type { SamplingPolicy } from './policy.ts';
import { thresholdValue } from './threshold.ts';
import { type CheckThresholds, THRESHOLD_TABLE } from './thresholds/index.ts';

export const POLICY_VERSION = 1;

/** Read where nothing names an environment: the strictest, so that silence never relaxes a verdict. */
export const DEFAULT_ENVIRONMENT: Environment = 'production';
export const DEFAULT_GOAL: Goal = 'balanced';

export const DEFAULT_SAMPLING: SamplingPolicy = {
  // Three looks over two minutes: the fewest from which a stalled consumer can be told from one between two commits [BURROW].
  samples: 3,
  intervalSec: 60,
  // READ on the topics is a right to read every record: only who owns the data may give it.
  readData: false,
  // The endpoints need ports of their own in the brokers' security group, and reading them costs the brokers CPU time.
  openMonitoring: false,
};

/** Seconds of produced records that a group may be behind without anyone asking: the good point of the time-lag KPI, by goal. */
const ALLOWED_SECONDS: Readonly<Record<Goal, number>> = {
  balanced: 60,
  latency: 5,
  throughput: 300,
  durability: 60,
  cost: 300,
};

/** A test system may be later than production by these factors, as in the time-lag KPI. */
const ALLOWED_SECONDS_FACTOR: Readonly<Record<Environment, number>> = { production: 1, staging: 3, development: 10 };

export function defaultLagPolicy(environment: Environment, goal: Goal): LagPolicy {
  return {
    // A few batches in flight: a topic with little traffic must still be able to show a stalled group.
    allowedMessages: 100,
    allowedSeconds: ALLOWED_SECONDS[goal] * ALLOWED_SECONDS_FACTOR[environment],
    // Two equal commits are the normal state between two commit intervals; three are a fact [BURROW].
    minSamples: 3,
    // Twelve of the clients' default commit intervals of 5 s, twice: shorter windows call slow committers stalled.
    minSpanSec: 120,
  };
}

/** The thresholds of every check where the policy says nothing. */
export function defaultCheckThresholds(environment: Environment, goal: Goal): CheckThresholds {
  return Object.fromEntries(
    Object.entries(THRESHOLD_TABLE).map(([id, slice]) => [
      id,
      Object.fromEntries(
        Object.entries(slice).map(([key, threshold]) => [key, thresholdValue(threshold, environment, goal)]),
      ),
    ]),
  ) as CheckThresholds;
}
