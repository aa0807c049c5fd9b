// What one run leaves for the next: small, versioned, free of evidence.
import type { CheckStatus, Scope, Severity } from '../checks/check.ts';

export const HISTORY_SCHEMA_VERSION = 1;

export interface HistoricFinding {
  id: string;
  checkId: string;
  severity: Severity;
  scope: Scope;
  resource: string;
  title: string;
  measured: number | null;
  firstSeenMs: number;
  /** The one clean report since it was found last; it is closed by the second. */
  goneSinceMs?: number;
}

/** Stored at `v1/latest/<account>/<region>/<cluster>.json` (bucket or directory) after a run was published. */
export interface RunRecord {
  schemaVersion: typeof HISTORY_SCHEMA_VERSION;
  runId: string;
  takenAtMs: number;
  toolVersion: string;
  policyFingerprint: string;
  clusterIdentity: string;
  score: number | null;
  checks: readonly { checkId: string; status: CheckStatus }[];
  findings: readonly HistoricFinding[];
}
