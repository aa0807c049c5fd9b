// What the cluster is made of: brokers, topics, groups, and what it costs. Worst first; the builder capped the rows.
import { formatDecimal, formatPrice, formatQuantity } from '../../text/units.ts';
import type { BrokerRow, Capped, GroupRow, Report, TopicRow } from '../report.ts';
import { html, label, type Markup } from './markup.ts';
import { bar, type Column, leftOut, table } from './parts.ts';

type Cell = string | Markup;

const unknown = html`<span class="none">not measured</span>`;

/** A column that nobody could measure is left out; the gaps say why. */
function knownColumns<T>(
  rows: readonly T[],
  all: readonly (Column & { known: (row: T) => boolean; cell: (row: T) => Cell })[],
) {
  const columns = all.filter(({ known }) => rows.some(known));
  return {
    columns,
    cells: rows.map((row) => columns.map((column) => (column.known(row) ? column.cell(row) : unknown))),
  };
}

const always = () => true;

function brokers({ rows, total }: Capped<BrokerRow>): Markup {
  const mostLeaders = Math.max(1, ...rows.map(({ leaders }) => leaders ?? 0));
  const { columns, cells } = knownColumns(rows, [
    {
      label: 'Broker',
      known: always,
      cell: ({ brokerId, live }) =>
        html`${brokerId}${live === false && html` <span class="chip critical">not in the cluster</span>`}`,
    },
    { label: 'Zone', known: ({ rack }) => rack !== null, cell: ({ rack }) => label(rack ?? '') },
    {
      label: 'Leaders',
      known: ({ leaders }) => leaders !== null,
      cell: ({ leaders }) => html`${formatQuantity(leaders, 'count')}${bar((100 * (leaders ?? 0)) / mostLeaders)}`,
    },
    {
      label: 'Replicas',
      numeric: true,
      known: ({ replicas }) => replicas !== null,
      cell: ({ replicas }) => formatQuantity(replicas, 'count'),
    },
    {
      label: 'CPU (p95)',
      numeric: true,
      known: ({ cpuP95Percent }) => cpuP95Percent !== null,
      cell: (row) => formatQuantity(row.cpuP95Percent, 'percent'),
    },
    {
      label: 'Disk used',
      known: ({ diskUsedPercent }) => diskUsedPercent !== null,
      cell: ({ diskUsedPercent }) => html`${formatQuantity(diskUsedPercent, 'percent')}${bar(diskUsedPercent ?? 0)}`,
    },
    {
      label: 'Bytes in',
      numeric: true,
      known: ({ bytesInPerSec }) => bytesInPerSec !== null,
      cell: (row) => formatQuantity(row.bytesInPerSec, 'bytesPerSec'),
    },
  ]);
  return html`${table('Brokers', columns, cells)}${leftOut(rows.length, total)}`;
}

function topics({ rows, total }: Capped<TopicRow>): Markup {
  const { columns, cells } = knownColumns(rows, [
    { label: 'Topic', known: always, cell: ({ topic }) => label(topic) },
    { label: 'Partitions', numeric: true, known: always, cell: (row) => formatQuantity(row.partitions, 'count') },
    { label: 'Replication', numeric: true, known: always, cell: (row) => String(row.replicationFactor) },
    {
      label: 'min ISR',
      numeric: true,
      known: (row) => row.minInSyncReplicas !== null,
      cell: (row) => String(row.minInSyncReplicas),
    },
    {
      label: 'Under-replicated',
      numeric: true,
      known: always,
      cell: (row) => formatQuantity(row.underReplicated, 'count'),
    },
    { label: 'Offline', numeric: true, known: always, cell: (row) => formatQuantity(row.offline, 'count') },
    {
      label: 'Retained messages',
      numeric: true,
      known: (row) => row.retainedMessages !== null,
      cell: (row) => formatDecimal(row.retainedMessages),
    },
  ]);
  return html`${table('Topics', columns, cells)}${leftOut(rows.length, total)}`;
}

function groups({ rows, total }: Capped<GroupRow>): Markup {
  const { columns, cells } = knownColumns(rows, [
    { label: 'Consumer group', known: always, cell: ({ groupId }) => label(groupId) },
    { label: 'Status', known: always, cell: ({ status }) => status },
    { label: 'State', known: always, cell: ({ state }) => label(state) },
    { label: 'Type', known: always, cell: ({ type }) => type },
    {
      label: 'Members',
      numeric: true,
      known: ({ members }) => members !== null,
      cell: ({ members }) => formatQuantity(members, 'count'),
    },
    { label: 'Topics', numeric: true, known: always, cell: (row) => formatQuantity(row.topics, 'count') },
    { label: 'Lag (messages)', numeric: true, known: ({ lag }) => lag !== null, cell: ({ lag }) => formatDecimal(lag) },
    {
      label: 'Lag growth',
      numeric: true,
      known: ({ lagPerSec }) => lagPerSec !== null,
      cell: (row) => formatQuantity(row.lagPerSec, 'countPerSec'),
    },
    {
      label: 'Retention consumed',
      numeric: true,
      known: (row) => row.retentionConsumedPercent !== null,
      cell: (row) => formatQuantity(row.retentionConsumedPercent, 'percent'),
    },
  ]);
  return html`${table('Consumer groups', columns, cells)}${leftOut(rows.length, total)}`;
}

export function clusterSection(report: Report): Markup {
  const tables = [
    report.brokers.rows.length > 0 && html`<div class="card">${brokers(report.brokers)}</div>`,
    report.groups.rows.length > 0 && html`<div class="card">${groups(report.groups)}</div>`,
    report.topics.rows.length > 0 && html`<div class="card">${topics(report.topics)}</div>`,
  ].filter((each) => each !== false);
  return html`<section aria-labelledby="cluster"><h2 id="cluster">The cluster</h2>${
    tables.length > 0
      ? tables
      : html`<div class="card"><p class="muted">No brokers, topics or groups were read.</p></div>`
  }</section>`;
}

export function costSection(report: Report): Markup {
  const { cost } = report;
  const columns = [
    { label: 'What' },
    { label: 'Quantity', numeric: true },
    { label: 'Price', numeric: true },
    { label: 'A month', numeric: true },
    { label: 'Price key' },
  ];
  const rows = cost.lines.map((line) => [
    line.label,
    line.quantity === null
      ? html`<span class="none">not known</span>`
      : `${formatQuantity(line.quantity, 'count')} ${line.unit}`,
    line.usdPerUnit === null ? html`<span class="none">not known</span>` : formatPrice(line.usdPerUnit),
    line.usdPerMonth === null ? html`<span class="none">not known</span>` : formatQuantity(line.usdPerMonth, 'usd'),
    line.source,
  ]);
  const total =
    cost.usdPerMonth === null
      ? html`<p>The cost is not known.</p>`
      : html`<p class="headline">${formatQuantity(cost.usdPerMonth, 'usdPerMonth')}${!cost.complete && html` <span class="muted">at least: lines without a price are not in it</span>`}</p>`;
  const reading =
    report.runCostUsd === null
      ? ''
      : ` Reading the cluster for this report cost ${formatQuantity(report.runCostUsd, 'usd')}.`;
  return html`<section aria-labelledby="cost"><h2 id="cost">What it costs</h2><div class="card">${total}
${rows.length > 0 && table('Monthly cost by line, at list price', columns, rows)}
<p class="muted">Prices: ${cost.source}.${reading}</p></div></section>`;
}
