// What one collection is to read: the core always, the rest by choice. Design §9 holds what each part costs.
import type { SectionName, Sections } from '../../snapshot/schema.ts';
import { EXPORTERS, type Exporter } from '../open-monitoring/exporters.ts';

/** Read by every collection, in 2 + (4 + S)·N requests. */
export const CORE_SECTIONS = [
  'kafkaBrokers',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaBrokerConfigs',
  'kafkaGroups',
  'kafkaOffsets',
  'kafkaSamples',
] as const satisfies readonly SectionName[];

/** Read by default; each costs N requests (log directories) or one. */
export const EXTRA_SECTIONS = [
  'kafkaLogDirs',
  'kafkaReassignments',
  'kafkaQuorum',
  'kafkaQuotas',
] as const satisfies readonly SectionName[];

/** Opt-in: they need READ on the topics, which a report otherwise does without. */
export const READ_DATA_SECTIONS = ['kafkaProducers', 'kafkaBatches'] as const satisfies readonly SectionName[];

export type CoreSection = (typeof CORE_SECTIONS)[number];
export type ExtraSection = (typeof EXTRA_SECTIONS)[number] | (typeof READ_DATA_SECTIONS)[number];
/** `openMonitoring` is no Kafka request, but is read where the brokers can be reached, beside their samples. */
export type KafkaSectionName = CoreSection | ExtraSection | 'openMonitoring';

/** The core is always there, if only as missing; what the plan did not name is absent. */
export type KafkaSections = Required<Pick<Sections, CoreSection>> & Pick<Sections, ExtraSection | 'openMonitoring'>;

/** `brackets` tells of every consumer whether it is more than 10 s, 1 min, ... 24 h behind; `exact` also narrows down the worst. */
export const TIMESTAMP_MODES = ['none', 'brackets', 'exact'] as const;

export interface KafkaPlan {
  /** How many readings of end and committed offsets, the first among them. */
  samples: number;
  intervalSec: number;
  /** What to read beyond the core. */
  sections: readonly ExtraSection[];
  /** How far to look offsets up by time. */
  timestamps: (typeof TIMESTAMP_MODES)[number];
  /** Opt-in: which exporters of each broker to scrape, twice, this far apart. */
  openMonitoring?: { exporters: Exporter[]; spanSec: number } | undefined;
}

/** Long enough for rates to mean something, short enough to wait for. */
const MIN_SCRAPE_SPAN_SEC = 20;
const MAX_SCRAPE_SPAN_SEC = 60;

/** What the policy or the user says of a run's looks at the brokers. */
export interface PlannedSampling {
  samples: number;
  intervalSec: number;
  readData?: boolean | undefined;
  openMonitoring?: boolean | undefined;
}

/** The plan of a report; `readData` adds what needs READ on the topics. */
export function reportPlan({ samples, intervalSec, readData, openMonitoring }: PlannedSampling): KafkaPlan {
  const sections = readData === true ? [...EXTRA_SECTIONS, ...READ_DATA_SECTIONS] : EXTRA_SECTIONS;
  const plan: KafkaPlan = { samples, intervalSec, sections, timestamps: 'exact' };
  if (openMonitoring !== true) return plan;
  const spanSec = Math.min(Math.max((samples - 1) * intervalSec, MIN_SCRAPE_SPAN_SEC), MAX_SCRAPE_SPAN_SEC);
  return { ...plan, openMonitoring: { exporters: [...EXPORTERS], spanSec } };
}

export function plannedSections(plan: KafkaPlan): KafkaSectionName[] {
  return [
    ...CORE_SECTIONS,
    ...plan.sections,
    ...(plan.openMonitoring === undefined ? [] : ['openMonitoring' as const]),
  ];
}
