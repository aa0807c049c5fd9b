// Prices that the report counts with, and, where it was asked for, the bill to hold them against.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

export const pricesSchema = v.strictObject({
  /** `offline` is the dated table shipped with the product. */
  source: v.picklist(['offline', 'price-list-api']),
  /** ISO date at which the prices were true. */
  asOfDate: v.string(),
  region: v.string(),
  currency: v.literal('USD'),
  /** Exact key (e.g. `broker/kafka.m7g.large`) to price; a key that is not there is unknown, never zero. */
  items: recordOf(v.strictObject({ usd: v.number(), unit: v.string(), source: v.string() })),
});

/** Opt-in: what Cost Explorer says the account paid for MSK in this region. It knows no clusters, only usage types. */
export const billSchema = v.strictObject({
  /** ISO dates; the end is exclusive. */
  startDate: v.string(),
  endDate: v.string(),
  currency: v.string(),
  isEstimated: v.boolean(),
  items: v.array(v.strictObject({ usageType: v.string(), amount: v.number(), quantity: v.number(), unit: v.string() })),
});
