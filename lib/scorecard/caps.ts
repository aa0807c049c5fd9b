// Facts so grave that no average may hide them: each caps the overall score.
import { isMasked } from '../analysis/maintenance.ts';
import type { CheckResult, Finding, RunContext } from '../checks/check.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import { CAPS, type CapRule, DISK_CAP_PERCENT } from '../policy/weights.ts';
import type { Cap } from './scorecard.ts';

/** A rule holds when some finding of its check says so. `evenInMaintenance`: a restart in progress is no excuse. */
interface CapSource {
  rule: CapRule;
  checkId: CheckId;
  holds: (finding: Finding) => boolean;
  evenInMaintenance: boolean;
}

/** Findings without a `now` are of now; one of the whole window says what is left of it. */
const isNow = ({ now = 1 }: Finding) => now >= 1;

const SOURCES: readonly CapSource[] = [
  { rule: 'offline-partitions-now', checkId: 'offline-partitions', holds: isNow, evenInMaintenance: false },
  { rule: 'under-min-isr-now', checkId: 'partitions-under-min-isr', holds: isNow, evenInMaintenance: false },
  {
    rule: 'disk-nearly-full-now',
    checkId: 'disk-used-high',
    holds: ({ now = 0 }) => now >= DISK_CAP_PERCENT,
    evenInMaintenance: true,
  },
  {
    rule: 'records-lost',
    checkId: 'records-lost-to-retention',
    // A group that nobody runs any more is reported for information only.
    holds: (finding) => finding.severity !== 'info',
    evenInMaintenance: true,
  },
  {
    rule: 'public-unauthenticated',
    checkId: 'cluster-public',
    // Public access alone is never critical: it is with clients that need no authentication.
    holds: ({ severity }) => severity === 'critical',
    evenInMaintenance: false,
  },
  {
    rule: 'version-past-end-of-support',
    checkId: 'version-unsupported',
    // Measured in days to the end of support.
    holds: (finding) => finding.measured !== null && finding.measured <= 0,
    evenInMaintenance: false,
  },
];

/** Caps that hold in this run, lowest first. */
export function capsFrom(
  results: readonly CheckResult[],
  run: Pick<RunContext, 'environment' | 'maintenance' | 'takenAtMs'>,
): Cap[] {
  const inMaintenance = isMasked(run.maintenance, run.takenAtMs);
  return SOURCES.flatMap(({ rule, checkId, holds, evenInMaintenance }): Cap[] => {
    const max = CAPS[rule][run.environment];
    if (max === null || (inMaintenance && !evenInMaintenance)) return [];
    const found = results.some((result) => result.checkId === checkId && result.findings.some(holds));
    return found ? [{ rule, max }] : [];
  }).sort((a, b) => a.max - b.max);
}
