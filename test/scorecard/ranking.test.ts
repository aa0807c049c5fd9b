import { expect, test } from 'vitest';
import { byPriority, priority, type Ranked } from '../../lib/scorecard/ranking.ts';

const item: Ranked = { severity: 'medium', confidence: 1, usdPerMonth: 0, effort: 'setting' };

test('severity, certainty, money over effort, by hand', () => {
  expect(priority(item)).toBe(30);
  expect(priority({ ...item, confidence: 0.5 })).toBe(15);
  // 30 x (1 + 0.25 x log10(1000)) / 2.5
  expect(priority({ ...item, usdPerMonth: 999, effort: 'clientChange' })).toBeCloseTo(21, 9);
});

test('a cost does not push an action down: it is told beside it', () => {
  expect(priority({ ...item, usdPerMonth: -500 })).toBe(30);
});

test('no saving lifts a medium finding over a certain critical one', () => {
  expect(priority({ ...item, usdPerMonth: 1_000_000 })).toBeLessThan(priority({ ...item, severity: 'critical' }));
});

test('equal priorities go by area, then by id', () => {
  const list = [
    { id: 'b', area: 'capacity' as const, priority: 5 },
    { id: 'c', area: 'availability' as const, priority: 5 },
    { id: 'a', area: 'capacity' as const, priority: 5 },
    { id: 'z', area: 'lifecycle' as const, priority: 9 },
  ];
  expect(list.sort(byPriority).map((each) => each.id)).toEqual(['z', 'c', 'a', 'b']);
});
