// The sandbox's Price List and Cost Explorer, read by the product's own clients.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { monthlyCost } from '../../lib/analysis/cost.ts';
import { compareWithBill } from '../../lib/analysis/cost-against-bill.ts';
import { createBillReader } from '../../lib/collect/prices/bill-reader.ts';
import { collectBill } from '../../lib/collect/prices/collect-bill.ts';
import { collectPrices } from '../../lib/collect/prices/collect-prices.ts';
import { createPriceReader } from '../../lib/collect/prices/price-reader.ts';
import { SectionRun } from '../../lib/collect/section-run.ts';
import { offlinePricesOf } from '../../lib/facts/offline-prices.ts';
import type { SandboxAws } from '../../sandbox/aws/aws.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { startPaperAws } from './support/aws-fixtures.ts';

const REGION = 'us-east-1';
const request = { region: REGION, nowMs: Date.now(), signal: new AbortController().signal };

let aws: SandboxAws;
beforeAll(async () => {
  aws = await startPaperAws();
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws?.stop();
});

const pricesOfSandbox = () => collectPrices(request, { openReader: (at) => createPriceReader({ region: REGION }, at) });

test('hundreds of products over several pages give the prices of the dated table, and no decoy does', async () => {
  const { value, partial } = await pricesOfSandbox();
  const usdOf = (items: Record<string, { usd: number }>) =>
    Object.fromEntries(Object.entries(items).map(([key, { usd }]) => [key, usd]));
  const expected = usdOf(offlinePricesOf(REGION)!.items);
  const kraft = Object.fromEntries(
    Object.entries(expected)
      .filter(([key]) => key.startsWith('broker/kafka.'))
      .map(([key, usd]) => [key.replace('kafka.', 'kafka.kraft.'), usd]),
  );
  expect(usdOf(value.items)).toEqual({ ...expected, ...kraft });
  expect({ source: value.source, unpriced: value.unpriced, partial }).toEqual({
    source: 'price-list-api',
    unpriced: {},
    partial: undefined,
  });
  expect(value.unmatched).toContain('USE1-AZ1-Kafka.m7g.large');
  expect(aws.requests.filter(({ service }) => service === 'pricing')).toHaveLength(4);
});

test('the bill of the sandbox’s cluster agrees with the model of the same cluster', async () => {
  const run = new SectionRun(Date.now() + 10_000, { now: Date.now, progress: () => {} });
  const bill = await collectBill(run, request, (at) => createBillReader({ region: REGION }, at));
  run.release();
  if (!bill.ok) throw new Error(bill.detail);
  expect(bill.value.adjustments.map(({ recordType }) => recordType)).toEqual(['Credit', 'Tax']);
  const { cluster } = aSnapshot().withCluster({ volumeGiBPerBroker: 100 }).build().sections;
  const compared = compareWithBill(monthlyCost(cluster, await pricesOfSandbox()), bill.value);
  expect(compared).toMatchObject({ agrees: true, confidence: 1 });
  expect(Math.abs(compared.differencePercent!)).toBeLessThan(1);
});
