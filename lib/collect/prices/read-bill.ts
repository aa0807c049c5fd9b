// The opt-in bill: what the account paid for MSK in one region during the last 30 full days, by usage type.
import type { GetCostAndUsageRequest, Group, ResultByTime } from '@aws-sdk/client-cost-explorer';
import { COST_EXPLORER_USD_PER_REQUEST, MSK_IN_COST_EXPLORER, USAGE_RECORD_TYPES } from '../../facts/cost-explorer.ts';
import type { Bill } from '../../snapshot/money-sections.ts';
import { collectPages } from '../pages.ts';
import type { BillReader } from './bill-reader.ts';

const DAY_MS = 24 * 3_600_000;
const BILL_DAYS = 30;
/** Cost Explorer is brought up to date about once a day: yesterday may still be half there. */
const LATE_DAYS = 1;
/** MSK has some twenty usage types in one region; more pages than this would only cost. */
const MAX_PAGES = 3;

export interface BillWindow {
  /** ISO dates in UTC; the end is exclusive. */
  startDate: string;
  endDate: string;
}

/** The last 30 days that Cost Explorer has in full. */
export function billWindow(nowMs: number): BillWindow {
  const endMs = Math.floor(nowMs / DAY_MS) * DAY_MS - LATE_DAYS * DAY_MS;
  const date = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
  return { startDate: date(endMs - BILL_DAYS * DAY_MS), endDate: date(endMs) };
}

/**
 * The bill of one region. It covers every cluster of the account, and those of linked accounts where the caller is the payer.
 * @throws the SDK's error
 */
export async function readBill(
  reader: BillReader,
  { region, nowMs }: { region: string; nowMs: number },
  signal: AbortSignal,
): Promise<{ value: Bill; partial?: string | undefined }> {
  const window = billWindow(nowMs);
  let calls = 0;
  const { items, isTruncated } = await collectPages<ResultByTime>(async (NextPageToken) => {
    signal.throwIfAborted();
    calls += 1;
    const answer = await reader.getCostAndUsage({ ...question(window, region), NextPageToken }, signal);
    return { items: answer.ResultsByTime ?? [], nextToken: answer.NextPageToken };
  }, MAX_PAGES);
  const rows = items.flatMap(({ Groups }) => (Groups ?? []).map(rowOf)).filter((row) => row !== null);
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  const [currency = 'USD'] = currencies;
  const unreadable = items.some(({ Groups }) => (Groups ?? []).some((group) => rowOf(group) === null));
  const value: Bill = {
    ...window,
    currency,
    metric: 'UnblendedCost',
    // An answer that does not say whether it is final is taken as not final.
    isEstimated: items.length === 0 || items.some(({ Estimated }) => Estimated !== false),
    ...summed(rows.filter((row) => row.currency === currency)),
    cost: { calls, usd: calls * COST_EXPLORER_USD_PER_REQUEST.usd },
  };
  const problems = [
    isTruncated ? `the bill went on after ${calls} pages` : null,
    currencies.length > 1 ? `amounts in ${currencies.slice(1).join(', ')} are not in it` : null,
    unreadable ? 'lines that could not be read are not in it' : null,
  ].filter((each) => each !== null);
  return { value, partial: problems.join('; ') || undefined };
}

function question({ startDate, endDate }: BillWindow, region: string): GetCostAndUsageRequest {
  return {
    TimePeriod: { Start: startDate, End: endDate },
    // The fewest rows: one or two calendar months, cut at the dates.
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost', 'UsageQuantity'],
    GroupBy: [
      { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
      { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
    ],
    Filter: {
      And: [
        { Dimensions: { Key: 'SERVICE', Values: [MSK_IN_COST_EXPLORER] } },
        { Dimensions: { Key: 'REGION', Values: [region] } },
      ],
    },
  };
}

interface Row {
  usageType: string;
  recordType: string;
  amount: number;
  currency: string;
  quantity: number;
  unit: string;
}

/** Null for a group without a name or a readable amount. */
function rowOf({ Keys, Metrics }: Group): Row | null {
  const [usageType, recordType] = Keys ?? [];
  const amount = number(Metrics?.UnblendedCost?.Amount);
  if (usageType === undefined || recordType === undefined || amount === null) return null;
  return {
    usageType,
    recordType,
    amount,
    currency: Metrics?.UnblendedCost?.Unit ?? 'USD',
    quantity: number(Metrics?.UsageQuantity?.Amount) ?? 0,
    unit: Metrics?.UsageQuantity?.Unit ?? '',
  };
}

/** Usage by usage type and what is no usage by record type, over the calendar months; the largest first. */
function summed(rows: readonly Row[]): Pick<Bill, 'items' | 'adjustments'> {
  const items = new Map<string, Bill['items'][number]>();
  const adjustments = new Map<string, number>();
  for (const { usageType, recordType, amount, quantity, unit } of rows) {
    if (!USAGE_RECORD_TYPES.includes(recordType)) {
      adjustments.set(recordType, (adjustments.get(recordType) ?? 0) + amount);
      continue;
    }
    const before = items.get(usageType) ?? { usageType, amount: 0, quantity: 0, unit };
    items.set(usageType, { ...before, amount: before.amount + amount, quantity: before.quantity + quantity });
  }
  return {
    items: [...items.values()].sort((a, b) => b.amount - a.amount || compare(a.usageType, b.usageType)),
    adjustments: [...adjustments]
      .map(([recordType, amount]) => ({ recordType, amount }))
      .sort((a, b) => compare(a.recordType, b.recordType)),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Cost Explorer writes plain decimals, credits with a minus, and very small amounts with an exponent. */
function number(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}(\.\d+)?(E-\d+)?$/i.test(text) ? Number(text) : null;
}
