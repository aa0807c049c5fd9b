// The Kafka sections of a snapshot, whoever reads them: the same process, or the collector Lambda inside the cluster's VPC.
import { type Missing, missing } from '../snapshot/collected.ts';
import { type KafkaPlan, type KafkaSections, plannedSections } from './kafka/plan.ts';
import type { MskAuth } from './msk/bootstrap.ts';

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

/** All planned sections missing for one and the same reason. */
export function kafkaMissing(plan: KafkaPlan, reason: Missing): KafkaSections {
  const copy = (): Missing => missing(reason.reason, reason.detail, reason.fix);
  return Object.fromEntries(plannedSections(plan).map((name) => [name, copy()])) as unknown as KafkaSections;
}
