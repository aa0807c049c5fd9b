// What every reader must know before the first number: how the run was degraded, and what stands behind the figures.
import { topologyName } from '../../analysis/msk-topology.ts';
import { trustedPoints } from '../../analysis/series.ts';
import type { RunContext } from '../../checks/check.ts';
import { meaningOfState } from '../../facts/cluster-states.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Missing } from '../../snapshot/collected.ts';
import type { MetricSeries } from '../../snapshot/metrics-section.ts';
import { HIDDEN_ACCOUNT } from '../../snapshot/redact.ts';
import { SECTION_NAMES, type SectionName, type Snapshot } from '../../snapshot/schema.ts';
import { sectionText } from '../../snapshot/section-words.ts';
import { formatTime, plural } from '../../text/units.ts';
import { REASON_WORD } from '../words.ts';
import { sectionValue } from './cluster.ts';
import { partialSections } from './gaps.ts';

function sourceLine(snapshot: Snapshot, sections: readonly SectionName[], what: string, instead: string): string[] {
  const states = sections.map((name) => snapshot.sections[name]);
  if (states.some((state) => state?.ok === true)) return [];
  const lost = states.filter((state): state is Missing => state?.ok === false);
  const first = lost[0];
  // What no cluster in this state has is told by the state.
  if (first?.reason === 'not-supported' && stateLine(snapshot).length > 0) return [];
  const why = REASON_WORD[first?.reason ?? 'not-requested'];
  const fix = lost.find((state) => state.fix !== undefined)?.fix;
  return [`${what} was not read (${why}): ${instead}.${fix === undefined ? '' : ` To mend it: ${fix}`}`];
}

/** What MSK's topic API tells in their place. */
const STOOD_IN: readonly SectionName[] = ['kafkaBrokers', 'kafkaTopics', 'kafkaTopicConfigs'];

/** The parts of Kafka's own word that nobody else gives. */
function unseen({ sections }: Snapshot, { topology }: RunContext): string {
  const names = SECTION_NAMES.filter(
    (name) =>
      name.startsWith('kafka') &&
      sections[name]?.ok === false &&
      (topology.from === 'kafka' || !STOOD_IN.includes(name)),
  );
  const words = names.map((name) => sectionText(name).replace('Kafka ', ''));
  return words.length === 0
    ? ''
    : `. Not seen: ${words.map((word) => word.slice(0, 1).toLowerCase() + word.slice(1)).join(', ')}`;
}

/** The sources whose loss changes what the whole report can say. */
function lostSources(snapshot: Snapshot, run: RunContext): string[] {
  const kafka = sourceLine(
    snapshot,
    ['kafkaBrokers', 'kafkaTopics', 'kafkaGroups'],
    "The cluster's own Kafka protocol",
    `partitions and consumers are judged only as far as AWS knows them${unseen(snapshot, run)}`,
  );
  if (snapshot.target.kind === 'kafka') return kafka;
  return [
    ...sourceLine(snapshot, ['cluster'], 'The MSK control plane', 'kind, size and version of the cluster are unknown'),
    ...sourceLine(snapshot, ['metrics'], 'CloudWatch', 'there is no history of CPU, disks and replication'),
    ...kafka,
  ];
}

/** What a state other than ACTIVE means; of a cluster that serves nobody, why there is so little to read. */
export function stateLine(snapshot: Snapshot): string[] {
  const cluster = sectionValue(snapshot, 'cluster');
  const state = cluster === null ? null : meaningOfState(cluster.state);
  if (cluster === null || state === null || cluster.state === 'ACTIVE') return [];
  const said = [cluster.stateInfo?.code, cluster.stateInfo?.message].filter((each) => typeof each === 'string');
  const aws = said.length === 0 ? '' : ` (${said.join(': ')})`;
  return [`${state.meaning}${aws}${state.serving ? '.' : ': there are no brokers, metrics and topics to read.'}`];
}

function newestMs({ values, startMs, periodSec }: MetricSeries): number | null {
  const newest = values.findLastIndex((value) => value !== null);
  return newest < 0 ? null : startMs + newest * periodSec * 1000;
}

/** Nothing of late in any series: CloudWatch is late or disturbed, or no broker is left that publishes. */
function silence(snapshot: Snapshot): string[] {
  const all = sectionValue(snapshot, 'metrics')?.series ?? [];
  if (!all.every((series) => trustedPoints(series).endsEarly)) return [];
  const heardMs = all.reduce((latest, series) => Math.max(latest, newestMs(series) ?? 0), 0);
  return heardMs === 0
    ? []
    : [`CloudWatch has no datapoint since ${formatTime(heardMs)}: nothing that rests on it is called healthy.`];
}

/** @param read sections that checks and KPIs rest on: of the others a part may be missing without a word at the top */
export function degradedLines(snapshot: Snapshot, run: RunContext, read: ReadonlySet<SectionName>): string[] {
  const partial = partialSections(snapshot, (name) => read.has(name)).map(
    ({ section, detail }) => `${sectionText(section)}, partly read: ${detail}`,
  );
  const { window } = snapshot;
  const ofThisReport = run.maintenance.filter(({ startMs, endMs }) => startMs < window.endMs && endMs > window.startMs);
  const masked = ofThisReport.map(
    ({ startMs, endMs, because }) => `Not judged from ${formatTime(startMs)} to ${formatTime(endMs)}: ${because}`,
  );
  const running = run.operationRunning
    ? ['A cluster operation is running or the cluster is not ACTIVE: no restart or reassignment is advised now.']
    : [];
  const standIn =
    run.topology.from === 'kafka'
      ? []
      : [`Topics, partitions and in-sync replicas come from ${topologyName(run.topology)}.`];
  return [
    ...stateLine(snapshot),
    ...lostSources(snapshot, run),
    ...silence(snapshot),
    ...standIn,
    ...partial,
    ...running,
    ...masked,
  ];
}

const SHORTENED = /^(sampling\.(samples|intervalSec)|lag\.)/;

/** Messages of this product are sentences; all others are AWS's, or the sandbox's, and are quoted with their code. */
function messageText({ code, value }: { code: string; value: string }): string {
  if (code === 'ClockSkew' || code === 'Ranking') return `${capitalised(value)}.`;
  return code === 'History' ? `Metric history: ${value}` : `Metrics (${code}): ${value}`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What every reader must know about the numbers before reading them. */
export function noticesOf(snapshot: Snapshot, policy: Policy): string[] {
  const metrics = snapshot.sections.metrics;
  const messages = metrics?.ok === true ? metrics.value.messages.slice(0, 20).map(messageText) : [];
  const sampling = policy.overrides.filter((line) => SHORTENED.test(line));
  const others = policy.overrides.length - sampling.length;
  return [
    ...messages,
    ...(sampling.length > 0 ? [`Consumers were sampled by changed rules: ${sampling.join('; ')}`] : []),
    ...(others > 0
      ? [
          `${plural(others, 'policy value')} differ${others === 1 ? 's' : ''} from the defaults; see the end of the report.`,
        ]
      : []),
    ...(snapshot.target.kind === 'kafka'
      ? ['Without CloudWatch CPU, disk use and produce latency are not judged: the Kafka protocol does not tell them.']
      : []),
    ...(hasHiddenAccount(snapshot)
      ? [`Made from a redacted snapshot: commands name account ${HIDDEN_ACCOUNT}, not the real one.`]
      : []),
  ];
}

function hasHiddenAccount({ target }: Snapshot): boolean {
  return target.kind === 'msk' && target.clusterArn.includes(`:${HIDDEN_ACCOUNT}:`);
}
