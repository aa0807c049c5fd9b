// Among the things to do, what is cheaper than a larger broker comes before it.
import { expect, test } from 'vitest';
import type { CheckResult, Severity } from '../../lib/checks/check.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { build, drawn } from './built-report.ts';

const sizeUp = (severity: Severity): CheckResult => {
  const result = drawn({ id: 'cpu-high', findings: [['1', severity]] });
  return { ...result, recommendation: { ...result.recommendation!, cheaperFirst: ['batches-small'] } };
};
const batches = (severity: Severity) => drawn({ id: 'batches-small', findings: [['orders', severity]] });
const other = drawn({ id: 'min-isr-low', findings: [['carts', 'high']] });
const idsOn = (...results: CheckResult[]) => build(aSnapshot().build(), results).actions.map(({ checkId }) => checkId);

test('a milder fault that is a cheaper way to the same end is as urgent as the dearer one', () => {
  expect(idsOn(sizeUp('critical'), other, batches('medium'))).toEqual(['batches-small', 'cpu-high', 'min-isr-low']);
});

test('alone it stays what it is', () => {
  expect(idsOn(other, batches('medium'))).toEqual(['min-isr-low', 'batches-small']);
});

test('a trifle is no way', () => {
  expect(idsOn(sizeUp('critical'), other, batches('low'))).toEqual(['cpu-high', 'min-isr-low', 'batches-small']);
});
