import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { scoreOn } from '../../lib/kpis/curves.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { ENVIRONMENTS, GOALS } from '../../lib/policy/environment.ts';
import { curveOf, KPI_IDS } from '../../lib/policy/kpi-curves.ts';
import { categoryWeights } from '../../lib/policy/weights.ts';

describe.each(KPIS.map((kpi) => [kpi.id, kpi] as const))('%s', (id, kpi) => {
  test('lies in the file of its name', () => {
    expect(existsSync(new URL(`../../lib/kpis/${kpi.name}.ts`, import.meta.url))).toBe(true);
  });

  test('has a curve for every environment and goal, and production is the strictest', () => {
    const probes = [-50, 0, 0.005, 0.3, 1, 5, 20, 45, 62, 78, 93, 97, 100, 200, 5000, 50_000];
    for (const goal of GOALS) {
      const [production, ...others] = ENVIRONMENTS.map((environment) => curveOf(id, environment, goal));
      expect(production).not.toBeNull();
      for (const other of others) {
        if (other === null || other === undefined) continue;
        for (const probe of probes)
          expect(scoreOn(other, probe)).toBeGreaterThanOrEqual(scoreOn(production!, probe) - 2e-5);
      }
    }
  });
});

test('ids and names are unique', () => {
  expect(new Set(KPIS.map((kpi) => kpi.id)).size).toBe(KPIS.length);
  expect(new Set(KPIS.map((kpi) => kpi.name)).size).toBe(KPIS.length);
});

test('an id without a curve is a mistake, not a free pass', () => {
  expect(() => curveOf('K99', 'production', 'balanced')).toThrow('no curve for KPI K99');
});

test.each(ENVIRONMENTS.flatMap((environment) => GOALS.map((goal) => [environment, goal] as const)))(
  'category weights of %s with goal %s sum to 100',
  (environment, goal) => {
    const total = Object.values(categoryWeights(environment, goal)).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(100, 9);
  },
);

test('development halves availability and lifts cost before renormalising, by hand', () => {
  // 12.5 + 20 + 20 + 8 + 15 + 4.9 + 7.5 = 87.9
  expect(categoryWeights('development', 'balanced')).toMatchObject({
    availability: expect.closeTo(1250 / 87.9, 9),
    cost: expect.closeTo(750 / 87.9, 9),
  });
});

test('every KPI that has a curve is read, in the order of categories and numbers', () => {
  expect(KPIS.map(({ id }) => id)).toEqual(KPI_IDS);
});

test('the page of KPIs has a row for each, in the same order', () => {
  const page = readFileSync(new URL('../../docs/kpis.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (K\d\d) \| (\S+) \|/gm)].map(([, id, name]) => [id, name]);
  expect(rows).toEqual(KPIS.map(({ id, name }) => [id, name]));
});

test('every metric that a KPI of the catalogue reads is one that the daily report asks for', () => {
  const known = new Set<string>(KPIS.map(({ id }) => id));
  const named = Object.values<MetricDefinition>(METRICS).flatMap(({ need, readBy = [] }) =>
    readBy.filter((each) => /^K\d\d$/.test(each)).map((id) => ({ id, need })),
  );
  expect(named.filter(({ id, need }) => !known.has(id) || need === undefined)).toEqual([]);
});
