// The prices section from the dated table that ships with the product.
import { OFFLINE_PRICE_REGIONS, OFFLINE_PRICES_AS_OF, offlinePricesOf } from '../../facts/offline-prices.ts';
import type { SectionValue } from '../../snapshot/schema.ts';

/** Prices of a region by exact key. A region without a table gives no item at all and says so: never another region's price. */
export function offlinePrices(region: string): { value: SectionValue<'prices'>; partial?: string | undefined } {
  const table = offlinePricesOf(region);
  const value = {
    source: 'offline' as const,
    asOfDate: table?.asOfDate ?? OFFLINE_PRICES_AS_OF,
    region,
    currency: 'USD' as const,
    items: Object.fromEntries(
      Object.entries(table?.items ?? {}).map(([key, { usd, unit, source, unverified }]) => [
        key,
        { usd, unit, source: unverified === undefined ? source : `${source} (unverified: ${unverified})` },
      ]),
    ),
  };
  if (table !== null) return { value };
  return { value, partial: `no price table of ${region} is shipped, only of ${OFFLINE_PRICE_REGIONS.join(', ')}` };
}
