import * as v from 'valibot';
import { expect, test } from 'vitest';
import { offlinePrices } from '../../../lib/collect/prices/offline.ts';
import { pricesSchema } from '../../../lib/snapshot/money-sections.ts';

test('gives dated prices with their source by exact key', () => {
  const { value, partial } = offlinePrices('us-east-1');
  expect(v.parse(pricesSchema, value)).toEqual(value);
  expect(value.items['broker/kafka.m7g.large']).toMatchObject({ usd: 0.204, unit: 'hours' });
  expect(value.items['throughput/provisioned']).toMatchObject({ usd: 0.08, unit: 'MiBps-month' });
  expect(partial).toBeUndefined();
});

test('a region without a table has no price at all, and says so', () => {
  const { value, partial } = offlinePrices('eu-west-1');
  expect(value.items).toEqual({});
  expect(partial).toContain('eu-west-1');
});

test('a price that could not be confirmed says so in its source', () => {
  expect(offlinePrices('us-east-1').value.items['serverless/cluster']?.source).toContain('unverified');
});
