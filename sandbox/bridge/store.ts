import { composedValue, type History, seedOf } from './compose.ts';

export const MINUTE_MS = 60_000;
/** CloudWatch keeps 60 s points for 15 days. */
export const HISTORY_MS = 15 * 24 * 60 * MINUTE_MS;

export interface Dimension {
  Name: string;
  Value: string;
}

export interface Reading {
  name: string;
  dimensions: readonly Dimension[];
  unit: string;
  history: History;
  /** Which broker, or which network thread of it, publishes this datapoint. */
  source: string;
  value: number;
}

/** One metric with one exact set of dimensions. */
export interface Series {
  name: string;
  dimensions: readonly Dimension[];
  unit: string;
  history: History;
  lastMinute: number;
  /** Minute number → source → value. A source publishes one datapoint a minute; the newest reading of the minute stands. */
  recorded: Map<number, Map<string, number>>;
  /** What the composed past is built around: the live value of each source when the store settled. */
  bases: Map<string, { value: number; seed: number }>;
  backdated: Backdated[];
}

interface Backdated {
  fromMinute: number;
  /** Exclusive. */
  toMinute: number;
  /** One per source; empty is silence. */
  values: number[];
  note: string;
}

export interface BackdateOptions {
  /** Exact names; every metric unless told. */
  metrics?: readonly string[];
  /** The series must carry all of these. */
  dimensions?: Readonly<Record<string, string>>;
  minutes: number;
  /** The last measured value unless told; `'silence'` takes the points away, as a broker does that was down so long. */
  value?: number | 'silence';
}

/** What CloudWatch holds of AWS/Kafka: recorded since the bridge began, composed before. */
export class MetricStore {
  /** Everything before it was not recorded. */
  readonly recordedFromMs: number;
  readonly #seed: string;
  readonly #composedNote: string;
  readonly #series = new Map<string, Series>();
  #settled = false;

  constructor(options: { seed: string; recordedFromMs: number }) {
    this.#seed = options.seed;
    this.recordedFromMs = Math.floor(options.recordedFromMs / MINUTE_MS) * MINUTE_MS;
    this.#composedNote = `points before ${isoOf(this.recordedFromMs / MINUTE_MS)} were composed by the sandbox, not recorded`;
  }

  record(reading: Reading, atMs: number): void {
    if (!Number.isFinite(reading.value)) return;
    const key = keyOf(reading.name, reading.dimensions);
    const series = this.#series.get(key) ?? this.#create(key, reading);
    const minute = Math.floor(atMs / MINUTE_MS);
    const sources = series.recorded.get(minute) ?? new Map<string, number>();
    series.recorded.set(minute, sources.set(reading.source, reading.value));
    series.lastMinute = Math.max(series.lastMinute, minute);
    if (this.#settled && series.bases.has(reading.source)) return;
    series.bases.set(reading.source, { value: reading.value, seed: seedOf(`${this.#seed}/${key}/${reading.source}`) });
  }

  #create(key: string, { name, dimensions, unit, history }: Reading): Series {
    const series: Series = {
      name,
      dimensions,
      unit,
      history,
      lastMinute: 0,
      recorded: new Map(),
      bases: new Map(),
      backdated: [],
    };
    this.#series.set(key, series);
    return series;
  }

  /** From here on the composed past stays as it is, whatever happens to the cluster. */
  settle(): void {
    this.#settled = true;
  }

  find(name: string, dimensions: readonly Dimension[]): Series | undefined {
    return this.#series.get(keyOf(name, dimensions));
  }

  all(): Series[] {
    return [...this.#series.values()];
  }

  /** The datapoints of one minute, one per source; empty when nothing was published. */
  valuesAt(series: Series, minute: number): number[] {
    const backdated = backdatedAt(series, minute);
    if (backdated !== undefined) return backdated.values;
    const recorded = series.recorded.get(minute);
    if (recorded !== undefined) return [...recorded.values()];
    if (!this.#composedAt(minute)) return [];
    const liveFrom = this.recordedFromMs / MINUTE_MS;
    return [...series.bases.values()].map(({ value, seed }) =>
      composedValue(series.history, value, minute, seed, liveFrom),
    );
  }

  /** Says so when this minute's points were not recorded. */
  composedNote(series: Series, minute: number): string | undefined {
    const backdated = backdatedAt(series, minute);
    if (backdated !== undefined) return backdated.note;
    return this.#composedAt(minute) && !series.recorded.has(minute) ? this.#composedNote : undefined;
  }

  /** Makes what is measured now look as if it had lasted: for rules that want minutes of persistence. Labelled as composed. */
  backdate(options: BackdateOptions, nowMs: number): void {
    this.settle();
    const toMinute = Math.floor(nowMs / MINUTE_MS);
    const fromMinute = toMinute - options.minutes;
    for (const series of this.all().filter((one) => chosen(one, options))) {
      const last = [...(series.recorded.get(series.lastMinute)?.values() ?? [])];
      const values = options.value === 'silence' ? [] : withPeak(last, options.value);
      const span = `from ${isoOf(fromMinute)} to ${isoOf(toMinute)}`;
      const note = `points of ${series.name} ${span} were back-dated by the sandbox, not recorded`;
      series.backdated.push({ fromMinute, toMinute, values, note });
    }
  }

  clearBackdates(): void {
    for (const series of this.all()) series.backdated = [];
  }

  #composedAt(minute: number): boolean {
    const atMs = minute * MINUTE_MS;
    return atMs < this.recordedFromMs && atMs >= this.recordedFromMs - HISTORY_MS;
  }
}

/** CloudWatch tells series apart by the whole set of dimensions, whatever their order. */
function keyOf(name: string, dimensions: readonly Dimension[]): string {
  return [name, ...dimensions.map(({ Name, Value }) => `${Name}\u0000${Value}`).sort()].join('\u0001');
}

function backdatedAt(series: Series, minute: number): Backdated | undefined {
  if (series.backdated.length === 0) return undefined;
  return series.backdated.findLast(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute);
}

function chosen(series: Series, { metrics, dimensions }: BackdateOptions): boolean {
  if (metrics !== undefined && !metrics.includes(series.name)) return false;
  return Object.entries(dimensions ?? {}).every(([name, value]) =>
    series.dimensions.some((one) => one.Name === name && one.Value === value),
  );
}

/** Where several sources publish, the one that reports the real value takes the given one. */
function withPeak(values: number[], peak: number | undefined): number[] {
  if (peak === undefined) return values;
  const highest = values.indexOf(Math.max(...values));
  return values.length === 0 ? [peak] : values.map((value, index) => (index === highest ? peak : value));
}

function isoOf(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString();
}
