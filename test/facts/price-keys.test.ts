import { describe, expect, test } from 'vitest';
import { BROKER_SIZES } from '../../lib/facts/broker-sizes.ts';
import { OFFLINE_PRICE_REGIONS, offlinePricesOf } from '../../lib/facts/offline-prices.ts';
import { LISTED_PRICES, listedPriceOf, UNIT_SPELLINGS, UNLISTED_KEYS } from '../../lib/facts/price-keys.ts';

test('no usage type stands for two keys, and no key for two usage types', () => {
  const names = LISTED_PRICES.map(({ service, usageType }) => `${service} ${usageType}`);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(LISTED_PRICES.map(({ key }) => key)).size).toBe(LISTED_PRICES.length);
});

test('every broker size has its price, and every row its source', () => {
  const keys = LISTED_PRICES.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(Object.keys(BROKER_SIZES).map((size) => `broker/${size}`)));
  for (const { source, unverified } of LISTED_PRICES) expect(`${source}${unverified ?? ''}`.length).toBeGreaterThan(20);
});

test('the dated tables use the same keys and units, so that a price means the same from either', () => {
  const units = new Map(LISTED_PRICES.map(({ key, unit }): [string, string] => [key, unit]));
  for (const region of OFFLINE_PRICE_REGIONS) {
    for (const [key, { unit }] of Object.entries(offlinePricesOf(region)!.items)) {
      if (UNLISTED_KEYS.includes(key)) expect(units.has(key)).toBe(false);
      else expect([region, key, unit]).toEqual([region, key, units.get(key)]);
    }
  }
});

test('no spelling of a unit means two of ours', () => {
  const spellings = Object.values(UNIT_SPELLINGS).flat();
  expect(new Set(spellings).size).toBe(spellings.length);
  expect(spellings.map((each) => each.toLowerCase())).toEqual(spellings);
});

// Usage types as they stand in public readings of bills and of the Price List.
describe('a usage type by its whole name, with at most one prefix of a region', () => {
  test.each([
    ['USE1-Kafka.m5.large', 'broker/kafka.m5.large'],
    ['APN1-Express.m7g.large', 'broker/express.m7g.large'],
    ['EU-Kafka.kraft.t3.small', 'broker/kafka.kraft.t3.small'],
    ['APS1-Kafka.Storage.GP2', 'storage/gp2'],
    ['APS1-Kafka.Storage.Tiered', 'storage/tiered'],
    ['APS1-Kafka.DataRetrieval.Tiered', 'storage/tiered-retrieval'],
    ['APS1-Express.Storage', 'express/storage'],
    ['APS1-KafkaServerless-ClusterHours', 'serverless/cluster'],
    ['APS1-Kafka.PrivateConnectivityHours', 'private-connectivity/hour'],
    ['USE1-Kafka.mcu.general', 'connect/mcu'],
    ['KafkaServerless-ClusterHours', 'serverless/cluster'],
  ])('%s is %s', (usageType, key) => expect(listedPriceOf('AmazonMSK', usageType)?.key).toBe(key));

  test.each(['USW2-AZ1-Kafka.m5.large', 'USE1-Kafka.Serverless-Hours', 'Kafka', 'USE1-', 'USE1-Kafka.m5', 'toString'])(
    '%s is none of ours',
    (usageType) => expect(listedPriceOf('AmazonMSK', usageType)).toBeNull(),
  );

  test('a name belongs to its service', () => expect(listedPriceOf('AmazonEC2', 'USE1-Kafka.m5.large')).toBeNull());
});
