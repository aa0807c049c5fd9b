// Missing knowledge made visible: which sources were not read, what that hides, and how the run was degraded.
import type { CheckResult, RunContext } from '../../checks/check.ts';
import type { KpiResult } from '../../kpis/kpi.ts';
import type { Policy } from '../../policy/policy.ts';
import { type Missing, missing } from '../../snapshot/collected.ts';
import { HIDDEN_ACCOUNT } from '../../snapshot/redact.ts';
import { SECTION_NAMES, type SectionName, type Snapshot } from '../../snapshot/schema.ts';
import { formatTime, plural } from '../../text/units.ts';
import type { Gap } from '../report.ts';
import { REASON_WORD, SECTION_WORD } from '../words.ts';

/** Which sections a check or a KPI may read. */
export interface Reads {
  id: string;
  needs?: readonly SectionName[];
  mayUse: readonly SectionName[];
}

export interface GapInputs {
  snapshot: Snapshot;
  checks: readonly Reads[];
  kpis: readonly Reads[];
  checkResults: readonly CheckResult[];
  kpiResults: readonly KpiResult[];
}

/** Sections of a cluster outside AWS that no run could read. */
function isForeign({ target }: Snapshot, section: SectionName): boolean {
  return target.kind === 'kafka' && !section.startsWith('kafka');
}

function unanswered({ checkResults, kpiResults }: GapInputs): ReadonlySet<string> {
  const checks = checkResults.filter(({ status, partial }) => status === 'no-data' || partial !== null);
  const kpis = kpiResults.filter(({ reading }) => reading.state !== 'ok' && reading.state !== 'not-applicable');
  return new Set([...checks.map(({ checkId }) => checkId), ...kpis.map(({ id }) => id)]);
}

/** Where a needed section is missing, that alone is the cause; an optional one is a cause only when all that is needed was there. */
function isHiddenBy({ needs = [], mayUse }: Reads, section: SectionName, { sections }: Snapshot): boolean {
  const starved = needs.some((name) => sections[name]?.ok !== true);
  return starved ? needs.includes(section) : mayUse.includes(section);
}

/**
 * One gap per section that was not read. A section that nobody asked for is a gap only when an answer is missing because of it:
 * a cluster outside AWS has no bill, and a quick run no samples, without anything being wrong.
 */
export function gapsOf(inputs: GapInputs): Gap[] {
  const open = unanswered(inputs);
  const readers = [...inputs.checks, ...inputs.kpis].filter(({ id }) => open.has(id));
  return SECTION_NAMES.flatMap((section): Gap[] => {
    const collected: Missing | { ok: true } =
      inputs.snapshot.sections[section] ??
      missing(
        'not-requested',
        isForeign(inputs.snapshot, section) ? 'a cluster outside AWS has none' : 'not part of this run',
      );
    if (collected.ok) return [];
    const hides = readers.filter((reader) => isHiddenBy(reader, section, inputs.snapshot)).map(({ id }) => id);
    if (collected.reason === 'not-requested' && hides.length === 0) return [];
    const { reason, detail, fix } = collected;
    return [{ section, reason, detail, fix: fix ?? null, hides }];
  });
}

function sourceLine(snapshot: Snapshot, sections: readonly SectionName[], what: string, instead: string): string[] {
  const states = sections.map((name) => snapshot.sections[name]);
  if (states.some((state) => state?.ok === true)) return [];
  const first = states.find((state) => state?.ok === false);
  const why = first?.ok === false ? REASON_WORD[first.reason] : REASON_WORD['not-requested'];
  const fix = first?.ok === false && first.fix !== undefined ? ` To mend it: ${first.fix}` : '';
  return [`${what} was not read (${why}): ${instead}.${fix}`];
}

/** The sources whose loss changes what the whole report can say. */
function lostSources(snapshot: Snapshot): string[] {
  const kafka = sourceLine(
    snapshot,
    ['kafkaBrokers', 'kafkaTopics', 'kafkaGroups'],
    "The cluster's own Kafka protocol",
    'partitions and consumers are judged only as far as AWS knows them',
  );
  if (snapshot.target.kind === 'kafka') return kafka;
  return [
    ...sourceLine(snapshot, ['cluster'], 'The MSK control plane', 'kind, size and version of the cluster are unknown'),
    ...sourceLine(snapshot, ['metrics'], 'CloudWatch', 'there is no history of CPU, disks and replication'),
    ...kafka,
  ];
}

export function degradedLines(snapshot: Snapshot, run: RunContext): string[] {
  const partial = SECTION_NAMES.flatMap((name) => {
    const section = snapshot.sections[name];
    return section?.ok === true && section.partial !== undefined
      ? [`${SECTION_WORD[name]}, partly read: ${section.partial}`]
      : [];
  });
  const masked = run.maintenance.map(
    ({ startMs, endMs, because }) => `Not judged from ${formatTime(startMs)} to ${formatTime(endMs)}: ${because}`,
  );
  const running = run.operationRunning
    ? ['A cluster operation is running or the cluster is not ACTIVE: no restart or reassignment is advised now.']
    : [];
  return [...lostSources(snapshot), ...partial, ...running, ...masked];
}

const SHORTENED = /^(sampling\.(samples|intervalSec)|lag\.)/;

/** What every reader must know about the numbers before reading them. */
export function noticesOf(snapshot: Snapshot, policy: Policy): string[] {
  const metrics = snapshot.sections.metrics;
  const messages =
    metrics?.ok === true
      ? metrics.value.messages.slice(0, 20).map(({ code, value }) => `Metrics (${code}): ${value}`)
      : [];
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
