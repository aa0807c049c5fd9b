import { describe, expect, test } from 'vitest';
import { trustedPoints } from '../../lib/analysis/series.ts';
import { isSustained } from '../../lib/analysis/sustained.ts';

const START_MS = 1_800_000_000_000;
const rule = { minSustainedPeriods: 3, minShareOfWindowPercent: 10 };
const series = (values: (number | null)[], masked: { startMs: number; endMs: number; because: string }[] = []) =>
  trustedPoints(
    {
      metric: 'CpuUser',
      statistic: 'Average',
      unit: 'Percent',
      dimensions: {},
      periodSec: 300,
      startMs: START_MS,
      values,
    },
    { dropLast: 0, masked },
  );
const isBusy = (value: number) => value > 60;
const calm = (count: number) => Array.from({ length: count }, () => 10);

describe('sustained', () => {
  test.each<[string, (number | null)[], boolean]>([
    ['three in a row, a tenth of the window', [70, 70, 70, ...calm(27)], true],
    ['two in a row', [70, 70, 10, 70, ...calm(20)], false],
    ['three in a row, less than a tenth of the window', [70, 70, 70, ...calm(28)], false],
    ['a gap ends the stretch', [70, 70, null, 70, ...calm(16)], false],
    ['nothing measured', [null, null, null], false],
    ['never', calm(30), false],
  ])('%s', (_, values, expected) => {
    expect(isSustained(series(values), isBusy, rule)).toBe(expected);
  });

  test('masked periods count for neither side', () => {
    const values = [70, 70, 70, ...calm(28)];
    const last = { startMs: START_MS + 30 * 300_000, endMs: START_MS + 31 * 300_000, because: 'patch' };
    expect(isSustained(series(values, [last]), isBusy, rule)).toBe(true);
    const first = { startMs: START_MS, endMs: START_MS + 300_000, because: 'patch' };
    expect(isSustained(series(values, [first]), isBusy, rule)).toBe(false);
  });

  test('a policy that asks for nothing still needs one period', () => {
    expect(isSustained(series(calm(3)), isBusy, { minSustainedPeriods: 0, minShareOfWindowPercent: 0 })).toBe(false);
  });
});
