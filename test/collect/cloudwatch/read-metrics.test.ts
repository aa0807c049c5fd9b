import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { CloudWatchReader } from '../../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { type MetricPlan, planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import { readMetrics } from '../../../lib/collect/cloudwatch/read-metrics.ts';
import { metricsSchema } from '../../../lib/snapshot/metrics-section.ts';
import { awsError } from '../msk/an-answer.ts';

const END = Date.UTC(2026, 10, 20, 10);
const START = END - 3_600_000;
const SIGNAL = new AbortController().signal;

/** One hour of one broker-less cluster: a single query of 60 points, id q0. */
function planOfOne(): MetricPlan {
  return planMetrics({
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'DEFAULT',
    brokerIds: [],
    groupTopics: [],
    window: { startMs: START, endMs: END },
  });
}

/** The same with one broker: 3 queries at 60 s, 7 at 300 s, 1 at 3600 s. */
function planOfThreeBatches(): MetricPlan {
  return planMetrics({
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'DEFAULT',
    brokerIds: [1],
    groupTopics: [],
    window: { startMs: START, endMs: END },
  });
}

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
  expect(value.cost).toEqual({ metricsRequested: 2, calls: 2, usd: 2 * 0.00001 });
  expect(partial).toBeUndefined();
});

test('an endless list of pages ends', async () => {
  const { fake, inputs } = reader({ MetricDataResults: [complete('q0', [0], [1])], NextToken: 'again' });
  const { partial } = await readMetrics(fake, planOfOne(), SIGNAL);
  expect(inputs.length).toBe(20);
  expect(partial).toBe('1 series not read (TooManyPages)');
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
  const { value, partial } = await readMetrics(
    some.fake,
    { ...planOfThreeBatches(), batches: planOfThreeBatches().batches.slice(0, 1) },
    SIGNAL,
  );
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
