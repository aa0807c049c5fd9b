// What was found, as the report shows it: findings, cards of checks, next steps, what changed since the run before, what was waived.

import type { Area, CheckStatus, Evidence, Recommendation, Scope, Severity } from '../checks/check.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import type { Command } from '../text/command.ts';
import type { Unit } from '../text/units.ts';

export interface ReportFinding {
  id: string;
  checkId: CheckId;
  area: Area;
  severity: Severity;
  scope: Scope;
  resource: string;
  /** The check's failing title. */
  title: string;
  measured: number | null;
  limit: number | null;
  unit: Unit;
  note: string | null;
  confidence: number;
  /** Severity, confidence, money and effort in one number (lib/scorecard/ranking.ts); the findings are ordered by it. */
  priority: number;
  /** Null on a first run or when the earlier run did not look. */
  change: ChangeState | null;
  firstSeenMs: number;
  /** Who answers for the resource, as the policy or the cluster's tag says; null when neither does. */
  owner: string | null;
}

export type ChangeState = 'new' | 'worse' | 'persisting';

/** A check with its findings, as one card of the report. */
export interface ReportCheck {
  checkId: CheckId;
  area: Area;
  status: CheckStatus;
  title: string;
  summary: string;
  why: string;
  findingIds: readonly string[];
  evidence: readonly Evidence[];
  recommendation: Recommendation | null;
  partial: string | null;
  references: readonly string[];
}

/** A next step of the summary: the check that ranks highest, with its first command. */
export interface ReportAction {
  checkId: CheckId;
  findingId: string;
  severity: Severity;
  title: string;
  scope: Scope;
  resource: string;
  action: string;
  command: Command | null;
  /** Positive saves, negative costs; null when money is not touched or not known. */
  usdPerMonth: number | null;
}

export interface Changes {
  /** Null when this is the first run. */
  previous: { runId: string; takenAtMs: number; score: number | null } | null;
  new: readonly string[];
  worse: readonly string[];
  persisting: readonly string[];
  /** Not found today, for the first time: what comes and goes with the hour would else be resolved and new in turn. */
  clearing: readonly GoneFinding[];
  /** Not found in this report, nor in the one before. */
  resolved: readonly GoneFinding[];
  notRechecked: readonly (GoneFinding & { because: string })[];
  /** "The policy changed", "the tool went from 0.1.0 to 0.2.0": causes of what was added or removed. */
  causes: readonly string[];
}

/** A finding of the previous run that today's run does not list. */
export interface GoneFinding {
  id: string;
  checkId: string;
  title: string;
  scope: Scope;
  resource: string;
  severity: Severity;
}

/** What the policy's waivers did to this report. */
export interface ReportWaivers {
  /** Findings that are left out of verdict and advice, worst first. */
  waived: readonly {
    id: string;
    checkId: CheckId;
    title: string;
    scope: Scope;
    resource: string;
    severity: Severity;
    measured: number | null;
    limit: number | null;
    unit: Unit;
    firstSeenMs: number;
    waiver: Omit<WaiverBrief, 'check'> & { reason: string };
  }[];
  /** Waivers that no longer hold: their findings count again. */
  expired: readonly WaiverBrief[];
  /** Waivers of checks that were answered and found nothing for them. */
  stale: readonly WaiverBrief[];
}

export interface WaiverBrief {
  name: string;
  check: string;
  owner: string;
  expires: string;
}
