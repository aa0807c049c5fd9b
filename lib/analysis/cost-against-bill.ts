// The model held against the bill: rules.md's D15. Two sums that differ are both shown; neither is corrected by the other.
import type { Bill } from '../snapshot/money-sections.ts';
import { type Cost, HOURS_PER_MONTH } from './cost.ts';

export interface BillComparison {
  /** What the model says for this one cluster; null when nothing is known. */
  modelUsdPerMonth: number | null;
  /** Usage at its price in the whole account and region, for a month of 730 hours; null when it is not in USD. */
  billUsdPerMonth: number | null;
  /** Taxes, credits, refunds and discounts of the same days and month, kept apart; null when not in USD. */
  adjustmentsUsdPerMonth: number | null;
  /** (model - bill) / bill in percent; null when it cannot be said. */
  differencePercent: number | null;
  /** Whether the two agree within 20 %; null when it cannot be said. */
  agrees: boolean | null;
  /** In the model: 1 when the bill agrees, 0.5 when it does not, null when it cannot be said. */
  confidence: number | null;
  /** What the reader must know about the comparison, one sentence each. */
  caveats: readonly string[];
}

const TOLERANCE_PERCENT = 20;
const DAY_MS = 24 * 3_600_000;

/** @param bill as Cost Explorer gave it; it knows usage types and no clusters */
export function compareWithBill(cost: Cost, bill: Bill): BillComparison {
  const days = (Date.parse(bill.endDate) - Date.parse(bill.startDate)) / DAY_MS;
  const isUsd = bill.currency === 'USD' && days > 0;
  const perMonth = (amounts: readonly { amount: number }[]): number | null =>
    isUsd ? (amounts.reduce((total, { amount }) => total + amount, 0) * HOURS_PER_MONTH) / (days * 24) : null;
  const model = mskUsdPerMonth(cost);
  const billed = perMonth(bill.items);
  const differencePercent = model === null || billed === null || billed <= 0 ? null : ((model - billed) / billed) * 100;
  const agrees = differencePercent === null ? null : Math.abs(differencePercent) <= TOLERANCE_PERCENT;
  return {
    modelUsdPerMonth: model,
    billUsdPerMonth: billed,
    adjustmentsUsdPerMonth: perMonth(bill.adjustments),
    differencePercent,
    agrees,
    confidence: agrees === null ? null : agrees ? 1 : 0.5,
    caveats: caveatsOf(cost, bill, isUsd),
  };
}

/** Metrics in CloudWatch are on another bill than MSK's. */
function mskUsdPerMonth({ lines }: Cost): number | null {
  const known = lines.filter(({ unit }) => unit !== 'metric-month').map(({ usdPerMonth }) => usdPerMonth);
  const sums = known.filter((usd) => usd !== null);
  return sums.length === 0 ? null : sums.reduce((a, b) => a + b, 0);
}

function caveatsOf(cost: Cost, bill: Bill, isUsd: boolean): string[] {
  return [
    'The bill is of the whole account and region: every MSK cluster, connector and replicator in it, and those of linked accounts where the caller pays for them.',
    ...(cost.complete ? [] : ['The model is a lower bound: some of its lines have no quantity or price.']),
    ...(bill.isEstimated ? ['AWS has not closed the bill of these days yet.'] : []),
    ...(isUsd ? [] : [`The bill is in ${bill.currency}, the model in USD: they cannot be compared.`]),
  ];
}
