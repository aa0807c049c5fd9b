// What the cluster costs at list price, what the bill says to that, and what reading the cluster cost.
import { formatPrice, formatQuantity, plural } from '../../text/units.ts';
import { billText, runCostText } from '../money-words.ts';
import type { Cost, Report, ReportBill } from '../report.ts';

import { html, type Markup } from './markup.ts';
import { card, quiet, section, table, wide } from './parts.ts';

const unknown = quiet('not known');

/** report.json has the whole address of a source. */
function rests(source: string): Markup {
  return wide(source.replace(/https:\/\/([\w.-]+)[^\s,;:)]*/g, '$1'));
}

function lines({ lines: all }: Cost): Markup | false {
  const columns = [
    'What',
    { label: 'A month', numeric: true },
    { label: 'Quantity', numeric: true },
    { label: 'Price', numeric: true },
    'Rests on',
  ];
  const rows = all.map(({ label, quantity, unit, usdPerUnit, usdPerMonth, isAtLeast, source }) => {
    const least = isAtLeast === true ? 'at least ' : '';
    return [
      label,
      usdPerMonth === null ? unknown : `${least}${formatQuantity(usdPerMonth, 'usd')}`,
      quantity === null ? unknown : `${least}${formatQuantity(quantity, 'count')} ${unit}`,
      usdPerUnit === null ? unknown : formatPrice(usdPerUnit),
      rests(source),
    ];
  });
  return rows.length > 0 && table('Monthly cost by line, at list price', columns, rows);
}

function total({ usdPerMonth, complete, lines: all }: Cost): Markup {
  if (usdPerMonth === null) return html`<p>The cost is not known.</p>`;
  const open = all.filter((line) => line.usdPerMonth === null).length;
  const bounds = all.filter(({ isAtLeast }) => isAtLeast === true).length;
  const because = [
    ...(open > 0 ? [`${plural(open, 'line')} without a known quantity or price`] : []),
    ...(bounds > 0 ? [`${plural(bounds, 'line')} of which more may be used`] : []),
  ];
  return html`<p class="headline">${complete ? '' : 'At least '}${formatQuantity(usdPerMonth, 'usdPerMonth')}${!complete && html` <span class="muted">${because.join(', ')}</span>`}</p>`;
}

function bill(held: ReportBill): Markup {
  const { adjustmentsUsdPerMonth: adjustments, partial } = held;
  const notes = [
    ...(adjustments === null || adjustments === 0
      ? []
      : [`Taxes, credits and discounts are kept apart: ${formatQuantity(adjustments, 'usdPerMonth')}.`]),
    ...held.caveats,
    ...(partial === null ? [] : [`Partly read: ${partial}.`]),
  ];
  return html`<h3>Against the bill of ${held.startDate} to ${held.endDate}</h3><p class="do">${billText(held)}.</p>
<p class="muted">${notes.join(' ')}</p>`;
}

export function costSection(report: Report): Markup {
  const { cost } = report;
  const reading = runCostText(report);
  return section(
    'cost',
    'What it costs',
    card(html`${total(cost)}
${lines(cost)}
<p class="muted">Prices: ${cost.source}.</p>${report.bill !== null && bill(report.bill)}
${reading !== null && html`<h3>Reading the cluster for this report</h3><p class="muted">${reading}.</p>`}`),
  );
}
