// Which series of an exporter a figure comes from.
import type { FigureName } from '../../snapshot/open-monitoring-figures.ts';

/** One or more series. A series with a label that is named in neither list is another one, for example of one topic. */
export interface SeriesMatch {
  /** Several families are added up. */
  family: string | readonly string[];
  labels?: Readonly<Record<string, string>>;
  /** Labels of any value: the series are added up. */
  over?: readonly string[];
  /** Leaves out devices that count what others count already, or that never leave the machine. */
  notDevice?: RegExp;
}

interface Row {
  figure: FigureName;
  /** Spellings; the first one that the exporter has counts. */
  series: readonly SeriesMatch[];
}

/** What the last scrape says. */
export interface GaugeRow extends Row {
  kind: 'gauge';
  scale?: number;
  /** The gauge says nothing while this counter is 0. */
  emptyWhenZero?: SeriesMatch;
}

/** What the counters grow by in a second. */
export interface RateRow extends Row {
  kind: 'rate';
}

/** The part of one counter's growth in that of another, in percent. */
export interface ShareRow extends Row {
  kind: 'share';
  whole: SeriesMatch;
}

/** The mean of what a histogram took in between the scrapes: its own mean is that of the broker's whole life. */
export interface MeanRow extends Row {
  kind: 'mean';
  count: SeriesMatch;
}

export type FigureRow = GaugeRow | RateRow | ShareRow | MeanRow;

export function rate(figure: FigureName, ...series: SeriesMatch[]): RateRow {
  return { kind: 'rate', figure, series };
}

export function gauge(figure: FigureName, series: SeriesMatch, more: Partial<GaugeRow> = {}): GaugeRow {
  return { kind: 'gauge', figure, series: [series], ...more };
}

/** Whether a series of the right family is one of those that are meant. */
export function hasLabels(match: SeriesMatch, labels: ReadonlyMap<string, string>): boolean {
  const { labels: wanted = {}, over, notDevice } = match;
  for (const name in wanted) if (labels.get(name) !== wanted[name]) return false;
  for (const [name, text] of labels) {
    if (!(name in wanted || over?.includes(name)) || (name === 'device' && notDevice?.test(text))) return false;
  }
  return true;
}
