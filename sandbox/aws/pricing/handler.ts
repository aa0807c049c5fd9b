import type { Incoming, ServiceHandler } from '../front.ts';
import { AwsError, sendJson } from '../http.ts';
import { type Product, products } from './products.ts';

const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };
const MOST_A_PAGE = 100;
const ON_DEMAND = 'JRTCKXETXF';
const RESERVED = '6QCMYABX3D';
const SINCE = '2026-08-01T00:00:00Z';

interface Input {
  ServiceCode?: string;
  Filters?: { Type: string; Field: string; Value: string }[];
  NextToken?: string;
  MaxResults?: number;
}

/** GetProducts of the Price List API: filters that must all match exactly, at most 100 products a page, each product a text of JSON. */
export function pricingHandler(): ServiceHandler {
  const list = products();
  return async ({ operation, body, response }: Incoming) => {
    if (operation !== 'GetProducts')
      throw new AwsError('AccessDeniedException', `the sandbox does not serve ${operation}`);
    sendJson(response, 200, getProducts(list, inputOf(body)), JSON_1_1);
    return true;
  };
}

function inputOf(body: Buffer): Input {
  return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Input);
}

function getProducts(list: Record<string, Product[]>, input: Input): object {
  const { ServiceCode = '', Filters = [], NextToken, MaxResults = MOST_A_PAGE } = input;
  const all = Object.hasOwn(list, ServiceCode) ? list[ServiceCode]! : null;
  if (all === null) throw new AwsError('NotFoundException', `The service code ${ServiceCode} was not found.`);
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > MOST_A_PAGE) {
    throw new AwsError('InvalidParameterException', 'MaxResults must be between 1 and 100.');
  }
  const found = all.filter((product) => Filters.every((filter) => matches(product, filter)));
  const start = startOf(NextToken);
  const end = start + MaxResults;
  return {
    FormatVersion: 'aws_v1',
    PriceList: found.slice(start, end).map((product, i) => JSON.stringify(shape(product, start + i))),
    ...(end < found.length ? { NextToken: `${Buffer.from(`prices:${end}`).toString('base64')}:aws` } : {}),
  };
}

function matches(
  { productFamily, attributes }: Product,
  { Type, Field, Value }: NonNullable<Input['Filters']>[number],
): boolean {
  if (Type !== 'TERM_MATCH')
    throw new AwsError('InvalidParameterException', `the sandbox does not serve filters of type ${Type}`);
  return Field === 'productFamily' ? productFamily === Value : attributes[Field] === Value;
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = /^prices:(\d+)$/.exec(Buffer.from(token.split(':')[0]!, 'base64').toString('utf8'))?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'The pagination token is invalid.');
  return Number(start);
}

function shape({ productFamily, attributes, price }: Product, index: number): object {
  const sku = `SANDBOX${String(index).padStart(9, '0')}`;
  return {
    product: { productFamily, attributes, sku },
    serviceCode: attributes.servicecode,
    terms: {
      OnDemand: { [`${sku}.${ON_DEMAND}`]: term(sku, ON_DEMAND, price) },
      ...(price.reserved === undefined ? {} : { Reserved: { [`${sku}.${RESERVED}`]: reservedTerm(sku, price) } }),
    },
    version: '20260801000000',
    publicationDate: SINCE,
  };
}

function term(sku: string, offer: string, { tiers, unit }: Product['price']): object {
  const dimensions = tiers.map(({ beginRange, endRange, price }, i) => {
    const rateCode = `${sku}.${offer}.${String(i).padStart(10, '0')}`;
    const description = `${Object.values(price)[0]} ${Object.keys(price)[0]} per ${unit}`;
    return [rateCode, { unit, beginRange, endRange, rateCode, description, appliesTo: [], pricePerUnit: price }];
  });
  return {
    priceDimensions: Object.fromEntries(dimensions) as object,
    sku,
    effectiveDate: SINCE,
    offerTermCode: offer,
    termAttributes: {},
  };
}

function reservedTerm(sku: string, { reserved, unit }: Product['price']): object {
  const tiers = [{ beginRange: '0', endRange: 'Inf', price: { USD: reserved! } }];
  return {
    ...term(sku, RESERVED, { tiers, unit }),
    termAttributes: { LeaseContractLength: '1yr', PurchaseOption: 'No Upfront' },
  };
}
