// Reads everything that one report needs and gives it the snapshot's form. Sections are independent: one that cannot be read becomes
// visible missing knowledge. Only when nothing at all could be read, or the caller can be told how to help himself, it throws.
import { type Collected, type Missing, missing } from '../snapshot/collected.ts';
import { type Sections, type SectionValue, SNAPSHOT_SCHEMA_VERSION, type Snapshot } from '../snapshot/schema.ts';
import { type CallerContext, CollectError, collectErrorOf, fatalErrorOf } from './aws-errors.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import type { CloudWatchReader } from './cloudwatch/cloudwatch-reader.ts';
import { mostLaggingPairs } from './cloudwatch/lagging-pairs.ts';
import { brokerIds, metricScope } from './cloudwatch/metric-scope.ts';
import { MAX_GROUP_TOPIC_PAIRS, planMetrics } from './cloudwatch/plan.ts';
import { readMetrics } from './cloudwatch/read-metrics.ts';
import { type KafkaPlan, type KafkaSections, plannedSections } from './kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from './kafka-stage.ts';
import { chooseBootstrap, type MskAuth, offeredAuths } from './msk/bootstrap.ts';
import { type ClusterArn, parseClusterArn } from './msk/cluster-arn.ts';
import { type ControlPlane, collectControlPlane } from './msk/control-plane.ts';
import type { MskReader } from './msk/msk-reader.ts';
import { offlinePrices } from './prices/offline.ts';
import { type Progress, SectionRun } from './section-run.ts';

export type CollectTarget =
  /** `auth` chooses the bootstrap string; without it the first one that the cluster offers. */
  | { kind: 'msk'; clusterArn: string; auth?: MskAuth | undefined }
  | { kind: 'kafka'; bootstrap: readonly string[]; name?: string | undefined };

export interface CollectOptions {
  target: CollectTarget;
  /** Length of the report window; it ends at the last full minute before `nowMs`. */
  windowHours: number;
  nowMs: number;
  /** Epoch milliseconds by which the snapshot must be there. */
  deadlineMs: number;
  toolVersion: string;
  kafkaPlan: KafkaPlan;
  /** The AWS profile in use, for the command that renews its login. */
  profile?: string | undefined;
}

/** Where to read from; a source that is absent is not asked, and its sections are absent too. */
export interface CollectSources {
  msk?: MskReader | undefined;
  cloudwatch?: CloudWatchReader | undefined;
  readKafka?: ReadKafka | undefined;
  progress?: Progress | undefined;
  /** Clock of `asOfMs` and the deadline. */
  now?: (() => number) | undefined;
  /** Interrupts the collection: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Kafka may take this share of the time that is left, so that CloudWatch is still asked when brokers do not answer. */
const KAFKA_TIME_SHARE = 0.8;

/**
 * The snapshot of one cluster. Throws CollectError with one line for the user: a bad ARN, an unknown cluster, credentials that are
 * missing, expired or of another account, or nothing that could be read.
 */
export async function collectSnapshot(options: CollectOptions, sources: CollectSources): Promise<Snapshot> {
  const now = sources.now ?? (() => Date.now());
  const endMs = Math.floor(options.nowMs / MINUTE_MS) * MINUTE_MS;
  const window = { startMs: endMs - options.windowHours * HOUR_MS, endMs };
  const run = new SectionRun(options.deadlineMs, {
    now,
    progress: sources.progress ?? (() => {}),
    signal: sources.signal,
  });
  const job: Job = { options, sources, run, window, now };
  try {
    const { target } = options;
    const sections =
      target.kind === 'msk' ? await collectMsk(job, target) : await collectAnyKafka(job, target.bootstrap);
    sources.signal?.throwIfAborted();
    return {
      schemaVersion: SNAPSHOT_SCHEMA_VERSION,
      takenAtMs: options.nowMs,
      tool: { name: 'msk-checkup', version: options.toolVersion },
      target: targetOf(target, sections),
      window,
      redacted: false,
      sections,
    };
  } finally {
    run.release();
  }
}

interface Job {
  options: CollectOptions;
  sources: CollectSources;
  run: SectionRun;
  window: { startMs: number; endMs: number };
  now: () => number;
}

function targetOf(target: CollectTarget, sections: Sections): Snapshot['target'] {
  if (target.kind === 'msk') return { kind: 'msk', clusterArn: target.clusterArn.trim() };
  const clusterId = sections.kafkaBrokers?.ok ? sections.kafkaBrokers.value.clusterId : null;
  return { kind: 'kafka', name: target.name ?? clusterId ?? 'kafka' };
}

async function collectMsk(job: Job, target: Extract<CollectTarget, { kind: 'msk' }>): Promise<Sections> {
  const arn = parseClusterArn(target.clusterArn);
  const context: CallerContext = { ...arn, clusterArn: arn.arn, profile: job.options.profile };
  const control = await readControlPlane(job, arn, context);
  const kafka = await readKafkaSections(
    job,
    control === null ? noAddresses() : brokersOf(control.bootstrap, target.auth),
  );
  const metrics = await readMetricsSection(job, arn, control, kafka);
  const known: Sections = { ...control, ...kafka, ...(metrics === undefined ? {} : { metrics }) };
  if (!Object.values(known).some((section) => section.ok)) throw nothingCollected(job, known, context);
  const { value, partial } = offlinePrices(arn.region);
  return { ...known, prices: job.run.present('prices', value, partial) };
}

/** Throws at once what the user must put right before any section can be read. */
async function readControlPlane(job: Job, arn: ClusterArn, context: CallerContext): Promise<ControlPlane | null> {
  const { msk } = job.sources;
  if (msk === undefined) return null;
  return collectControlPlane(msk, arn, job.run, () => {
    const failure = job.run.failures.get('cluster');
    const fatal = failure === undefined ? null : fatalErrorOf(failure, context);
    if (fatal !== null) throw fatal;
  });
}

function noAddresses(): Missing {
  return missing('not-requested', 'the addresses of the brokers were not read');
}

interface Addresses {
  brokers: readonly string[];
  auth: MskAuth | null;
}

/** Addresses that fit the way of authentication, or why there are none. */
function brokersOf(bootstrap: ControlPlane['bootstrap'], auth: MskAuth | undefined): Addresses | Missing {
  if (!bootstrap.ok) return missing(bootstrap.reason, `no broker addresses: ${bootstrap.detail}`, bootstrap.fix);
  const offered = offeredAuths(bootstrap.value);
  const wanted = auth ?? offered[0];
  const brokers = wanted === undefined ? null : chooseBootstrap(bootstrap.value, wanted);
  if (wanted !== undefined && brokers !== null) return { brokers, auth: wanted };
  const fix = offered.length === 0 ? undefined : `Use ${offered.map((each) => `--auth ${each}`).join(' or ')}`;
  return missing('not-enabled', `the cluster has no listener for authentication ${wanted ?? 'of any kind'}`, fix);
}

async function readKafkaSections(job: Job, addresses: Addresses | Missing): Promise<Partial<KafkaSections>> {
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

async function readMetricsSection(
  job: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
  kafka: Partial<KafkaSections>,
): Promise<Collected<SectionValue<'metrics'>> | undefined> {
  const { cloudwatch } = job.sources;
  if (cloudwatch === undefined || control === null) return undefined;
  const scope = metricScope(control, arn);
  if ('reason' in scope) return job.run.settle('metrics', scope);
  const brokers = brokerIds(scope.kind, control, kafka);
  const plan = planMetrics({
    kind: scope.kind,
    clusterName: scope.clusterName,
    enhancedMonitoring: scope.enhancedMonitoring,
    brokerIds: brokers.ids,
    groupTopics: kafka.kafkaOffsets?.ok ? mostLaggingPairs(kafka.kafkaOffsets.value, 2 * MAX_GROUP_TOPIC_PAIRS) : [],
    window: job.window,
  });
  const call = { action: 'cloudwatch:GetMetricData', resource: '*', region: arn.region };
  return job.run.read('metrics', call, async (signal) => {
    const { value, partial } = await readMetrics(cloudwatch, plan, signal);
    return {
      value,
      partial: [scope.problem, brokers.problem, partial].filter((each) => each !== undefined).join('; ') || undefined,
    };
  });
}

async function collectAnyKafka(job: Job, bootstrap: readonly string[]): Promise<Sections> {
  const sections: Sections = await readKafkaSections(job, { brokers: bootstrap, auth: null });
  if (!Object.values(sections).some((section) => section.ok)) throw nothingCollected(job, sections, null);
  return sections;
}

function nothingCollected(job: Job, sections: Sections, context: CallerContext | null): Error {
  if (job.sources.signal?.aborted === true) return job.sources.signal.reason as Error;
  const failure = job.run.failures.get('cluster');
  if (failure !== undefined && context !== null) return collectErrorOf(failure, context);
  const first = Object.values(sections).find((section) => !section.ok);
  const because =
    first === undefined || first.ok ? 'no source was given' : [first.detail, first.fix].filter(Boolean).join('. ');
  return new CollectError('nothing-collected', `Nothing could be read: ${because}`.replaceAll(/\s+/g, ' '));
}
