// What the report prints is enough to work its score out again: nobody has to take it on trust. Reads report.json and nothing else.
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../lib/report/json.ts';
import type { Report } from '../../lib/report/report.ts';
import { reportOn } from '../judgement/judged.ts';

type Printed = Report['scorecard'];
type PrintedKpi = Printed['kpis'][number];

/** Abramowitz and Stegun 7.1.26, as the page of KPIs says. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

/** The score of a value on a curve in words: "100 at 40, 90 at 60, ..." or "90 at 25, 50 at 100, log-normal". */
function scoreByWords(curve: string, value: number): number {
  const anchors = [...curve.matchAll(/([\d.]+) at (-?[\d.]+)/g)].map(
    ([, score, at]) => [Number(at), Number(score)] as const,
  );
  if (curve.includes('log-normal')) {
    const [[good], [bad]] = anchors as [readonly [number, number], readonly [number, number]];
    return value <= 0 ? 100 : 50 * (1 - erf((Math.log(value / bad) * 0.9061938024368232) / Math.log(bad / good)));
  }
  const along = (x: number) => (curve.includes('log2') ? Math.log2(Math.max(x, Number.MIN_VALUE)) : x);
  const points = anchors.map(([at, score]) => [along(at), score] as const).sort((a, b) => a[0] - b[0]);
  const x = along(value);
  const above = points.findIndex(([at]) => at >= x);
  if (above === 0) return points[0]![1];
  if (above < 0) return points.at(-1)![1];
  const [[fromX, from], [toX, to]] = [points[above - 1]!, points[above]!];
  return from + ((to - from) * (x - fromX)) / (toX - fromX);
}

/** The weight before confidence took its part. */
function fullWeight({ weight, reading }: PrintedKpi): number {
  return reading.state === 'ok' ? weight / reading.confidence : weight;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

describe.each(['full', 'standard-kraft', 'express', 'serverless', 'plain-kafka', 'overloaded', 'outage', 'open-doors'])(
  '%s',
  (name) => {
    const { scorecard } = JSON.parse(renderJson(reportOn(name)).body) as { scorecard: Printed };

    test('each KPI by its value and its curve', () => {
      for (const { id, reading, score, curve } of scorecard.kpis) {
        if (reading.state === 'ok')
          expect([id, score]).toEqual([id, expect.closeTo(scoreByWords(curve, reading.value), 3)]);
        else expect([id, score]).toEqual([id, null]);
      }
    });

    test('each category by the weights of its KPIs', () => {
      for (const { category, score, coverage } of scorecard.categories) {
        const its = scorecard.kpis.filter((kpi) => kpi.category === category && kpi.status !== 'not-applicable');
        const known = its.filter((kpi) => kpi.score !== null);
        const [all, counted] = [total(its.map(fullWeight)), total(known.map(({ weight }) => weight))];
        expect([category, coverage]).toEqual([category, expect.closeTo(all === 0 ? 0 : counted / all, 9)]);
        if (score !== null)
          expect(score).toBeCloseTo(total(known.map(({ weight, score: own }) => weight * own!)) / counted, 9);
      }
    });

    test('the whole by the categories, with its bounds and under its caps', () => {
      let [points, known, applicable] = [0, 0, 0];
      for (const { category, weight } of scorecard.categories) {
        const its = scorecard.kpis.filter((kpi) => kpi.category === category && kpi.status !== 'not-applicable');
        const all = total(its.map(fullWeight));
        if (all === 0) continue;
        applicable += weight;
        for (const kpi of its) {
          if (kpi.score === null) continue;
          known += (weight * kpi.weight) / all;
          points += (weight * kpi.weight * kpi.score) / all;
        }
      }
      const { score, uncapped, confidence, bounds, caps } = scorecard;
      expect(confidence).toBeCloseTo(known / applicable, 9);
      expect(bounds.lower).toBeCloseTo(points / applicable, 9);
      expect(bounds.upper).toBeCloseTo((points + 100 * (applicable - known)) / applicable, 9);
      expect(uncapped).toBeCloseTo(points / known, 9);
      expect(score).toBeCloseTo(Math.min(points / known, ...caps.map(({ max }) => max)), 9);
    });
  },
);
