import { describe, expect, test } from 'vitest';
import { gapShares, lagGaps } from '../../lib/analysis/lag-gaps.ts';

const START_MS = 1_800_000_000_000;
const minuteAt = (minute: number) => START_MS + minute * 60_000;
const mask = (from: number, to: number) => ({ startMs: minuteAt(from), endMs: minuteAt(to), because: 'patch' });

/** Minutes of lag 5, without those in the gaps; two more at the end, which are dropped. */
function lag(minutes: number, ...gaps: [from: number, to: number][]) {
  const values = Array.from({ length: minutes + 2 }, (_, i) =>
    gaps.some(([from, to]) => i >= from && i < to) ? null : 5,
  );
  const dimensions = { 'Cluster Name': 'c', 'Consumer Group': 'g', Topic: 't' };
  return {
    metric: 'SumOffsetLag',
    statistic: 'Maximum' as const,
    unit: 'Count',
    dimensions,
    periodSec: 60,
    startMs: START_MS,
    values,
  };
}

describe('gap shares', () => {
  test('minutes present during maintenance are no presence outside it', () => {
    const minutes = {
      expectedMinutes: 1000,
      presentMinutes: 900,
      maintenanceMinutes: 100,
      presentDuringMaintenance: 90,
    };
    expect(gapShares(minutes)).toEqual({ gapShare: 0.1, gapShareUnmasked: 0.1 });
    expect(gapShares({ ...minutes, presentDuringMaintenance: 0 })).toEqual({ gapShare: 0, gapShareUnmasked: 0.1 });
  });

  test('nothing expected outside maintenance', () => {
    const minutes = { expectedMinutes: 60, presentMinutes: 10, maintenanceMinutes: 60, presentDuringMaintenance: 10 };
    expect(gapShares(minutes).gapShare).toBeNull();
  });
});

describe('gaps of a lag series', () => {
  test('two gaps of twenty minutes in ten hours', () => {
    const gaps = lagGaps(lag(600, [100, 120], [300, 320]), [])!;
    expect(gaps).toMatchObject({ expectedMinutes: 600, presentMinutes: 560, gapShareUnmasked: 40 / 600 });
    expect(gaps.gapShare).toBeCloseTo(40 / 600, 12);
    expect(gaps.gaps.map(({ startMs, minutes }) => [startMs, minutes])).toEqual([
      [minuteAt(100), 20],
      [minuteAt(300), 20],
    ]);
  });

  test('a gap during maintenance is no rebalance', () => {
    const gaps = lagGaps(lag(600, [100, 120], [300, 320]), [mask(90, 130)])!;
    expect(gaps).toMatchObject({ maintenanceMinutes: 40, presentDuringMaintenance: 20 });
    expect(gaps.gapShare).toBeCloseTo(20 / 560, 12);
    expect(gaps.gaps.map(({ startMs }) => startMs)).toEqual([minuteAt(300)]);
  });

  test('a minute that maintenance only touches is masked whole', () => {
    const gaps = lagGaps(lag(600), [mask(90.5, 129.5)])!;
    expect(gaps).toMatchObject({ maintenanceMinutes: 40, presentDuringMaintenance: 40 });
    expect(lagGaps(lag(600), [mask(90, 130)])).toMatchObject({ maintenanceMinutes: 40 });
    // Up to the end of the series and no further.
    expect(lagGaps(lag(600), [mask(590, 700)])).toMatchObject({ maintenanceMinutes: 10, presentDuringMaintenance: 10 });
  });

  test('before its first and after its last point the group may not have been there', () => {
    expect(lagGaps(lag(600, [0, 100], [500, 602]), [])).toMatchObject({ expectedMinutes: 400, gapShare: 0, gaps: [] });
  });

  test('six hours are enough, a minute less is not', () => {
    expect(lagGaps(lag(360), [])).toMatchObject({ gapShare: 0 });
    expect(lagGaps(lag(359), [])).toBeNull();
    expect(lagGaps(lag(600, [0, 602]), [])).toBeNull();
  });
});
