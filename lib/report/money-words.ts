// What the run cost and what the bill says, in the words that page, mail and terminal share.
import { formatPrice, formatQuantity, plural } from '../text/units.ts';
import type { Report, ReportBill, RunCost } from './report.ts';

const PURPOSE_WORD = {
  day: 'for the day',
  history: 'for the weeks before',
  ranking: 'to rank consumer groups',
} as const;

/** `$0.0125: CloudWatch $0.0025 for 250 metrics (...); Cost Explorer $0.01 for 1 call`: what the run cost and for what; null when nothing. */
export function runCostText({ runCost }: Pick<Report, 'runCost'>): string | null {
  if (runCost === null) return null;
  const { usd, cloudWatch, costExplorer } = runCost;
  const parts = [
    ...(cloudWatch === null ? [] : [cloudWatchText(cloudWatch)]),
    ...(costExplorer === null
      ? []
      : [`Cost Explorer ${formatPrice(costExplorer.usd)} for ${plural(costExplorer.calls, 'call')}`]),
  ];
  return `${usd === null ? 'not known in all' : formatPrice(usd)}: ${parts.join('; ')}`;
}

function cloudWatchText({ usd, metricsRequested, parts, leftOut }: NonNullable<RunCost['cloudWatch']>): string {
  const asked = parts.filter((part) => part.metricsRequested > 0);
  const split = asked.map(
    (part) =>
      `${formatQuantity(part.metricsRequested, 'count')} ${PURPOSE_WORD[part.purpose]}, ${formatPrice(part.usd)}`,
  );
  const left = leftOut === 0 ? '' : `, ${leftOut} more left out to stay within the budget`;
  return `CloudWatch ${formatPrice(usd)} for ${plural(metricsRequested, 'metric')}${split.length > 1 ? ` (${split.join('; ')})` : ''}${left}`;
}

/** The bill beside the model in one sentence; the caveats belong to it. */
export function billText({ billUsdPerMonth, modelUsdPerMonth, differencePercent, agrees }: ReportBill): string {
  if (billUsdPerMonth === null) return 'the bill cannot be compared with the model';
  const billed = `${formatQuantity(billUsdPerMonth, 'usdPerMonth')} for MSK in the whole account and region`;
  if (modelUsdPerMonth === null || differencePercent === null) return `${billed}; no model to compare it with`;
  const side = differencePercent < 0 ? 'below' : 'above';
  const model = `the model of this cluster, ${formatQuantity(modelUsdPerMonth, 'usdPerMonth')}, is ${formatQuantity(Math.abs(differencePercent), 'percent')} ${side} it`;
  return `${billed}; ${model}: ${agrees === true ? 'they agree' : 'neither is corrected by the other'}`;
}
