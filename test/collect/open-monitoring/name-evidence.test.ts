import { expect, test } from 'vitest';
import { FIGURE_ROWS, WANTED_FAMILIES } from '../../../lib/collect/open-monitoring/catalogue.ts';
import { NAME_EVIDENCE, NAME_SOURCES } from '../../../lib/collect/open-monitoring/name-evidence.ts';
import { OPEN_MONITORING_FIGURES } from '../../../lib/snapshot/open-monitoring-figures.ts';

test('every name that is looked for has its evidence, and no evidence is left of one that is not', () => {
  expect(Object.keys(NAME_EVIDENCE).sort()).toEqual([...WANTED_FAMILIES].sort());
  expect(new Set(Object.values(NAME_EVIDENCE))).toEqual(new Set(Object.keys(NAME_SOURCES)));
});

test('every figure of a snapshot comes from exactly one row', () => {
  const rows = [...FIGURE_ROWS.jmx, ...FIGURE_ROWS.node].map(({ figure }) => figure);
  expect([...rows].sort()).toEqual([...OPEN_MONITORING_FIGURES].sort());
});
