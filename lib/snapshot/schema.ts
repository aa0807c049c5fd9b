// The snapshot: the contract between what reads the outside world and everything that judges it. Plain JSON, versioned, strict.
import * as v from 'valibot';
import { alarmsSchema, connectorsSchema, quotasSchema, storageScalingSchema } from './account-sections.ts';
import {
  bootstrapSchema,
  clusterSchema,
  configurationSchema,
  mskTopicsSchema,
  nodesSchema,
  operationsSchema,
  securitySchema,
  tagsSchema,
  versionsSchema,
} from './aws-sections.ts';
import { collected } from './collected.ts';
import {
  kafkaBatchesSchema,
  kafkaBrokerConfigsSchema,
  kafkaLogDirsSchema,
  kafkaProducersSchema,
  kafkaQuorumSchema,
  kafkaQuotasSchema,
  kafkaReassignmentsSchema,
} from './kafka-extra-sections.ts';
import {
  kafkaBrokersSchema,
  kafkaGroupsSchema,
  kafkaOffsetsSchema,
  kafkaSamplesSchema,
  kafkaTopicConfigsSchema,
  kafkaTopicsSchema,
} from './kafka-sections.ts';
import { metricsSchema } from './metrics-section.ts';
import { billSchema, pricesSchema } from './money-sections.ts';
import { openMonitoringSchema } from './open-monitoring-section.ts';

/** Raised by a change that an older reader cannot understand; older snapshots are migrated, newer ones refused. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

const targetSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('msk'), clusterArn: v.string() }),
  /** Any Kafka cluster without AWS. The addresses themselves are not kept: they are no part of a judgement. */
  v.strictObject({ kind: v.literal('kafka'), name: v.string() }),
]);

/** An absent section was not requested. */
export const sectionsSchema = v.strictObject({
  cluster: v.optional(collected(clusterSchema)),
  nodes: v.optional(collected(nodesSchema)),
  bootstrap: v.optional(collected(bootstrapSchema)),
  configuration: v.optional(collected(configurationSchema)),
  operations: v.optional(collected(operationsSchema)),
  versions: v.optional(collected(versionsSchema)),
  tags: v.optional(collected(tagsSchema)),
  security: v.optional(collected(securitySchema)),
  storageScaling: v.optional(collected(storageScalingSchema)),
  alarms: v.optional(collected(alarmsSchema)),
  quotas: v.optional(collected(quotasSchema)),
  connectors: v.optional(collected(connectorsSchema)),
  mskTopics: v.optional(collected(mskTopicsSchema)),
  metrics: v.optional(collected(metricsSchema)),
  prices: v.optional(collected(pricesSchema)),
  bill: v.optional(collected(billSchema)),
  kafkaBrokers: v.optional(collected(kafkaBrokersSchema)),
  kafkaTopics: v.optional(collected(kafkaTopicsSchema)),
  kafkaTopicConfigs: v.optional(collected(kafkaTopicConfigsSchema)),
  kafkaBrokerConfigs: v.optional(collected(kafkaBrokerConfigsSchema)),
  kafkaGroups: v.optional(collected(kafkaGroupsSchema)),
  kafkaOffsets: v.optional(collected(kafkaOffsetsSchema)),
  kafkaSamples: v.optional(collected(kafkaSamplesSchema)),
  kafkaLogDirs: v.optional(collected(kafkaLogDirsSchema)),
  kafkaReassignments: v.optional(collected(kafkaReassignmentsSchema)),
  kafkaQuorum: v.optional(collected(kafkaQuorumSchema)),
  kafkaQuotas: v.optional(collected(kafkaQuotasSchema)),
  kafkaProducers: v.optional(collected(kafkaProducersSchema)),
  kafkaBatches: v.optional(collected(kafkaBatchesSchema)),
  openMonitoring: v.optional(collected(openMonitoringSchema)),
});

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const snapshotSchema = v.strictObject({
  schemaVersion: v.literal(SNAPSHOT_SCHEMA_VERSION),
  takenAtMs: epochMs,
  tool: v.strictObject({ name: v.literal('msk-checkup'), version: v.string() }),
  target: targetSchema,
  /** The report window W: what the metrics cover. */
  window: v.strictObject({ startMs: epochMs, endMs: epochMs }),
  /** True when addresses, hosts and account-bound values were replaced (lib/snapshot/redact.ts). */
  redacted: v.boolean(),
  sections: sectionsSchema,
});

export type Snapshot = v.InferOutput<typeof snapshotSchema>;
export type Sections = v.InferOutput<typeof sectionsSchema>;
export type SectionName = keyof Sections;
/** The value type of a section that was read. */
export type SectionValue<N extends SectionName> = Extract<NonNullable<Sections[N]>, { ok: true }>['value'];

/** All section names, in the order in which a reader meets them. */
export const SECTION_NAMES = Object.keys(sectionsSchema.entries) as SectionName[];
