// The shape of a user's policy file: strict, every number with its bounds. What it may say and what it may not, nothing about defaults.
import * as v from 'valibot';
import { POLICY_VERSION } from './default-policy.ts';
import { ENVIRONMENTS, GOALS } from './environment.ts';
import type { Threshold } from './threshold.ts';
import { type CheckId, type CheckThresholds, THRESHOLD_TABLE } from './thresholds/index.ts';

/** A number within bounds; the message says what is allowed. */
function number(min: number, max: number) {
  const allowed = `allowed is a number from ${min} to ${max}`;
  return v.optional(v.pipe(v.number(allowed), v.finite(allowed), v.minValue(min, allowed), v.maxValue(max, allowed)));
}

function whole(min: number, max: number) {
  const allowed = `allowed is a whole number from ${min} to ${max}`;
  return v.optional(v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed)));
}

function slice<const T extends v.ObjectEntries>(entries: T) {
  return v.optional(v.strictObject(entries));
}

function thresholdSchema({ min, max, whole: isWhole, because }: Threshold) {
  return v.pipe((isWhole ? whole : number)(min, max), v.description(because));
}

type Slice<Id extends CheckId> = Partial<{ -readonly [Key in keyof CheckThresholds[Id]]: number }>;

/** One strict map for each check, made of its thresholds. */
const checkSlices = Object.fromEntries(
  Object.entries(THRESHOLD_TABLE).map(([id, table]) => [
    id,
    slice(Object.fromEntries(Object.entries(table).map(([key, threshold]) => [key, thresholdSchema(threshold)]))),
  ]),
) as unknown as { [Id in CheckId]: v.OptionalSchema<v.StrictObjectSchema<v.ObjectEntries, undefined>, undefined> };

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
  checks: slice(checkSlices),
});

/** What a policy file sets; everything else stays at its default. */
export type PolicyOverrides = Omit<v.InferOutput<typeof policySchema>, 'checks'> & {
  checks?: { [Id in CheckId]?: Slice<Id> };
};
