import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPriceList } from '../../../lib/collect/prices/price-list.ts';
import { aProduct, LISTED, type ProductShape, priceList, REGION, text } from './a-product.ts';

const read = (...texts: unknown[]) => readPriceList(texts, REGION, 'list');
const usdOf = (items: Record<string, { usd: number }>) =>
  Object.fromEntries(Object.entries(items).map(([key, { usd }]) => [key, usd]));

test('each listed price under its key, in its unit, with the usage type that it came from', () => {
  const { items, unpriced, unmatched } = read(...priceList());
  expect(usdOf(items)).toEqual(LISTED);
  expect(items['storage/tiered']).toEqual({ usd: 0.06, unit: 'GiB-month', source: 'list: Kafka.Storage.Tiered' });
  expect({ unpriced, unmatched }).toEqual({ unpriced: {}, unmatched: [] });
});

test('a text of the SDK is a string object', () => {
  expect(read(Object(text()) as unknown).items['broker/kafka.m7g.large']?.usd).toBe(0.224);
});

describe('what is no price of ours', () => {
  const cases: [why: string, shape: ProductShape][] = [
    ['a zone of the region', { usagetype: 'EU-AZ1-Kafka.m7g.large' }],
    ['a local zone', { attributes: { locationType: 'AWS Local Zone' } }],
    ['another region', { attributes: { regionCode: 'eu-central-1' } }],
    ['a product that does not say its region', { attributes: { regionCode: undefined } }],
    ['another service', { servicecode: 'AmazonEC2' }],
    ['a longer name', { usagetype: 'EU-Kafka.m7g.large.x' }],
    ['a shorter name', { usagetype: 'EU-Kafka.m7g' }],
    ['another case', { usagetype: 'EU-kafka.M7G.large' }],
    ['a name in another', { usagetype: 'EU-My-Kafka.m7g.large' }],
    ['a prefix that is none', { usagetype: 'eu1-Kafka.m7g.large' }],
    ['a name of every object', { usagetype: 'EU-constructor' }],
  ];
  test.each(cases)('%s', (_, shape) => {
    const { items, unpriced } = read(text({ ...shape, price: { USD: '9.0' } }));
    expect({ items, unpriced }).toEqual({ items: {}, unpriced: {} });
  });

  test('a usage type of MSK that we do not know is told, safe to show and not without end', () => {
    const hostile = 'EU-Kafka.\u202enew';
    const many = Array.from({ length: 100 }, (_, i) => text({ usagetype: `EU-Kafka.new${i}` }));
    expect(read(text({ usagetype: hostile })).unmatched).toEqual(['EU-Kafka.\\u202enew']);
    expect(read(...many).unmatched).toHaveLength(40);
    expect(read(text({ usagetype: 'EU-BoxUsage', servicecode: 'AmazonEC2' })).unmatched).toEqual([]);
  });
});

describe('a product that gives no price makes its key unknown, with the reason', () => {
  const key = 'broker/kafka.m7g.large';
  test.each<[why: string, reason: RegExp, shapes: ProductShape[]]>([
    ['two prices', /2 prices for it \(0\.2, 0\.3 USD\)/, [{ price: { USD: '0.2' } }, { price: { USD: '0.3' } }]],
    ['a price and a zero', /at 0 USD/, [{ price: { USD: '0.2' } }, { price: { USD: '0.0000000000' } }]],
    ['another currency', /in CNY, not in USD/, [{ price: { CNY: '1.5' } }]],
    ['no price at all', /cannot be read/, [{ price: {} }]],
    ['a price that is no decimal', /cannot be read/, [{ price: { USD: '1e-3' } }]],
    ['a price that is not a number', /cannot be read/, [{ price: { USD: 'NaN' } }]],
    ['a negative price', /cannot be read/, [{ price: { USD: '-1' } }]],
    ['another unit', /unit in the Price List is GB-Mo, not hours/, [{ unit: 'GB-Mo' }]],
    ['only reserved terms', /no on-demand price/, [{ terms: { Reserved: { a: {} } } }]],
    ['terms that differ', /differ/, [{ terms: { OnDemand: { a: term('0.2'), b: term('0.3') } } }]],
    ['tiers that do not begin at zero', /begin once at zero/, [{ tiers: [['10', '0.2']] }]],
    [
      'two tiers that begin at zero',
      /begin once at zero/,
      [
        {
          tiers: [
            ['0', '0.2'],
            ['0', '0.3'],
          ],
        },
      ],
    ],
  ])('%s', (_, reason, shapes) => {
    const { items, unpriced } = read(...shapes.map((shape) => text(shape)));
    expect(items[key]).toBeUndefined();
    expect(unpriced[key]).toMatch(reason);
  });

  test('the price of the KRaft family is not that of the size', () => {
    const { items } = read(text({ usagetype: 'EU-Kafka.kraft.m7g.large', price: { USD: '0.5' } }));
    expect(usdOf(items)).toEqual({ 'broker/kafka.kraft.m7g.large': 0.5 });
  });
});

test('the same price twice is one price; tiers give the first and say so', () => {
  expect(usdOf(read(text(), text()).items)).toEqual({ 'broker/kafka.m7g.large': 0.224 });
  const tiers: [string, string][] = [
    ['250000', '0.1'],
    ['0', '0.3'],
    ['10000', '0.2'],
  ];
  const metric = { servicecode: 'AmazonCloudWatch', usagetype: 'EU-CW:MetricMonitorUsage', unit: 'Metrics', tiers };
  expect(read(text(metric)).items['cloudwatch/metric']).toEqual({
    usd: 0.3,
    unit: 'metric-month',
    source: 'list: CW:MetricMonitorUsage, first of 3 tiers',
  });
});

test('traffic between zones: both ends in the region, with a prefix or, in us-east-1, without', () => {
  const transfer = (fromRegionCode: string, toRegionCode: string, usagetype = 'EU-DataTransfer-Regional-Bytes') =>
    text({ servicecode: 'AWSDataTransfer', usagetype, unit: 'GB', attributes: { fromRegionCode, toRegionCode } });
  expect(usdOf(read(transfer(REGION, REGION)).items)).toEqual({ 'traffic/between-zones': 0.224 });
  expect(usdOf(read(transfer(REGION, REGION, 'DataTransfer-Regional-Bytes')).items)).toHaveProperty(
    'traffic/between-zones',
  );
  expect(read(transfer(REGION, 'us-east-1')).items).toEqual({});
  expect(read(transfer(REGION, REGION, 'EU-DataTransfer-xAZ-Out-Bytes')).items).toEqual({});
});

test('every field left out, one by one: no crash, and the price is the same or none', () => {
  const paths = pathsOf(aProduct());
  expect(paths.length).toBeGreaterThan(25);
  for (const path of paths) {
    const product = aProduct();
    remove(product, path);
    const { items } = read(JSON.stringify(product));
    expect([undefined, 0.224], path.join('.')).toContain(items['broker/kafka.m7g.large']?.usd);
  }
});

test.each([['null'], ['[]'], ['"x"'], ['{'], [''], ['{"product":[]}'], [`"${'x'.repeat(300_000)}"`]])(
  'what is no product is left out: %.20s',
  (bad) => {
    expect(usdOf(read(bad, null, 7, undefined, {}, ...priceList()).items)).toEqual(LISTED);
  },
);

test('whatever stands around it, in whatever order and however often, no price changes', () => {
  const decoy = fc.record({
    usagetype: fc.oneof(
      fc.constantFrom(
        'EU-AZ2-Kafka.m7g.large',
        'EU-Kafka.kraft.m8.large',
        'EU-Kafka.m7g.largest',
        'Kafka',
        'EUW2-LAX1-Kafka.Storage.GP2',
      ),
      fc.string({ maxLength: 30 }).map((name) => `EU-Kafka.${name}!`),
    ),
    price: fc.constantFrom<Record<string, string>>({ USD: '0.0001' }, { USD: '0' }, { CNY: '7' }, { USD: '99999' }, {}),
    unit: fc.constantFrom('hours', 'GB-Mo', 'Quantity', ''),
    servicecode: fc.constantFrom('AmazonMSK', 'AmazonEC2', 'AWSDataTransfer'),
  });
  const elsewhere = fc
    .constantFrom(...priceList())
    .map((each) => each.replaceAll(`"${REGION}"`, '"us-east-1"').replaceAll(/"USD":"[^"]+"/g, '"USD":"7"'));
  const noise = fc.oneof(
    decoy.map((shape) => text(shape)),
    elsewhere,
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  const shuffled = fc
    .tuple(fc.array(noise, { maxLength: 12 }), fc.array(fc.constantFrom(...priceList()), { maxLength: 6 }))
    .chain(([others, again]) => {
      const all = [...priceList(), ...others, ...again];
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    });
  fc.assert(
    fc.property(shuffled, (texts) => {
      const { items, unpriced } = read(...texts);
      expect(usdOf(items)).toEqual(LISTED);
      expect(unpriced).toEqual({});
    }),
    { numRuns: 200 },
  );
});

function term(usd: string): object {
  return { priceDimensions: { a: { unit: 'hours', beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } } } };
}

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

function remove(value: Record<string, unknown>, [key, ...rest]: string[]): void {
  if (rest.length === 0) delete value[key!];
  else remove(value[key!] as Record<string, unknown>, rest);
}
