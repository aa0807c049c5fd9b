// One word over the whole run.
import type { CheckResult } from '../checks/check.ts';
import { MIN_OVERALL_CONFIDENCE } from '../policy/weights.ts';

/** The worst check decides; where too little was seen and nothing failed, the answer is that nobody knows. */
export function overallVerdict(
  results: readonly CheckResult[],
  confidence: number,
): 'pass' | 'warn' | 'fail' | 'no-data' {
  const has = (status: CheckResult['status']) => results.some((result) => result.status === status);
  if (has('fail')) return 'fail';
  if (confidence < MIN_OVERALL_CONFIDENCE) return 'no-data';
  if (has('warn')) return 'warn';
  return has('pass') ? 'pass' : 'no-data';
}
