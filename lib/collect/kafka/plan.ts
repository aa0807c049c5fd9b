// What one collection is to read: the core always, the rest by choice. Design §9 holds what each part costs.
import type { SectionName, Sections } from '../../snapshot/schema.ts';

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
export type KafkaSectionName = CoreSection | ExtraSection;

/** The core is always there, if only as missing; what the plan did not name is absent. */
export type KafkaSections = Required<Pick<Sections, CoreSection>> & Pick<Sections, ExtraSection>;

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
}

/** The plan of a report; `readData` adds what needs READ on the topics. */
export function reportPlan(sampling: { samples: number; intervalSec: number }, readData = false): KafkaPlan {
  const { samples, intervalSec } = sampling;
  const sections = readData ? [...EXTRA_SECTIONS, ...READ_DATA_SECTIONS] : EXTRA_SECTIONS;
  return { samples, intervalSec, sections, timestamps: 'exact' };
}

export function plannedSections(plan: KafkaPlan): KafkaSectionName[] {
  return [...CORE_SECTIONS, ...plan.sections];
}
