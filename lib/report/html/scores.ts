// The score and every number in it: value, curve, source, and how much of the whole was measured.

import { formatQuantity } from '../../text/units.ts';
import { CATEGORIES, type KpiResult, type Report } from '../report.ts';
import { CATEGORY_WORD, capText, scoreText } from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import { bar, card, folded, quiet, scoreTone, section, table, wide } from './parts.ts';

function categories(report: Report): Markup {
  const known = report.scorecard.categories.filter(({ weight }) => weight > 0);
  return html`<div class="categories">${known.map(({ category, score, coverage, weight }) => {
    const assessed = `${Math.floor(coverage * 100)}% assessed, weight ${weightText(weight)}`;
    return html`<div><b>${scoreText(score)}</b>${CATEGORY_WORD[category]}${score === null ? bar(0) : bar(score, scoreTone(score))}<span>${assessed}</span></div>`;
  })}</div>`;
}

const weightText = (weight: number): string => String(Math.round(weight * 100) / 100);

const STATE_WORD = {
  'level-not-enabled': 'monitoring level too low',
  'no-permission': 'no permission',
  'no-network': 'no network path',
  'no-data': 'no data',
  'insufficient-history': 'too little history',
  error: 'error',
} as const;

function kpiRow(kpi: KpiResult): (string | Markup)[] {
  const { reading } = kpi;
  const name = html`${kpi.title} <span class="none">${kpi.id}</span>`;
  if (reading.state === 'not-applicable') {
    return [name, quiet('not applicable'), '', '', '', wide(reading.because)];
  }
  if (reading.state !== 'ok') {
    const because = wide(reading.because);
    return [name, quiet(STATE_WORD[reading.state]), quiet('not scored'), weightText(kpi.weight), kpi.curve, because];
  }
  const value = html`${formatQuantity(reading.value, kpi.unit)}${reading.worst !== undefined && html`<br><span class="none">worst: ${label(reading.worst)}</span>`}`;
  const scored =
    kpi.score === null ? 'not scored' : html`${scoreText(kpi.score)}${bar(kpi.score, scoreTone(kpi.score))}`;
  const source = reading.confidence < 1 ? `${reading.source} (confidence ${reading.confidence})` : reading.source;
  return [name, value, scored, weightText(kpi.weight), kpi.curve, wide(source)];
}

export function scoresSection(report: Report): Markup {
  const columns = [
    'KPI',
    { label: 'Value', numeric: true },
    'Score',
    { label: 'Weight', numeric: true },
    'Curve',
    'Source',
  ];
  const tables = CATEGORIES.map((category) => {
    const kpis = report.scorecard.kpis.filter((kpi) => kpi.category === category);
    return kpis.length > 0 && table(CATEGORY_WORD[category], columns, kpis.map(kpiRow));
  });
  const { caps } = report.scorecard;
  return section(
    'score',
    'How the score is made',
    card(html`${categories(report)}
<p class="muted">90 and above is good, below 50 is bad. What is not measured counts neither as good nor as bad; it lowers what is assessed. A category is the mean of its KPIs by weight, the score that of the categories by weight times what is assessed.${
      caps.length > 0 &&
      html` Caps that hold the score: ${caps.map((cap) => `${capText(cap.rule)} (${cap.max})`).join('; ')}.`
    }</p>
${folded('Every KPI with its curve and source', tables)}`),
  );
}
