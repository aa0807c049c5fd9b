// Missing knowledge made visible: which sources were not read or only in part, what that hides, and which metrics the level lacks.
import type { CheckResult } from '../../checks/check.ts';
import type { KpiResult } from '../../kpis/kpi.ts';
import { type Missing, missing } from '../../snapshot/collected.ts';
import { SECTION_NAMES, type SectionName, type Snapshot } from '../../snapshot/schema.ts';
import type { Gap, LevelGap, Report } from '../report.ts';
import { sectionValue } from './cluster.ts';

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

/** MSK's topic API answers in the place of Kafka's metadata: where it was asked and failed too, it hides the same. */
function readAs(section: SectionName): SectionName {
  return section === 'mskTopics' ? 'kafkaTopics' : section;
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
    const hides = readers.filter((reader) => isHiddenBy(reader, readAs(section), inputs.snapshot)).map(({ id }) => id);
    const isIdle = section === 'mskTopics' || hides.length === 0;
    if (collected.reason === 'not-requested' && isIdle) return [];
    const { reason, detail, fix } = collected;
    return [{ section, reason, detail, fix: fix ?? null, hides, isFault: isFault(section, collected, hides) }];
  });
}

/** Read only by those who ask for it, because it takes more rights or time: without it nothing is wrong. */
const ON_REQUEST: readonly SectionName[] = ['kafkaProducers', 'kafkaBatches', 'openMonitoring', 'bill'];

/** Nothing is wrong with what this cluster does not have, nor with what nobody switched on and nobody misses. */
function isFault(section: SectionName, { reason, fix }: Missing, hides: readonly string[]): boolean {
  if (reason === 'not-supported') return fix !== undefined;
  if (reason === 'not-requested' && ON_REQUEST.includes(section)) return false;
  // Without a configuration of its own a cluster has MSK's defaults, which are known.
  if (reason === 'not-enabled' && section === 'configuration') return false;
  return reason !== 'not-enabled' || fix !== undefined || hides.length > 0;
}

/** The sections that checks and KPIs rest on; the others are read for later, for money, or on request. */
export function readSections({ checks, kpis }: Pick<GapInputs, 'checks' | 'kpis'>): ReadonlySet<SectionName> {
  const read = new Set([...checks, ...kpis].flatMap(({ needs = [], mayUse }) => [...needs, ...mayUse]));
  if (read.has('kafkaTopics')) read.add('mskTopics');
  return read;
}

/** What the parts about money tell themselves. */
const TOLD_WITH_MONEY: readonly SectionName[] = ['prices', 'bill'];

/** Sections that were read in part, those among them that `choose` wants. */
export function partialSections(
  { sections }: Snapshot,
  choose: (section: SectionName) => boolean,
): { section: SectionName; detail: string }[] {
  return SECTION_NAMES.flatMap((name) => {
    const section = sections[name];
    if (section?.ok !== true || section.partial === undefined) return [];
    return choose(name) && !TOLD_WITH_MONEY.includes(name) ? [{ section: name, detail: section.partial }] : [];
  });
}

/** Metrics that would be there at a higher monitoring level, one entry a level. */
export function levelGapsOf(snapshot: Snapshot, { arn, region }: Report['cluster']): LevelGap[] {
  const unavailable = sectionValue(snapshot, 'metrics')?.unavailable ?? [];
  const wanted = unavailable.filter(({ reason }) => reason === 'not-enabled');
  const levels = Map.groupBy(wanted, ({ level }) => level);
  return [...levels].flatMap(([level, metrics]): LevelGap[] => {
    if (level === null) return [];
    const names = [...new Set(metrics.map(({ metric }) => metric))].sort();
    return [{ level, metrics: names, command: arn === null ? null : raiseLevel(arn, region, level) }];
  });
}

function raiseLevel(arn: string, region: string | null, level: string): LevelGap['command'] {
  const where = ['--cluster-arn', arn, ...(region === null ? [] : ['--region', region])];
  const version = ['--current-version', { variable: 'CURRENT_VERSION' as const }];
  const argv = ['aws', 'kafka', 'update-monitoring', ...where, ...version, '--enhanced-monitoring', level];
  return { purpose: `Raise the monitoring level to ${level}`, effect: 'change', argv };
}
