import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Category, type KpiResult } from '../../lib/kpis/kpi.ts';
import { resolveWeights } from '../../lib/policy/weights.ts';
import { aggregateCategory, aggregateOverall, buildScorecard, type CategoryMean } from '../../lib/scorecard/score.ts';

const RUN = { weights: resolveWeights('production', 'balanced') };

function ok(category: Category, score: number, weight = 4, confidence = 1): KpiResult {
  return {
    ...missing(category, weight),
    score,
    status: 'good',
    weight: weight * confidence,
    reading: { state: 'ok', value: 1, confidence, source: 'test' },
  };
}

function missing(category: Category, weight = 4): KpiResult {
  return {
    id: 'K00',
    name: 'test',
    title: 'Test',
    category,
    unit: 'count',
    reading: { state: 'no-data', because: 'test' },
    score: null,
    status: 'missing',
    weight,
    curve: '',
  };
}

function notApplicable(category: Category): KpiResult {
  return { ...missing(category, 0), status: 'not-applicable', reading: { state: 'not-applicable', because: 'test' } };
}

describe('one category', () => {
  test('missing KPIs lower coverage and leave the mean alone', () => {
    expect(
      aggregateCategory([
        { weight: 3, confidence: 1, score: 90 },
        { weight: 1, confidence: 1, score: 50 },
        { weight: 4, confidence: 1, score: null },
      ]),
    ).toEqual({ score: 80, coverage: 0.5, applies: true });
  });

  test('a doubtful measurement counts by its confidence, in the mean and in the coverage', () => {
    expect(
      aggregateCategory([
        { weight: 2, confidence: 1, score: 100 },
        { weight: 2, confidence: 0.5, score: 40 },
      ]),
    ).toEqual({ score: 80, coverage: 0.75, applies: true });
  });

  test('nothing known has no score', () => {
    expect(aggregateCategory([{ weight: 2, confidence: 1, score: null }])).toEqual({
      score: null,
      coverage: 0,
      applies: true,
    });
    expect(aggregateCategory([])).toEqual({ score: null, coverage: 0, applies: false });
  });
});

describe('the scorecard', () => {
  test('a category in which nothing applies leaves the denominator', () => {
    const card = buildScorecard([ok('availability', 80), notApplicable('cost')], [], RUN);
    expect(card).toMatchObject({ score: 80, confidence: 1, bounds: { lower: 80, upper: 80 } });
    expect(card.categories.find((each) => each.category === 'cost')).toMatchObject({ score: null, weight: 0 });
  });

  test('no number below a confidence of 0.6, but the bounds stay', () => {
    // Availability 25, performance 20, consumers 20.
    const just = buildScorecard([ok('availability', 100), ok('performance', 50), missing('consumers')], [], RUN);
    expect(just.confidence).toBeCloseTo(45 / 65, 9);
    expect(just.score).toBeCloseTo((25 * 100 + 20 * 50) / 45, 9);
    const below = buildScorecard([ok('availability', 100), missing('performance'), missing('consumers')], [], RUN);
    expect(below).toMatchObject({ score: null, uncapped: null });
    expect(below.bounds.lower).toBeCloseTo(2500 / 65, 9);
    expect(below.bounds.upper).toBeCloseTo(100, 9);
  });

  test('exactly 0.6 is enough', () => {
    const card = buildScorecard([ok('availability', 90, 3), missing('availability', 2)], [], RUN);
    expect(card.confidence).toBe(0.6);
    expect(card.score).toBe(90);
  });

  test('a category shows its score from a coverage of 0.4 on', () => {
    const shown = buildScorecard([ok('availability', 90, 2), missing('availability', 3)], [], RUN);
    const hidden = buildScorecard([ok('availability', 90, 2), missing('availability', 3.01)], [], RUN);
    expect(shown.categories[0]).toMatchObject({ score: 90, coverage: 0.4 });
    expect(hidden.categories[0]!.score).toBeNull();
  });

  test('the confidence of a reading is taken out of its weight again for the denominator', () => {
    const card = buildScorecard([ok('availability', 100, 4, 0.5), ok('availability', 40, 2)], [], RUN);
    expect(card.categories[0]).toMatchObject({ score: 70, coverage: expect.closeTo(4 / 6, 9) });
  });

  test('the lowest cap decides; caps above the score are not named', () => {
    const caps = [
      { rule: 'offline-partitions-now', max: 29 },
      { rule: 'version-past-end-of-support', max: 69 },
      { rule: 'harmless', max: 95 },
    ];
    expect(buildScorecard([ok('availability', 90)], caps, RUN)).toMatchObject({
      score: 29,
      uncapped: 90,
      caps: [{ max: 29 }, { max: 69 }],
    });
    expect(buildScorecard([ok('availability', 20)], caps, RUN)).toMatchObject({ score: 20, caps: [] });
    expect(buildScorecard([ok('availability', 69)], caps, RUN).caps).toEqual([caps[0]]);
  });

  test('where too little is known for a score, the caps are those below what is known', () => {
    const caps = [{ rule: 'records-lost', max: 49 }];
    const known = (score: number) =>
      buildScorecard([ok('availability', score), missing('performance'), missing('consumers')], caps, RUN);
    expect(known(40)).toMatchObject({ score: null, caps: [] });
    expect(known(90)).toMatchObject({ score: null, caps });
  });

  test('where nothing is known, there is no score, and any cap may hold', () => {
    const caps = [{ rule: 'records-lost', max: 49 }];
    const card = buildScorecard([missing('availability')], caps, RUN);
    expect(card).toMatchObject({ score: null, confidence: 0, bounds: { lower: 0, upper: 100 }, caps });
  });

  test('a measurement without any confidence counts for nothing', () => {
    const card = buildScorecard([ok('availability', 100, 4, 0), ok('availability', 40)], [], RUN);
    expect(card).toMatchObject({ score: 40, confidence: 1 });
  });

  test('nothing applies at all', () => {
    expect(buildScorecard([], [], RUN)).toMatchObject({ score: null, confidence: 0, bounds: { lower: 0, upper: 100 } });
  });
});

test('the score lies between its bounds, and they are apart by what is missing', () => {
  const mean = fc.record({
    score: fc.double({ min: 0, max: 100, noNaN: true }),
    coverage: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(mean, { minLength: 7, maxLength: 7 }), (means) => {
      const categories = Object.fromEntries(
        CATEGORIES.map((category, i) => {
          const { score, coverage } = means[i]!;
          return [category, { score: coverage > 0 ? score : null, coverage, applies: true }];
        }),
      ) as Record<Category, CategoryMean>;
      const weights = {
        availability: 25,
        performance: 20,
        consumers: 20,
        balance: 8,
        capacity: 15,
        security: 7,
        cost: 5,
      };
      const { score, confidence, bounds } = aggregateOverall(categories, weights);
      expect(bounds.upper - bounds.lower).toBeCloseTo(100 * (1 - confidence), 6);
      if (score === null) return;
      expect(score).toBeGreaterThanOrEqual(bounds.lower - 1e-9);
      expect(score).toBeLessThanOrEqual(bounds.upper + 1e-9);
    }),
  );
});
