// What a reader calls the sections: their keys are for programs.
import type { SectionName } from './schema.ts';

const SECTION_WORD: Readonly<Record<SectionName, string>> = {
  cluster: 'MSK cluster description',
  nodes: 'MSK nodes',
  bootstrap: 'MSK bootstrap addresses',
  configuration: 'MSK configuration revision',
  operations: 'MSK cluster operations',
  versions: 'MSK Kafka versions',
  tags: 'Tags',
  security: 'MSK security settings',
  storageScaling: 'Application Auto Scaling',
  alarms: 'CloudWatch alarms',
  quotas: 'Service quotas',
  connectors: 'MSK Connect',
  mskTopics: 'MSK topic API',
  metrics: 'CloudWatch metrics',
  prices: 'Prices',
  bill: 'Bill (Cost Explorer)',
  kafkaBrokers: 'Kafka brokers',
  kafkaTopics: 'Kafka topics',
  kafkaTopicConfigs: 'Kafka topic settings',
  kafkaBrokerConfigs: 'Kafka broker settings',
  kafkaGroups: 'Kafka consumer groups',
  kafkaOffsets: 'Kafka offsets',
  kafkaSamples: 'Repeated looks at Kafka offsets',
  kafkaLogDirs: 'Kafka log directories',
  kafkaReassignments: 'Kafka partition reassignments',
  kafkaQuorum: 'Kafka metadata quorum',
  kafkaQuotas: 'Kafka client quotas',
  kafkaProducers: 'Kafka producers and their transactions',
  kafkaBatches: 'Headers of Kafka record batches',
  openMonitoring: 'Open monitoring (Prometheus)',
};

/** `Kafka consumer groups`; a section that this version does not know keeps its key. */
export function sectionText(section: string): string {
  return Object.hasOwn(SECTION_WORD, section) ? SECTION_WORD[section as SectionName] : section;
}

/** The same inside a sentence, where only names keep their capital. */
export function sectionInSentence(section: string): string {
  const text = sectionText(section);
  return /^(MSK|Kafka|CloudWatch|Application)/.test(text) ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
}
