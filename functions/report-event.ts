// What a caller or the schedule may ask of the report function. Untrusted: strict keys, closed values, no roles, buckets or addresses.
import * as v from 'valibot';
import { CollectError } from '../lib/collect/aws-errors.ts';
import { parseClusterArn } from '../lib/collect/msk/cluster-arn.ts';
import { ENVIRONMENTS, type Environment, GOALS, type Goal } from '../lib/policy/environment.ts';
import { isRunId, isScheduledRun, scheduledRunId } from '../lib/publish/keys.ts';

/** The event cannot be used; one line for the caller. */
export class BadEventError extends Error {
  override name = 'BadEventError';
}

const FORMATS = ['html', 'json'] as const;

const eventSchema = v.strictObject({
  clusterArn: v.string(),
  runId: v.optional(v.pipe(v.string(), v.check(isRunId, 'expected yyyymmddThhmmZ or manual-<uuid>'))),
  scheduledTime: v.optional(v.pipe(v.string(), v.check(isInstant, 'expected an ISO time like 2026-11-20T06:15:00Z'))),
  formats: v.optional(v.array(v.picklist(FORMATS, `allowed: ${FORMATS.join(', ')}`))),
  goal: v.optional(v.picklist(GOALS, `allowed: ${GOALS.join(', ')}`)),
  environment: v.optional(v.picklist(ENVIRONMENTS, `allowed: ${ENVIRONMENTS.join(', ')}`)),
  sampling: v.optional(v.picklist(['full', 'quick'], 'allowed: full, quick')),
  notify: v.optional(v.boolean()),
});

export interface ReportRequest {
  clusterArn: string;
  runId: string;
  /** Scheduled runs are the baseline of the next one; manual ones never are. */
  scheduled: boolean;
  /** The minute the run was scheduled for, or null. */
  scheduledMs: number | null;
  /** A person waits for the answer: it then carries a link. */
  onDemand: boolean;
  /** `formats` without `html` leaves report.html out; report.json, which commits the run, is always written. */
  withHtml: boolean;
  goal: Goal | undefined;
  environment: Environment | undefined;
  sampling: 'full' | 'quick';
  notify: boolean;
}

/**
 * @param newId gives the uuid of a manual run
 * @throws BadEventError with one line for the caller
 */
export function parseReportEvent(event: unknown, newId: () => string): ReportRequest {
  const parsed = v.safeParse(eventSchema, event);
  if (!parsed.success) throw new BadEventError(issueLine(parsed.issues[0]));
  const { clusterArn, scheduledTime, formats, goal, environment, notify } = parsed.output;
  checkArn(clusterArn);
  const scheduledMs = scheduledTime === undefined ? null : Date.parse(scheduledTime);
  const ofSchedule = scheduledMs === null ? undefined : scheduledRunId(scheduledMs);
  const runId = parsed.output.runId ?? ofSchedule ?? `manual-${newId()}`;
  if (ofSchedule !== undefined && runId !== ofSchedule) {
    throw new BadEventError(`runId ${runId} does not belong to scheduledTime ${scheduledTime}: expected ${ofSchedule}`);
  }
  const scheduled = isScheduledRun(runId);
  const onDemand = scheduledTime === undefined;
  return {
    clusterArn,
    runId,
    scheduled,
    scheduledMs: scheduledMs ?? (scheduled ? timeOfRunId(runId) : null),
    onDemand,
    withHtml: formats?.includes('html') ?? true,
    goal,
    environment,
    // A person gets an answer within 45 s; the schedule takes the two minutes that progress of consumers needs.
    sampling: parsed.output.sampling ?? (onDemand ? 'quick' : 'full'),
    notify: notify ?? !onDemand,
  };
}

function checkArn(clusterArn: string): void {
  try {
    parseClusterArn(clusterArn);
  } catch (error) {
    if (error instanceof CollectError) throw new BadEventError(error.message);
    throw error;
  }
}

function issueLine(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'event';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `unknown key ${JSON.stringify(path.slice(0, 60))}; allowed: ${Object.keys(eventSchema.entries).join(', ')}`;
  }
  return `${path.slice(0, 60)}: ${issue.message}`;
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function timeOfRunId(runId: string): number {
  const iso = runId.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:00Z');
  const time = Date.parse(iso);
  if (Number.isNaN(time)) throw new BadEventError(`runId ${runId} is no date and time`);
  return time;
}
