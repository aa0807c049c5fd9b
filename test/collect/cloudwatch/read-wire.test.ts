// GetMetricData at the wire: the documented answer and every way in which it may be less, through the real SDK client.
import * as v from 'valibot';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCloudWatchReader } from '../../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { readMetrics } from '../../../lib/collect/cloudwatch/read-metrics.ts';
import { metricsSchema } from '../../../lib/snapshot/metrics-section.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { omissions } from '../account/an-account.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';
import { inFastTime } from '../fast-time.ts';
import { aBatch, aPlan, aQuery } from './a-plan.ts';

const MINUTE = 60_000;
const END = Math.floor(Date.now() / MINUTE) * MINUTE;
const START = END - 5 * MINUTE;
const SIGNAL = new AbortController().signal;
const PLAN = aPlan([aBatch(60, [aQuery('q0', 'CpuUser'), aQuery('q1', 'CpuSystem')], START, END)]);

/** As documented: API_GetMetricData.html, "Response Elements"; times are epoch seconds in the JSON protocol. */
const FULL = {
  Messages: [{ Code: 'ServiceCode', Value: 'about the whole answer' }],
  MetricDataResults: [
    {
      Id: 'q0',
      Label: 'CpuUser',
      Messages: [{ Code: 'OfQuery', Value: 'about one query' }],
      StatusCode: 'Complete',
      Timestamps: [START / 1000, START / 1000 + 60],
      Values: [1.5, 2.5],
    },
    { Id: 'q1', Label: 'CpuSystem', StatusCode: 'Complete', Timestamps: [START / 1000 + 120], Values: [7] },
  ],
};

let front: AwsFront;

beforeAll(async () => {
  // Loading the client takes longer than any answer, and would seem an age in fast time.
  await createCloudWatchReader({ region: 'us-east-1' });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await front.close();
});

async function readFrom(answer: Answer, plan = PLAN, withinMs?: number) {
  front = await startAwsFront({ monitoring: { GetMetricData: answer } });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const reader = await createCloudWatchReader({ region: 'us-east-1' });
  const { value, partial } = await readMetrics(reader, plan, SIGNAL, withinMs);
  expect(v.parse(metricsSchema, value)).toEqual(value);
  return { value, partial };
}

const idsOf = ({ input }: AnsweredCall) => (input.MetricDataQueries as { Id: string }[]).map(({ Id }) => Id);
const allComplete = (call: AnsweredCall) => ({
  MetricDataResults: idsOf(call).map((Id) => ({ Id, StatusCode: 'Complete', Timestamps: [START / 1000], Values: [1] })),
});

test('the documented answer: points in their minutes, gaps between them, every message', async () => {
  const { value, partial } = await readFrom(FULL);
  expect(value.series.map(({ metric, values }) => [metric, values])).toEqual([
    ['CpuUser', [1.5, 2.5, null, null, null]],
    ['CpuSystem', [null, null, 7, null, null]],
  ]);
  expect(value.messages).toEqual([
    { code: 'ServiceCode', value: 'about the whole answer' },
    { code: 'OfQuery', value: 'about one query' },
  ]);
  expect(partial).toBeUndefined();
});

test('without any one of its fields the answer is still read, and no value is made up', async () => {
  const cases = omissions(FULL);
  expect(cases.length).toBeGreaterThan(25);
  let without: object = FULL;
  front = await startAwsFront({ monitoring: { GetMetricData: () => without } });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const reader = await createCloudWatchReader({ region: 'us-east-1' });
  for (const each of cases) {
    without = each.without;
    const { value, partial } = await readMetrics(reader, PLAN, SIGNAL).catch((error: unknown) => {
      throw new Error(`without ${each.path}`, { cause: error });
    });
    v.parse(metricsSchema, value);
    const values = value.series.flatMap((series) => series.values.filter((point) => point !== null));
    expect(values.length, each.path).toBeLessThanOrEqual(3);
    expect([1.5, 2.5, 7], each.path).toEqual(expect.arrayContaining(values));
    const isWhole = value.series.length === 2 && value.series.every((series) => series.incomplete === undefined);
    expect(partial === undefined, `${each.path}: ${partial}`).toBe(isWhole);
  }
});

test.each(['InternalError', 'Forbidden', 'SomethingNew', 'on\nhostile lines'])(
  'a query of status %j is told and left out, the other one is read',
  async (StatusCode) => {
    const [first, second] = FULL.MetricDataResults;
    const { value, partial } = await readFrom({ MetricDataResults: [{ ...first, StatusCode }, second] });
    expect(value.series.map(({ metric }) => metric)).toEqual(['CpuSystem']);
    expect(partial).toMatch(/^1 series not read \((InternalError|Forbidden|SomethingNew|unknown status)\)$/);
  },
);

test('empty lists are series of gaps', async () => {
  const results = ['q0', 'q1'].map((Id) => ({ Id, StatusCode: 'Complete', Timestamps: [], Values: [] }));
  const { value } = await readFrom({ Messages: [], MetricDataResults: results });
  expect(value.series.flatMap((series) => series.values)).toEqual(Array(10).fill(null));
});

test('pages are joined; the token goes back as it came', async () => {
  const tokens: unknown[] = [];
  const { value } = await readFrom(({ input, index }) => {
    tokens.push(input.NextToken);
    const points = { Timestamps: [START / 1000 + 60 * index], Values: [index] };
    const StatusCode = index < 2 ? 'PartialData' : 'Complete';
    const results = ['q0', 'q1'].map((Id) => ({ Id, StatusCode, ...points }));
    return { MetricDataResults: results, ...(index < 2 ? { NextToken: `page "${index}"` } : {}) };
  });
  expect(tokens).toEqual([undefined, 'page "0"', 'page "1"']);
  expect(value.series[0]!.values).toEqual([0, 1, 2, null, null]);
  expect(value.cost).toMatchObject({ calls: 3, metricsRequested: 6, points: 6 });
});

describe('one batch of three', () => {
  const three = aPlan(['a', 'b', 'c'].map((name) => aBatch(60, [aQuery(name, `Of${name}`)], START, END)));
  const failing = (error: () => AwsError) => (call: AnsweredCall) =>
    idsOf(call)[0] === 'b' ? error() : allComplete(call);

  test.each([
    ['throttled by calls a second', () => new AwsError('Throttling', 'Rate exceeded', 400), 'Throttling'],
    [
      'throttled by data points a second',
      () => new AwsError('LimitExceededException', 'datapoints', 400),
      'LimitExceededException',
    ],
    ['failed', () => new AwsError('InternalServiceFault', 'x', 500), 'InternalServiceFault'],
    ['refused', () => new AwsError('AccessDenied', 'x', 403), 'AccessDenied'],
    ['credentials expired meanwhile', () => new AwsError('ExpiredToken', 'x', 403), 'ExpiredToken'],
  ])('%s: the others are read', async (_, error, name) => {
    const { value } = await inFastTime(() => readFrom(failing(error), three));
    expect(value.value.series.map(({ metric }) => metric)).toEqual(['Ofa', 'Ofc']);
    expect(value.partial).toBe(`1 series not read (${name})`);
  });

  test('throttled twice and then answered: nothing is missing', async () => {
    let refused = 0;
    const { value } = await inFastTime(() =>
      readFrom((call) => {
        if (idsOf(call)[0] !== 'b' || refused === 2) return allComplete(call);
        refused += 1;
        return new AwsError('Throttling', 'Rate exceeded', 400);
      }, three),
    );
    expect(value.value.series).toHaveLength(3);
    expect(value.partial).toBeUndefined();
  });

  test('never answered: the time limit brings what is there', async () => {
    const { value, partial } = await readFrom(
      (call) => (idsOf(call)[0] === 'b' ? new Promise<never>(() => {}) : allComplete(call)),
      three,
      120,
    );
    expect(value.series.map(({ metric }) => metric)).toEqual(['Ofa', 'Ofc']);
    expect(partial).toBe('1 series not read (TimeoutError)');
  });
});

describe('a machine whose clock is ten minutes', () => {
  const TEN = 10 * MINUTE;
  /** What was published by CloudWatch's clock, a point a minute with its own minute as value; nothing of the future. */
  const published = ({ input }: AnsweredCall) => {
    const { StartTime, EndTime, MetricDataQueries } = input as {
      StartTime: number;
      EndTime: number;
      MetricDataQueries: { Id: string; MetricStat: { Period: number } }[];
    };
    const results = MetricDataQueries.map(({ Id, MetricStat: { Period } }) => {
      const Timestamps: number[] = [];
      for (let at = StartTime; at < Math.min(EndTime, END / 1000); at += Period) Timestamps.push(at);
      return { Id, StatusCode: 'Complete', Timestamps, Values: Timestamps };
    });
    return { MetricDataResults: results };
  };
  const planBy = (nowMs: number) => {
    const end = (periodMs: number) => Math.ceil(nowMs / periodMs) * periodMs;
    return aPlan([
      aBatch(60, [aQuery('q0', 'CpuUser')], end(MINUTE) - 30 * MINUTE, end(MINUTE)),
      aBatch(300, [aQuery('q1', 'CpuSystem')], end(5 * MINUTE) - 30 * MINUTE, end(5 * MINUTE)),
    ]);
  };

  test.each([
    ['ahead', TEN],
    ['behind', -TEN],
  ])(
    '%s reads up to CloudWatch’s own time: no gap of minutes to come, no newest minute lost',
    async (side, offsetMs) => {
      // The server's Date is that of the real clock.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offsetMs });
      const { value, partial } = await readFrom(published, planBy(END + offsetMs));
      const [cpu, system] = value.series;
      expect(cpu!.values).toHaveLength(30);
      expect(cpu!.startMs + 30 * MINUTE).toBeGreaterThanOrEqual(END);
      expect(cpu!.startMs + 30 * MINUTE).toBeLessThanOrEqual(END + MINUTE);
      expect(cpu!.values.filter((point) => point === null).length).toBeLessThanOrEqual(1);
      expect(Math.max(...cpu!.values.map((point) => point ?? 0))).toBe(END / 1000 - 60);
      expect(system!.startMs % (5 * MINUTE)).toBe(0);
      expect(system!.values.findLast((point) => point !== null)).toBe(Math.floor((END / 1000 - 1) / 300) * 300);
      expect(value.messages[0]).toEqual({
        code: 'ClockSkew',
        value: `the clock of the collecting machine is 10 min ${side === 'ahead' ? 'ahead of' : 'behind'} CloudWatch's; the metrics end at CloudWatch's time`,
      });
      expect(partial).toBeUndefined();
      // The first batch was asked by the wrong clock, and counts.
      expect(value.cost).toMatchObject({ calls: 3, metricsRequested: 3 });
    },
  );

  test('nothing moves, and nothing is asked twice, where the clock is right', async () => {
    const { value } = await readFrom(published, planBy(END));
    expect(value.messages).toEqual([]);
    expect(value.cost).toMatchObject({ calls: 2, metricsRequested: 2 });
  });
});
