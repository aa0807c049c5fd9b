// What every section of one cluster's control plane is read with, and how one of several calls may fail without costing the others.
import { DELETED_WHILE_READ } from '../../facts/cluster-states.ts';
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import type { SectionName } from '../../snapshot/schema.ts';
import { type AwsCall, missingFrom } from '../aws-errors.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import type { SectionRun } from '../section-run.ts';
import type { ClusterArn } from './cluster-arn.ts';
import type { MskReader } from './msk-reader.ts';
import { IncompleteAnswerError } from './normalise-cluster.ts';

/** A value and, in one line, what of it could not be read. */
export interface Read<T> {
  value: T;
  partial?: string | undefined;
}

export interface ClusterReading {
  reader: MskReader;
  arn: ClusterArn;
  run: SectionRun;
  /** Epoch milliseconds of the run: what lies before its history is not kept. */
  nowMs: number;
  /** The cluster was described: a NotFound after that means that it is gone. */
  isDescribed: boolean;
}

/** A call about the cluster itself. `resource` is `*` for the actions that IAM cannot narrow to a cluster. */
export function clusterCall(operation: string, arn: ClusterArn, resource: string = arn.arn): AwsCall {
  return { action: `kafka:${operation}`, resource, region: arn.region };
}

/** A part of an answer: a list that is not there is not an empty one. Throws IncompleteAnswerError. */
export function told<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new IncompleteAnswerError(`the answer holds no ${name}`);
  return part;
}

/** The outcome of one call. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; missing: Missing };

/** One call about the cluster: never rejects. What other calls of the same section gave is not lost with it. */
export async function attempt<T>(
  { run, isDescribed }: ClusterReading,
  call: AwsCall,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<Attempt<T>> {
  const attempted = await attemptCall(run, call, read);
  if (attempted.ok || !isDescribed || attempted.kind !== 'not-found') return attempted;
  return { ok: false, missing: missing('failed', `${call.action}: ${DELETED_WHILE_READ}`) };
}

/** The same for a resource that can be gone while the cluster lives. */
export async function attemptCall<T>(run: SectionRun, call: AwsCall, read: (signal: AbortSignal) => Promise<T>) {
  try {
    return { ok: true as const, value: await run.untilDeadline(read(run.signal)) };
  } catch (error) {
    const failure = classifyAwsError(error);
    const isOurs = error instanceof IncompleteAnswerError;
    const because = isOurs ? missing('failed', `${call.action}: ${error.message}`) : missingFrom(failure, call);
    return { ok: false as const, missing: because, kind: failure.kind };
  }
}

/** A section that needs one call about the cluster. */
export async function collectSection<T>(
  reading: ClusterReading,
  section: SectionName,
  call: AwsCall,
  read: (signal: AbortSignal) => Promise<Read<T>>,
): Promise<Collected<T>> {
  const { run } = reading;
  run.announce(section);
  const attempted = await attempt(reading, call, read);
  if (!attempted.ok) return run.settle(section, attempted.missing);
  return run.present(section, attempted.value.value, attempted.value.partial);
}

/** Why a part of a section is missing, in one line with its cure. */
export function asNote({ detail, fix }: Missing): string {
  return fix === undefined ? detail : `${detail}. ${fix}`;
}

/** The notes of a section as its `partial`; undefined when there are none. */
export function partialOf(notes: readonly (string | null | undefined)[]): string | undefined {
  return notes.filter((each) => each !== null && each !== undefined && each !== '').join('; ') || undefined;
}
