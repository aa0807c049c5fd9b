// Missed trouble: each incident has one cause, and the report sends the reader there first.
import { describe, expect, test } from 'vitest';
import { INCIDENTS } from '../fixtures/clusters/incidents.ts';
import { reportOn, troubles } from './judged.ts';

describe.each(Object.entries(INCIDENTS))('%s', (name, { about, cause, alsoPresent }) => {
  test(`${about} Among the three actions: ${cause}`, () => {
    const report = reportOn(name);
    expect(
      report.actions.map(({ checkId }) => checkId),
      troubles(report).join('\n'),
    ).toContain(cause);
  });

  test.each(alsoPresent)('also found: %s', (checkId) => {
    const result = reportOn(name).checks.find((check) => check.checkId === checkId)!;
    expect(['warn', 'fail'], `${result.status}: ${result.summary}`).toContain(result.status);
  });
});

test('at least 25 incidents, each with a cause of its own and at least three other faults', () => {
  const all = Object.values(INCIDENTS);
  expect(all.length).toBeGreaterThanOrEqual(25);
  expect(new Set(all.map(({ cause }) => cause)).size).toBe(all.length);
  for (const { about, cause, alsoPresent } of all) {
    expect([about, new Set(alsoPresent).size >= 3, alsoPresent.includes(cause)]).toEqual([about, true, false]);
  }
});
