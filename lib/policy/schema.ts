// The shape of a user's policy file: strict, every number with its bounds. What it may say and what it may not, nothing about defaults.
import * as v from 'valibot';
import { CATEGORIES, type Category } from '../kpis/category.ts';
import { POLICY_VERSION } from './default-policy.ts';
import { ENVIRONMENTS, type Environment, GOALS, type Goal } from './environment.ts';
import { KPI_IDS } from './kpi-curves.ts';
import { WEEKDAYS } from './objectives.ts';
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

const text = (what: string) =>
  v.pipe(
    v.string(`allowed is ${what}`),
    v.regex(/\S/, `allowed is ${what}`),
    v.maxLength(300, 'allowed are at most 300 characters'),
    v.trim(),
  );

/** Maps by pattern or by name: a name that nobody can see is a mistake. */
function byName<const T extends v.ObjectEntries>(what: string, entries: T) {
  return v.optional(
    v.record(v.pipe(v.string(), v.minLength(1, `a ${what} needs at least one character`)), v.strictObject(entries)),
  );
}

/** The 31st of a shorter month is otherwise read as a day of the next. */
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

const owner = v.optional(text('the name of a team or person'));
const ISO_DATE = 'a day that exists, as 2027-01-31';
const ISO_TIME = 'a time with its zone, as 2026-12-01T22:00Z';
const time = v.pipe(
  v.string(`allowed is ${ISO_TIME}`),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/, `allowed is ${ISO_TIME}`),
  v.check((value) => Number.isFinite(Date.parse(value)) && isDay(value.slice(0, 10)), `allowed is ${ISO_TIME}`),
);
const day = v.pipe(
  v.string(`allowed is ${ISO_DATE}`),
  v.regex(/^\d{4}-\d\d-\d\d$/, `allowed is ${ISO_DATE}`),
  v.check(isDay, `allowed is ${ISO_DATE}`),
);
const EVERY = ['day', ...WEEKDAYS] as const;

const weight = number(0, 100);

/** Thresholds for one environment or one goal alone, over those for all. */
const forOne = v.optional(v.strictObject({ checks: slice(checkSlices) }));

function forEach<const K extends string>(keys: readonly K[]) {
  return slice(Object.fromEntries(keys.map((key) => [key, forOne])) as Record<K, typeof forOne>);
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
  checks: slice(checkSlices),
  environments: forEach(ENVIRONMENTS),
  goals: forEach(GOALS),
  weights: slice({
    categories: slice(
      Object.fromEntries(CATEGORIES.map((category) => [category, weight])) as Record<Category, typeof weight>,
    ),
    kpis: slice(Object.fromEntries(KPI_IDS.map((id) => [id, weight]))),
  }),
  owner,
  topics: byName('pattern', {
    ephemeral: v.optional(v.boolean('allowed is true or false')),
    owner,
  }),
  groups: byName('pattern', {
    maxTimeLagSec: number(1, 31_536_000),
    batchEveryHours: number(1, 8_760),
    owner,
  }),
  planned: byName('name', {
    because: text('a sentence'),
    from: v.optional(time),
    to: v.optional(time),
    every: v.optional(v.picklist(EVERY, `allowed is one of ${EVERY.join(', ')}`)),
    startUtc: v.optional(
      v.pipe(
        v.string('allowed is a time of day, as "22:00"'),
        v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'allowed is a time of day, as "22:00"'),
      ),
    ),
    hours: number(0.25, 24),
  }),
  waivers: byName('name', {
    check: v.picklist(Object.keys(THRESHOLD_TABLE), 'allowed is the id of a check (msk-checkup checks)'),
    resource: v.optional(text('a pattern of resources')),
    reason: text('a sentence'),
    owner: text('the name of a team or person'),
    expires: day,
  }),
});

/** What a policy file sets; everything else stays at its default. */
export type PolicyOverrides = Omit<v.InferOutput<typeof policySchema>, 'checks' | 'environments' | 'goals'> & {
  checks?: CheckOverrides;
  environments?: Partial<Record<Environment, { checks?: CheckOverrides }>>;
  goals?: Partial<Record<Goal, { checks?: CheckOverrides }>>;
};

export type CheckOverrides = { [Id in CheckId]?: Slice<Id> };
