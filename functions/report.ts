// The report function: scheduled and on demand. Parses the event, builds the clients, runs, answers, logs one line.
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CollectError } from '../lib/collect/aws-errors.ts';
import { LINK_SECONDS } from '../lib/publish/presign.ts';
import { type ReporterSettings, readReporterSettings } from '../lib/settings.ts';
import { METRIC_NAMESPACE, METRIC_SERVICE, type OwnMetric } from './metrics.ts';
import { type ReportReply, refusal, refusalCode, replyOf } from './reply.ts';
import { BadEventError, parseReportEvent, type ReportRequest } from './report-event.ts';
import { createPorts, linkTo } from './report-ports.ts';
import { type RunOutcome, runReport } from './run-report.ts';

/** What Lambda tells of the time that is left. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * One report of one cluster.
 * @returns the summary and where the report lies, or `ok: false` for the caller's own mistake
 * @throws on transient faults, so that whoever invoked retries
 */
export async function handler(event: unknown, context: LambdaContext): Promise<ReportReply> {
  const settings = readReporterSettings();
  const logger = new Logger({ serviceName: METRIC_SERVICE, logLevel: settings.logLevel });
  const startedMs = Date.now();
  let request: ReportRequest | null = null;
  try {
    request = parseReportEvent(event, randomUUID);
    const ports = await createPorts(settings, request, context.getRemainingTimeInMillis());
    const outcome = await runReport(request, settings, ports);
    count(outcomeMetrics(outcome, request));
    logger.info('report', logFields(outcome, request, startedMs));
    return await answer(outcome, request, settings);
  } catch (error) {
    const reply = replyToFailure(error, request);
    const fields = { runId: request?.runId, clusterArn: request?.clusterArn, durationMs: Date.now() - startedMs };
    if (reply === null) {
      logger.error('run failed', { ...fields, error: error as Error });
      throw error;
    }
    if (isScheduled(event)) count(['ReportRefused']);
    logger.warn('refused', { ...fields, reply });
    return reply;
  }
}

/** True also for an event that is wrong otherwise: a schedule that was set up badly must not fail in silence. */
function isScheduled(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'scheduledTime' in event;
}

/** The answer to a mistake of the caller; null when the fault is not his. */
function replyToFailure(error: unknown, request: ReportRequest | null): ReportReply | null {
  if (error instanceof BadEventError) return refusal('bad-input', error.message);
  if (!(error instanceof CollectError)) return null;
  const code = refusalCode(error.code, request?.onDemand ?? false);
  return code === null ? null : refusal(code, error.message);
}

async function answer(outcome: RunOutcome, request: ReportRequest, settings: ReporterSettings): Promise<ReportReply> {
  const nowMs = Date.now();
  const link = request.onDemand
    ? { url: await linkTo(settings, outcome.reportKey, nowMs), expiresAtMs: nowMs + LINK_SECONDS * 1000 }
    : null;
  return replyOf(outcome.report, outcome.reportKey, link);
}

/** Only scheduled runs feed the dead man's switch: a person's run must not hide that the schedule is dead. */
function outcomeMetrics(outcome: RunOutcome, request: ReportRequest): OwnMetric[] {
  return [
    ...(request.scheduled && !request.onDemand ? (['ReportPublished'] as const) : []),
    ...(outcome.policyRejected ? (['PolicyRejected'] as const) : []),
  ];
}

function count(names: readonly OwnMetric[]): void {
  if (names.length === 0) return;
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: METRIC_SERVICE });
  for (const name of names) metrics.addMetric(name, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

function logFields(outcome: RunOutcome, request: ReportRequest, startedMs: number) {
  const { report, fresh, reportKey } = outcome;
  return {
    runId: request.runId,
    clusterArn: request.clusterArn,
    fresh,
    verdict: report.verdict,
    score: report.scorecard.score,
    degraded: report.degraded.length,
    findings: report.findings.length,
    reportKey,
    costUsd: report.runCostUsd,
    durationMs: Date.now() - startedMs,
  };
}
