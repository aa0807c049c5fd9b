// Looks up a metric's series in the section, under any of its names.
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { mergeNames, namesOf } from './scales.ts';

type SeriesList = SectionValue<'metrics'>['series'];
type Dimensions = Readonly<Record<string, string>>;

const NO_SERIES: SeriesList = [];

/** Series by metric and statistic: a dozen KPIs, checks and tables look for theirs among hundreds. Sections do not change. */
const indexed = new WeakMap<SeriesList, Map<string, MetricSeries[]>>();
/** Series by list and definition: the same question gets the same objects, whose trusted points are kept by identity. */
const answered = new WeakMap<SeriesList, Map<MetricDefinition, MetricSeries[]>>();

/**
 * All series of a metric in the report window: name (any that the catalogue knows, merged under today's), statistic and the exact set
 * of dimension names must match the catalogue, so that a broker's series is never taken for the cluster's. `dimensions` narrows by
 * value, e.g. `{ 'Broker ID': '2' }`.
 */
export function findSeries(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  dimensions: Dimensions = {},
): MetricSeries[] {
  return find(metrics.series, definition, dimensions);
}

/** The same over the last weeks, by the hour. All hours in it are over: read it with `trustedPoints(series, { dropLast: 0 })`. */
export function findHourly(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  dimensions: Dimensions = {},
): MetricSeries[] {
  return find(metrics.hourly ?? NO_SERIES, definition, dimensions);
}

function find(list: SeriesList, definition: MetricDefinition, dimensions: Dimensions): MetricSeries[] {
  const wanted = Object.entries(dimensions);
  const all = allOf(list, definition);
  if (wanted.length === 0) return [...all];
  return all.filter((series) => wanted.every(([name, value]) => series.dimensions[name] === value));
}

function allOf(list: SeriesList, definition: MetricDefinition): MetricSeries[] {
  const known = answered.get(list) ?? new Map<MetricDefinition, MetricSeries[]>();
  answered.set(list, known);
  const before = known.get(definition);
  if (before !== undefined) return before;
  const names = namesOf(definition);
  const found = names.flatMap((name) => named(list, definition, name));
  const answer = names.length === 1 ? found : mergeNames(definition.name, found);
  known.set(definition, answer);
  return answer;
}

function named(list: SeriesList, { statistic, dimensions }: MetricDefinition, name: string): MetricSeries[] {
  let index = indexed.get(list);
  if (index === undefined) {
    index = Map.groupBy(list, (each) => `${each.metric} ${each.statistic}`);
    indexed.set(list, index);
  }
  const found = index.get(`${name} ${statistic}`) ?? [];
  return found.filter(
    (series) =>
      Object.keys(series.dimensions).length === dimensions.length &&
      dimensions.every((dimension) => Object.hasOwn(series.dimensions, dimension)),
  );
}
