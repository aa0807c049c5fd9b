// Prices from products of the AWS Price List (FormatVersion aws_v1). Each product is a text of its own; whatever is missing, doubled or
// strange in one makes its key unknown, never another price.
import { LISTED_PRICES, type ListedPrice, listedPriceOf, UNIT_SPELLINGS } from '../../facts/price-keys.ts';
import type { Prices } from '../../snapshot/money-sections.ts';
import { safeLabel } from '../../text/sanitize.ts';

export interface PriceReading {
  items: Prices['items'];
  /** Key to the reason why its products give no price. */
  unpriced: Record<string, string>;
  /** Usage types of MSK that stand for no key, sorted, at most `MAX_UNMATCHED`. */
  unmatched: string[];
}

const MAX_UNMATCHED = 40;
const MAX_PRODUCT_CHARS = 200_000;

/** A price, or why the product gives none. */
type Offer = { usd: number; note: string | null } | { problem: string };

interface Candidate {
  listed: ListedPrice;
  usageType: string;
  offer: Offer;
}

/**
 * The prices of one region by key.
 * @param texts products as GetProducts returns them, in any order, each any number of times
 * @param source where they come from, for the source of each price
 */
export function readPriceList(texts: readonly unknown[], region: string, source: string): PriceReading {
  const candidates = new Map<string, Candidate[]>();
  const unmatched = new Set<string>();
  for (const text of texts) {
    const product = productOf(text, region);
    if (product === null) continue;
    const listed = listedPriceOf(product.service, product.usageType);
    if (listed !== null) {
      const offer = offerOf(product.onDemand, listed);
      candidates.set(listed.key, [
        ...(candidates.get(listed.key) ?? []),
        { listed, usageType: product.usageType, offer },
      ]);
    } else if (product.service === 'AmazonMSK') {
      unmatched.add(safeLabel(product.usageType, 80));
    }
  }
  const reading: PriceReading = { items: {}, unpriced: {}, unmatched: [...unmatched].sort().slice(0, MAX_UNMATCHED) };
  for (const { key } of LISTED_PRICES) decide(key, candidates.get(key) ?? [], source, reading);
  return reading;
}

/** A key that the region simply does not list is left out: nothing is wrong with it. */
function decide(key: string, candidates: readonly Candidate[], source: string, reading: PriceReading): void {
  if (candidates.length === 0) return;
  const [first] = candidates;
  const problem = candidates.find(({ offer }) => 'problem' in offer)?.offer;
  if (problem !== undefined && 'problem' in problem) {
    reading.unpriced[key] = problem.problem;
    return;
  }
  const offers = candidates.map(({ offer }) => offer as Extract<Offer, { usd: number }>);
  const amounts = [...new Set(offers.map(({ usd }) => usd))].sort((a, b) => a - b);
  if (amounts.length > 1) {
    reading.unpriced[key] =
      `the Price List has ${amounts.length} prices for it (${amounts.slice(0, 3).join(', ')} USD)`;
    return;
  }
  const notes = [...new Set(offers.map(({ note }) => note).filter((note) => note !== null))].sort();
  reading.items[key] = {
    usd: amounts[0]!,
    unit: first!.listed.unit,
    source: [`${source}: ${first!.listed.usageType}`, ...notes].join(', '),
  };
}

interface Product {
  service: string;
  usageType: string;
  onDemand: unknown;
}

/** The product when it is one of the region itself; null for zones, other regions and what cannot be read. */
function productOf(text: unknown, region: string): Product | null {
  const parsed = record(parse(text));
  const attributes = record(record(parsed?.product)?.attributes);
  const { usagetype, servicecode, locationType } = attributes ?? {};
  if (parsed === null || attributes === null) return null;
  if (typeof usagetype !== 'string' || typeof servicecode !== 'string') return null;
  // Traffic has a region at both ends, everything else one.
  const regions =
    servicecode === 'AWSDataTransfer' ? [attributes.fromRegionCode, attributes.toRegionCode] : [attributes.regionCode];
  if (regions.some((each) => each !== region)) return null;
  const kind = servicecode === 'AWSDataTransfer' ? attributes.fromLocationType : locationType;
  if (kind !== undefined && kind !== 'AWS Region') return null;
  return { service: servicecode, usageType: usagetype, onDemand: record(parsed.terms)?.OnDemand };
}

/** The SDK gives each product as a string object with a method of its own. */
function parse(text: unknown): unknown {
  const plain = typeof text === 'string' || text instanceof String ? text.toString() : null;
  if (plain === null || plain.length > MAX_PRODUCT_CHARS) return null;
  try {
    return JSON.parse(plain);
  } catch {
    return null;
  }
}

/** One price of all on-demand terms of a product; terms that differ are a problem, reserved terms are not looked at. */
function offerOf(onDemand: unknown, listed: ListedPrice): Offer {
  const terms = Object.values(record(onDemand) ?? {});
  if (terms.length === 0) return { problem: 'the Price List has no on-demand price for it' };
  const offers = terms.map((term) => offerOfTerm(record(record(term)?.priceDimensions), listed));
  const problem = offers.find((offer) => 'problem' in offer);
  if (problem !== undefined) return problem;
  const [first, ...others] = offers as Extract<Offer, { usd: number }>[];
  const isSame = others.every(({ usd }) => usd === first!.usd);
  return isSame ? first! : { problem: 'the Price List has on-demand prices for it that differ' };
}

function offerOfTerm(dimensions: Record<string, unknown> | null, listed: ListedPrice): Offer {
  const tiers = Object.values(dimensions ?? {}).map(record);
  if (tiers.length === 0) return { problem: 'its price has no dimensions' };
  const starts = tiers.map((tier) => decimal(tier?.beginRange ?? '0'));
  if (starts.some((start) => start === null)) return { problem: 'the beginning of a price tier cannot be read' };
  // A large account pays less for what lies above the first tier.
  const lowest = Math.min(...(starts as number[]));
  const first = tiers.filter((_, i) => starts[i] === lowest);
  if (lowest !== 0 || first.length !== 1) return { problem: 'its price tiers do not begin once at zero' };
  const { unit, pricePerUnit } = first[0]!;
  if (typeof unit !== 'string' || !UNIT_SPELLINGS[listed.unit].includes(unit.toLowerCase())) {
    const shown = typeof unit === 'string' ? safeLabel(unit, 30) : 'none';
    return { problem: `its unit in the Price List is ${shown}, not ${listed.unit}` };
  }
  const usd = decimal(record(pricePerUnit)?.USD);
  if (usd === null) return { problem: currencyProblem(record(pricePerUnit)) };
  if (usd === 0) return { problem: 'the Price List has it at 0 USD' };
  return { usd, note: tiers.length > 1 ? `first of ${tiers.length} tiers` : null };
}

function currencyProblem(prices: Record<string, unknown> | null): string {
  const others = Object.keys(prices ?? {}).filter((name) => /^[A-Z]{3}$/.test(name) && name !== 'USD');
  return others.length > 0 ? `its price is in ${others.sort().join(', ')}, not in USD` : 'its price cannot be read';
}

/** A plain decimal number, as AWS writes prices; null for anything else, a negative price included. */
function decimal(text: unknown): number | null {
  return typeof text === 'string' && /^\d{1,12}(\.\d{1,20})?$/.test(text) ? Number(text) : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
