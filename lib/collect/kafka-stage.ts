// The Kafka sections of a snapshot, whoever reads them: the same process, or the collector Lambda inside the cluster's VPC.
import { type Missing, missing } from '../snapshot/collected.ts';
import type { KafkaPlan, KafkaSections } from './kafka/collect-kafka.ts';
import type { MskAuth } from './msk/bootstrap.ts';

export const KAFKA_SECTION_NAMES = [
  'kafkaBrokers',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaGroups',
  'kafkaOffsets',
  'kafkaSamples',
] as const satisfies readonly (keyof KafkaSections)[];

export interface ReadKafkaRequest {
  /** `host:port` of at least one broker. */
  brokers: readonly string[];
  /** The way of authentication whose addresses these are; null when the user named the addresses. */
  auth: MskAuth | null;
  plan: KafkaPlan;
  /** Epoch milliseconds by which the answer must be there. */
  deadlineMs: number;
}

/** Reads the Kafka side. Resolves with missing sections rather than rejecting. */
export type ReadKafka = (request: ReadKafkaRequest) => Promise<KafkaSections>;

/** All Kafka sections missing for one and the same reason. */
export function kafkaMissing(reason: Missing): KafkaSections {
  const copy = (): Missing => missing(reason.reason, reason.detail, reason.fix);
  return {
    kafkaBrokers: copy(),
    kafkaTopics: copy(),
    kafkaTopicConfigs: copy(),
    kafkaGroups: copy(),
    kafkaOffsets: copy(),
    kafkaSamples: copy(),
  };
}
