import * as v from 'valibot';
import { afterEach, expect, test, vi } from 'vitest';
import { createQuotaReader, readQuotas } from '../../../lib/collect/account/quotas.ts';
import { QUOTA_LIMITS } from '../../../lib/facts/msk-quotas.ts';
import { quotasSchema } from '../../../lib/snapshot/account-sections.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import type { Answer, AwsFront } from '../aws-front.ts';
import { ACCESS, accountFront, aRun, collected, KRAFT_QUOTA, omissions, QUOTA, ZOOKEEPER_QUOTA } from './an-account.ts';

const ALL = { Quotas: [QUOTA, KRAFT_QUOTA, ZOOKEEPER_QUOTA] };
let front: AwsFront;

async function quotasFrom(answers: Record<string, Answer>) {
  front = await accountFront({ servicequotas: answers });
  return (await collected()).quotas;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

test('applied values of the account by code, and what each limits', async () => {
  const section = await quotasFrom({
    ListServiceQuotas: ({ input }) => {
      expect(input).toEqual({ ServiceCode: 'kafka', MaxResults: 100, QuotaAppliedAtLevel: 'ACCOUNT' });
      return ALL;
    },
  });
  expect(section).toMatchObject({
    ok: true,
    value: [
      { code: 'L-03FD6822', value: 60, limits: 'brokers-per-kraft-cluster', isAdjustable: null },
      {
        code: 'L-EDD31C36',
        name: 'Number of brokers per account',
        value: 120,
        isAdjustable: true,
        limits: 'brokers-per-account',
        source: 'applied',
      },
      { code: 'L-FAB9E493', value: 30, limits: 'brokers-per-zookeeper-cluster' },
    ],
  });
  expect(JSON.stringify(section)).not.toContain('arn:');
  expect(front.requests.filter(({ service }) => service === 'servicequotas')).toHaveLength(1);
});

test('a needed quota that AWS left out comes from its defaults, and says so; the applied ones stand', async () => {
  const section = await quotasFrom({
    ListServiceQuotas: { Quotas: [QUOTA] },
    ListAWSDefaultServiceQuotas: { Quotas: [{ ...QUOTA, Value: 90 }, KRAFT_QUOTA, ZOOKEEPER_QUOTA] },
  });
  expect(section.ok && section.value.map(({ value, source }) => [value, source])).toEqual([
    [60, 'aws-default'],
    [120, 'applied'],
    [30, 'aws-default'],
  ]);
});

test('defaults refused: what was read stays, with the action to allow', async () => {
  const section = await quotasFrom({
    ListServiceQuotas: { Quotas: [QUOTA] },
    ListAWSDefaultServiceQuotas: new AwsError('AccessDeniedException', 'no'),
  });
  expect(section).toMatchObject({ ok: true, value: [{ value: 120 }] });
  expect(section).toHaveProperty(
    'partial',
    expect.stringContaining('Allow servicequotas:ListAWSDefaultServiceQuotas on *'),
  );
});

test('a quota that nothing needs, or that nobody knows, is kept and means nothing', async () => {
  const others = [
    { QuotaCode: 'L-B2FDE22A', QuotaName: 'Number of configurations per account', Value: 100 },
    { QuotaCode: 'constructor', QuotaName: 'odd', Value: 1 },
  ];
  const section = await quotasFrom({ ListServiceQuotas: { Quotas: [...ALL.Quotas, ...others] } });
  const meanings = section.ok ? section.value.map(({ limits }) => limits) : [];
  expect(meanings.filter((each) => each === null)).toHaveLength(2);
  expect(new Set(meanings.filter((each) => each !== null))).toEqual(new Set(QUOTA_LIMITS));
});

test('a quota without a value is no quota of zero', async () => {
  const { Value: _, ...silent } = QUOTA;
  const section = await quotasFrom({ ListServiceQuotas: { Quotas: [silent, KRAFT_QUOTA, ZOOKEEPER_QUOTA] } });
  expect(section).toMatchObject({ ok: true, partial: '1 quotas came without a value' });
  expect(section.ok && section.value[1]).toMatchObject({ code: 'L-EDD31C36', value: null });
});

test('whatever field is left out, quotas are read and fit their schema', async () => {
  let Quotas: object[] = [];
  front = await accountFront({
    servicequotas: {
      ListServiceQuotas: () => ({ Quotas: [...Quotas, KRAFT_QUOTA, ZOOKEEPER_QUOTA] }),
      ListAWSDefaultServiceQuotas: ALL,
    },
  });
  const reader = await createQuotaReader(ACCESS);
  const run = aRun();
  const seen = new Set<string>();
  for (const { path, without } of omissions<object>(QUOTA)) {
    Quotas = [without];
    const { value } = await readQuotas(reader, ACCESS.region, run);
    expect(v.is(quotasSchema, value), path).toBe(true);
    seen.add(JSON.stringify(value));
  }
  expect(seen.size).toBe(5);
});

test('no applied quotas at all: the defaults are asked for', async () => {
  const section = await quotasFrom({ ListServiceQuotas: { Quotas: [] }, ListAWSDefaultServiceQuotas: { Quotas: [] } });
  expect(section).toMatchObject({ ok: true, value: [] });
  expect(front.requests.filter(({ service }) => service === 'servicequotas')).toHaveLength(2);
});

test.each([
  ['repeats its token', () => 'again', 2],
  ['never ends', (index: number) => `page ${index}`, 5],
])('a list that %s is cut, and says so', async (_, token, calls) => {
  const section = await quotasFrom({ ListServiceQuotas: ({ index }) => ({ ...ALL, NextToken: token(index) }) });
  expect(section).toHaveProperty('partial', expect.stringContaining('went on'));
  expect(section.ok && section.value).toHaveLength(3);
  expect(front.requests.filter(({ operation }) => operation === 'ListServiceQuotas')).toHaveLength(calls);
});
