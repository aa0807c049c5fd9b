// The opt-in bill through the real SDK client, at the wire.
import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { billEndpointOf, createBillReader } from '../../../lib/collect/prices/bill-reader.ts';
import { collectBill } from '../../../lib/collect/prices/collect-bill.ts';
import { billWindow } from '../../../lib/collect/prices/read-bill.ts';
import { SectionRun } from '../../../lib/collect/section-run.ts';
import { billSchema } from '../../../lib/snapshot/money-sections.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';

const NOW = Date.UTC(2026, 10, 22, 6);

let front: AwsFront | undefined;
let calls: AnsweredCall[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
  calls = [];
});

async function bill(answer: Answer, region = 'eu-west-1') {
  front = await startAwsFront({
    ce: {
      GetCostAndUsage: async (call) => {
        calls.push(call);
        return typeof answer === 'function' ? answer(call) : answer;
      },
    },
  });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const run = new SectionRun(NOW + 5_000, { now: () => NOW, progress: () => {} });
  try {
    return await collectBill(run, { region, nowMs: NOW }, (endpoint) => createBillReader({ region }, endpoint));
  } finally {
    run.release();
  }
}

async function billOf(answer: Answer) {
  const section = await bill(answer);
  if (!section.ok) throw new Error(section.detail);
  return { ...v.parse(billSchema, section.value), partial: section.partial };
}

type GroupShape = [usageType: string, recordType: string, amount: string, quantity?: string, currency?: string];

function group([usageType, recordType, Amount, quantity = '1', Unit = 'USD']: GroupShape) {
  return {
    Keys: [usageType, recordType],
    Metrics: { UnblendedCost: { Amount, Unit }, UsageQuantity: { Amount: quantity, Unit: 'hours' } },
  };
}

/** Every field that the API documents. */
function answer(months: GroupShape[][], more: object = {}) {
  return {
    GroupDefinitions: [{ Type: 'DIMENSION', Key: 'USAGE_TYPE' }],
    DimensionValueAttributes: [],
    ResultsByTime: months.map((groups) => ({
      TimePeriod: { Start: '2026-10-22', End: '2026-11-01' },
      Total: {},
      Groups: groups.map(group),
      Estimated: false,
    })),
    ...more,
  };
}

const MONTHS: GroupShape[][] = [
  [
    ['EU-Kafka.m7g.large', 'Usage', '100.5', '480'],
    ['EU-Kafka.Storage.GP2', 'Usage', '20', '200'],
    ['EU-Kafka.m7g.large', 'Credit', '-30'],
  ],
  [
    ['EU-Kafka.m7g.large', 'Usage', '200.25', '960'],
    ['NoUsageType', 'Tax', '60.1'],
    ['EU-Kafka.m7g.large', 'Credit', '-1.5E-7'],
    ['EU-Kafka.m7g.large', 'SavingsPlanCoveredUsage', '0.25', '1'],
  ],
];

test('the last 30 full days of the region, by usage type, with what is no usage apart', async () => {
  expect(await billOf(answer(MONTHS))).toEqual({
    startDate: '2026-10-22',
    endDate: '2026-11-21',
    currency: 'USD',
    metric: 'UnblendedCost',
    isEstimated: false,
    items: [
      { usageType: 'EU-Kafka.m7g.large', amount: 301, quantity: 1441, unit: 'hours' },
      { usageType: 'EU-Kafka.Storage.GP2', amount: 20, quantity: 200, unit: 'hours' },
    ],
    adjustments: [
      { recordType: 'Credit', amount: -30.00000015 },
      { recordType: 'Tax', amount: 60.1 },
    ],
    cost: { calls: 1, usd: 0.01 },
    partial: undefined,
  });
});

test('asks for MSK in the region alone, so that one page is enough', async () => {
  await bill(answer(MONTHS));
  expect(calls.map(({ input }) => input)).toEqual([
    {
      TimePeriod: { Start: '2026-10-22', End: '2026-11-21' },
      Granularity: 'MONTHLY',
      Metrics: ['UnblendedCost', 'UsageQuantity'],
      GroupBy: [
        { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
        { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
      ],
      Filter: {
        And: [
          { Dimensions: { Key: 'SERVICE', Values: ['Amazon Managed Streaming for Apache Kafka'] } },
          { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } },
        ],
      },
    },
  ]);
});

test('the days are those of UTC, and yesterday is not over in Cost Explorer', () => {
  const at = (text: string) => billWindow(Date.parse(text));
  expect(at('2026-11-22T00:00:00Z')).toEqual({ startDate: '2026-10-22', endDate: '2026-11-21' });
  expect(at('2026-11-22T23:59:59Z')).toEqual({ startDate: '2026-10-22', endDate: '2026-11-21' });
  expect(at('2024-03-01T12:00:00Z')).toEqual({ startDate: '2024-01-30', endDate: '2024-02-29' });
});

describe('every page costs, so there are few', () => {
  test('pages are added up, and each is paid for', async () => {
    const pages = ['a', undefined].map((NextPageToken, i) => answer([MONTHS[i]!], { NextPageToken }));
    const read = await billOf(({ index }: AnsweredCall) => pages[index]!);
    expect(read.items[0]!.amount).toBe(301);
    expect(read.cost).toEqual({ calls: 2, usd: 0.02 });
    expect(calls[1]!.input.NextPageToken).toBe('a');
  });

  test.each<[string, (call: AnsweredCall) => string, number]>([
    ['the same token again', () => 'again', 2],
    ['a new token each time', ({ index }) => `t${index}`, 3],
  ])('%s: an end, and said', async (_, token, pages) => {
    const read = await billOf((call) => answer([], { NextPageToken: token(call) }));
    expect(read.cost.calls).toBe(pages);
    expect(read.partial).toBe(`the bill went on after ${pages} pages`);
  });
});

test('every field left out, one by one: no crash, and no amount that was not there', async () => {
  const whole = answer(MONTHS.slice(0, 1));
  const paths = pathsOf(whole).filter(([first]) => first === 'ResultsByTime');
  expect(paths.length).toBeGreaterThan(20);
  const answers = paths.map((path) => without(whole, path));
  front = await startAwsFront({ ce: { GetCostAndUsage: ({ index }) => answers[index]! } });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const reader = await createBillReader({ region: 'eu-west-1' }, 'us-east-1');
  for (const path of paths) {
    const run = new SectionRun(NOW + 5_000, { now: () => NOW, progress: () => {} });
    const section = await collectBill(run, { region: 'eu-west-1', nowMs: NOW }, async () => reader);
    run.release();
    expect(section.ok, path.join('.')).toBe(true);
    if (!section.ok) continue;
    const amounts = [...section.value.items, ...section.value.adjustments].map(({ amount }) => amount);
    expect([100.5, 20, -30], path.join('.')).toEqual(expect.arrayContaining(amounts));
    const isOfGroup = path.length > 4;
    if (isOfGroup && amounts.length < 3) expect(section.partial).toContain('could not be read');
  }
});

test('an amount in another currency is not added to dollars', async () => {
  const read = await billOf(
    answer([
      [
        ['a', 'Usage', '1'],
        ['b', 'Usage', '5', '1', 'EUR'],
      ],
    ]),
  );
  expect(read).toMatchObject({ currency: 'USD', items: [{ amount: 1 }], partial: 'amounts in EUR are not in it' });
});

test('an answer without a word on being final, or without anything, is not final', async () => {
  const [month] = answer(MONTHS).ResultsByTime;
  for (const Estimated of [true, undefined]) {
    expect((await billOf({ ResultsByTime: [month, { ...month, Estimated }] })).isEstimated).toBe(true);
    await front?.close();
  }
  expect((await billOf({ ResultsByTime: [] })).isEstimated).toBe(true);
  await front?.close();
  expect(await billOf({})).toMatchObject({ items: [], isEstimated: true });
});

test.each([
  ['AccessDeniedException', { reason: 'not-permitted', fix: 'Allow ce:GetCostAndUsage on * for the caller' }],
  ['LimitExceededException', { reason: 'throttled' }],
  ['DataUnavailableException', { reason: 'failed' }],
])('%s: said, and not asked twice, because a question may cost', async (code, expected) => {
  expect(await bill(new AwsError(code, 'User: arn:aws:iam::111122223333:user/x', 400))).toMatchObject({
    ok: false,
    ...expected,
  });
  expect(calls).toHaveLength(1);
});

test('GovCloud’s charges are on another account’s bill: nothing is asked', async () => {
  expect(await bill({}, 'us-gov-west-1')).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(calls).toHaveLength(0);
  expect(['eu-west-1', 'cn-north-1', 'us-iso-east-1'].map(billEndpointOf)).toEqual([
    'us-east-1',
    'cn-northwest-1',
    null,
  ]);
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

function without(value: object, path: readonly string[]): object {
  const copy = structuredClone(value) as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1);
  else delete parent[path.at(-1)!];
  return copy;
}
