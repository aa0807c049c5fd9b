// A series whose every value may be judged, on the grid of its period. A large cluster has millions of them, read by code that has not
// run before: plain loops over typed arrays, and nothing sorted of which one rank is wanted.
import { quantileIn } from './statistics.ts';

export interface Point {
  /** Start of the period. */
  atMs: number;
  value: number;
}

export interface Grid {
  dimensions: Readonly<Record<string, string>>;
  periodSec: number;
  /** Start of the first period, a multiple of the period. */
  startMs: number;
  /** One a period; NaN where nothing was measured, or what was may not be judged. A day of a large cluster holds 250,000 of them. */
  values: Float64Array;
  /** Periods that should have a value: all but the latest ones and the masked ones. */
  expected: number;
  /** How long CloudWatch had said nothing when the window ended, masked or not; 0 where that is not asked. */
  silentSec?: number;
}

/** CloudWatch has points after minutes: a series that lacks these, and three of its periods, does not tell how it is now. */
const LATE_SEC = 1800;
const LATE_PERIODS = 3;

export class TrustedSeries {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSec: number;
  readonly startMs: number;
  readonly values: Float64Array;
  readonly expected: number;
  readonly silentSec: number;
  /** Periods that have a value. */
  readonly count: number;
  // Asked by many checks: worked out once.
  #points: readonly Point[] | null = null;
  #measured: Float64Array | null = null;
  #highest: number | null | undefined;
  /** The measured values in the order in which earlier ranks were found. */
  #ranked: Float64Array | null = null;

  constructor({ dimensions, periodSec, startMs, values, expected, silentSec = 0 }: Grid) {
    this.dimensions = dimensions;
    this.periodSec = periodSec;
    this.startMs = startMs;
    this.values = values;
    this.expected = expected;
    this.silentSec = silentSec;
    let count = 0;
    for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) count += 1;
    this.count = count;
  }

  /** 0..1: measured over expected; 0 when nothing was expected. */
  get coverage(): number {
    return this.expected === 0 ? 0 : this.count / this.expected;
  }

  /** Broke off so long before the window ended that it is no longer only late: what was clean until then may not be now. */
  get endsEarly(): boolean {
    // Counted from where the newest point begins.
    return this.silentSec + this.periodSec > Math.max(LATE_SEC, LATE_PERIODS * this.periodSec);
  }

  /** The measured values with their times, oldest first. */
  get points(): readonly Point[] {
    this.#points ??= this.#read();
    return this.#points;
  }

  /** The measured values, oldest first. */
  get measured(): Float64Array {
    this.#measured ??= this.count === this.values.length ? this.values : measuredOf(this.values, this.count);
    return this.#measured;
  }

  /** Quantile of the measured values (`quantile` of statistics); null without any. */
  quantile(q: number): number | null {
    this.#ranked ??= this.measured.slice();
    return quantileIn(this.#ranked, q);
  }

  /** Null without a measured value. */
  get highest(): number | null {
    this.#highest ??= highestOf(this.values);
    return this.#highest;
  }

  /** Null without a measured value. */
  get latest(): Point | null {
    const index = this.values.findLastIndex((value) => !Number.isNaN(value));
    return index < 0 ? null : { atMs: this.timeOf(index), value: this.values[index]! };
  }

  /** The value of the period that begins then; NaN where there is none. */
  at(atMs: number): number {
    return this.values[(atMs - this.startMs) / (this.periodSec * 1000)] ?? Number.NaN;
  }

  timeOf(index: number): number {
    return this.startMs + index * this.periodSec * 1000;
  }

  #read(): Point[] {
    const points: Point[] = [];
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i]!;
      if (!Number.isNaN(value)) points.push({ atMs: this.timeOf(i), value });
    }
    return points;
  }
}

function measuredOf(values: Float64Array, count: number): Float64Array {
  const measured = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) measured[next++] = values[i]!;
  return measured;
}

function highestOf(values: Float64Array): number | null {
  let highest = Number.NaN;
  for (let i = 0; i < values.length; i++)
    if (!(values[i]! <= highest) && !Number.isNaN(values[i]!)) highest = values[i]!;
  return Number.isNaN(highest) ? null : highest;
}
