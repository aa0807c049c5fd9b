// A series whose every value may be judged, on the grid of its period.

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
}

export class TrustedSeries {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSec: number;
  readonly startMs: number;
  readonly values: Float64Array;
  readonly expected: number;
  /** Periods that have a value. */
  readonly count: number;
  // Asked by many checks: worked out once.
  #points: readonly Point[] | null = null;
  #measured: Float64Array | null = null;
  #ordered: Float64Array | null = null;

  constructor({ dimensions, periodSec, startMs, values, expected }: Grid) {
    this.dimensions = dimensions;
    this.periodSec = periodSec;
    this.startMs = startMs;
    this.values = values;
    this.expected = expected;
    let count = 0;
    for (const value of values) if (!Number.isNaN(value)) count += 1;
    this.count = count;
  }

  /** 0..1: measured over expected; 0 when nothing was expected. */
  get coverage(): number {
    return this.expected === 0 ? 0 : this.count / this.expected;
  }

  /** The measured values with their times, oldest first. */
  get points(): readonly Point[] {
    this.#points ??= this.#read();
    return this.#points;
  }

  /** The measured values, oldest first. */
  get measured(): Float64Array {
    this.#measured ??=
      this.count === this.values.length ? this.values : this.values.filter((value) => !Number.isNaN(value));
    return this.#measured;
  }

  /** The measured values, lowest first. */
  get ordered(): Float64Array {
    this.#ordered ??= this.measured.toSorted();
    return this.#ordered;
  }

  /** Null without a measured value. */
  get highest(): number | null {
    return this.ordered.at(-1) ?? null;
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
    for (const [index, value] of this.values.entries()) {
      if (!Number.isNaN(value)) points.push({ atMs: this.timeOf(index), value });
    }
    return points;
  }
}
