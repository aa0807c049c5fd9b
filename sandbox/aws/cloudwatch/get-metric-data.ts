import { createHash } from 'node:crypto';
import type { MetricStore, Series } from '../../bridge/store.ts';
import { AwsError } from '../http.ts';
import { groupsOf, labelOf, type ParsedExpression, parseExpression } from './expressions.ts';
import { periodStarts } from './periods.ts';
import { checkRequest, type GetMetricDataRequest, MAX_DATAPOINTS, type MetricQuery } from './request.ts';
import { statistic } from './statistics.ts';

export interface MetricDataResult {
  Id: string;
  Label: string;
  Timestamps: number[];
  Values: number[];
  StatusCode: 'Complete' | 'PartialData';
}

export interface GetMetricDataAnswer {
  MetricDataResults: MetricDataResult[];
  NextToken?: string;
  Messages?: { Code: string; Value: string }[];
}

/** One series of the answer: a query's metric, or one of those that its expression finds. */
interface Target {
  id: string;
  label: string;
  /** Answered together: the values of all of them are what the statistic is of. */
  series: Series[];
  statistic: string;
  period: number;
}

/** Where the next page begins: a series, and how many of its points have gone out. The clock is kept, so that pages agree. */
interface Cursor {
  target: number;
  point: number;
  nowSec: number;
}

export function getMetricData(store: MetricStore, body: Buffer, nowMs: number): GetMetricDataAnswer {
  const request = checkRequest(body);
  const cursor = cursorOf(request) ?? { target: 0, point: 0, nowSec: nowMs / 1000 };
  const page = new Page(store, request, cursor);
  const targets = request.MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).flatMap((query) =>
    page.targetsOf(query),
  );
  for (let index = cursor.target; index < targets.length; index += 1) {
    if (!page.add(targets[index]!, index, index === cursor.target ? cursor.point : 0)) break;
  }
  return page.answer();
}

class Page {
  readonly #store: MetricStore;
  readonly #request: GetMetricDataRequest;
  readonly #nowSec: number;
  readonly #results: MetricDataResult[] = [];
  readonly #composed = new Set<string>();
  #left: number;
  #next: Cursor | undefined;

  constructor(store: MetricStore, request: GetMetricDataRequest, cursor: Cursor) {
    this.#store = store;
    this.#request = request;
    this.#nowSec = cursor.nowSec;
    this.#left = request.MaxDatapoints ?? MAX_DATAPOINTS;
  }

  targetsOf(query: MetricQuery): Target[] {
    if (query.Expression !== undefined) return this.#found(query, parseExpression(query.Expression, query.Id));
    const { Metric: metric, Stat: statistic = 'Average', Period: period = 60 } = query.MetricStat ?? {};
    // Other namespaces hold nothing that the sandbox measures; CloudWatch answers an unknown metric with no data, not an error.
    const series = metric?.Namespace === 'AWS/Kafka' ? this.#series(query) : undefined;
    const label = query.Label ?? metric?.MetricName ?? query.Id;
    return [{ id: query.Id, label, series: series === undefined ? [] : [series], statistic, period }];
  }

  /** Series that an expression finds, ranked where it says so. */
  #found(query: MetricQuery, expression: ParsedExpression): Target[] {
    const { statistic: name, order, limit } = expression;
    const period = expression.period ?? query.Period ?? 60;
    const targets = groupsOf(expression, this.#store.all()).map((series) => {
      const target = { id: query.Id, label: labelOf(query.Label, expression, series), series, statistic: name, period };
      const values = this.#points(target).map(({ value }) => value);
      return { target, rank: values.length === 0 ? undefined : statistic(name, values) };
    });
    const active = targets.filter(({ rank }) => rank !== undefined) as { target: Target; rank: number }[];
    if (order !== null) active.sort((a, b) => (order === 'DESC' ? b.rank - a.rank : a.rank - b.rank));
    return active.slice(0, limit).map(({ target }) => target);
  }

  /** False once the page is full. */
  add(target: Target, index: number, skip: number): boolean {
    const points = this.#points(target);
    if (this.#left === 0 && points.length > skip) {
      this.#next = { target: index, point: skip, nowSec: this.#nowSec };
      return false;
    }
    const shown = points.slice(skip, skip + this.#left);
    const complete = skip + shown.length === points.length;
    this.#left -= shown.length;
    this.#results.push({
      Id: target.id,
      Label: target.label,
      Timestamps: shown.map(({ atSec }) => atSec),
      Values: shown.map(({ value }) => value),
      StatusCode: complete ? 'Complete' : 'PartialData',
    });
    if (complete) return true;
    this.#next = { target: index, point: skip + shown.length, nowSec: this.#nowSec };
    return false;
  }

  answer(): GetMetricDataAnswer {
    // A past that was told once must be told the same again: the next report compares itself with this one.
    if (this.#composed.size > 0) this.#store.settle();
    return {
      MetricDataResults: this.#results,
      ...(this.#next === undefined ? {} : { NextToken: tokenFor(this.#request, this.#next) }),
      ...(this.#composed.size === 0
        ? {}
        : { Messages: [...this.#composed].map((Value) => ({ Code: 'Composed', Value })) }),
    };
  }

  #points({ series, statistic: name, period }: Target): { atSec: number; value: number }[] {
    if (series.length === 0) return [];
    const points: { atSec: number; value: number }[] = [];
    for (const atSec of periodStarts(this.#request.StartTime, this.#request.EndTime, period, this.#nowSec)) {
      const toSec = Math.min(atSec + period, this.#request.EndTime, this.#nowSec);
      const values = series.flatMap((one) => this.#valuesOf(one, atSec, toSec));
      if (values.length > 0) points.push({ atSec, value: statistic(name, values) });
    }
    return this.#request.ScanBy === 'TimestampAscending' ? points : points.reverse();
  }

  #series(query: MetricQuery): Series | undefined {
    const { MetricName: name = '', Dimensions: dimensions = [] } = query.MetricStat?.Metric ?? {};
    const found = this.#store.find(name, dimensions);
    const unit = query.MetricStat?.Unit;
    return unit === undefined || found?.unit === unit ? found : undefined;
  }

  #valuesOf(series: Series, fromSec: number, toSec: number): number[] {
    const values: number[] = [];
    for (let minute = Math.floor(fromSec / 60); minute * 60 < toSec; minute += 1) {
      const some = this.#store.valuesAt(series, minute);
      if (some.length > 0) this.#noteComposed(series, minute);
      values.push(...some);
    }
    return values;
  }

  #noteComposed(series: Series, minute: number): void {
    const note = this.#store.composedNote(series, minute);
    if (note !== undefined) this.#composed.add(note);
  }
}

/** A token belongs to the request it came from, whatever its page size; any other use is refused. */
function fingerprint({ MetricDataQueries, StartTime, EndTime, ScanBy }: GetMetricDataRequest): string {
  const text = JSON.stringify([MetricDataQueries, StartTime, EndTime, ScanBy]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function tokenFor(request: GetMetricDataRequest, cursor: Cursor): string {
  const { target, point, nowSec } = cursor;
  return Buffer.from(JSON.stringify([fingerprint(request), target, point, nowSec])).toString('base64url');
}

function cursorOf(request: GetMetricDataRequest): Cursor | undefined {
  if (request.NextToken === undefined) return undefined;
  try {
    const parts = JSON.parse(Buffer.from(request.NextToken, 'base64url').toString('utf8')) as [
      string,
      number,
      number,
      number,
    ];
    const [owner, target, point, nowSec] = parts;
    if (owner === fingerprint(request)) return { target, point, nowSec };
  } catch {
    // no token of ours
  }
  throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
}
