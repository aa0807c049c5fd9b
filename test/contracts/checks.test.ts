// Holds the catalogue of checks together: registry, files, pages, tests, policy and words agree, whatever is added later.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AREAS, type CheckResult } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { defaultCheckThresholds } from '../../lib/policy/default-policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { policySchema } from '../../lib/policy/schema.ts';
import { present } from '../../lib/snapshot/collected.ts';
import { SECTION_NAMES, type SectionName, type Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { runAll } from '../checks/run.ts';

const root = join(import.meta.dirname, '../..');
const HEADINGS = [
  'What is checked',
  'Why it matters',
  'How it is measured',
  'When to ignore',
  'How to fix',
  'References',
];
const HOSTS = ['docs.aws.amazon.com', 'kafka.apache.org', 'cwiki.apache.org', 'issues.apache.org', 'github.com'];
const ids = CHECKS.map(({ id }) => id).sort();

function filesUnder(folder: string, extension: string): string[] {
  return AREAS.flatMap((area) => {
    const path = join(root, folder, area);
    return existsSync(path)
      ? readdirSync(path)
          .filter((name) => name.endsWith(extension))
          .map((name) => `${area}/${name.slice(0, -extension.length)}`)
      : [];
  }).sort();
}

const expectedFiles = CHECKS.map(({ area, id }) => `${area}/${id}`).sort();

describe('the catalogue of checks', () => {
  test('ids are kebab-case and unique', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('every check has its file and its page in the folder of its area, and no file is left over', () => {
    expect(filesUnder('lib/checks', '.ts')).toEqual(expectedFiles);
    expect(filesUnder('lib/checks', '.md')).toEqual(expectedFiles);
  });

  test('every check has its test', () => {
    expect(filesUnder('test/checks', '.test.ts')).toEqual(expectedFiles);
  });

  test('defaults and schema of the policy know exactly the checks and their keys', () => {
    const defaults = defaultCheckThresholds('production', 'balanced');
    expect(Object.keys(defaults).sort()).toEqual(ids);
    const slices = policySchema.entries.checks.wrapped.entries;
    expect(Object.keys(slices).sort()).toEqual(ids);
    for (const id of ids)
      expect([id, Object.keys(slices[id].wrapped.entries).sort()]).toEqual([id, Object.keys(defaults[id]).sort()]);
  });

  test.each(CHECKS)('$id: page with the fixed headings, in order, and its id as title', ({ area, id }) => {
    const page = readFileSync(join(root, 'lib/checks', area, `${id}.md`), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${id}`);
    expect([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(HEADINGS);
    expect(page.match(/https:\/\/\S+/g)?.length).toBeGreaterThan(0);
    for (const key of Object.keys(defaultCheckThresholds('production', 'balanced')[id]))
      expect(page).toContain(`\`${key}\``);
  });

  test.each(CHECKS)(
    '$id: references point to the sources of the field, in code and page',
    ({ area, id, references }) => {
      const page = readFileSync(join(root, 'lib/checks', area, `${id}.md`), 'utf8');
      const links = [...references, ...[...page.matchAll(/<(https?:[^>]+)>/g)].map((match) => match[1]!)];
      expect(references.length).toBeGreaterThan(0);
      for (const link of links) {
        const url = new URL(link);
        expect(HOSTS).toContain(url.host);
        expect(url.protocol).toBe('https:');
      }
    },
  );

  test.each(CHECKS)('$id: titles are states, without verbs of command or full stop', ({ title, why }) => {
    for (const text of [title.pass, title.fail]) {
      expect(text).toMatch(/^[A-Z].*[^.!]$/);
      expect(text).not.toMatch(/^(Ensure|Check|Avoid|Make|Do|Use|Fix)\b/);
      expect(text.length).toBeLessThanOrEqual(60);
    }
    expect(title.pass).not.toBe(title.fail);
    expect(why).toMatch(/\.$/);
  });

  test.each(CHECKS)(
    '$id: declares sections that exist, none twice, and tolerates only declared ones',
    ({ needs, mayUse, toleratesPartial = [] }) => {
      const declared: SectionName[] = [...needs, ...mayUse];
      expect(declared.length).toBeGreaterThan(0);
      expect(new Set(declared).size).toBe(declared.length);
      for (const name of declared) expect(SECTION_NAMES).toContain(name);
      for (const name of toleratesPartial) expect(declared).toContain(name);
    },
  );

  test('no check holds a threshold: numbers of judgement are in the policy', () => {
    // What is left: array positions, unit conversions, severity steps, confidences of rules, the 95th percentile, replica counts.
    const allowed = new Set([
      '0',
      '1',
      '2',
      '3',
      '5',
      '15',
      '100',
      '300',
      '3600',
      '0.5',
      '0.6',
      '0.7',
      '0.95',
      '40',
      '50',
      '86_400_000',
      '50000000',
    ]);
    for (const { area, id } of CHECKS) {
      const source = readFileSync(join(root, 'lib/checks', area, `${id}.ts`), 'utf8');
      const code = source.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\/|'[^'\n]*'|"[^"\n]*"/g, '');
      const numbers = code.match(/(?<![\w.$])\d[\d_]*(\.\d+)?(?![\w])/g) ?? [];
      expect([id, numbers.filter((number) => !allowed.has(number))]).toEqual([id, []]);
    }
  });
});

function sick(): Snapshot {
  const builder = aSnapshot()
    .withTopic('solo', { replicationFactor: 1 })
    .withTopic('t', {
      partitions: 60,
      start: 10,
      end: 9000,
      configs: { 'min.insync.replicas': '3', 'unclean.leader.election.enable': 'true' },
    })
    .withGroup('g', { commits: { t: Array.from({ length: 60 }, () => 5) } })
    .withGroup('h', { commits: { t: Array.from({ length: 60 }, () => 20) } })
    .withGroup('i', { commits: { t: Array.from({ length: 60 }, () => 20) }, members: 0, state: 'Empty' })
    .withCluster({ kafkaVersion: '3.7.x' })
    .withDeadBroker(2);
  const snapshot = builder.build();
  const metrics = snapshot.sections.metrics;
  if (metrics?.ok) for (const series of metrics.value.series) if (series.unit === 'Percent') series.values.fill(88);
  return snapshot;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

describe('what every check gives', () => {
  const results = runAll(deepFreeze(sick()));
  const withFindings = results.filter(({ findings }) => findings.length > 0);

  test('no check fails inside, changes its input, or depends on anything but it', () => {
    expect(results.filter(({ status }) => status === 'error')).toEqual([]);
    expect(runAll(deepFreeze(sick()))).toEqual(results);
    expect(withFindings.length).toBeGreaterThanOrEqual(10);
  });

  test('every check is given the sections it declares and no others', () => {
    const snapshot = aSnapshot().withTopic('t').build();
    // Nobody reads what these hold: the question is only who is given them.
    const { sections } = snapshot;
    for (const name of SECTION_NAMES)
      if (sections[name]?.ok !== true) Object.assign(sections, { [name]: present([], 0) });
    const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'x' });
    const spied = CHECKS.map((check) => ({
      ...check,
      evaluate(inputs: Record<string, unknown>): never {
        throw new Error(Object.keys(inputs).join(' '));
      },
    }));
    const checks = spied as unknown as typeof CHECKS;
    // Each on a kind of cluster to which it applies.
    const run = runContextOf(snapshot, policy);
    const given = checks.map(
      (check) =>
        runChecks({
          snapshot,
          thresholds: policy.checks,
          run: { ...run, clusterKind: check.appliesTo[0]! },
          clusterIdentity: clusterIdentityOf(snapshot),
          checks: [check],
        })[0]!,
    );
    for (const [i, check] of CHECKS.entries()) {
      expect(given[i]!.summary).toMatch(new RegExp(`: ${[...check.needs, ...check.mayUse].join(' ')}$`));
    }
  });

  test('a redacted or serialised result is the same: plain JSON', () => {
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  test.each(withFindings)(
    '$checkId: findings are worst first, unique, and within 0..1 of confidence',
    ({ findings }) => {
      const order = ['critical', 'high', 'medium', 'low', 'info'];
      const ranks = findings.map(({ severity }) => order.indexOf(severity));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
      for (const { confidence } of findings) expect(confidence > 0 && confidence <= 1).toBe(true);
    },
  );

  test.each(withFindings)('$checkId: evidence rows have exactly their columns', ({ evidence }) => {
    for (const { columns, rows, source } of evidence) {
      for (const row of rows) expect(Object.keys(row).sort()).toEqual(columns.map(({ key }) => key).sort());
      expect(source).not.toBe('');
    }
  });

  test.each(withFindings)('$checkId: the recommendation is complete', ({ recommendation }: CheckResult) => {
    const { action, confirmFirst, risk, expectedEffect, verifyAfter, impact } = recommendation!;
    expect(action).toMatch(/^[A-Z](?!.*\. ).*[^.]$/);
    for (const text of [confirmFirst, risk, expectedEffect, verifyAfter]) expect(text).toMatch(/^\S.*\.$/s);
    if (impact.kind === 'saving' || impact.kind === 'added-cost') {
      expect(impact.lines.reduce((total, line) => total + line.quantity * line.usdPerUnit, 0)).toBeCloseTo(
        impact.usdPerMonth,
        9,
      );
    }
  });
});

test('docs/checks.md lists every check with its titles and page', async () => {
  const rows = CHECKS.map(
    ({ id, area, title }) => `| [${id}](../lib/checks/${area}/${id}.md) | ${area} | ${title.fail} |`,
  );
  const text = [
    '# Checks',
    '',
    'Each check answers one question about a cluster. In report order; the page of a check says how it is measured and when to ignore it.',
    '',
    '| check | area | finding |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/checks.md');
});
