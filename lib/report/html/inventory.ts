// What the cluster is made of: brokers, topics, groups. Worst first; the builder capped the rows.
import { formatDecimal, formatQuantity } from '../../text/units.ts';
import type { BrokerRow, Capped, GroupRow, Report, TopicRow } from '../report.ts';
import { sectionText } from '../words.ts';
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
      label: 'Catches up in',
      numeric: true,
      known: ({ catchUpSec }) => catchUpSec !== undefined,
      cell: (row) => formatQuantity(row.catchUpSec ?? null, 'durationSec'),
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

/** What is not there because the cluster is of this kind or in this state: nothing to mend. */
function absent({ gaps }: Report): Markup | false {
  const absences = gaps.filter(({ isFault }) => !isFault);
  // The brokers' sections are missing for the reason that the addresses are.
  const reasons = Map.groupBy(absences, ({ detail }) => detail.replace(/^no broker addresses: /, ''));
  const items = [...reasons].map(
    ([because, all]) => `${all.map(({ section }) => sectionText(section)).join(', ')} (${because})`,
  );
  return items.length > 0 && html`<p class="muted">This cluster has no: ${items.join('; ')}.</p>`;
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
  }${absent(report)}</section>`;
}
