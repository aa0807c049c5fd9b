// What a caller gets back: the contract of the report function.
import type { CollectErrorCode } from '../lib/collect/aws-errors.ts';
import type { Report } from '../lib/report/report.ts';
import { type ReportSummary, summaryOf } from '../lib/report/summary.ts';

export type ReplyErrorCode = 'bad-input' | 'not-allowed' | 'not-found' | 'nothing-collected' | 'timed-out';

export type ReportReply =
  | (ReportSummary & {
      ok: true;
      reportKey: string;
      /** Only when a person asked; dies after 15 minutes, or with the credentials that signed it. */
      reportUrl?: string;
      expiresAt?: string;
      costUsd: number | null;
    })
  | { ok: false; error: { code: ReplyErrorCode; message: string } };

export function replyOf(
  report: Report,
  reportKey: string,
  link: { url: string; expiresAtMs: number } | null,
): ReportReply {
  return {
    ok: true,
    ...summaryOf(report),
    reportKey,
    ...(link === null ? {} : { reportUrl: link.url, expiresAt: new Date(link.expiresAtMs).toISOString() }),
    costUsd: report.runCostUsd,
  };
}

export function refusal(code: ReplyErrorCode, message: string): ReportReply {
  return { ok: false, error: { code, message } };
}

/** Whose fault a failed collection is: a code for the caller's, or null for a transient one, which is thrown and retried. */
export function refusalCode(code: CollectErrorCode, onDemand: boolean): ReplyErrorCode | null {
  switch (code) {
    case 'bad-arn':
    case 'wrong-region':
      return 'bad-input';
    case 'not-permitted':
    case 'wrong-account':
    case 'region-not-enabled':
      return 'not-allowed';
    case 'not-found':
      return 'not-found';
    case 'timed-out':
      return onDemand ? 'timed-out' : null;
    case 'nothing-collected':
    case 'no-credentials':
    case 'expired-credentials':
    case 'refused-credentials':
      return 'nothing-collected';
    case 'throttled':
    case 'aws-failed':
    case 'unreachable':
      return null;
  }
}
