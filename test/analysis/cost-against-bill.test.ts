import { expect, test } from 'vitest';
import type { Cost } from '../../lib/analysis/cost.ts';
import { compareWithBill } from '../../lib/analysis/cost-against-bill.ts';
import type { Bill } from '../../lib/snapshot/money-sections.ts';

/** 30 days: 720 hours of a month's 730. */
function aBill(amounts: number[], changes: Partial<Bill> = {}): Bill {
  return {
    startDate: '2026-10-22',
    endDate: '2026-11-21',
    currency: 'USD',
    metric: 'UnblendedCost',
    isEstimated: false,
    items: amounts.map((amount, i) => ({ usageType: `u${i}`, amount, quantity: 1, unit: 'hours' })),
    adjustments: [{ recordType: 'Tax', amount: 72 }],
    cost: { calls: 1, usd: 0.01 },
    ...changes,
  };
}

function aCost(lines: [usd: number | null, unit?: string][], complete = true): Cost {
  return {
    usdPerMonth: null,
    complete,
    lines: lines.map(([usdPerMonth, unit = 'hours']) => ({
      label: 'l',
      quantity: 1,
      unit,
      usdPerUnit: null,
      usdPerMonth,
      source: 's',
    })),
    source: 's',
    asOfDate: null,
  };
}

test('by hand: 720 dollars in 30 days are 730 in a month; a model of 730 agrees, taxes stand apart', () => {
  expect(compareWithBill(aCost([[700], [30]]), aBill([500, 220]))).toMatchObject({
    modelUsdPerMonth: 730,
    billUsdPerMonth: 730,
    adjustmentsUsdPerMonth: 73,
    differencePercent: 0,
    agrees: true,
    confidence: 1,
    caveats: [expect.stringContaining('whole account and region')],
  });
});

test.each([
  [876, 20, true, 1],
  [876.8, 20.1095, false, 0.5],
  [584, -20, true, 1],
  [365, -50, false, 0.5],
])('a model of %d against 730: %d %%, agrees: %s', (model, percent, agrees, confidence) => {
  const compared = compareWithBill(aCost([[model]]), aBill([720]));
  expect(compared.differencePercent).toBeCloseTo(percent, 3);
  expect(compared).toMatchObject({ agrees, confidence });
});

test('what CloudWatch bills is on no bill of MSK', () => {
  expect(compareWithBill(aCost([[730], [500, 'metric-month']]), aBill([720]))).toMatchObject({
    modelUsdPerMonth: 730,
    agrees: true,
  });
});

test('a bill of no day is none of a month', () => {
  const ofNoDay = aBill([720], { startDate: '2026-11-21' });
  expect(compareWithBill(aCost([[730]]), ofNoDay)).toMatchObject({
    billUsdPerMonth: null,
    adjustmentsUsdPerMonth: null,
    differencePercent: null,
    agrees: null,
  });
});

test('what cannot be said is not said: no bill, no model, another currency', () => {
  const unsaid = { differencePercent: null, agrees: null, confidence: null };
  expect(compareWithBill(aCost([[730]]), aBill([]))).toMatchObject({ ...unsaid, billUsdPerMonth: 0 });
  expect(compareWithBill(aCost([[null]]), aBill([720]))).toMatchObject({ ...unsaid, modelUsdPerMonth: null });
  const foreign = compareWithBill(aCost([[730]], false), aBill([720], { currency: 'CNY', isEstimated: true }));
  expect(foreign).toMatchObject({ ...unsaid, billUsdPerMonth: null, adjustmentsUsdPerMonth: null });
  expect(foreign.caveats.join(' ')).toMatch(/lower bound.*not closed.*CNY/);
});
