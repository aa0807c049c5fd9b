// Prices that the report counts with, and, where it was asked for, the bill to hold them against.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

const isoDate = v.string();

export const pricesSchema = v.strictObject({
  /** `offline` is the dated table shipped with the product. */
  source: v.picklist(['offline', 'price-list-api']),
  /** ISO date at which the prices were true. */
  asOfDate: isoDate,
  region: v.string(),
  currency: v.literal('USD'),
  /** Exact key (e.g. `broker/kafka.m7g.large`) to price; a key that is not there is unknown, never zero. */
  items: recordOf(v.strictObject({ usd: v.number(), unit: v.string(), source: v.string() })),
  /** Keys that the Price List answered with nothing that can be counted with, and why. */
  unpriced: v.optional(recordOf(v.string())),
  /** Usage types of MSK in the list that stand for no key of ours: other zones, and what AWS added since. At most 40. */
  unmatched: v.optional(v.array(v.string())),
});
export type Prices = v.InferOutput<typeof pricesSchema>;

/** Opt-in: what Cost Explorer says the account paid for MSK in this region. It knows no clusters, only usage types. */
export const billSchema = v.strictObject({
  /** ISO dates; the end is exclusive. */
  startDate: isoDate,
  endDate: isoDate,
  currency: v.string(),
  /** Unblended: what was charged for the usage of these days. MSK has no reservations that amortising would spread. */
  metric: v.literal('UnblendedCost'),
  isEstimated: v.boolean(),
  /** Usage at its price. */
  items: v.array(v.strictObject({ usageType: v.string(), amount: v.number(), quantity: v.number(), unit: v.string() })),
  /** What is no usage: taxes, credits, refunds, discounts, by AWS's name of the record type. */
  adjustments: v.array(v.strictObject({ recordType: v.string(), amount: v.number() })),
  /** Cost Explorer charges for every page. */
  cost: v.strictObject({ calls: v.number(), usd: v.number() }),
});
export type Bill = v.InferOutput<typeof billSchema>;
