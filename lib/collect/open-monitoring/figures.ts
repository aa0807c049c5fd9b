// From two scrapes of one exporter to its figures: gauges of the last one, rates per second from the difference. Pure.
import type { FigureGap, FigureName, ScrapeProblem } from '../../snapshot/open-monitoring-figures.ts';
import type { MonitoredBroker } from '../../snapshot/open-monitoring-section.ts';
import { FIGURE_ROWS } from './catalogue.ts';
import type { Exporter } from './exporters.ts';
import type { Sample } from './exposition.ts';
import { ERROR_COUNTS, SCRAPE_ERROR } from './jmx-rows.ts';
import { type FigureRow, type GaugeRow, hasLabels, type SeriesMatch } from './series.ts';

/** One scrape that was read. */
export interface Scrape {
  samples: readonly Sample[];
  /** Epoch milliseconds at which the exporter answered. */
  atMs: number;
}

export interface ExporterFigures {
  spanSec: number | null;
  figures: MonitoredBroker['figures'];
  errors: MonitoredBroker['errors'];
  gaps: MonitoredBroker['gaps'];
}

/** Error names are an enumeration of Kafka's, request names of its protocol: anything else is not repeated. */
const ERROR_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
const REQUEST_NAME = /^[A-Z][A-Za-z0-9]{0,63}$/;
/** Of one broker; a healthy one has a handful. */
const MAX_ERROR_ROWS = 200;

/** What makes a scrape worthless as a whole, or null. */
export function problemIn(samples: readonly Sample[]): ScrapeProblem | null {
  const ofExporter = samples.filter(({ family }) => family === SCRAPE_ERROR);
  if (ofExporter.some(({ value }) => value !== 0)) return 'exporter-failed';
  return ofExporter.length === samples.length ? 'no-figures' : null;
}

/**
 * Figures of one exporter. Rates need `earlier`; a counter that fell or went away in between means that the process restarted, and then
 * no rate of this exporter is given, because a counter may also have overtaken its former self.
 * @param later the last scrape that was read
 */
export function figuresOf(exporter: Exporter, earlier: Scrape | null, later: Scrape): ExporterFigures {
  const spanSec = earlier === null ? null : (later.atMs - earlier.atMs) / 1000;
  const pair = earlier === null || spanSec === null || spanSec <= 0 ? null : { earlier, later, spanSec };
  const isReset = pair !== null && hasFallen(FIGURE_ROWS[exporter], pair);
  const figures: ExporterFigures['figures'] = {};
  const gaps = new Map<FigureGap, FigureName[]>();
  for (const row of FIGURE_ROWS[exporter]) {
    const read = row.kind === 'gauge' ? readGauge(row, later) : readGrowth(row, later, isReset ? 'reset' : pair);
    if (typeof read === 'number') figures[row.figure] = read;
    else gaps.set(read, [...(gaps.get(read) ?? []), row.figure]);
  }
  return {
    spanSec: pair === null || isReset ? null : round(pair.spanSec),
    figures,
    errors: exporter === 'jmx' && pair !== null && !isReset ? errorRates(pair) : null,
    gaps: Array.from(gaps, ([reason, names]) => ({ reason, figures: names })),
  };
}

interface Pair {
  earlier: Scrape;
  later: Scrape;
  spanSec: number;
}

function pick(match: SeriesMatch, { samples }: Scrape): Sample[] {
  const families = [match.family].flat();
  return samples.filter(({ family, labels }) => families.includes(family) && hasLabels(match, labels));
}

/** The first spelling that the exporter has. */
function spelled(row: FigureRow, scrape: Scrape): SeriesMatch | undefined {
  return row.series.find((match) => pick(match, scrape).length > 0);
}

function readGauge(row: GaugeRow, later: Scrape): number | FigureGap {
  const match = spelled(row, later);
  if (match === undefined) return 'not-exposed';
  const isEmpty = row.emptyWhenZero !== undefined && pick(row.emptyWhenZero, later).some(({ value }) => value === 0);
  if (isEmpty) return 'no-requests';
  return finite(sum(pick(match, later)) * (row.scale ?? 1));
}

function readGrowth(row: Exclude<FigureRow, GaugeRow>, later: Scrape, pair: Pair | 'reset' | null): number | FigureGap {
  const match = spelled(row, later);
  if (match === undefined) return 'not-exposed';
  if (pair === null) return 'no-second-scrape';
  if (pair === 'reset') return 'counter-reset';
  if (row.kind === 'mean') return meanBetween(match, row.count, pair);
  const grown = growth(match, pair);
  if (typeof grown !== 'number') return grown;
  if (row.kind === 'rate') return finite(grown / pair.spanSec);
  const whole = growth(row.whole, pair);
  return typeof whole === 'number' ? finite((grown / whole) * 100) : whole;
}

/** From the sums, which a mean and its count give: Kafka's histograms (Yammer metrics 2.2) divide all they ever took by its number. */
function meanBetween(mean: SeriesMatch, count: SeriesMatch, { earlier, later }: Pair): number | FigureGap {
  const totals = (scrape: Scrape): { sum: number; count: number } | null => {
    const [one, of] = [pick(mean, scrape)[0], pick(count, scrape)[0]];
    return one === undefined || of === undefined ? null : { sum: one.value * of.value, count: of.value };
  };
  const [before, after] = [totals(earlier), totals(later)];
  if (after === null) return 'not-exposed';
  if (before === null) return 'no-second-scrape';
  if (after.count === before.count) return 'no-requests';
  return finite(Math.max(0, after.sum - before.sum) / (after.count - before.count));
}

/** What the counters grew by between the scrapes, all together. One that is new began at 0: Kafka makes them when first needed. */
function growth(match: SeriesMatch, { earlier, later }: Pair): number | FigureGap {
  const before = valuesOf(pick(match, earlier));
  if (before.size === 0) return 'no-second-scrape';
  const after = valuesOf(pick(match, later));
  for (const key of before.keys()) if (!after.has(key)) return 'counter-reset';
  let grown = 0;
  for (const [key, value] of after) grown += value - (before.get(key) ?? 0);
  return grown;
}

function hasFallen(rows: readonly FigureRow[], { earlier, later }: Pair): boolean {
  const before = valuesOf(earlier.samples);
  const counters = [ERROR_COUNTS, ...rows.flatMap(countersOf)];
  return counters.some((match) => pick(match, later).some((each) => each.value < (before.get(keyOf(each)) ?? 0)));
}

function countersOf(row: FigureRow): readonly SeriesMatch[] {
  if (row.kind === 'mean') return [row.count];
  return row.kind === 'gauge' ? [] : row.series;
}

function errorRates({ earlier, later, spanSec }: Pair): ExporterFigures['errors'] {
  const before = valuesOf(pick(ERROR_COUNTS, earlier));
  if (before.size === 0) return null;
  const rates = pick(ERROR_COUNTS, later).flatMap((sample) => {
    const [request = '', error = ''] = [sample.labels.get('request'), sample.labels.get('error')];
    const perSec = finite((sample.value - (before.get(keyOf(sample)) ?? 0)) / spanSec);
    if (!REQUEST_NAME.test(request) || !ERROR_NAME.test(error) || typeof perSec !== 'number' || perSec <= 0) return [];
    const isData = request === 'Produce' || request.startsWith('Fetch');
    return error === 'NONE' && !isData ? [] : [{ request, error, perSec }];
  });
  return rates.sort((a, b) => b.perSec - a.perSec).slice(0, MAX_ERROR_ROWS);
}

function keyOf({ family, labels }: Sample): string {
  return JSON.stringify([family, ...[...labels].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function valuesOf(samples: readonly Sample[]): Map<string, number> {
  return new Map(samples.map((sample) => [keyOf(sample), sample.value]));
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

function finite(value: number): number | FigureGap {
  return Number.isFinite(value) ? round(value) : 'not-a-number';
}

/** Six significant digits: more is noise of the exporter's floating point, and weighs on every snapshot. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
