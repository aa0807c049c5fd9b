// The shape of a user's policy file: strict, every number with its bounds. What it may say and what it may not, nothing about defaults.
import * as v from 'valibot';
import { POLICY_VERSION } from './default-policy.ts';
import { ENVIRONMENTS, GOALS } from './environment.ts';

/** A number within bounds; the message says what is allowed. */
function number(min: number, max: number) {
  const allowed = `allowed is a number from ${min} to ${max}`;
  return v.optional(v.pipe(v.number(allowed), v.finite(allowed), v.minValue(min, allowed), v.maxValue(max, allowed)));
}

function whole(min: number, max: number) {
  const allowed = `allowed is a whole number from ${min} to ${max}`;
  return v.optional(v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed)));
}

const percent = number(0, 100);
/** A report window is at most two weeks of minutes: CloudWatch keeps one-minute data for 15 days. */
const minutes = number(0, 20_160);
const ladder = { mediumPercent: percent, highPercent: percent, criticalPercent: percent };
const coverage = { minCoveragePercent: percent };

function slice<const T extends v.ObjectEntries>(entries: T) {
  return v.optional(v.strictObject(entries));
}

export const policySchema = v.strictObject({
  version: v.literal(POLICY_VERSION, `allowed is ${POLICY_VERSION}`),
  environment: v.optional(v.picklist(ENVIRONMENTS, `allowed is one of ${ENVIRONMENTS.join(', ')}`)),
  goal: v.optional(v.picklist(GOALS, `allowed is one of ${GOALS.join(', ')}`)),
  sampling: slice({
    samples: whole(1, 20),
    intervalSec: number(1, 600),
    readData: v.optional(v.boolean('allowed is true or false')),
    openMonitoring: v.optional(v.boolean('allowed is true or false')),
  }),
  lag: slice({
    allowedMessages: whole(0, 1_000_000_000),
    allowedSeconds: number(0, 604_800),
    minSamples: whole(2, 20),
    minSpanSec: number(1, 3_600),
  }),
  checks: slice({
    'offline-partitions': slice(coverage),
    'partitions-under-min-isr': slice({ minMinutes: minutes, ...coverage }),
    'partitions-under-replicated': slice({
      minMinutes: minutes,
      criticalPercent: percent,
      criticalMinutes: minutes,
      flappingTransitions: whole(2, 10_000),
      ...coverage,
    }),
    'replication-factor-low': slice({ minReplicationFactor: whole(1, 10) }),
    'min-isr-equal-rf': slice({}),
    'unclean-election-enabled': slice({}),
    'consumer-stalled': slice({}),
    'consumer-stopped': slice({}),
    'lag-growing': slice({
      trendHours: number(1, 336),
      minSlopePercentOfProduceRate: percent,
      maxPValue: number(0, 1),
      ...coverage,
    }),
    'records-lost-to-retention': slice({}),
    'retention-risk': slice({ consumedPercent: percent, hoursToLoss: number(0, 8_760) }),
    'disk-used-high': slice({ ...ladder, targetPercent: number(1, 100), ...coverage }),
    'cpu-high': slice({
      ...ladder,
      minSustainedPeriods: whole(1, 288),
      minShareOfWindowPercent: percent,
      ...coverage,
    }),
    'version-unsupported': slice({ highDays: number(0, 3_650), mediumDays: number(0, 3_650) }),
    'leaders-skewed': slice({
      maxOverMean: number(1, 100),
      minLeadersPerBroker: number(0, 100_000),
      minMinutes: minutes,
      ...coverage,
    }),
  }),
});

/** What a policy file sets; everything else stays at its default. */
export type PolicyOverrides = v.InferOutput<typeof policySchema>;
