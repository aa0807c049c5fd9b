// The hourly history from day to day, through the real plan: the past is asked for once.
import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import { planHistory } from '../../../lib/collect/cloudwatch/plan-history.ts';
import { readMetrics } from '../../../lib/collect/cloudwatch/read-metrics.ts';
import {
  type HourlyHistory,
  hourlyWindow,
  hoursToAsk,
  mergeHourly,
  reportWindow,
  takeUpHourly,
} from '../../../lib/history/hourly.ts';

const CLUSTER = {
  kind: 'provisioned-standard',
  enhancedMonitoring: 'PER_BROKER',
  clusterName: 'orders',
  brokerIds: [1],
} as const;

/** A point for every period that is over; its value is its own time in hours. */
function answer({ StartTime, EndTime, MetricDataQueries = [] }: GetMetricDataInput, nowMs: number) {
  const results = MetricDataQueries.map(({ Id, MetricStat }) => {
    const Timestamps: Date[] = [];
    for (let at = StartTime!.getTime(); at < Math.min(EndTime!.getTime(), nowMs); at += MetricStat!.Period! * 1000) {
      Timestamps.push(new Date(at));
    }
    return { Id, StatusCode: 'Complete', Timestamps, Values: Timestamps.map((at) => at.getTime() / 3_600_000) };
  });
  return { MetricDataResults: results } as GetMetricDataOutput;
}

test.each([0, 7, 17, 33, 41, 58])(
  'daily runs from minute %i on ask for history on the first day only',
  async (minute) => {
    let stored: HourlyHistory = new Map();
    const asked: number[] = [];
    for (let day = 0; day < 4; day += 1) {
      const nowMs = Date.UTC(2026, 10, 1 + day, 6, minute + (day % 3) * 5);
      const window = reportWindow(nowMs, 24);
      const plan = planMetrics({ ...CLUSTER, groupTopics: [], window });
      const history = planHistory({ ...CLUSTER, missing: hoursToAsk(stored, nowMs, window) });
      const reader = { getMetricData: async (input: GetMetricDataInput) => answer(input, nowMs) };
      const all = { ...plan, batches: [...plan.batches, ...history] };
      const { value } = await readMetrics(reader, all, new AbortController().signal);
      const { hourly, added } = takeUpHourly(value, stored, nowMs);
      asked.push(value.cost.history!.metricsRequested);
      expect(hourly.flatMap(({ values }) => values).filter((point) => point === null)).toEqual([]);
      stored = mergeHourly([stored, added], hourlyWindow(nowMs));
    }
    expect(asked[0]).toBeGreaterThan(0);
    expect(asked.slice(1)).toEqual([0, 0, 0]);
  },
);
