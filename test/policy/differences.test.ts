import { expect, test } from 'vitest';
import { differencesOf } from '../../lib/policy/differences.ts';
import { parsePolicy } from '../../lib/policy/load-policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';

function policyOf(text: string) {
  const parsed = parsePolicy(text, 'policy.yaml');
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return resolvePolicy({ overrides: parsed.overrides, tags: null, clusterName: '' });
}
const differences = (from: string, to: string) =>
  differencesOf(policyOf(`version: 1\n${from}`), policyOf(`version: 1\n${to}`)).map(
    ({ key, from: was, to: is }) => `${key}: ${was} -> ${is}`,
  );

test('a threshold, what is named and what is no longer named; the same is none', () => {
  expect(
    differences('checks: { cpu-high: { mediumPercent: 55 } }', 'checks: { cpu-high: { mediumPercent: 50 } }'),
  ).toEqual(['checks.cpu-high.mediumPercent: 55 -> 50']);
  const topics = 'topics: { "audit*": { ephemeral: true } }';
  expect(differences('', topics).join()).toContain('audit*');
  expect(differences(topics, topics)).toEqual([]);
});

test('planned work has its times as the file has them', () => {
  const once = 'patch: { because: weekly, from: 2026-12-01T01:00:00+01:00, to: 2026-12-01T06:00:00Z }';
  const nightly = 'nightly: { because: batch, every: day, startUtc: "02:05", hours: 2 }';
  expect(differences(`planned: { ${once} }`, `planned: { ${nightly} }`)).toEqual([
    'planned.patch.because: weekly -> null',
    'planned.patch.from: 2026-12-01T00:00:00.000Z -> null',
    'planned.patch.to: 2026-12-01T06:00:00.000Z -> null',
    'planned.nightly.because: null -> batch',
    'planned.nightly.every: null -> day',
    'planned.nightly.startUtc: null -> 02:05',
    'planned.nightly.hours: null -> 2',
  ]);
});
