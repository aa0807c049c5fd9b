// Prices of an earlier run, with their date. Whatever is wrong with what was kept, it is as if nothing had been.
import * as v from 'valibot';
import { LISTED_PRICES } from '../../facts/price-keys.ts';
import { type Prices, pricesSchema } from '../../snapshot/money-sections.ts';

/** Where prices are kept between runs: one text a region. Both may reject; a broken cache costs a request, not a report. */
export interface PriceCache {
  /** Null when nothing is kept. */
  load(region: string): Promise<string | null>;
  save(region: string, text: string): Promise<void>;
}

/** AWS announces price changes for the first of a month; a week of an old price is the most that a report may count with unasked. */
export const PRICES_FRESH_MS = 7 * 24 * 3_600_000;

/** Clocks of two machines may differ by this much. */
const CLOCK_SKEW_MS = 15 * 60_000;

const keptSchema = v.strictObject({
  format: v.literal(1),
  readAtMs: v.pipe(v.number(), v.safeInteger()),
  /** What was looked for: a version that knows more usage types asks again. */
  usageTypes: v.array(v.string()),
  prices: v.strictObject({ ...pricesSchema.entries, source: v.literal('price-list-api') }),
});

export interface KeptPrices {
  prices: Prices;
  readAtMs: number;
  isFresh: boolean;
}

export async function loadPrices(cache: PriceCache, region: string, nowMs: number): Promise<KeptPrices | null> {
  const kept = v.safeParse(keptSchema, parsed(await cache.load(region).catch(() => null)));
  if (!kept.success) return null;
  const { prices, readAtMs, usageTypes } = kept.output;
  if (prices.region !== region || readAtMs > nowMs + CLOCK_SKEW_MS) return null;
  const isFresh = nowMs - readAtMs < PRICES_FRESH_MS && usageTypes.join() === WANTED.join();
  return { prices, readAtMs, isFresh };
}

export async function savePrices(cache: PriceCache, prices: Prices, readAtMs: number): Promise<void> {
  const text = JSON.stringify({ format: 1, readAtMs, usageTypes: WANTED, prices });
  await cache.save(prices.region, text).catch(() => undefined);
}

const WANTED = LISTED_PRICES.map(({ usageType }) => usageType);

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
