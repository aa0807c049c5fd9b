import { type Dimension, HISTORY_MS, type MetricStore, MINUTE_MS, type Series } from '../../bridge/store.ts';
import { AwsError } from '../http.ts';
import { invalid } from './refusal.ts';

const PAGE_SIZE = 500;
const THREE_HOURS_MS = 3 * 60 * MINUTE_MS;

interface ListMetricsRequest {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value?: string }[];
  RecentlyActive?: string;
  NextToken?: string;
}

/** Each series once, 500 a page; a filter's dimensions need only be among the series' own. Two weeks of silence hide a series. */
export function listMetrics(store: MetricStore, body: Buffer, nowMs: number): object {
  const request = JSON.parse(body.toString('utf8') || '{}') as ListMetricsRequest;
  if (request.RecentlyActive !== undefined && request.RecentlyActive !== 'PT3H') {
    throw invalid(`The value ${request.RecentlyActive} for parameter RecentlyActive must be PT3H.`);
  }
  const horizonMs = nowMs - (request.RecentlyActive === undefined ? HISTORY_MS : THREE_HOURS_MS);
  const found = store.all().filter((series) => matches(series, request) && series.lastMinute * MINUTE_MS >= horizonMs);
  const start = startOf(request.NextToken);
  const end = start + PAGE_SIZE;
  return {
    Metrics: found.slice(start, end).map(({ name, dimensions }) => ({
      Namespace: 'AWS/Kafka',
      MetricName: name,
      Dimensions: dimensions,
    })),
    ...(end < found.length ? { NextToken: Buffer.from(`metrics:${end}`).toString('base64url') } : {}),
  };
}

function matches(series: Series, request: ListMetricsRequest): boolean {
  if (request.Namespace !== undefined && request.Namespace !== 'AWS/Kafka') return false;
  if (request.MetricName !== undefined && request.MetricName !== series.name) return false;
  return (request.Dimensions ?? []).every((wanted) => series.dimensions.some((one) => fits(one, wanted)));
}

function fits(one: Dimension, wanted: { Name: string; Value?: string }): boolean {
  return one.Name === wanted.Name && (wanted.Value === undefined || one.Value === wanted.Value);
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = /^metrics:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start === undefined) throw new AwsError('InvalidParameterValue', 'Invalid nextToken');
  return Number(start);
}
