import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rankPairs } from '../../lib/collect/cloudwatch/ranking.ts';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import type { History } from '../../sandbox/bridge/compose.ts';
import { clientFor, startPaperAws } from './support/aws-fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let aws: SandboxAws;
let cloudWatch: CloudWatchClient;
/** The first whole hour after the store began: what tests record lies beyond every composed point. */
let hour: number;

beforeAll(async () => {
  aws = await startPaperAws();
  cloudWatch = new CloudWatchClient(clientFor(aws));
  hour = Math.floor(Date.now() / HOUR) * HOUR;
});
afterAll(() => aws?.stop());

function record(
  name: string,
  broker: string | undefined,
  source: string,
  value: number,
  atMs: number,
  history: History = 'constant',
): void {
  const dimensions = [{ Name: 'Cluster Name', Value: aws.clusterName }];
  if (broker !== undefined) dimensions.push({ Name: 'Broker ID', Value: broker });
  aws.metrics.record({ name, dimensions, unit: 'Count', history, source, value }, atMs);
}

function query(Id: string, MetricName: string, Stat: string, Period: number, broker?: string): MetricDataQuery {
  const Dimensions = [
    ...(broker === undefined ? [] : [{ Name: 'Broker ID', Value: broker }]),
    { Name: 'Cluster Name', Value: aws.clusterName },
  ];
  return { Id, MetricStat: { Metric: { Namespace: 'AWS/Kafka', MetricName, Dimensions }, Period, Stat } };
}

function read(
  MetricDataQueries: MetricDataQuery[],
  fromMs: number,
  toMs: number,
  more: Partial<GetMetricDataCommandInput> = {},
) {
  const StartTime = new Date(fromMs);
  const EndTime = new Date(toMs);
  return cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime, ...more }));
}

async function values(
  one: MetricDataQuery,
  fromMs: number,
  toMs: number,
  more: Partial<GetMetricDataCommandInput> = {},
) {
  const { MetricDataResults } = await read([one], fromMs, toMs, { ScanBy: 'TimestampAscending', ...more });
  return MetricDataResults?.[0]?.Values ?? [];
}

test('a controller metric is true as Maximum and 1/N as Average, as every broker publishes it', async () => {
  for (const [source, value] of [
    ['1', 1],
    ['2', 0],
    ['3', 0],
  ] as const)
    record('ActiveControllerCount', undefined, source, value, hour - DAY);
  const at = [hour - DAY, hour - DAY + MINUTE] as const;
  expect(await values(query('a', 'ActiveControllerCount', 'Maximum', 60), ...at)).toEqual([1]);
  expect(await values(query('a', 'ActiveControllerCount', 'Average', 60), ...at)).toEqual([1 / 3]);
  expect(await values(query('a', 'ActiveControllerCount', 'Sum', 60), ...at)).toEqual([1]);
  expect(await values(query('a', 'ActiveControllerCount', 'SampleCount', 60), ...at)).toEqual([3]);
  expect(await values(query('a', 'ActiveControllerCount', 'Minimum', 60), ...at)).toEqual([0]);
  expect(await values(query('a', 'ActiveControllerCount', 'p50', 60), ...at)).toEqual([0]);
  expect(await values(query('a', 'ActiveControllerCount', 'p75', 60), ...at)).toEqual([0.5]);
});

test('a metric answers only to its exact set of dimensions, in any order', async () => {
  record('LeaderCount', '1', '1', 7, hour - DAY);
  const at = [hour - DAY, hour - DAY + MINUTE] as const;
  expect(await values(query('a', 'LeaderCount', 'Average', 60, '1'), ...at)).toEqual([7]);
  const { MetricDataResults } = await read([query('a', 'LeaderCount', 'Average', 60)], ...at);
  expect(MetricDataResults).toMatchObject([{ Id: 'a', StatusCode: 'Complete', Values: [], Timestamps: [] }]);
});

test('a point is one minute of one source: the newest reading of the minute stands', async () => {
  record('PartitionCount', '1', '1', 10, hour - DAY + 5_000);
  record('PartitionCount', '1', '1', 12, hour - DAY + 55_000);
  const at = [hour - DAY, hour - DAY + MINUTE] as const;
  expect(await values(query('a', 'PartitionCount', 'SampleCount', 60, '1'), ...at)).toEqual([1]);
  expect(await values(query('a', 'PartitionCount', 'Average', 60, '1'), ...at)).toEqual([12]);
});

test('500 queries are answered and 501 refused', async () => {
  const queries = (count: number) => Array.from({ length: count }, (_, i) => query(`q${i}`, 'Nothing', 'Sum', 60));
  const { MetricDataResults } = await read(queries(500), hour - HOUR, hour);
  expect(MetricDataResults).toHaveLength(500);
  await expect(read(queries(501), hour - HOUR, hour)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('500'),
  });
});

test('more than 100,800 datapoints come in pages, and the pages join without a gap', async () => {
  for (let i = 0; i < 6; i += 1) record(`Wide${i}`, undefined, '1', i, hour - DAY);
  const queries = Array.from({ length: 6 }, (_, i) => query(`w${i}`, `Wide${i}`, 'Average', 60));
  const seen = new Map<string, number>();
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await read(queries, hour - 14 * DAY + HOUR, hour, { NextToken });
    const results = page.MetricDataResults ?? [];
    sizes.push(results.reduce((sum, { Values }) => sum + (Values?.length ?? 0), 0));
    for (const { Id = '', Values = [] } of results) seen.set(Id, (seen.get(Id) ?? 0) + Values.length);
    if (page.NextToken !== undefined) expect(results.at(-1)?.StatusCode).toBe('PartialData');
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(sizes[0]).toBe(100_800);
  expect(sizes).toHaveLength(2);
  expect(new Set(seen.values())).toEqual(new Set([(14 * DAY - HOUR) / MINUTE]));
});

test('MaxDatapoints sets the page, a foreign token is refused', async () => {
  record('Paged', undefined, '1', 1, hour - DAY);
  const one = [query('a', 'Paged', 'Average', 60)];
  const first = await read(one, hour - HOUR, hour, { MaxDatapoints: 25, ScanBy: 'TimestampAscending' });
  expect(first.MetricDataResults?.[0]?.Timestamps?.length).toBe(25);
  const second = await read(one, hour - HOUR, hour, {
    MaxDatapoints: 25,
    ScanBy: 'TimestampAscending',
    NextToken: first.NextToken,
  });
  expect(second.MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(new Date(hour - HOUR + 25 * MINUTE));
  await expect(read(one, hour - 2 * HOUR, hour, { NextToken: first.NextToken })).rejects.toMatchObject({
    name: 'InvalidNextToken',
  });
  await expect(read(one, hour - HOUR, hour, { MaxDatapoints: 100_801 })).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('newest first unless asked otherwise', async () => {
  record('Ordered', undefined, '1', 1, hour - DAY);
  const { MetricDataResults } = await read([query('a', 'Ordered', 'Average', 300)], hour - HOUR, hour);
  expect(MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(new Date(hour - 5 * MINUTE));
});

test('a period finer than what is kept for the age of the start gives no data', async () => {
  record('Aged', undefined, '1', 1, hour - DAY);
  expect((await values(query('a', 'Aged', 'Average', 60), hour - 14 * DAY, hour)).length).toBeGreaterThan(0);
  expect(await values(query('a', 'Aged', 'Average', 60), hour - 16 * DAY, hour)).toEqual([]);
  expect((await values(query('a', 'Aged', 'Average', 300), hour - 16 * DAY, hour)).length).toBeGreaterThan(0);
  expect(await values(query('a', 'Aged', 'Average', 300), hour - 64 * DAY, hour)).toEqual([]);
  expect((await values(query('a', 'Aged', 'Average', 3600), hour - 64 * DAY, hour)).length).toBeGreaterThan(0);
});

test('a start time is rounded down to the minute, and periods lie on whole multiples', async () => {
  record('Aligned', undefined, '1', 1, hour - DAY);
  const { MetricDataResults } = await read([query('a', 'Aligned', 'Average', 60)], hour - 90 * 1000 + 31_000, hour, {
    ScanBy: 'TimestampAscending',
  });
  expect(MetricDataResults?.[0]?.Timestamps).toEqual([new Date(hour - MINUTE)]);
  const hourly = await read([query('a', 'Aligned', 'Average', 3600)], hour - 2.5 * HOUR, hour, {
    ScanBy: 'TimestampAscending',
  });
  expect(hourly.MetricDataResults?.[0]?.Timestamps).toEqual([new Date(hour - 2 * HOUR), new Date(hour - HOUR)]);
});

test('a bad period, statistic, id, span or expression is refused', async () => {
  const refused = (one: MetricDataQuery, from = hour - HOUR) =>
    expect(read([one], from, hour)).rejects.toMatchObject({ name: 'ValidationException' });
  await refused(query('a', 'X', 'Sum', 90));
  await refused(query('a', 'X', 'Median', 60));
  await refused(query('A', 'X', 'Sum', 60));
  await refused(query('a', 'X', 'Sum', 60), hour);
  await refused({ Id: 'a', Expression: 'SEARCH(...)' });
  await refused({ Id: 'a', Expression: 'm1 + m2' });
  await refused({ Id: 'a', Expression: 'SELECT MAX(X) FROM', Period: 300 });
  await refused({ Id: 'a', Expression: 'SELECT MAX(X) FROM "AWS/Kafka" WHERE Topic != \'t\'', Period: 300 });
  await refused({ Id: 'a', Expression: 'SELECT MAX(X) FROM "AWS/Kafka"' });
  await expect(read([query('a', 'X', 'Sum', 60), query('a', 'Y', 'Sum', 60)], hour - HOUR, hour)).rejects.toMatchObject(
    {
      name: 'ValidationException',
    },
  );
});

describe('expressions', () => {
  const SCHEMA = 'SCHEMA("AWS/Kafka", "Cluster Name", "Consumer Group", "Topic")';
  const now = () => Math.ceil(Date.now() / MINUTE) * MINUTE;
  const ranked = async (query: Partial<MetricDataQuery>) => {
    const { MetricDataResults } = await read([{ Id: 'r', ...query }], now() - HOUR, now());
    return (MetricDataResults ?? []).map(({ Label, Values }) => [Label, Math.max(...(Values ?? []))]);
  };
  const lag = (group: string, topic: string, value: number, cluster = aws.clusterName) => {
    const dimensions = Object.entries({ 'Cluster Name': cluster, 'Consumer Group': group, Topic: topic });
    const reading = { name: 'MaxOffsetLag', unit: 'Count', history: 'constant', source: 'msk', value } as const;
    aws.metrics.record(
      { ...reading, dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })) },
      Date.now() - MINUTE,
    );
  };
  beforeAll(() => {
    lag('billing', 'orders', 5);
    lag('billing', 'payments', 50);
    lag('a group', 'orders', 500);
    lag('elsewhere', 'orders', 9_000, 'another');
    record('MaxOffsetLag', '1', '1', 77_777, Date.now() - MINUTE);
  });

  test('a query of Metrics Insights ranks what has exactly the dimensions of its schema', async () => {
    const Expression = `SELECT MAX(MaxOffsetLag) FROM ${SCHEMA} WHERE "Cluster Name" = '${aws.clusterName}' GROUP BY Topic, "Consumer Group" ORDER BY MAX() DESC LIMIT 2`;
    expect(await ranked({ Expression, Period: 300 })).toEqual([
      ['orders a group', 500],
      ['payments billing', 50],
    ]);
  });

  test('groups are answered as one, by the function of the query', async () => {
    const of = (fn: string) =>
      `SELECT ${fn}(MaxOffsetLag) FROM ${SCHEMA} WHERE "Cluster Name" = '${aws.clusterName}' GROUP BY Topic ORDER BY ${fn}() ASC`;
    expect(await ranked({ Expression: of('MAX'), Period: 3600 })).toEqual([
      ['payments', 50],
      ['orders', 500],
    ]);
    // A series that began now has a past of the same value.
    expect((await ranked({ Expression: of('MIN'), Period: 60 })).map(([label]) => label)).toEqual([
      'orders',
      'payments',
    ]);
  });

  test('a label takes the values of the dimensions', async () => {
    const Expression = `SELECT MAX(MaxOffsetLag) FROM ${SCHEMA} GROUP BY Topic, "Consumer Group" ORDER BY MAX() DESC LIMIT 1`;
    const Label = "t=${PROP('Dim.Topic')} g=${PROP('Dim.Consumer Group')}";
    expect(await ranked({ Expression, Period: 300, Label })).toEqual([['t=orders g=elsewhere', 9_000]]);
  });

  test('a search finds the same series, sorted or not', async () => {
    const search = `SEARCH('{AWS/Kafka,"Cluster Name","Consumer Group","Topic"} MetricName="MaxOffsetLag" "Cluster Name"="${aws.clusterName}"', 'Maximum', 300)`;
    const Label = "${PROP('Dim.Consumer Group')}";
    expect(new Set((await ranked({ Expression: search, Label })).map(([label]) => label))).toEqual(
      new Set(['a group', 'billing']),
    );
    expect(await ranked({ Expression: `SORT(${search}, MAX, DESC, 1)`, Label })).toEqual([['a group', 500]]);
  });

  test('two queries in one call are refused', async () => {
    const one = (Id: string) => ({ Id, Expression: 'SELECT MAX(X) FROM "AWS/Kafka"', Period: 300 });
    await expect(read([one('a'), one('b')], hour - HOUR, hour)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('the product ranks pairs of group and topic by it', async () => {
    const client = {
      getMetricData: (input: GetMetricDataCommandInput) => cloudWatch.send(new GetMetricDataCommand(input)),
    };
    const request = { clusterName: aws.clusterName, nowMs: Date.now() };
    const ranking = await rankPairs(client, request, new AbortController().signal);
    expect(ranking.method).toBe('metrics-insights');
    expect(ranking.pairs).toEqual([
      { groupId: 'a group', topic: 'orders', maxOffsetLag: 500 },
      { groupId: 'billing', topic: 'payments', maxOffsetLag: 50 },
      { groupId: 'billing', topic: 'orders', maxOffsetLag: 5 },
    ]);
    expect(ranking.cost).toMatchObject({ metricsRequested: 3, calls: 1 });
  });
});

test('another unit than the one published gives no data', async () => {
  record('United', undefined, '1', 1, hour - DAY);
  const one = query('a', 'United', 'Average', 60);
  const withUnit = (Unit: 'Count' | 'Bytes') =>
    ({ ...one, MetricStat: { ...one.MetricStat, Unit } }) as MetricDataQuery;
  const at = [hour - DAY, hour - DAY + MINUTE] as const;
  expect(await values(withUnit('Count'), ...at)).toEqual([1]);
  expect(await values(withUnit('Bytes'), ...at)).toEqual([]);
});

test('history that nobody recorded is there, the same every time, and says that it was composed', async () => {
  record('Daily', undefined, '1', 1000, Date.now(), 'daily');
  record('Trouble', undefined, '1', 5, Date.now(), 'none');
  aws.metrics.settle();
  const day = () => read([query('a', 'Daily', 'Average', 60)], hour - DAY, hour);
  const [once, again] = [await day(), await day()];
  expect(once.MetricDataResults?.[0]?.Values).toHaveLength(1440);
  expect(once.MetricDataResults).toEqual(again.MetricDataResults);
  expect(Math.max(...(once.MetricDataResults?.[0]?.Values ?? []))).toBeLessThanOrEqual(1030);
  expect(once.Messages).toEqual([
    {
      Code: 'Composed',
      Value: `points before ${new Date(aws.metrics.recordedFromMs).toISOString()} were composed by the sandbox, not recorded`,
    },
  ]);
  expect(new Set(await values(query('a', 'Trouble', 'Maximum', 60), hour - DAY, hour))).toEqual(new Set([0]));
  expect(await values(query('a', 'Daily', 'Average', 3600), hour - 20 * DAY, hour - 15 * DAY)).toEqual([]);
});

test('recorded points alone carry no message', async () => {
  record('Recorded', undefined, '1', 1, Date.now());
  const { Messages, MetricDataResults } = await read(
    [query('a', 'Recorded', 'Average', 60)],
    aws.metrics.recordedFromMs,
    Date.now() + MINUTE,
  );
  expect(MetricDataResults?.[0]?.Values).toContain(1);
  expect(Messages ?? []).toEqual([]);
});

test('a back-dated value fills the minutes asked for and says so; taken back, the past is as it was', async () => {
  const now = aws.metrics.recordedFromMs;
  record('UnderReplicatedPartitions', '2', '2', 4, now, 'none');
  aws.metrics.backdate({ metrics: ['UnderReplicatedPartitions'], dimensions: { 'Broker ID': '2' }, minutes: 10 }, now);
  const one = query('a', 'UnderReplicatedPartitions', 'Maximum', 60, '2');
  const minute = Math.floor(now / MINUTE) * MINUTE;
  const { MetricDataResults, Messages } = await read([one], minute - 12 * MINUTE, minute, {
    ScanBy: 'TimestampAscending',
  });
  expect(MetricDataResults?.[0]?.Values).toEqual([0, 0, ...Array<number>(10).fill(4)]);
  expect(Messages?.map(({ Code }) => Code)).toEqual(['Composed', 'Composed']);
  aws.metrics.backdate({ metrics: ['UnderReplicatedPartitions'], minutes: 3, value: 'silence' }, now);
  expect(await values(one, minute - 5 * MINUTE, minute)).toEqual([4, 4]);
  aws.metrics.clearBackdates();
  expect(await values(one, minute - 5 * MINUTE, minute)).toEqual([0, 0, 0, 0, 0]);
});

test('ListMetrics names each series once and filters by dimension', async () => {
  record('Listed', '1', '1', 1, Date.now());
  record('Listed', '1', '1', 2, Date.now());
  record('Listed', '2', '2', 1, Date.now());
  const list = async (Dimensions?: { Name: string; Value?: string }[]) =>
    (await cloudWatch.send(new ListMetricsCommand({ Namespace: 'AWS/Kafka', MetricName: 'Listed', Dimensions })))
      .Metrics;
  expect(await list()).toHaveLength(2);
  expect(await list([{ Name: 'Broker ID', Value: '2' }])).toHaveLength(1);
  expect(await list([{ Name: 'Topic' }])).toEqual([]);
});

test('throttled and refused reads carry CloudWatch’s names', async () => {
  const one = () => read([query('a', 'X', 'Sum', 60)], hour - HOUR, hour);
  aws.injectFault({ service: 'monitoring', operation: 'GetMetricData', kind: '429', times: 1 });
  await expect(one()).rejects.toMatchObject({ name: 'Throttling' });
  aws.injectFault({ service: 'monitoring', operation: 'GetMetricData', kind: '403', times: 1 });
  await expect(one()).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('cloudwatch:GetMetricData'),
  });
  await expect(one()).resolves.toBeDefined();
});
