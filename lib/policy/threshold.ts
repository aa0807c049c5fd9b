// One number of our judgement as data: its value by environment or goal, its bounds, and the reason, which a reader of the policy sees.
import type { Environment, Goal } from './environment.ts';

export type Choice = number | Readonly<Record<Environment, number>> | Readonly<Record<Goal, number>>;

export interface Threshold {
  value: Choice;
  /** What a user may set, both included. */
  min: number;
  max: number;
  whole?: true;
  /** The key of the same check whose value this one must lie below: a medium beyond its high would silence the medium for ever. */
  below?: string;
  /** Why this value, with its source where it has one; unit and meaning are in the key. */
  because: string;
}

/** Thresholds of checks by id, then by key. */
export type ThresholdTable = Readonly<Record<string, Readonly<Record<string, Threshold>>>>;

/** Ties keys of a table to their literal types. */
export function thresholds<const T extends ThresholdTable>(table: T): T {
  return table;
}

type Options = Pick<Threshold, 'below'>;

export function number(value: Choice, [min, max]: readonly [number, number], because: string, options: Options = {}) {
  return { value, min, max, because, ...options } satisfies Threshold;
}

export function whole(value: Choice, bounds: readonly [number, number], because: string, options: Options = {}) {
  return { ...number(value, bounds, because, options), whole: true } satisfies Threshold;
}

export function percent(value: Choice, because: string, options: Options = {}) {
  return number(value, [0, 100], because, options);
}

/** A report window is at most two weeks of minutes: CloudWatch keeps one-minute data for 15 days. */
export function minutes(value: Choice, because: string, options: Options = {}) {
  return number(value, [0, 20_160], because, options);
}

export function hours(value: Choice, because: string, options: Options = {}) {
  return number(value, [0, 8_760], because, options);
}

export function days(value: Choice, because: string, options: Options = {}) {
  return number(value, [0, 3_650], because, options);
}

/** For checks on series: how much of a window must have been seen before it may be called healthy. */
export const COVERAGE = {
  minCoveragePercent: percent(50, 'Below half of the expected datapoints a clean series is silence, not health.'),
};

/** For checks of Kafka versions: how old the shipped copy of AWS's table may be where MSK's own list was not read. */
export const TABLE_AGE = {
  maxTableAgeDays: days(
    90,
    'AWS announces ends of support months ahead: an older copy of its table may lack one, and proves nothing alone.',
  ),
};

/** "Sustained": true in this many consecutive periods and in this share of the window. */
export const SUSTAINED = {
  minSustainedPeriods: whole(3, [1, 288], 'Three 5-minute periods in a row: a batch job’s peak is no sizing problem.'),
  minShareOfWindowPercent: percent(10, 'A tenth of the window: what is short and rare is not worth an alarm.'),
};

/** The value that holds in an environment and for a goal. */
export function thresholdValue({ value }: Threshold, environment: Environment, goal: Goal): number {
  if (typeof value === 'number') return value;
  return 'production' in value ? value[environment] : value[goal];
}
