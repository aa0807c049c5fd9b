// What AWS, or something on the way to it, can do to single operations of a collection: each costs its own sections, and no others.
import { describe, expect, test, vi } from 'vitest';
import type { FaultKind } from '../../sandbox/aws/faults.ts';
import { AwsError } from '../../sandbox/aws/http.ts';
import type { Answer, AnsweredCall } from './aws-front.ts';
import {
  allFor,
  BEHIND,
  byName,
  calls,
  collect,
  front,
  gapsOf,
  REGION,
  type Run,
  section,
  start,
  toldBy,
} from './fault-run.ts';
import { OPERATIONS, type Operation } from './healthy-account.ts';
import { metricData, queriesOf } from './wire-answers.ts';

test('a healthy account gives every section, and is asked for nothing but what the table of operations names', async () => {
  await start();
  const run = await collect();
  expect(gapsOf(run)).toEqual({});
  expect([...new Set(front.requests.map(({ operation }) => operation))].sort()).toEqual(
    OPERATIONS.map(({ operation }) => operation).sort(),
  );
});

/** What a fault is expected to cost: the sections that rest on the operations, each told with what failed. */
function expectOnlyTheirs(run: Run, operations: readonly Operation[], reason: string): void {
  const gaps = operations.flatMap((operation) => Object.entries(allFor(operation, reason)));
  expect(gapsOf(run)).toEqual(Object.fromEntries(gaps));
  for (const operation of operations)
    expect(toldBy(run, operation)).toContain(operation.told ?? `${operation.action} in ${REGION}: `);
}

describe.each<[string, FaultKind, string]>([
  ['fails for ever', '500', 'failed'],
  ['is throttled for ever', '429', 'throttled'],
])('one operation that %s costs its own sections', (_, kind, reason) => {
  test.each(byName)('%s', async (name, operation) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.1);
    await start();
    front.faults.inject({ service: operation.service, operation: name, kind });
    expectOnlyTheirs(await collect(), [operation], reason);
  });
});

/** Operations that can fail together without hiding each other: what others rest on, and one of two that are a section, stand alone. */
const BASES = ['DescribeClusterV2', 'GetBootstrapBrokers', 'ListKafkaVersions'];
const GROUPS: readonly (readonly [string, readonly Operation[]])[] = [
  ...BASES.map((name) => [name, OPERATIONS.filter(({ operation }) => operation === name)] as const),
  [
    'all that fill a section of their own',
    OPERATIONS.filter(({ operation, sections }) => sections.length > 0 && !BASES.includes(operation)),
  ],
  [
    'all that add to a section',
    OPERATIONS.filter(({ operation, part }) => part !== undefined && !BASES.includes(operation)),
  ],
];
const HTML = { 'content-type': 'text/html' };
const PAGE = `<html>${BEHIND}</html>`;

describe.each<[string, FaultKind | Answer, string]>([
  ['that are refused', '403', 'not-permitted'],
  ['whose connection is cut', 'cut', 'unreachable'],
  ['answered by half a JSON document', { raw: '{"nodeInfoList": [{' }, 'failed'],
  ["answered by a proxy's page and status 200", { raw: PAGE, headers: HTML }, 'unreachable'],
  ["answered by a proxy's page and status 403", { raw: PAGE, headers: HTML, status: 403 }, 'unreachable'],
])('operations %s cost their own sections', (_, fault, reason) => {
  test.each(GROUPS)('%s', async (_name, operations) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.1);
    const kind = typeof fault === 'string' ? (fault as FaultKind) : null;
    const answers = operations.map(({ operation }) => [operation, fault] as const);
    await start(kind === null ? (Object.fromEntries(answers) as Record<string, Answer>) : {});
    if (kind !== null)
      for (const { service, operation } of operations) front.faults.inject({ service, operation, kind });
    const run = await collect();
    expectOnlyTheirs(run, operations, reason);
    if (fault !== '403') return;
    for (const operation of operations)
      expect(toldBy(run, operation)).toMatch(new RegExp(`Allow [^.]*${operation.action}\\b`));
  });
});

test.each(GROUPS)('an empty answer of %s, where AWS sends an object, is no value', async (_, operations) => {
  await start(Object.fromEntries(operations.map(({ operation }) => [operation, { raw: '' }])));
  const run = await collect();
  const untold = operations.filter(({ whenEmpty }) => whenEmpty === 'as-none');
  expect(gapsOf(run)).toMatchObject(
    Object.fromEntries(untold.flatMap((each) => Object.entries(allFor(each, 'failed')))),
  );
  for (const operation of operations) if (operation.whenEmpty !== 'value') expect(toldBy(run, operation)).not.toBe('');
});

describe('throttling', () => {
  test('a burst on every operation is waited out', async () => {
    await start();
    const patient = OPERATIONS.filter(({ isAskedOnce }) => isAskedOnce !== true);
    for (const { service, operation } of patient) front.faults.inject({ service, operation, kind: '429', times: 2 });
    // The SDK comes down to a call every two seconds for MSK, and recovers: some 60 s, more or less by its dice.
    expect(gapsOf(await collect({ deadlineMs: 90_000 }))).toEqual({});
  });

  test('for ever and everywhere, it ends the run in time with one line', async () => {
    await start();
    for (const { service, operation } of OPERATIONS) front.faults.inject({ service, operation, kind: '429' });
    const { error } = await collect();
    expect(error).toMatchObject({
      code: 'throttled',
      message: expect.stringMatching(/^[^\n]*too many requests[^\n]*$/),
    });
  });

  test('by data points per second, metrics are asked for again until all are there', async () => {
    let second = 0;
    let asked = 0;
    const budget = (call: AnsweredCall) => {
      const now = Math.floor(Date.now() / 1000);
      if (now !== second) asked = 0;
      second = now;
      if (asked > 0) throw new AwsError('Throttling', 'Rate exceeded', 400);
      asked += queriesOf(call).length;
      return metricData(call);
    };
    await start();
    const whole = await collect();
    await front.close();
    await start({ GetMetricData: budget });
    const run = await collect();
    expect(calls('GetMetricData')).toBeGreaterThan(2);
    expect({ ...section(run, 'metrics'), asOfMs: 0, value: seriesOf(run).length }).toEqual({
      ok: true,
      asOfMs: 0,
      value: seriesOf(whole).length,
    });
  });

  test('of a part of the metrics leaves the others, and counts those that are missing', async () => {
    let served = 0;
    const onlyFirst = (call: AnsweredCall) => {
      // A ranking of the groups comes before the metrics.
      served += queriesOf(call).every(({ MetricStat }) => MetricStat === undefined) ? 0 : 1;
      if (served > 1) throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
      return metricData(call);
    };
    await start({ GetMetricData: onlyFirst });
    const run = await collect();
    expect(section(run, 'metrics')).toMatchObject({
      ok: true,
      partial: expect.stringMatching(/\d+ series not read \(ThrottlingException\)/),
    });
  });
});

function seriesOf({ snapshot }: Run) {
  const metrics = snapshot?.sections.metrics;
  return metrics?.ok ? metrics.value.series : [];
}

describe('CloudWatch answers, but not for every series:', () => {
  test.each([
    ['PartialData', /incomplete \(PartialData\)/],
    ['InternalError', /not read \(InternalError\)/],
    ['Forbidden', /not read \(Forbidden\)/],
  ])('%s is told, and the others are read', async (StatusCode, partial) => {
    const some = (call: AnsweredCall) => ({
      MetricDataResults: metricData(call).MetricDataResults.map((result, i) =>
        i === 0 ? { ...result, StatusCode } : result,
      ),
    });
    await start({ GetMetricData: some });
    const run = await collect();
    expect(section(run, 'metrics')).toMatchObject({ ok: true, partial: expect.stringMatching(partial) });
    expect(seriesOf(run).length).toBeGreaterThan(10);
  });
});

const paged = OPERATIONS.filter(({ pages }) => pages !== undefined).map((each) => [each.operation, each] as const);
const tokenOf = ({ url, input }: AnsweredCall) =>
  url.searchParams.get('nextToken') ?? input.NextToken ?? input.nextToken;

describe('a list in pages', () => {
  test.each(paged)('%s: two pages are one list', async (name, operation) => {
    const { pages } = operation;
    const shown = (operation.sections[0] ?? operation.part)!;
    await start();
    const whole = section(await collect(), shown);
    await front.close();
    await start({
      [name]: (call: AnsweredCall) =>
        tokenOf(call) === undefined || tokenOf(call) === null
          ? { ...pages![0], nextToken: 'n', NextToken: 'n' }
          : pages![1],
    });
    const run = await collect();
    expect(gapsOf(run)).toEqual({});
    expect({ ...section(run, shown), asOfMs: 0 }).toEqual({ ...whole, asOfMs: 0 });
    expect(calls(name)).toBe(2);
  });

  test.each(
    paged.flatMap(([name, each]) => [
      [name, 'repeats its token', () => 'same', each] as const,
      [name, 'never ends', (index: number) => `t${index}`, each] as const,
    ]),
  )('%s: a server that %s is left, and the list said to be a part', async (name, _, token, operation) => {
    const { pages } = operation;
    await start({
      [name]: ({ index }: AnsweredCall) => ({ ...pages![0], nextToken: token(index), NextToken: token(index) }),
    });
    const run = await collect();
    expect(gapsOf(run)).toEqual({});
    expect(toldBy(run, operation)).not.toBe('');
    expect(calls(name)).toBeLessThanOrEqual(100);
  });
});
