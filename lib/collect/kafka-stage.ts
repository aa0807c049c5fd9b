// The Kafka sections of a snapshot, whoever reads them: the same process, or the collector Lambda inside the cluster's VPC.
import { type Collected, type Missing, missing } from '../snapshot/collected.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import type { Job } from './collect-job.ts';
import { type KafkaPlan, type KafkaSections, plannedSections } from './kafka/plan.ts';
import { chooseBootstrap, type MskAuth, offeredAuths } from './msk/bootstrap.ts';
import type { ControlPlane } from './msk/control-plane.ts';

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

/** Kafka may take this share of the time that is left, so that CloudWatch is still asked when brokers do not answer. */
const KAFKA_TIME_SHARE = 0.8;

export interface Addresses {
  brokers: readonly string[];
  auth: MskAuth | null;
}

/** Addresses that fit the way of authentication, or why there are none. */
export function addressesOf(bootstrap: ControlPlane['bootstrap'], auth: MskAuth | undefined): Addresses | Missing {
  if (!bootstrap.ok) return missing(bootstrap.reason, `no broker addresses: ${bootstrap.detail}`, bootstrap.fix);
  const offered = offeredAuths(bootstrap.value);
  const wanted = auth ?? offered[0];
  const brokers = wanted === undefined ? null : chooseBootstrap(bootstrap.value, wanted);
  if (wanted !== undefined && brokers !== null) return { brokers, auth: wanted };
  const fix = offered.length === 0 ? undefined : `Use ${offered.map((each) => `--auth ${each}`).join(' or ')}`;
  return missing('not-enabled', `the cluster has no listener for authentication ${wanted ?? 'of any kind'}`, fix);
}

/** All planned sections, read or missing; none at all when Kafka is not to be read. */
export async function readKafkaSections(job: Job, addresses: Addresses | Missing): Promise<Partial<KafkaSections>> {
  const { readKafka } = job.sources;
  if (readKafka === undefined) return {};
  const { kafkaPlan } = job.options;
  const names = plannedSections(kafkaPlan);
  for (const name of names) job.run.announce(name);
  const sections = 'ok' in addresses ? kafkaMissing(kafkaPlan, addresses) : await askKafka(job, readKafka, addresses);
  for (const name of names) {
    const section: Collected<unknown> | undefined = sections[name];
    if (section !== undefined) job.run.settle(name, section);
  }
  return sections;
}

async function askKafka(job: Job, readKafka: ReadKafka, addresses: Addresses): Promise<KafkaSections> {
  const { options, run, now, sources } = job;
  const leftMs = options.deadlineMs - now();
  const share = sources.cloudwatch === undefined ? 1 : KAFKA_TIME_SHARE;
  const deadlineMs = Math.floor(now() + leftMs * share);
  try {
    return await run.untilDeadline(readKafka({ ...addresses, plan: options.kafkaPlan, deadlineMs }));
  } catch (error) {
    const { kind, name } = classifyAwsError(error);
    const reason = kind === 'timed-out' ? 'timed-out' : 'failed';
    return kafkaMissing(options.kafkaPlan, missing(reason, `Kafka could not be read (${name})`));
  }
}
