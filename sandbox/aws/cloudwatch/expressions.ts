import type { Series } from '../../bridge/store.ts';
import { invalid } from './refusal.ts';

/** Series that one expression names at most. */
export const MAX_EXPRESSION_SERIES = 500;

/** What of Metrics Insights and SEARCH the sandbox understands: one metric by its exact set of dimensions. */
export interface ParsedExpression {
  kind: 'insights' | 'search';
  namespace: string;
  metric: string;
  /** The set of dimensions, or any where the query names only a namespace. */
  schema: string[] | null;
  where: { name: string; value: string }[];
  /** Dimensions that tell the answered series apart; null: each series for itself. */
  groupBy: string[] | null;
  statistic: string;
  /** Of the search; a query of Metrics Insights has its own. */
  period: number | null;
  order: 'ASC' | 'DESC' | null;
  limit: number;
}

const STATISTICS: Record<string, string> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
};

const NAME = String.raw`(?:"[^"]+"|\w+)`;
const INSIGHTS = new RegExp(
  String.raw`^SELECT (AVG|COUNT|MAX|MIN|SUM)\((${NAME})\) FROM (?:SCHEMA\(([^)]*)\)|(${NAME}))` +
    String.raw`(?: WHERE (.+?))?(?: GROUP BY (.+?))?(?: ORDER BY (AVG|COUNT|MAX|MIN|SUM)\(\)(?: (ASC|DESC))?)?(?: LIMIT (\d+))?$`,
  'i',
);
const CONDITION = new RegExp(`^(${NAME}) ?= ?'([^']*)'$`);
const SORTED = /^SORT\((SEARCH\(.*\)), ?MAX, ?(ASC|DESC)(?:, ?(\d+))?\)$/;
const SEARCH = /^SEARCH\('\{([^}]*)\} (.+)', ?'(Average|Sum|Minimum|Maximum|SampleCount)', ?(\d+)\)$/;
const TERM = /(?:"([^"]+)"|(\w+))="([^"]*)"/g;

/** @throws ValidationError for everything else */
export function parseExpression(text: string, where: string): ParsedExpression {
  if (/^SELECT\b/i.test(text)) return parseInsights(text, where);
  if (/^(SORT|SEARCH)\(/.test(text)) return parseSearch(text, where);
  throw invalid(`${where}.Expression: the sandbox computes no metric math`);
}

function parseInsights(text: string, where: string): ParsedExpression {
  const match = INSIGHTS.exec(text.replaceAll(/\s+/g, ' ').trim());
  if (match === null) throw invalid(`${where}.Expression: the sandbox does not understand this query`);
  const [, fn = '', metric = '', schema, from = '', conditions, groupBy, by, order, limit] = match;
  if (by !== undefined && by.toUpperCase() !== fn.toUpperCase()) {
    throw invalid(`${where}.Expression: a query is ordered by its own function`);
  }
  const [namespace = '', ...dimensions] = schema === undefined ? [unquote(from)] : schema.split(',').map(unquote);
  return {
    kind: 'insights',
    namespace,
    metric: unquote(metric),
    schema: schema === undefined ? null : dimensions,
    where: conditions === undefined ? [] : conditions.split(/ AND /i).map((each) => conditionOf(each, where)),
    groupBy: groupBy === undefined ? [] : groupBy.split(',').map(unquote),
    statistic: STATISTICS[fn.toUpperCase()] ?? 'Average',
    period: null,
    order: by === undefined ? null : order?.toUpperCase() === 'DESC' ? 'DESC' : 'ASC',
    limit: Math.min(MAX_EXPRESSION_SERIES, limit === undefined ? MAX_EXPRESSION_SERIES : Number(limit)),
  };
}

function conditionOf(text: string, where: string): { name: string; value: string } {
  const [, name, value] = CONDITION.exec(text.trim()) ?? [];
  if (name === undefined || value === undefined)
    throw invalid(`${where}.Expression: the sandbox knows only = in WHERE`);
  return { name: unquote(name), value };
}

function parseSearch(text: string, where: string): ParsedExpression {
  const [, sorted, order, limit] = SORTED.exec(text) ?? [];
  const [, schema, terms, statistic, period] = SEARCH.exec(sorted ?? text) ?? [];
  if (schema === undefined || terms === undefined || statistic === undefined) {
    throw invalid(`${where}.Expression: the sandbox does not understand this search`);
  }
  if (text.length > 1024) throw invalid(`${where}.Expression: a search has at most 1024 characters`);
  const [namespace = '', ...dimensions] = schema.split(',').map(unquote);
  const pairs = [...terms.matchAll(TERM)].map(([, quoted, bare, value = '']) => ({
    name: quoted ?? bare ?? '',
    value,
  }));
  return {
    kind: 'search',
    namespace,
    metric: pairs.find(({ name }) => name === 'MetricName')?.value ?? '',
    schema: dimensions,
    where: pairs.filter(({ name }) => name !== 'MetricName'),
    groupBy: null,
    statistic,
    period: Number(period),
    order: order === undefined ? null : (order as 'ASC' | 'DESC'),
    limit: Math.min(MAX_EXPRESSION_SERIES, limit === undefined ? MAX_EXPRESSION_SERIES : Number(limit)),
  };
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('"') ? trimmed.slice(1, -1) : trimmed;
}

/** Series that the expression looks at, in groups that are answered as one. */
export function groupsOf(expression: ParsedExpression, all: readonly Series[]): Series[][] {
  if (expression.namespace !== 'AWS/Kafka') return [];
  const found = all.filter((series) => matches(expression, series));
  const { groupBy } = expression;
  if (groupBy === null) return found.map((series) => [series]);
  const grouped = Map.groupBy(found, (series) =>
    JSON.stringify(groupBy.map((name) => dimensionOf(series, name) ?? 'Other')),
  );
  return [...grouped.values()];
}

function matches({ metric, schema, where }: ParsedExpression, series: Series): boolean {
  if (series.name !== metric) return false;
  const names = series.dimensions.map(({ Name }) => Name);
  const exact = schema === null || (schema.length === names.length && schema.every((name) => names.includes(name)));
  return exact && where.every(({ name, value }) => dimensionOf(series, name) === value);
}

function dimensionOf(series: Series, name: string): string | undefined {
  return series.dimensions.find((dimension) => dimension.Name === name)?.Value;
}

/** The wanted label with the values of the series' dimensions in it; without one, what tells the series apart. */
export function labelOf(wanted: string | undefined, { groupBy, metric }: ParsedExpression, [series]: Series[]): string {
  if (series === undefined) return wanted ?? metric;
  const own = groupBy?.map((name) => dimensionOf(series, name) ?? 'Other').join(' ') || metric;
  if (wanted === undefined) return own;
  return wanted
    .replaceAll(/\$\{PROP\('Dim\.([^']+)'\)\}/g, (_, name: string) => dimensionOf(series, name) ?? '')
    .replaceAll("${PROP('MetricName')}", () => metric)
    .replaceAll('${LABEL}', () => own);
}
