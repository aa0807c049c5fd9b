import { AwsError } from '../http.ts';
import { parseExpression } from './expressions.ts';
import { invalid } from './refusal.ts';

export interface MetricQuery {
  Id: string;
  MetricStat?: {
    Metric?: { Namespace?: string; MetricName?: string; Dimensions?: { Name: string; Value: string }[] };
    Period?: number;
    Stat?: string;
    Unit?: string;
  };
  Expression?: string;
  /** Of an expression; a metric's stands in its MetricStat. */
  Period?: number;
  Label?: string;
  ReturnData?: boolean;
}

export interface GetMetricDataRequest {
  MetricDataQueries: MetricQuery[];
  /** Epoch seconds, as the JSON protocol writes them. */
  StartTime: number;
  EndTime: number;
  NextToken?: string;
  ScanBy?: 'TimestampDescending' | 'TimestampAscending';
  MaxDatapoints?: number;
}

export const MAX_QUERIES = 500;
export const MAX_DATAPOINTS = 100_800;

const STATISTIC = /^(Average|Sum|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d{1,10})?|100))$/;

/** Refuses what CloudWatch refuses, in its words where they are known. */
export function checkRequest(body: Buffer): GetMetricDataRequest {
  let request: Partial<GetMetricDataRequest>;
  try {
    request = JSON.parse(body.toString('utf8')) as Partial<GetMetricDataRequest>;
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON');
  }
  const { MetricDataQueries: queries, StartTime: start, EndTime: end } = request;
  if (queries === undefined) throw invalid('The parameter MetricDataQueries is required.');
  if (typeof start !== 'number' || typeof end !== 'number')
    throw invalid('The parameters StartTime and EndTime are required.');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (queries.length > MAX_QUERIES) {
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  const maximum = request.MaxDatapoints;
  if (maximum !== undefined && (!Number.isInteger(maximum) || maximum < 1 || maximum > MAX_DATAPOINTS)) {
    throw invalid(`The value ${maximum} for parameter MaxDatapoints must be between 1 and ${MAX_DATAPOINTS}.`);
  }
  for (const [index, query] of queries.entries()) checkQuery(query, index + 1);
  const ids = new Set(queries.map(({ Id }) => Id));
  if (ids.size !== queries.length) throw invalid('The values for parameter Id in MetricDataQueries are not unique.');
  if (queries.filter(({ Expression }) => /^SELECT\b/i.test(Expression ?? '')).length > 1) {
    throw invalid('A GetMetricData request can include only one Metrics Insights query.');
  }
  return { ...request, MetricDataQueries: queries, StartTime: start, EndTime: end };
}

function checkQuery(query: MetricQuery, position: number): void {
  const where = `MetricDataQueries.member.${position}`;
  if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(query.Id ?? '')) {
    throw invalid(
      `The value ${query.Id} for parameter ${where}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if (query.Expression !== undefined) {
    checkExpression(query, query.Expression, where);
    return;
  }
  const stat = query.MetricStat;
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions = [] } = stat?.Metric ?? {};
  if (stat === undefined || !namespace || !name)
    throw invalid(`${where} needs an Expression, or a MetricStat with a metric.`);
  if (dimensions.length > 30)
    throw invalid(`The collection ${where}.MetricStat.Metric.Dimensions must not have a size greater than 30.`);
  if (!STATISTIC.test(stat.Stat ?? '')) {
    throw invalid(`The value ${stat.Stat} for parameter ${where}.MetricStat.Stat is not supported.`);
  }
  checkPeriod(stat.Period, `${where}.MetricStat.Period`);
}

function checkExpression(query: MetricQuery, text: string, where: string): void {
  if (query.MetricStat !== undefined) throw invalid(`${where} has both an Expression and a MetricStat.`);
  const { kind, period } = parseExpression(text, where);
  checkPeriod(kind === 'insights' ? query.Period : (period ?? undefined), `${where}.Period`);
}

function checkPeriod(period: number | undefined, where: string): void {
  if (period === undefined || !([1, 5, 10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0))) {
    throw invalid(`The parameter ${where} must be a value in the set [1, 5, 10, 20, 30], or a multiple of 60.`);
  }
}
