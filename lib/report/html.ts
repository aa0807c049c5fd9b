// The page: one file, no script, nothing loaded from anywhere, at most 256 kB whatever the size of the cluster.

import { safeLabel } from '../text/sanitize.ts';
import { clientsSection } from './html/clients.ts';
import { findingsSection } from './html/findings.ts';
import { clusterSection } from './html/inventory.ts';
import { html, type Markup, markupText, trusted } from './html/markup.ts';
import { footer, gapsSection, passedSection, waivedSection } from './html/method.ts';
import { costSection } from './html/money.ts';
import { scoresSection } from './html/scores.ts';
import { STYLES } from './html/styles.ts';
import { actions, banners, changed, header, hero } from './html/summary.ts';
import type { Artifact, Report } from './report.ts';
import { verdictWord } from './words.ts';

const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const MAX_BYTES = 256_000;
/** Rows per table of findings and evidence and of the inventory, tried in turn until the page fits. */
const ROW_CAPS = [25, 12, 6, 3, 1] as const;

function page(report: Report, maxRows: number): Markup {
  const capped: Report = {
    ...report,
    brokers: { ...report.brokers, rows: report.brokers.rows.slice(0, 2 * maxRows) },
    topics: { ...report.topics, rows: report.topics.rows.slice(0, 2 * maxRows) },
    groups: { ...report.groups, rows: report.groups.rows.slice(0, 2 * maxRows) },
  };
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdictWord(report)}: ${safeLabel(report.cluster.name, 36)} · MSK Checkup</title>
<style>${trusted(STYLES)}</style>
</head>
<body>
<div class="page">
${header(report)}
<main>
${hero(report)}
${banners(report)}
${changed(report)}
${actions(report)}
${findingsSection(report, maxRows)}
${clientsSection(report, maxRows)}
${waivedSection(report)}
${gapsSection(report)}
${costSection(report)}
${scoresSection(report)}
${clusterSection(capped)}
${passedSection(report)}
</main>
${footer(report)}
</div>
</body>
</html>
`;
}

export function renderHtml(report: Report): Artifact {
  const encoder = new TextEncoder();
  let body = '';
  for (const maxRows of ROW_CAPS) {
    body = markupText(page(report, maxRows));
    if (encoder.encode(body).length <= MAX_BYTES) break;
  }
  return { name: 'report.html', contentType: 'text/html; charset=utf-8', body };
}
