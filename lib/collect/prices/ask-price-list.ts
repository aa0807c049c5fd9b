// Asking the Price List, once a week: a module of its own, so that the other days' runs do not load it.
import { UNLISTED_KEYS } from '../../facts/price-keys.ts';
import type { Prices } from '../../snapshot/money-sections.ts';
import { missingFrom } from '../aws-errors.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import { Deadline } from '../deadline.ts';
import { collectPages } from '../pages.ts';
import type { PriceRequest, PriceSources } from './collect-prices.ts';
import { offlinePrices } from './offline.ts';
import { readPriceList } from './price-list.ts';
import { type PriceQuery, type PriceReader, priceEndpointOf } from './price-reader.ts';

/** One region of MSK has some 100 products; what does not end here is not a price list. */
const MAX_PAGES = 20;
/** All three questions together; a report does not wait longer for prices that it can do without. */
const TIME_LIMIT_MS = 20_000;
const SOURCE = 'AWS Price List';

/** `isWhole`: nothing that was asked failed, so that it may be kept. */
export type PriceListRead = { value: Prices; isWhole: boolean } | { problem: string | undefined };

/** Never rejects: a list that cannot be read is a problem in one line. */
export async function askPriceList(request: PriceRequest, { openReader }: PriceSources): Promise<PriceListRead> {
  const { region, signal } = request;
  if (openReader === undefined) return { problem: undefined };
  const endpoint = priceEndpointOf(region);
  if ('problem' in endpoint) return endpoint;
  const call = { action: 'pricing:GetProducts', resource: '*', region: endpoint.region };
  const deadline = new Deadline(TIME_LIMIT_MS, signal);
  try {
    return await deadline.until(readAll(() => openReader(endpoint.region), request, deadline.signal));
  } catch (error) {
    if (error instanceof EndlessListError) return { problem: error.message };
    const { detail, fix } = missingFrom(classifyAwsError(error), call);
    return { problem: fix === undefined ? detail : `${detail}. ${fix}` };
  } finally {
    deadline.release();
  }
}

async function readAll(
  open: () => Promise<PriceReader>,
  { region, nowMs }: PriceRequest,
  signal: AbortSignal,
): Promise<PriceListRead> {
  const reader = await open();
  const msk = await productsOf(reader, { service: 'AmazonMSK', filters: { regionCode: region } }, signal);
  const others = await otherProducts(reader, region, signal);
  const reading = readPriceList([...msk, ...others.products], region, SOURCE);
  if (Object.keys(reading.items).length === 0) return { problem: `${SOURCE} has no price of MSK in ${region}` };
  const value: Prices = {
    source: 'price-list-api',
    asOfDate: new Date(nowMs).toISOString().slice(0, 10),
    region,
    currency: 'USD',
    ...reading,
    items: { ...unlisted(region), ...reading.items },
    unpriced: { ...others.unpriced, ...reading.unpriced },
  };
  return { value, isWhole: Object.keys(others.unpriced).length === 0 };
}

const OTHER_QUERIES = [
  ['traffic/between-zones', 'AWSDataTransfer', 'fromRegionCode', { transferType: 'IntraRegion' }],
  ['cloudwatch/metric', 'AmazonCloudWatch', 'regionCode', { productFamily: 'Metric' }],
] as const;

/** Traffic between zones and CloudWatch metrics are other services: without them the prices of MSK still stand. */
async function otherProducts(reader: PriceReader, region: string, signal: AbortSignal) {
  const products: unknown[] = [];
  const unpriced: Record<string, string> = {};
  for (const [key, service, regionAttribute, others] of OTHER_QUERIES) {
    try {
      const query = { service, filters: { [regionAttribute]: region, ...others } };
      products.push(...(await productsOf(reader, query, signal)));
    } catch (error) {
      const name = error instanceof EndlessListError ? 'it has no end' : classifyAwsError(error).name;
      unpriced[key] = `the Price List of ${service} was not read (${name})`;
    }
  }
  return { products, unpriced };
}

class EndlessListError extends Error {
  override name = 'EndlessListError';
}

/** All products; a list that was cut could hide the second price of a key, so it is none at all. @throws the SDK's error */
async function productsOf(reader: PriceReader, query: PriceQuery, signal: AbortSignal): Promise<unknown[]> {
  const { items, isTruncated } = await collectPages<unknown>(async (token) => {
    signal.throwIfAborted();
    const { PriceList, NextToken } = await reader.getProducts(query, token, signal);
    return { items: Array.isArray(PriceList) ? PriceList : [], nextToken: NextToken };
  }, MAX_PAGES);
  if (isTruncated) throw new EndlessListError(`${SOURCE} did not come to an end within ${MAX_PAGES} pages`);
  return items;
}

/** What the dated table of the same region has and the list cannot be searched for: each says its own date. */
function unlisted(region: string): Prices['items'] {
  const { items, asOfDate } = offlinePrices(region).value;
  return Object.fromEntries(
    Object.entries(items)
      .filter(([key]) => UNLISTED_KEYS.includes(key))
      .map(([key, item]) => [key, { ...item, source: `${item.source}, as of ${asOfDate}` }]),
  );
}
