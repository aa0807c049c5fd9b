// A row of hours in eight bytes each: a cluster of 90 brokers has a million of them in four weeks.
import { HOUR_MS } from './hourly-rollup.ts';

/** Epoch milliseconds, the end excluded. */
export interface HourRange {
  startMs: number;
  endMs: number;
}

export const UNREAD = Number.NaN;
/** No value of a metric: those are finite. */
const NO_POINT = Number.POSITIVE_INFINITY;

/** A value of an hour as a number; null is an hour without a point. */
export function encodeHour(value: number | null): number {
  return value ?? NO_POINT;
}

/** Hours in a row, each as `encodeHour` gives it or `UNREAD`. */
export interface HourRow {
  startMs: number;
  values: ArrayLike<number>;
}

/** The hours of a range by their start, epoch milliseconds. One that is not there was never read; null is an hour without a point. */
export class Hours implements HourRow {
  readonly startMs: number;
  readonly values: Float64Array;

  constructor({ startMs, endMs }: HourRange) {
    this.startMs = startMs;
    this.values = new Float64Array((endMs - startMs) / HOUR_MS).fill(UNREAD);
  }

  get(hourMs: number): number | null | undefined {
    const value = this.values[(hourMs - this.startMs) / HOUR_MS];
    if (value === NO_POINT) return null;
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /** Newer hours; those out of the range are passed over, and "no point" never replaces a point, which cannot unhappen. */
  add({ startMs, values }: HourRow): void {
    const shift = (startMs - this.startMs) / HOUR_MS;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as number;
      if (Number.isNaN(value)) continue;
      // What is written beyond the ends of a typed array is lost.
      if (value !== NO_POINT || Number.isNaN(this.values[index + shift])) this.values[index + shift] = value;
    }
  }

  forget(hourMs: number): void {
    this.values[(hourMs - this.startMs) / HOUR_MS] = UNREAD;
  }

  /** Hours that were read, oldest first. */
  *[Symbol.iterator](): Generator<[hourMs: number, value: number | null]> {
    for (const index of this.values.keys()) {
      const hourMs = this.startMs + index * HOUR_MS;
      const value = this.get(hourMs);
      if (value !== undefined) yield [hourMs, value];
    }
  }

  /** The last hour that was read; null when none was. */
  newestMs(): number | null {
    const index = this.values.findLastIndex((value) => !Number.isNaN(value));
    return index < 0 ? null : this.startMs + index * HOUR_MS;
  }
}
