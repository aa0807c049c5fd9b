// Reads everything that one report needs and gives it the snapshot's form. Sections are independent: one that cannot be read becomes
// visible missing knowledge. Only when nothing at all could be read, or the caller can be told how to help himself, it throws.
import { reportWindow } from '../history/hourly.ts';
import { type Missing, missing } from '../snapshot/collected.ts';
import { type Sections, SNAPSHOT_SCHEMA_VERSION, type Snapshot } from '../snapshot/schema.ts';
import { Shelf } from './account/weekly-sections.ts';
import { type CallerContext, CollectError, collectErrorOf, fatalErrorOf } from './aws-errors.ts';
import { addressesOf, readKafkaSections } from './broker-stage.ts';
import type { CollectOptions, CollectSources, CollectTarget, Job } from './collect-job.ts';
import { withPatientStores } from './kept-between-runs.ts';
import { readMetricsSection } from './metrics-stage.ts';
import { type ClusterArn, parseClusterArn } from './msk/cluster-arn.ts';
import { type ControlPlane, collectControlPlane } from './msk/control-plane.ts';
import { SectionRun } from './section-run.ts';
import { nodesWithZones, readAccount, readBill, readPrices, readTopicsInstead } from './side-stages.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The snapshot of one cluster. Throws CollectError with one line for the user: a bad ARN, an unknown cluster, credentials that are
 * missing, expired or of another account, or nothing that could be read.
 */
export async function collectSnapshot(options: CollectOptions, sources: CollectSources): Promise<Snapshot> {
  const now = sources.now ?? (() => Date.now());
  const window = windowOf(options, sources);
  const run = new SectionRun(options.deadlineMs, {
    now,
    progress: sources.progress ?? (() => {}),
    signal: sources.signal,
  });
  const patient = withPatientStores(sources, run.signal);
  const storedHours = options.target.kind === 'msk' ? patient.hours?.load() : undefined;
  const shelf = new Shelf(options.target.kind === 'msk' ? patient.weekly : undefined);
  const job: Job = { options, sources: patient, run, window, now, storedHours, shelf };
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

/** Where hours are kept for later runs the window begins with a whole hour, so that none of them is read in halves. */
function windowOf({ nowMs, windowHours }: CollectOptions, { hours }: CollectSources): Job['window'] {
  if (hours !== undefined) return reportWindow(nowMs, windowHours);
  const endMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return { startMs: endMs - windowHours * HOUR_MS, endMs };
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
  // What lies around the cluster does not wait for the brokers, nor they for it.
  const [prices, bill, account, cluster] = await Promise.all([
    readPrices(job, arn),
    readBill(job, arn),
    readAccount(job, arn, control),
    readCluster(job, arn, control, target),
  ]);
  await job.shelf.saved;
  const own: Sections = { ...control, ...cluster };
  // An account has quotas, alarms and a bill whether or not anything of this cluster may be read.
  if (!Object.values(own).some((section) => section.ok)) throw nothingCollected(job, own, context);
  return { ...control, ...account, ...cluster, ...(bill === undefined ? {} : { bill }), prices };
}

/** The brokers' own word, or what AWS knows of topics instead, and the metrics that follow from it. */
async function readCluster(
  job: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
  target: Extract<CollectTarget, { kind: 'msk' }>,
): Promise<Sections> {
  const addresses = control === null ? noAddresses() : addressesOf(control, target);
  const kafka = await readKafkaSections(job, addresses, control);
  const [metrics, mskTopics, nodes] = await Promise.all([
    readMetricsSection(job, arn, control, kafka),
    readTopicsInstead(job, arn, control, kafka),
    control === null ? undefined : nodesWithZones(job, arn, control.nodes, kafka),
  ]);
  return {
    ...kafka,
    ...(nodes === undefined ? {} : { nodes }),
    ...(mskTopics === undefined ? {} : { mskTopics }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/** Throws at once what the user must put right before any section can be read. */
async function readControlPlane(job: Job, arn: ClusterArn, context: CallerContext): Promise<ControlPlane | null> {
  const { msk } = job.sources;
  if (msk === undefined) return null;
  const afterCluster = (): void => {
    const failure = job.run.failures.get('cluster');
    const fatal = failure === undefined ? null : fatalErrorOf(failure, context);
    if (fatal !== null) throw fatal;
  };
  return collectControlPlane(msk, arn, job.run, afterCluster, { nowMs: job.options.nowMs });
}

function noAddresses(): Missing {
  return missing('not-requested', 'the addresses of the brokers were not read');
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
