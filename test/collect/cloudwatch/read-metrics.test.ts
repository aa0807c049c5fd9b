import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { CloudWatchReader } from '../../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { readMetrics } from '../../../lib/collect/cloudwatch/read-metrics.ts';
import { metricsSchema } from '../../../lib/snapshot/metrics-section.ts';
import { awsError } from '../msk/an-answer.ts';
import { aBatch, aPlan, aQuery } from './a-plan.ts';

const END = Date.UTC(2026, 10, 20, 10);
const START = END - 3_600_000;
const SIGNAL = new AbortController().signal;

const planOfOne = () => aPlan([aBatch(60, [aQuery('q0', 'OfflinePartitionsCount', 'Maximum')], START, END)]);

/** 3 queries at 60 s, 7 at 300 s, 1 at 3600 s. */
const planOfThreeBatches = () =>
  aPlan([
    aBatch(60, queriesOf('m', 3), START, END),
    aBatch(300, queriesOf('f', 7), START, END),
    aBatch(3600, queriesOf('h', 1), START, END),
  ]);

const queriesOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => aQuery(`${prefix}${index}`, `Metric${index}`));

function reader(...answers: (Partial<GetMetricDataOutput> | Error)[]) {
  const inputs: GetMetricDataInput[] = [];
  const fake: CloudWatchReader = {
    getMetricData: async (input) => {
      const answer = answers[Math.min(inputs.length, answers.length - 1)]!;
      inputs.push(input);
      if (answer instanceof Error) throw answer;
      return answer as GetMetricDataOutput;
    },
  };
  return { fake, inputs };
}

const at = (minute: number) => new Date(START + minute * 60_000);
const complete = (id: string, minutes: number[], values: number[]) => ({
  Id: id,
  Timestamps: minutes.map(at),
  Values: values,
  StatusCode: 'Complete' as const,
});

test('a missing point stays null, in its place', async () => {
  const { fake } = reader({ MetricDataResults: [complete('q0', [0, 2, 59], [1, 0, 3])] });
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  const { values } = value.series[0]!;
  expect(values).toHaveLength(60);
  expect([values[0], values[1], values[2], values[59]]).toEqual([1, null, 0, 3]);
  expect(values.filter((point) => point !== null)).toHaveLength(3);
  expect(partial).toBeUndefined();
  expect(v.parse(metricsSchema, value)).toEqual(value);
});

test('a metric without any data is a series of gaps, not an error', async () => {
  const { fake } = reader({ MetricDataResults: [{ Id: 'q0', StatusCode: 'Complete', Timestamps: [], Values: [] }] });
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series[0]!.values.every((point) => point === null)).toBe(true);
  expect(partial).toBeUndefined();
});

test('asks for what the plan says', async () => {
  const { fake, inputs } = reader({ MetricDataResults: [complete('q0', [], [])] });
  await readMetrics(fake, planOfOne(), SIGNAL);
  expect(inputs).toEqual([
    {
      StartTime: new Date(START),
      EndTime: new Date(END),
      ScanBy: 'TimestampAscending',
      MaxDatapoints: 100_800,
      MetricDataQueries: [
        {
          Id: 'q0',
          ReturnData: true,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Kafka',
              MetricName: 'OfflinePartitionsCount',
              Dimensions: [{ Name: 'Cluster Name', Value: 'orders' }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        },
      ],
    },
  ]);
});

test('follows NextToken, joins the pages, believes the last status and counts every call', async () => {
  const first = { ...complete('q0', [0, 1], [10, 11]), StatusCode: 'PartialData' as const };
  const { fake, inputs } = reader(
    { MetricDataResults: [first], NextToken: 'more' },
    { MetricDataResults: [complete('q0', [2], [12])] },
  );
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series[0]!.values.slice(0, 4)).toEqual([10, 11, 12, null]);
  expect(inputs.map((input) => input.NextToken)).toEqual([undefined, 'more']);
  const day = { metricsRequested: 2, calls: 2, points: 3, usd: 2 * 0.00001 };
  expect(value.cost).toEqual({ ...day, day, history: { metricsRequested: 0, calls: 0, points: 0, usd: 0 } });
  expect(partial).toBeUndefined();
});

test.each([
  ['repeats its token', 2, () => 'again'],
  ['has ever new tokens', 20, (page: number) => `token ${page}`],
])('a list of pages that %s ends after %i calls', async (_, calls, tokenOf) => {
  let pages = 0;
  const fake: CloudWatchReader = {
    getMetricData: async () => {
      pages += 1;
      const result = { ...complete('q0', [0], [1]), StatusCode: 'PartialData' as const };
      return { MetricDataResults: [result], NextToken: tokenOf(pages) } as GetMetricDataOutput;
    },
  };
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(pages).toBe(calls);
  expect(partial).toBe('1 series not read (TooManyPages)');
  expect(value.series[0]).toMatchObject({ incomplete: true });
});

test('of a batch that breaks off, what is complete is complete and the rest is not', async () => {
  const plan = aPlan([aBatch(60, queriesOf('m', 3), START, END)]);
  const page = {
    MetricDataResults: [complete('m0', [0], [1]), { ...complete('m1', [0], [2]), StatusCode: 'PartialData' as const }],
  };
  const { fake } = reader({ ...page, NextToken: 'more' }, awsError('AccessDeniedException'));
  const { value, partial } = await readMetrics(fake, plan, SIGNAL);
  expect(value.series.map(({ metric, incomplete }) => [metric, incomplete])).toEqual([
    ['Metric0', undefined],
    ['Metric1', true],
  ]);
  expect(partial).toBe('2 series not read (AccessDeniedException)');
});

test('PartialData keeps its points and says so', async () => {
  const { fake } = reader({ MetricDataResults: [{ ...complete('q0', [0], [7]), StatusCode: 'PartialData' }] });
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series[0]!.values[0]).toBe(7);
  expect(partial).toBe('1 series incomplete (PartialData)');
});

test.each(['InternalError', 'SomethingNew'])(
  'a series with status %s is left out: nulls would say "no data"',
  async (status) => {
    const { fake } = reader({ MetricDataResults: [{ Id: 'q0', StatusCode: status as 'InternalError' }] });
    const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
    expect(value.series).toEqual([]);
    expect(partial).toBe(`1 series not read (${status})`);
  },
);

test('a query that CloudWatch forgot to answer is left out', async () => {
  const { fake } = reader({ MetricDataResults: [] });
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series).toEqual([]);
  expect(partial).toBe('1 series without an answer');
});

test('some series forbidden is partial, all forbidden is a refusal', async () => {
  const forbidden = (id: string) => ({ Id: id, StatusCode: 'Forbidden' as const });
  const all = reader({ MetricDataResults: [forbidden('q0')] });
  await expect(readMetrics(all.fake, planOfOne(), SIGNAL)).rejects.toMatchObject({ name: 'Forbidden' });
  const ids = planOfThreeBatches().batches[0]!.queries.map((query) => query.id);
  const some = reader({ MetricDataResults: [forbidden(ids[0]!), ...ids.slice(1).map((id) => complete(id, [], []))] });
  const { value, partial } = await readMetrics(some.fake, aPlan(planOfThreeBatches().batches.slice(0, 1)), SIGNAL);
  expect(value.series).toHaveLength(2);
  expect(partial).toBe('1 series not read (Forbidden)');
});

test('messages of the answer and of its results are kept as they came, once each', async () => {
  const Messages = [{ Code: 'ArithmeticError', Value: 'One or more data points have been dropped' }];
  const { fake } = reader({
    Messages,
    MetricDataResults: [{ ...complete('q0', [], []), Messages: [...Messages, { Value: 'w' }] }],
  });
  const { value } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.messages).toEqual([
    { code: 'ArithmeticError', value: 'One or more data points have been dropped' },
    { code: '', value: 'w' },
  ]);
});

test('one failed call of several costs only its own series', async () => {
  const plan = planOfThreeBatches();
  const fake: CloudWatchReader = {
    getMetricData: async (input) => {
      if (input.MetricDataQueries![0]!.MetricStat!.Period === 300) throw awsError('ThrottlingException', 'x', 429);
      const results = input.MetricDataQueries!.map((query) => complete(query.Id!, [], []));
      return { MetricDataResults: results } as GetMetricDataOutput;
    },
  };
  const { value, partial } = await readMetrics(fake, plan, SIGNAL);
  expect(value.series).toHaveLength(4);
  expect(partial).toBe('7 series not read (ThrottlingException)');
});

test('what a passing failure left open is asked once more, one call at a time, and only that', async () => {
  const asked: string[][] = [];
  let running = 0;
  let most = 0;
  const fake: CloudWatchReader = {
    getMetricData: async (input) => {
      const ids = input.MetricDataQueries!.map((query) => query.Id!);
      asked.push(ids);
      running += 1;
      if (asked.length > 3) most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (asked.length <= 3 && ids[0] === 'f0') throw awsError('ThrottlingException', 'x', 400);
      const isFirst = asked.length <= 3;
      const results = ids.map((id) =>
        id === 'm1' && isFirst ? { Id: id, StatusCode: 'InternalError' as const } : complete(id, [0], [1]),
      );
      return { MetricDataResults: results } as GetMetricDataOutput;
    },
  };
  const { value, partial } = await readMetrics(fake, planOfThreeBatches(), SIGNAL);
  expect(asked.slice(3)).toEqual([['m1'], queriesOf('f', 7).map(({ id }) => id)]);
  expect(most).toBe(1);
  expect(value.series).toHaveLength(11);
  expect(partial).toBeUndefined();
  expect(value.cost.metricsRequested).toBe(3 + 1 + 1 + 7);
});

test('a second try that fails as well takes nothing away', async () => {
  const half = { ...complete('q0', [0], [7]), StatusCode: 'PartialData' as const };
  const { fake } = reader({ MetricDataResults: [half], NextToken: 'more' }, awsError('ThrottlingException', 'x', 400));
  const { value, partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series[0]).toMatchObject({ incomplete: true });
  expect(value.series[0]!.values[0]).toBe(7);
  expect(partial).toBe('1 series not read (ThrottlingException)');
});

test('when the time is over, what has arrived is the answer', async () => {
  const fake: CloudWatchReader = {
    getMetricData: async (input) => {
      const ids = input.MetricDataQueries!.map((query) => query.Id!);
      // A source that does not even listen to the signal.
      if (ids[0] === 'f0') await new Promise(() => {});
      return { MetricDataResults: ids.map((id) => complete(id, [0], [1])) } as GetMetricDataOutput;
    },
  };
  const { value, partial } = await readMetrics(fake, planOfThreeBatches(), SIGNAL, 40);
  expect(value.series).toHaveLength(4);
  expect(partial).toBe('7 series not read (TimeoutError)');
});

test('hours of the history stand apart, and so does what they cost', async () => {
  const history = { ...aBatch(3600, queriesOf('h', 2), START, END), purpose: 'history' as const };
  const plan = aPlan([aBatch(60, queriesOf('m', 1), START, END), history]);
  const fake: CloudWatchReader = {
    getMetricData: async (input) => {
      const results = input.MetricDataQueries!.map(({ Id }) => complete(Id!, Id === 'm0' ? [0, 1] : [0], [4, 5]));
      return { MetricDataResults: results.filter(({ Id }) => Id !== 'h1') } as GetMetricDataOutput;
    },
  };
  const { value, partial } = await readMetrics(fake, plan, SIGNAL);
  expect(value.series.map(({ metric, periodSec }) => [metric, periodSec])).toEqual([['Metric0', 60]]);
  expect(value.hourly).toMatchObject([{ metric: 'Metric0', periodSec: 3600, values: [4] }]);
  expect(partial).toBe('1 series of the hourly history without an answer');
  expect(value.cost.day).toEqual({ metricsRequested: 1, calls: 1, points: 2, usd: 0.00001 });
  expect(value.cost.history).toEqual({ metricsRequested: 2, calls: 1, points: 1, usd: 0.00002 });
  expect(value.cost).toMatchObject({ metricsRequested: 3, calls: 2, points: 3 });
  expect(v.parse(metricsSchema, value)).toEqual(value);
});

test('what the cluster does not give is told with the level that would give it', async () => {
  const plan = aPlan([aBatch(60, queriesOf('m', 1), START, END)], {
    unavailable: [
      {
        metric: 'RequestHandlerAvgIdlePercent',
        dimensions: ['Cluster Name', 'Broker ID'],
        reason: 'not-enabled',
        level: 'PER_BROKER',
      },
      { metric: 'KafkaDataLogsDiskUsed', dimensions: ['Cluster Name', 'Broker ID'], reason: 'not-supported' },
    ],
  });
  const { fake } = reader({ MetricDataResults: [complete('m0', [], [])] });
  const { value } = await readMetrics(fake, plan, SIGNAL);
  expect(value.unavailable).toEqual([
    {
      metric: 'RequestHandlerAvgIdlePercent',
      dimensions: ['Cluster Name', 'Broker ID'],
      reason: 'not-enabled',
      level: 'PER_BROKER',
    },
    {
      metric: 'KafkaDataLogsDiskUsed',
      dimensions: ['Cluster Name', 'Broker ID'],
      reason: 'not-supported',
      level: null,
    },
  ]);
  expect(v.parse(metricsSchema, value)).toEqual(value);
});

test('when every call fails the error itself is thrown', async () => {
  const { fake } = reader(awsError('AccessDeniedException'));
  await expect(readMetrics(fake, planOfThreeBatches(), SIGNAL)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('points outside the window, off the grid, without a value or not a number are not taken', async () => {
  const Timestamps = [at(-1), at(60), new Date(START + 30_500), at(5), at(6), at(7)];
  const Values = [1, 2, 3, Number.NaN, 4];
  const { fake } = reader({ MetricDataResults: [{ Id: 'q0', StatusCode: 'Complete', Timestamps, Values }] });
  const { value } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(value.series[0]!.values.flatMap((point, index) => (point === null ? [] : [[index, point]]))).toEqual([[6, 4]]);
});
