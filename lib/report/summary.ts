// The short form for programs: the answer of the Lambda and the body of its messages. Names are sanitised and short.

import { safeLabel, safeText } from '../text/sanitize.ts';
import { clip } from '../text/wrap.ts';
import type { Report, Severity, Verdict } from './report.ts';

export interface SummaryFinding {
  id: string;
  checkId: string;
  severity: Severity;
  title: string;
  resource: string;
  action: string;
  usdPerMonth: number | null;
}

export interface ReportSummary {
  runId: string;
  /** Null when the target is no MSK cluster. */
  clusterArn: string | null;
  verdict: Verdict;
  score: number | null;
  /** 0..1: how much of the applicable weight was measured. */
  coverage: number;
  degraded: readonly string[];
  counts: Readonly<Record<Severity, number>>;
  topFindings: readonly SummaryFinding[];
  /** Numbers of findings; all 0 on a first run. */
  changes: { new: number; worse: number; clearing: number; resolved: number; notRechecked: number };
}

const MAX_TEXT = 500;

export function summaryOf(report: Report): ReportSummary {
  const { changes } = report;
  return {
    runId: report.runId,
    clusterArn: report.cluster.arn,
    verdict: report.verdict,
    score: report.scorecard.score,
    coverage: report.scorecard.confidence,
    degraded: report.degraded.slice(0, 20).map((line) => clip(safeText(line), MAX_TEXT)),
    counts: report.counts,
    topFindings: report.actions.map((action) => ({
      id: action.findingId,
      checkId: action.checkId,
      severity: action.severity,
      title: action.title,
      resource: safeLabel(action.resource),
      action: clip(safeText(action.action), MAX_TEXT),
      usdPerMonth: action.usdPerMonth,
    })),
    changes: {
      new: changes.new.length,
      worse: changes.worse.length,
      clearing: changes.clearing.length,
      resolved: changes.resolved.length,
      notRechecked: changes.notRechecked.length,
    },
  };
}
