// Small pieces of sentences that several checks share. Every name from outside passes the sanitising door here.
import { topologyName } from '../../analysis/msk-topology.ts';
import type { Missing } from '../../snapshot/collected.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatTime, plural } from '../../text/units.ts';
import type { RunContext } from '../check.ts';

/** `a, b, c and 4 more`. */
export function listed(names: readonly (string | number)[], shown = 3): string {
  const labels = names.slice(0, shown).map((name) => safeLabel(String(name), 80));
  const rest = names.length - labels.length;
  if (rest > 0) return `${labels.join(', ')} and ${rest} more`;
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)!}`;
}

/** `broker 2`, `brokers 1 and 2`. */
export function brokers(ids: readonly (string | number)[]): string {
  return `${ids.length === 1 ? 'broker' : 'brokers'} ${listed(ids, 6)}`;
}

export function partitions(count: number): string {
  return plural(count, 'partition');
}

/** Why a section is missing, for the middle of a sentence. @param name of one thing: `the list of offsets` */
export function missingBecause(name: string, section: Missing): string {
  return `${name} was not read (${section.reason}): ${section.detail}`;
}

export function windowHours(run: RunContext): number {
  return (run.window.endMs - run.window.startMs) / 3_600_000;
}

export function minutesBetween(fromMs: number, toMs: number): number {
  return (toMs - fromMs) / 60_000;
}

/** Rows kept in a table of evidence: a dead broker of a large cluster holds thousands of partitions, the findings name them all. */
export const MAX_ROWS = 50;

/** Where topics, partitions and ISR come from, for `Evidence.source`. */
export function metadataSource({ topology }: RunContext): string {
  return topology.from === 'kafka'
    ? 'Kafka Metadata, one look at the time of the report'
    : `${topologyName(topology)}, one look`;
}

/** Where settings of topics come from, for `Evidence.source`. */
export function configsSource({ topology }: RunContext, ofKafka: string): string {
  if (topology.from === 'kafka') return `${ofKafka}, at the time of the report`;
  return `${topologyName(topology)}; what a topic inherits, from the cluster's configuration and the defaults`;
}

/** When the topology was looked at, for the end of a clause. */
export function lookedAt({ topology }: RunContext): string {
  return topology.from === 'kafka' ? 'now' : `as MSK's topic API told at ${formatTime(topology.asOfMs)}`;
}

export const COORDINATION_TOPICS: readonly string[] = [
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
];

/** What hangs on an internal topic, as a note; undefined for a topic of clients. */
export function internalNote(topic: { name: string; internal: boolean }): string | undefined {
  if (!topic.internal && !COORDINATION_TOPICS.includes(topic.name)) return undefined;
  if (topic.name === '__consumer_offsets') return "internal topic: holds every group's committed offsets";
  if (topic.name === '__transaction_state') return 'internal topic: holds the state of all transactions';
  return 'internal topic of Kafka';
}
