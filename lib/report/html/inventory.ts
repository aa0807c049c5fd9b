// What the cluster is made of: brokers, topics, groups. Worst first; the builder capped the rows.
import { formatDecimal, formatQuantity, type Unit } from '../../text/units.ts';
import type { BrokerRow, Capped, GroupRow, Report, TopicRow } from '../report.ts';
import { sectionText } from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import { bar, card, leftOut, quiet, section, table, terms } from './parts.ts';

/** A number with its unit, a name from outside, digits of any length, words of ours, or a cell of its own. */
type Show<T> = Unit | 'decimal' | 'words' | ((row: T) => Markup);
type KnownColumn<T> = readonly [label: string, value: (row: T) => string | number | null | undefined, show: Show<T>];

const unknown = quiet('not measured');

function cell<T>(row: T, [, value, show]: KnownColumn<T>): string | Markup {
  const known = value(row);
  if (known === null || known === undefined) return unknown;
  if (typeof show === 'function') return show(row);
  if (typeof known === 'number') return formatQuantity(known, show as Unit);
  return show === 'name' ? label(known) : show === 'decimal' ? formatDecimal(known) : known;
}

/** A column that nobody could measure is left out; the gaps say why. */
function inventory<T>(caption: string, { rows, total }: Capped<T>, all: readonly KnownColumn<T>[]): Markup {
  const columns = all.filter(([, value]) => rows.some((row) => (value(row) ?? null) !== null));
  const heads = columns.map(([head, , show]) => ({
    label: head,
    numeric: typeof show === 'string' && show !== 'name' && show !== 'words',
  }));
  const cells = rows.map((row) => columns.map((column) => cell(row, column)));
  return card([table(caption, heads, cells), leftOut(rows.length, total)]);
}

function brokers(capped: Capped<BrokerRow>): Markup {
  const mostLeaders = Math.max(1, ...capped.rows.map(({ leaders }) => leaders ?? 0));
  return inventory('Brokers', capped, [
    [
      'Broker',
      (row) => row.brokerId,
      ({ brokerId, live }) =>
        html`${brokerId}${live === false && html` <span class="chip critical">not in the cluster</span>`}`,
    ],
    ['Zone', (row) => row.rack, 'name'],
    [
      'Leaders',
      (row) => row.leaders,
      ({ leaders }) => html`${formatQuantity(leaders, 'count')}${bar((100 * (leaders ?? 0)) / mostLeaders)}`,
    ],
    ['Replicas', (row) => row.replicas, 'count'],
    ['CPU (p95)', (row) => row.cpuP95Percent, 'percent'],
    [
      'Disk used',
      (row) => row.diskUsedPercent,
      ({ diskUsedPercent }) => html`${formatQuantity(diskUsedPercent, 'percent')}${bar(diskUsedPercent ?? 0)}`,
    ],
    ['Bytes in', (row) => row.bytesInPerSec, 'bytesPerSec'],
  ]);
}

function topics(capped: Capped<TopicRow>): Markup {
  return inventory('Topics', capped, [
    ['Topic', (row) => row.topic, 'name'],
    ['Partitions', (row) => row.partitions, 'count'],
    ['Replication', (row) => row.replicationFactor, 'count'],
    ['min ISR', (row) => row.minInSyncReplicas, 'count'],
    ['Under-replicated', (row) => row.underReplicated, 'count'],
    ['Offline', (row) => row.offline, 'count'],
    ['Retained messages', (row) => row.retainedMessages, 'decimal'],
  ]);
}

function groups(capped: Capped<GroupRow>): Markup {
  return inventory('Consumer groups', capped, [
    ['Consumer group', (row) => row.groupId, 'name'],
    ['Status', (row) => row.status, 'words'],
    ['State', (row) => row.state, 'name'],
    ['Type', (row) => row.type, 'words'],
    ['Members', (row) => row.members, 'count'],
    ['Topics', (row) => row.topics, 'count'],
    ['Lag (messages)', (row) => row.lag, 'decimal'],
    ['Lag growth', (row) => row.lagPerSec, 'countPerSec'],
    ['Catches up in', (row) => row.catchUpSec, 'durationSec'],
    ['Retention consumed', (row) => row.retentionConsumedPercent, 'percent'],
  ]);
}

/** What the cluster carries, for scale; nothing here is judged. */
function carried({ figures, window }: Report): Markup | false {
  const { messagesPerSec, bytesInPerSec, bytesOutPerSec, peakToMean } = figures;
  const say = (value: number | null | undefined, as: Unit, after = '', before = '') =>
    value === null || value === undefined ? [] : [`${before}${formatQuantity(value, as)}${after}`];
  const all = [
    ['Taken in', say(bytesInPerSec?.mean, 'bytesPerSec'), say(peakToMean, 'ratio', ' ×', 'peak ')],
    ['Records', say(messagesPerSec?.mean, 'countPerSec'), say(figures.averageRecordBytes, 'bytes', ' each')],
    ['Read', say(bytesOutPerSec?.mean, 'bytesPerSec'), say(figures.readFanOut, 'ratio', ' ×', 'each byte ')],
    ['Readers', say(figures.activeGroups, 'count', ' active groups'), say(figures.members, 'count', ' members')],
    ['Holds', say(figures.topics, 'count', ' topics'), say(figures.partitions, 'count', ' partitions')],
    ['A GiB taken in costs', say(figures.usdPerGiBIngested, 'usd'), []],
  ] as const;
  const known = all.filter(([, first, second]) => first.length + second.length > 0);
  return (
    known.length > 0 &&
    card(html`${terms(known.map(([term, ...said]) => [term, said.flat().join(', ')]))}
<p class="muted">All brokers together, means over ${formatQuantity(window.endMs - window.startMs, 'durationMs')} by CloudWatch; topics and groups by Kafka, without its own. For scale: not scored.</p>`)
  );
}

/** What was not read because of the cluster's kind or state, or because nobody asked for it: nothing to mend. */
function absent({ gaps }: Report): Markup | false {
  const absences = gaps.filter(({ isFault }) => !isFault);
  // The brokers' sections are missing for the reason that the addresses are.
  const reasons = Map.groupBy(absences, ({ detail }) => detail.replace(/^no broker addresses: /, ''));
  const items = [...reasons].map(
    ([because, all]) => `${all.map(({ section }) => sectionText(section)).join(', ')} (${because})`,
  );
  return items.length > 0 && html`<p class="muted">Not read: ${items.join('; ')}.</p>`;
}

export function clusterSection(report: Report): Markup {
  const tables = [
    carried(report),
    report.brokers.rows.length > 0 && brokers(report.brokers),
    report.groups.rows.length > 0 && groups(report.groups),
    report.topics.rows.length > 0 && topics(report.topics),
  ].filter((each) => each !== false);
  return section('cluster', 'The cluster', [
    tables.length > 0 ? tables : card(html`<p class="muted">No brokers, topics or groups were read.</p>`),
    absent(report),
  ]);
}
