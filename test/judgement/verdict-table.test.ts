// Every verdict over every whole fixture on one page, to be read by eye; and the rule that each check and KPI is seen at work in it.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckStatus } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { rowsWithoutValues } from '../fixtures/clusters/metric-series.ts';
import { specOf } from '../fixtures/clusters/whole-cluster.ts';
import { World } from '../fixtures/clusters/world.ts';
import { FIXTURES, reportOn } from './judged.ts';

/** Checks that no whole fixture can show both ways, each with the source that does not exist. At most eight. */
const CHECK_EXCEPTIONS: Readonly<Record<string, string>> = {};
/** KPIs that no whole fixture can give a value, each with the source that does not exist. */
const KPI_EXCEPTIONS: Readonly<Record<string, string>> = {};

const names = Object.keys(FIXTURES);
const SIGNS: Readonly<Record<CheckStatus, string>> = {
  pass: '·',
  warn: 'W',
  fail: 'F',
  'no-data': '?',
  'not-applicable': ' ',
  error: 'ERROR',
};

function statusOf(checkId: string, name: string): CheckStatus {
  return reportOn(name).checks.find((check) => check.checkId === checkId)!.status;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

// Each on its own first: all in one would take longer than a test may.
test.each(names)('%s is judged', (name) => {
  expect(reportOn(name).checks.length).toBe(CHECKS.length);
});

test('the verdict of every check and the score of every KPI over every whole fixture', async () => {
  const numbers = names.map((_, i) => String(i + 1));
  const scoreOf = (id: string, name: string) => {
    const { score, status } = reportOn(name).scorecard.kpis.find((kpi) => kpi.id === id)!;
    return score === null ? (status === 'not-applicable' ? ' ' : '?') : String(Math.round(score));
  };
  const text = [
    '# Verdicts',
    '',
    'Made by test/judgement/verdict-table.test.ts. `·` pass, `W` warn, `F` fail, `?` not known, empty: does not apply. Columns:',
    '',
    ...names.map((name, i) => `${i + 1}. ${name}: ${FIXTURES[name]!.about}`),
    '',
    '## Checks',
    '',
    ...table(
      ['check', ...numbers],
      CHECKS.map(({ id }) => [id, ...names.map((name) => SIGNS[statusOf(id, name)])]),
    ),
    '',
    '## KPIs: scores',
    '',
    ...table(
      ['KPI', ...numbers],
      KPIS.map(({ id, title }) => [`${id} ${title}`, ...names.map((name) => scoreOf(id, name))]),
    ),
    '',
    '## Actions',
    '',
    ...names.map(
      (name) =>
        `- ${name}: ${
          reportOn(name)
            .actions.map(({ severity, checkId }) => `${severity} ${checkId}`)
            .join(', ') || 'none'
        }`,
    ),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../golden/verdicts.md'));
});

describe('each check is seen at work', () => {
  const shown = CHECKS.map(({ id }) => id).filter((id) => !(id in CHECK_EXCEPTIONS));

  test.each(shown)('%s finds something in one whole fixture and passes in another', (id) => {
    const statuses = new Set(names.map((name) => statusOf(id, name)));
    expect(
      [...statuses].some((status) => status === 'warn' || status === 'fail'),
      `never found: ${[...statuses].join(', ')}`,
    ).toBe(true);
    expect(statuses, 'never passed').toContain('pass');
  });

  test('no check fails inside', () => {
    expect(
      names.flatMap((name) =>
        CHECKS.filter(({ id }) => statusOf(id, name) === 'error').map(({ id }) => `${id} on ${name}`),
      ),
    ).toEqual([]);
  });

  const kpiIds = KPIS.map(({ id }) => id);
  test.each(kpiIds.filter((id) => !(id in KPI_EXCEPTIONS)))('%s has a value in one whole fixture', (id) => {
    const states = names.map((name) => reportOn(name).scorecard.kpis.find((kpi) => kpi.id === id)!.reading);
    expect(
      states.map(({ state }) => state),
      JSON.stringify(states[0]),
    ).toContain('ok');
  });

  test('at most eight exceptions, of ids that exist', () => {
    const exceptions = [...Object.keys(CHECK_EXCEPTIONS), ...Object.keys(KPI_EXCEPTIONS)];
    expect(exceptions.length).toBeLessThanOrEqual(8);
    const known = new Set<string>([...CHECKS.map(({ id }) => id), ...kpiIds]);
    expect(exceptions.filter((id) => !known.has(id))).toEqual([]);
  });
});

test.each([
  ['Standard', { storageMode: 'TIERED', instanceType: 'kafka.t3.small', metadataMode: 'zookeeper' }],
  ['Express', { kind: 'express', instanceType: 'express.m7g.large' }],
  ['Serverless', { kind: 'serverless' }],
] as const)('%s: the generator gives a value to every metric that a daily report asks for', (_kind, fields) => {
  const world = new World(specOf({ ...fields, level: 'PER_TOPIC_PER_PARTITION' }));
  expect(rowsWithoutValues(world).filter((row) => !row.includes('Remote'))).toEqual([]);
});
