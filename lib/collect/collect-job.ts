// One collection: what was asked for, where it may be read, and how far it is.
import type { CloudWatchReader } from './cloudwatch/cloudwatch-reader.ts';
import type { KafkaPlan } from './kafka/plan.ts';
import type { ReadKafka } from './kafka-stage.ts';
import type { MskAuth } from './msk/bootstrap.ts';
import type { MskReader } from './msk/msk-reader.ts';
import type { Progress, SectionRun } from './section-run.ts';

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

export interface Job {
  options: CollectOptions;
  sources: CollectSources;
  run: SectionRun;
  window: { startMs: number; endMs: number };
  now: () => number;
}
