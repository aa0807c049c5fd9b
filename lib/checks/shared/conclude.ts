// The frame of checks that look at everything and find some of it wanting.
import type { Evidence, FindingDraft, Outcome, Recommendation } from '../check.ts';
import { worstFirst } from './severity.ts';

export interface Conclusion {
  findings: readonly FindingDraft[];
  /** Default: a higher measured value is worse. */
  worse?: 'higher' | 'lower';
  /** Why a clean look proves nothing, for the middle of a sentence; null when all was seen. */
  gap: string | null;
  evidence: readonly Evidence[];
  /** Summary of a pass. */
  pass: string;
  fail: (worst: FindingDraft, all: readonly FindingDraft[]) => string;
  recommend: (worst: FindingDraft, all: readonly FindingDraft[]) => Recommendation;
}

/** Findings, worst first, if there are any; else no-data where something was not seen; else a pass. */
export function conclude({ findings, worse, gap, evidence, pass, fail, recommend }: Conclusion): Outcome {
  const ordered = worstFirst(findings, worse);
  if (ordered === null) {
    return gap === null
      ? { kind: 'pass', summary: pass, evidence }
      : { kind: 'no-data', because: `Not measured: ${gap}.` };
  }
  const [worst] = ordered;
  return {
    kind: 'findings',
    summary: fail(worst, ordered),
    findings: ordered,
    evidence,
    recommendation: recommend(worst, ordered),
    ...(gap === null ? {} : { partial: gap }),
  };
}

/** The first reason of several; null when there is none. */
export function firstGap(...gaps: readonly (string | null)[]): string | null {
  return gaps.find((gap) => gap !== null) ?? null;
}
