// The prices section through the real SDK client, at the wire.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PRICES_FRESH_MS, type PriceCache, savePrices } from '../../../lib/collect/prices/cached-prices.ts';
import { collectPrices, type PriceSources } from '../../../lib/collect/prices/collect-prices.ts';
import { createPriceReader, priceEndpointOf } from '../../../lib/collect/prices/price-reader.ts';
import { offlinePricesOf } from '../../../lib/facts/offline-prices.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';
import { inFastTime } from '../fast-time.ts';
import { LISTED, priceList, REGION, text } from './a-product.ts';

const NOW = Date.UTC(2026, 10, 22, 6);
const DAY = 24 * 3_600_000;

let front: AwsFront;
let calls: AnsweredCall[];

beforeEach(() => {
  calls = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
});

/** Answers of AmazonMSK as given; the other services have nothing to say. */
async function serving(msk: Answer, others: Answer = { FormatVersion: 'aws_v1', PriceList: [] }): Promise<void> {
  front = await startAwsFront({
    pricing: {
      GetProducts: async (call) => {
        calls.push(call);
        const answer = call.input.ServiceCode === 'AmazonMSK' ? msk : others;
        return typeof answer === 'function' ? answer(call) : answer;
      },
    },
  });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
}

function collect(
  sources: PriceSources = {},
  { region = REGION, nowMs = NOW, signal = new AbortController().signal } = {},
) {
  const openReader = (endpoint: string) => createPriceReader({ region }, endpoint);
  return collectPrices({ region, nowMs, signal }, { openReader, ...sources });
}

function memoryCache(texts: Record<string, string> = {}): PriceCache & { texts: Record<string, string> } {
  return {
    texts,
    load: async (region) => texts[region] ?? null,
    save: async (region, text) => {
      texts[region] = text;
    },
  };
}

const page = (products: unknown[], NextToken?: string) => ({ FormatVersion: 'aws_v1', PriceList: products, NextToken });
const all = () => page(priceList());

test('prices of the region, of its day, asked at the nearest endpoint with exact filters', async () => {
  await serving(all());
  const section = await collect();
  expect(section.value).toMatchObject({
    source: 'price-list-api',
    asOfDate: '2026-11-22',
    region: REGION,
    currency: 'USD',
  });
  expect(Object.fromEntries(Object.entries(section.value.items).map(([key, { usd }]) => [key, usd]))).toEqual(LISTED);
  expect(section.partial).toBeUndefined();
  expect(calls.map(({ input }) => input)).toEqual([
    asked('AmazonMSK', { regionCode: REGION }),
    asked('AWSDataTransfer', { fromRegionCode: REGION, transferType: 'IntraRegion' }),
    asked('AmazonCloudWatch', { regionCode: REGION, productFamily: 'Metric' }),
  ]);
});

function asked(ServiceCode: string, filters: Record<string, string>) {
  const Filters = Object.entries(filters).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }));
  return { ServiceCode, Filters, FormatVersion: 'aws_v1', MaxResults: 100 };
}

test('all pages are read: the second price of a key may stand on the last one', async () => {
  const [first, ...rest] = priceList();
  const pages = [page([first], 'a'), page(rest, 'b'), page([text({ price: { USD: '7' } })])];
  await serving(({ input }) => pages[['a', 'b'].indexOf(input.NextToken as string) + 1]!);
  const { value } = await collect();
  expect(value.items['broker/kafka.m7g.large']).toBeUndefined();
  expect(value.unpriced).toMatchObject({
    'broker/kafka.m7g.large': 'the Price List has 2 prices for it (0.224, 7 USD)',
  });
  expect(value.items['storage/gp2']?.usd).toBe(0.11);
});

describe('every field of an answer left out', () => {
  test.each(['FormatVersion', 'PriceList', 'NextToken'])('%s', async (field) => {
    const answer: Record<string, unknown> = { ...all() };
    delete answer[field];
    await serving(answer);
    const { value, partial } = await collect();
    if (field === 'PriceList') expect(partial).toContain(`AWS Price List has no price of MSK in ${REGION}`);
    else expect(value.items).toHaveProperty('storage/gp2');
  });
});

describe('a list that never ends is no list: a price could hide behind its end', () => {
  test.each<[string, (call: AnsweredCall) => object, number]>([
    ['the same token again and again', () => page(priceList(), 'again'), 2],
    ['a new token each time', ({ index }) => page([], `t${index}`), 20],
  ])('%s', async (_, answer, requests) => {
    await serving(answer);
    const { value, partial } = await collect();
    expect(value).toMatchObject({ source: 'offline', items: {} });
    expect(partial).toContain('did not come to an end within 20 pages');
    expect(calls).toHaveLength(requests);
  });
});

describe('the API fails', () => {
  const failures: [why: string, answer: Answer, says: RegExp][] = [
    [
      'not permitted',
      new AwsError('AccessDeniedException', 'no', 400),
      /may not do this .*Allow pricing:GetProducts on \*/,
    ],
    ['expired credentials', new AwsError('ExpiredTokenException', 'no', 400), /credentials have expired/],
    [
      'a filter it does not know',
      new AwsError('InvalidParameterException', 'no', 400),
      /refused the request as invalid/,
    ],
  ];
  test.each(failures)('%s: the dated table, with the reason', async (_, answer, says) => {
    await serving(answer);
    const { value, partial } = await collect({}, { region: 'us-east-1' });
    expect(value).toMatchObject({ source: 'offline', asOfDate: offlinePricesOf('us-east-1')!.asOfDate });
    expect(value.items['broker/kafka.m7g.large']?.usd).toBe(0.204);
    expect(partial).toMatch(says);
  });

  test('no other region’s table is taken: without one there is no price', async () => {
    await serving(new AwsError('AccessDeniedException', 'no', 400));
    const { value, partial } = await collect();
    expect(value.items).toEqual({});
    expect(partial).toMatch(/no price table of eu-west-1 is shipped.*; pricing:GetProducts in eu-central-1/);
  });

  test.each(['cut', '500', '429'] as const)('%s, once: asked again', async (kind) => {
    await serving(all());
    front.faults.inject({ kind, service: 'pricing', operation: 'GetProducts', times: 1 });
    const { value: section } = await inFastTime(() => collect());
    expect(section.value.source).toBe('price-list-api');
    expect(front.requests.map(({ fault }) => fault)).toEqual([kind, undefined, undefined, undefined]);
  });

  test('an answer that does not come by the end of the run: what is at hand, at once', async () => {
    await serving(() => new Promise(() => {}));
    const signal = AbortSignal.timeout(60);
    const { value, partial } = await collect({}, { region: 'us-east-1', signal });
    expect(value.source).toBe('offline');
    expect(partial).toContain('no answer in time');
  });

  test('a reader that cannot even be opened', async () => {
    await serving(all());
    const section = await collect({ openReader: () => Promise.reject(new Error('secret words')) });
    expect(section.partial).not.toContain('secret');
    expect(section.value.source).toBe('offline');
  });
});

describe('traffic and CloudWatch are other services: without them MSK’s prices stand, unkept', () => {
  test('refused', async () => {
    const cache = memoryCache();
    await serving(all(), new AwsError('InvalidParameterException', 'no', 400));
    const { value, partial } = await collect({ cache });
    expect(value.items).toHaveProperty('storage/gp2');
    expect(value.unpriced).toEqual({
      'traffic/between-zones': 'the Price List of AWSDataTransfer was not read (InvalidParameterException)',
      'cloudwatch/metric': 'the Price List of AmazonCloudWatch was not read (InvalidParameterException)',
    });
    expect({ partial, kept: cache.texts }).toEqual({ partial: undefined, kept: {} });
  });
});

describe('prices are kept for a week', () => {
  const broken: PriceCache = { load: () => Promise.reject(new Error('x')), save: () => Promise.reject(new Error('x')) };

  test('read once, then from the cache, with the day they were read; the SDK is not even loaded', async () => {
    const cache = memoryCache();
    await serving(all());
    await collect({ cache });
    const requests = calls.length;
    const openReader = vi.fn<NonNullable<PriceSources['openReader']>>();
    const section = await collect({ cache, openReader }, { nowMs: NOW + PRICES_FRESH_MS - 1 });
    expect(section.value).toMatchObject({ source: 'price-list-api', asOfDate: '2026-11-22' });
    expect(section.asOfMs).toBe(NOW);
    expect(section.partial).toBeUndefined();
    expect(openReader).not.toHaveBeenCalled();
    expect(calls).toHaveLength(requests);
  });

  test('a week later they are asked for again', async () => {
    const cache = memoryCache();
    await serving(all());
    await collect({ cache });
    const { value } = await collect({ cache }, { nowMs: NOW + PRICES_FRESH_MS });
    expect(value.asOfDate).toBe('2026-11-29');
    expect(calls).toHaveLength(6);
  });

  test('old ones are better than none: used with their date when the API fails', async () => {
    const cache = memoryCache();
    let isDown = false;
    await serving(() => (isDown ? new AwsError('AccessDeniedException', 'no', 400) : all()));
    await collect({ cache });
    isDown = true;
    const { value, partial } = await collect({ cache }, { nowMs: NOW + 40 * DAY });
    expect(value).toMatchObject({ source: 'price-list-api', asOfDate: '2026-11-22' });
    expect(partial).toMatch(/^prices of 2026-11-22: pricing:GetProducts in eu-central-1/);
  });

  test('kept ones older than the table that ships with the product give way to it', async () => {
    const region = 'us-east-1';
    const { asOfDate } = offlinePricesOf(region)!;
    await serving(new AwsError('AccessDeniedException', 'no', 400));
    const standIn = async (keptDays: number) => {
      const cache = memoryCache();
      const readAtMs = Date.parse(asOfDate) + keptDays * DAY;
      const keptDate = new Date(readAtMs).toISOString().slice(0, 10);
      const items = { 'broker/kafka.m7g.large': { usd: 1, unit: 'hour' as const, source: 'x' } };
      await savePrices(
        cache,
        { source: 'price-list-api', asOfDate: keptDate, region, currency: 'USD', items },
        readAtMs,
      );
      return (await collect({ cache }, { region, nowMs: readAtMs + 40 * DAY })).value;
    };
    expect(await standIn(-1)).toMatchObject({ source: 'offline', asOfDate });
    expect(await standIn(0)).toMatchObject({ source: 'price-list-api', asOfDate });
  });

  test('a newer version, which knows other usage types, asks again', async () => {
    const cache = memoryCache();
    await serving(all());
    await collect({ cache });
    cache.texts[REGION] = cache.texts[REGION]!.replace('"Kafka.Storage.GP2",', '');
    await collect({ cache });
    expect(calls).toHaveLength(6);
  });

  test.each<[why: string, spoil: (kept: string) => string]>([
    ['half a file', (kept) => kept.slice(0, kept.length / 2)],
    ['not JSON', () => 'garbage'],
    ['another format', (kept) => kept.replace('"format":1', '"format":2')],
    ['of another region', (kept) => kept.replace(`"region":"${REGION}"`, '"region":"eu-west-2"')],
    ['from the future', (kept) => kept.replace(`"readAtMs":${NOW}`, `"readAtMs":${NOW + DAY}`)],
    ['a price that is no number', (kept) => kept.replace('"usd":0.11', '"usd":"0.11"')],
    ['prices of the table', (kept) => kept.replace('"price-list-api"', '"offline"')],
  ])('%s is as if nothing had been kept', async (_, spoil) => {
    const cache = memoryCache();
    await serving(all());
    await collect({ cache });
    const kept = cache.texts[REGION]!;
    cache.texts[REGION] = spoil(kept);
    expect(cache.texts[REGION]).not.toBe(kept);
    const { value } = await collect({ cache });
    expect(value.items['storage/gp2']?.usd).toBe(0.11);
    expect(calls).toHaveLength(6);
  });

  test('a cache that cannot be read or written costs a request and nothing else', async () => {
    await serving(all());
    const { value, partial } = await collect({ cache: broken });
    expect({ source: value.source, partial }).toEqual({ source: 'price-list-api', partial: undefined });
  });
});

test('what the list cannot be searched for comes from the dated table of the same region, with its date', async () => {
  await serving(page([text({ usagetype: 'USE1-Kafka.m7g.large', attributes: { regionCode: 'us-east-1' } })]));
  const { value } = await collect({}, { region: 'us-east-1' });
  expect(Object.keys(value.items).sort()).toEqual(['broker/kafka.m7g.large', 'express/data-in']);
  expect(value.items['express/data-in']?.source).toContain('as of 2026-08-20');
});

describe('where the Price List is asked', () => {
  test.each([
    ['eu-west-1', 'eu-central-1'],
    ['ap-northeast-1', 'ap-south-1'],
    ['me-central-1', 'ap-south-1'],
    ['us-west-2', 'us-east-1'],
    ['sa-east-1', 'us-east-1'],
  ])('%s at %s', (region, endpoint) => expect(priceEndpointOf(region)).toEqual({ region: endpoint }));

  test.each([
    ['cn-north-1', /CNY/],
    ['eusc-de-east-1', /EUR/],
    ['us-gov-west-1', /GovCloud/],
    ['us-iso-east-1', /isolated/],
  ])('%s not at all, and why', async (region, why) => {
    const openReader = vi.fn<NonNullable<PriceSources['openReader']>>();
    const { value, partial } = await collectPrices({ region, nowMs: NOW, signal: AbortSignal.abort() }, { openReader });
    expect(value.items).toEqual({});
    expect(partial).toMatch(why);
    expect(openReader).not.toHaveBeenCalled();
  });
});

test('not to be asked at all: the dated table, and nothing is wrong with it', async () => {
  const { value, partial } = await collectPrices({ region: 'us-east-1', nowMs: NOW, signal: AbortSignal.abort() }, {});
  expect({ source: value.source, partial }).toEqual({ source: 'offline', partial: undefined });
});
