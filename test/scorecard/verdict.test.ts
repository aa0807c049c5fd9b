import { expect, test } from 'vitest';
import type { CheckResult, CheckStatus } from '../../lib/checks/check.ts';
import { overallVerdict } from '../../lib/scorecard/verdict.ts';

function results(...statuses: CheckStatus[]): CheckResult[] {
  return statuses.map((status) => ({
    checkId: 'cpu-high',
    area: 'capacity',
    title: '',
    status,
    summary: '',
    findings: [],
    evidence: [],
    recommendation: null,
    waived: [],
    partial: null,
  }));
}

test.each<[string, CheckStatus[], number, string]>([
  ['one failed check outweighs all', ['pass', 'warn', 'fail'], 1, 'fail'],
  ['a fail may rest on little knowledge', ['fail', 'no-data'], 0.1, 'fail'],
  ['a warning among passes', ['pass', 'warn'], 1, 'warn'],
  ['too little known to say pass', ['pass'], 0.59, 'no-data'],
  ['too little known to leave it at a warning', ['warn'], 0.59, 'no-data'],
  ['just enough known', ['pass'], 0.6, 'pass'],
  ['our own errors are no verdict on the cluster', ['pass', 'error'], 1, 'pass'],
  ['nothing was judged', ['not-applicable', 'no-data', 'error'], 1, 'no-data'],
  ['no checks at all', [], 1, 'no-data'],
])('%s', (_, statuses, confidence, verdict) => {
  expect(overallVerdict(results(...statuses), confidence)).toBe(verdict);
});
