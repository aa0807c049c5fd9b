// What a section of a snapshot is: a value with its time, or the reason why it is missing. Never an empty value.
import * as v from 'valibot';

/** The closed list of reasons why a section has no value. */
export const MISSING_REASONS = [
  'not-enabled',
  'not-permitted',
  'unreachable',
  'timed-out',
  'throttled',
  'not-supported',
  'not-requested',
  'failed',
] as const;

export type MissingReason = (typeof MISSING_REASONS)[number];

/** A section that was read. `partial` says in one line what of it could not be read; a pass may not rest on it. */
export interface Present<T> {
  ok: true;
  value: T;
  /** Epoch milliseconds at which the value was true. */
  asOfMs: number;
  partial?: string | undefined;
}

/** A section that was not read; `fix` is the one line (IAM action, security group, option) that would make it readable. */
export interface Missing {
  ok: false;
  reason: MissingReason;
  detail: string;
  fix?: string | undefined;
}

export type Collected<T> = Present<T> | Missing;

/** Schema of one section around the schema of its value. */
export function collected<S extends v.GenericSchema>(value: S) {
  return v.variant('ok', [
    v.strictObject({
      ok: v.literal(true),
      value,
      asOfMs: v.pipe(v.number(), v.safeInteger()),
      partial: v.optional(v.string()),
    }),
    v.strictObject({
      ok: v.literal(false),
      reason: v.picklist(MISSING_REASONS),
      detail: v.string(),
      fix: v.optional(v.string()),
    }),
  ]);
}

export function present<T>(value: T, asOfMs: number, partial?: string): Present<T> {
  return partial === undefined ? { ok: true, value, asOfMs } : { ok: true, value, asOfMs, partial };
}

export function missing(reason: MissingReason, detail: string, fix?: string): Missing {
  return fix === undefined ? { ok: false, reason, detail } : { ok: false, reason, detail, fix };
}
