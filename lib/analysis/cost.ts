// What the cluster costs a month at list price, line by line. What cannot be known has no price: it is never zero and never in the total.
import { meaningOfState } from '../facts/cluster-states.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { Prices } from '../snapshot/money-sections.ts';
import type { CostItem, CostUsage } from './cost-item.ts';
import { costItems } from './cost-items.ts';

export { type CostUsage, HOURS_PER_MONTH } from './cost-item.ts';

export interface CostLine {
  label: string;
  /** Null = unknown. */
  quantity: number | null;
  unit: string;
  /** Null = unknown; stays out of the total. */
  usdPerUnit: number | null;
  usdPerMonth: number | null;
  /** True where more may be used than could be measured. */
  isAtLeast?: true;
  /** What the quantity rests on, exact price key with its source; or why the line has no price. */
  source: string;
}

export interface Cost {
  /** Sum of the known lines; null when none is known. */
  usdPerMonth: number | null;
  /** True when every line is known and none is a lower bound. */
  complete: boolean;
  lines: readonly CostLine[];
  source: string;
  /** ISO date of the prices; null without prices. */
  asOfDate: string | null;
}

/**
 * Money of a report: brokers by the hour, storage, what is billed by use as far as metrics tell it, Connect, private connectivity and
 * the paid monitoring level. Taxes, discounts and client traffic between zones are not in it.
 */
export function monthlyCost(
  cluster: Collected<Cluster> | undefined,
  prices: Collected<Prices> | undefined,
  usage: CostUsage = {},
): Cost {
  if (cluster === undefined || !cluster.ok) {
    const detail = cluster === undefined ? 'no MSK cluster was described' : cluster.detail;
    return { usdPerMonth: null, complete: false, lines: [], source: `unknown: ${detail}`, asOfDate: null };
  }
  const state = meaningOfState(cluster.value.state);
  // A cluster that is being created will cost what it is described with; one that is deleted or failed has no brokers.
  if (state?.serving === false && cluster.value.state !== 'CREATING') {
    return { usdPerMonth: null, complete: false, lines: [], source: `unknown: ${state.meaning}`, asOfDate: null };
  }
  return costOfItems(costItems(cluster.value, usage), prices);
}

/** The same for any items: what an option that is not the cluster would cost. */
export function costOfItems(items: readonly CostItem[], prices: Collected<Prices> | undefined): Cost {
  const lines = items.map((item) => priced(item, prices));
  const known = lines.map((line) => line.usdPerMonth).filter((usd) => usd !== null);
  return {
    usdPerMonth: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
    complete: lines.every((line) => line.usdPerMonth !== null && line.isAtLeast !== true),
    lines,
    source: priceSource(prices),
    asOfDate: prices?.ok === true ? prices.value.asOfDate : null,
  };
}

function priced(item: CostItem, prices: Collected<Prices> | undefined): CostLine {
  const { label, quantity, unit, priceKeys, note, isAtLeast } = item;
  const priceKey =
    priceKeys.find((key) => prices?.ok === true && Object.hasOwn(prices.value.items, key)) ?? priceKeys.at(-1)!;
  const price =
    prices?.ok === true && Object.hasOwn(prices.value.items, priceKey) ? prices.value.items[priceKey] : null;
  const usdPerUnit = price?.usd ?? null;
  const usdPerMonth = quantity === null || usdPerUnit === null ? null : quantity * usdPerUnit;
  const reasons = [
    note ?? (quantity === null ? 'the quantity is unknown' : null),
    price ? `${priceKey}, ${price.source}` : noPrice(priceKey, prices),
  ];
  return {
    label,
    quantity,
    unit,
    usdPerUnit,
    usdPerMonth,
    ...(isAtLeast === undefined ? {} : { isAtLeast }),
    source: reasons.filter((part) => part !== null).join('; '),
  };
}

function noPrice(key: string, prices: Collected<Prices> | undefined): string {
  const reasons = prices?.ok === true ? (prices.value.unpriced ?? {}) : {};
  return Object.hasOwn(reasons, key) ? `no price for ${key}: ${reasons[key]}` : `no price for ${key}`;
}

function priceSource(prices: Collected<Prices> | undefined): string {
  if (prices === undefined) return 'no prices were asked for';
  if (!prices.ok) return `no prices: ${prices.detail}`;
  const { source, region, asOfDate } = prices.value;
  const origin = source === 'offline' ? 'the price table shipped with the product' : 'the AWS Price List';
  const part = prices.partial === undefined ? '' : `; partly read: ${prices.partial}`;
  return `List prices of ${region} from ${origin}, as of ${asOfDate}; without taxes, discounts and data transfer${part}`;
}
