// What a change costs, from the prices in the snapshot. An unknown price stays unknown.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Impact } from '../check.ts';
import { missingBecause } from './wording.ts';

type Prices = Collected<SectionValue<'prices'>>;

/** USD per unit, or why it is not known. */
export function priceOf(prices: Prices, key: string): { usd: number } | { unknown: string } {
  if (!prices.ok) return { unknown: missingBecause('the price list', prices) };
  const item = Object.hasOwn(prices.value.items, key) ? prices.value.items[key] : undefined;
  return item === undefined ? { unknown: `no price for ${key} in ${prices.value.region}` } : { usd: item.usd };
}

export function addedCost(label: string, quantity: number, unit: string, usdPerUnit: number): Impact {
  return {
    kind: 'added-cost',
    lines: [{ label, quantity, unit, usdPerUnit }],
    usdPerMonth: quantity * usdPerUnit,
  };
}

export function saved(label: string, quantity: number, unit: string, usdPerUnit: number): Impact {
  return { kind: 'saving', lines: [{ label, quantity, unit, usdPerUnit }], usdPerMonth: quantity * usdPerUnit };
}
