// One live collection for a command: which sources, how long, and what a person sees meanwhile.
import { type CollectTarget, REPORT_WINDOW_HOURS } from '../collect/collect-job.ts';
import { collectSnapshot } from '../collect/collect-snapshot.ts';
import { collectKafka, type KafkaAuth } from '../collect/kafka/collect-kafka.ts';
import { reportPlan } from '../collect/kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from '../collect/kafka-stage.ts';
import type { SamplingPolicy } from '../policy/policy.ts';
import type { CliSettings } from '../settings.ts';
import { missing } from '../snapshot/collected.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import { TOOL_VERSION } from '../version.ts';
import { awsSources } from './aws-sources.ts';
import { kafkaAuth } from './broker-auth.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { createProgress } from './progress.ts';
import type { Auth, SourceOptions } from './source.ts';

/** For everything but the time between two looks at the offsets. */
const COLLECTION_MS = 120_000;
/** Kafka gets less than this share of a run (lib/collect/broker-stage.ts): the looks must have room in it. */
const SHARE_FOR_LOOKS = 0.85;

/**
 * Reads the cluster that the options name.
 * @throws CollectError, UsageError, or the signal's reason when interrupted
 */
export async function collectLive(
  options: SourceOptions,
  sampling: SamplingPolicy,
  settings: CliSettings,
  io: Io,
): Promise<Snapshot> {
  const progress = createProgress(io);
  const spanMs = (sampling.samples - 1) * sampling.intervalSec * 1000;
  const auth = options.auth === undefined ? null : await kafkaAuth(options.auth, options, settings);
  const nowMs = options.now ?? Date.now();
  io.err(`Reading ${options.cluster ?? options.bootstrap?.join(',')}${spanText(spanMs)}\n`);
  try {
    return await collectSnapshot(
      {
        target: targetOf(options),
        windowHours: REPORT_WINDOW_HOURS,
        nowMs,
        deadlineMs: Date.now() + COLLECTION_MS + Math.ceil(spanMs / SHARE_FOR_LOOKS),
        toolVersion: TOOL_VERSION,
        kafkaPlan: reportPlan(sampling),
        profile: options.profile ?? settings.profile ?? undefined,
      },
      {
        ...(await awsSources(options, settings, nowMs)),
        readKafka: kafkaReader(auth, options, settings, io),
        progress: progress.onEvent,
        signal: io.signal,
      },
    );
  } finally {
    progress.clear();
  }
}

function spanText(spanMs: number): string {
  return spanMs < 10_000 ? '' : ` (looks at the offsets are spread over ${Math.round(spanMs / 1000)} s)`;
}

function targetOf(options: SourceOptions): CollectTarget {
  if (options.cluster === undefined) return { kind: 'kafka', bootstrap: options.bootstrap ?? [] };
  const auth = options.auth === 'plain' ? undefined : options.auth;
  return { kind: 'msk', clusterArn: options.cluster, auth, isPublic: options.public };
}

/** Without `--auth` the cluster's own listeners decide; any Kafka is then spoken to in plaintext. */
function kafkaReader(given: KafkaAuth | null, options: SourceOptions, settings: CliSettings, io: Io): ReadKafka {
  return async (request) => {
    const kind: Auth = request.auth ?? 'none';
    try {
      const auth = given ?? (await kafkaAuth(kind, options, settings));
      return await collectKafka(
        { brokers: request.brokers, auth, plan: request.plan, deadlineMs: request.deadlineMs },
        { now: () => Date.now(), sleep, signal: io.signal },
      );
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return kafkaMissing(
        request.plan,
        missing('not-requested', `the cluster's brokers want --auth ${kind}`, error.message),
      );
    }
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
