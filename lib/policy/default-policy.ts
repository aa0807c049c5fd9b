// Our judgement where nobody said otherwise. Every number has its unit in its key and its reason above it; users override single keys.
// Sources: [BP] docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html, [BURROW] github.com/linkedin/Burrow wiki "Consumer Lag
// Evaluation Rules", [KLAG] github.com/themoah/klag, [CC] github.com/linkedin/cruise-control default thresholds,
// [VSUP] docs.aws.amazon.com/msk/latest/developerguide/version-support.html.
import type { Environment, Goal } from './environment.ts';
import type { SamplingPolicy } from './policy.ts';
import type { CheckThresholds, LagPolicy } from './thresholds.ts';

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

/** Half of the expected datapoints: below that a clean CloudWatch series is silence, not health. */
const MIN_COVERAGE_PERCENT = 50;

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

export function defaultCheckThresholds(environment: Environment): CheckThresholds {
  const strict = environment === 'production';
  return {
    'offline-partitions': { minCoveragePercent: MIN_COVERAGE_PERCENT },
    'partitions-under-min-isr': {
      // acks=all writes fail from the first second; test systems may restart a broker without a word.
      minMinutes: strict ? 1 : 5,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
    'partitions-under-replicated': {
      // A broker restart heals within minutes; what lasts a quarter of an hour does not heal by itself.
      minMinutes: 15,
      // One partition in twenty without its copy for half an hour is a broker's worth of exposure on a common cluster.
      criticalPercent: 5,
      criticalMinutes: 30,
      // Three times out of sync and back within the window is ISR churn, not a restart.
      flappingTransitions: 6,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
    // AWS: replication factor 3 for clusters in three availability zones [BP]; capped by brokers and zones.
    'replication-factor-low': { minReplicationFactor: 3 },
    'min-isr-equal-rf': {},
    'unclean-election-enabled': {},
    'consumer-stalled': {},
    'consumer-stopped': {},
    'lag-growing': {
      // Long enough to see past a burst, short enough to act on before retention bites.
      trendHours: 6,
      // Less than a hundredth of what is produced is noise of the sampling.
      minSlopePercentOfProduceRate: 1,
      // The usual significance for a Mann-Kendall trend.
      maxPValue: 0.05,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
    'records-lost-to-retention': {},
    'retention-risk': {
      // Half of the retained log between the group and its loss: time to act, before the 80 % at which others warn [KLAG].
      consumedPercent: 50,
      // One daily report must lie between the warning and the loss.
      hoursToLoss: 24,
    },
    'disk-used-high': {
      // Time to plan: an expansion has a cooldown of six hours and up to a day of optimisation [BP].
      mediumPercent: 70,
      // AWS's own alarm line [BP].
      highPercent: 85,
      // A burst or one re-replication fills the rest; a full volume stops the broker.
      criticalPercent: 95,
      // Fill level to size an expansion for, so that it is not needed again within weeks.
      targetPercent: 60,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
    'cpu-high': {
      // AWS: keep CpuUser + CpuSystem under 60 %, so that a lost broker's load can be carried [BP].
      mediumPercent: 60,
      highPercent: 70,
      criticalPercent: 80,
      // Three 5-minute periods in a row and a tenth of the window: a batch job's peak is no sizing problem.
      minSustainedPeriods: 3,
      minShareOfWindowPercent: 10,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
    'version-unsupported': {
      // After the end MSK may upgrade the cluster by itself [VSUP]: two months are one careful rolling upgrade with tests.
      highDays: 60,
      mediumDays: 180,
    },
    'leaders-skewed': {
      // Kafka rebalances leaders by itself at 10 % [CC: 1.1]; a quarter above the mean costs a fifth of the cluster's capacity.
      maxOverMean: 1.25,
      // With fewer leaders one partition more or less is already 5 %.
      minLeadersPerBroker: 20,
      // Leaders move for minutes at every restart.
      minMinutes: 60,
      minCoveragePercent: MIN_COVERAGE_PERCENT,
    },
  };
}
