import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { ENVIRONMENTS, GOALS } from '../../lib/policy/environment.ts';
import { parsePolicy } from '../../lib/policy/load-policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { policyTemplate } from '../../lib/policy/template.ts';
import { THRESHOLD_TABLE } from '../../lib/policy/thresholds/index.ts';

const choices = ENVIRONMENTS.flatMap((environment) => GOALS.map((goal) => [environment, goal] as const));

function parsed(text: string) {
  const result = parsePolicy(text, 'msk-checkup.yaml', Date.UTC(2026, 10, 22));
  if (!result.ok) throw new Error(`${result.errors[0]?.at}: ${result.errors[0]?.message}`);
  return result.overrides;
}

/** Every default and example taken in: what somebody gets who takes all # away. */
const uncommented = (text: string) => text.replaceAll(/^#(?!#)/gm, '');

describe.each(choices)('the file for %s and %s', (environment, goal) => {
  const text = policyTemplate(environment, goal);

  test('changes nothing as it is', () => {
    expect(parsed(text)).toEqual({ version: 1 });
  });

  test('is valid with every line taken in, and its thresholds are the defaults', () => {
    const overrides = parsed(uncommented(text));
    const { environments: _e, goals: _g, weights: _w, ...own } = overrides;
    const policy = resolvePolicy({ overrides: own, tags: null, clusterName: '' });
    expect(policy.overrides).toEqual([]);
    expect([policy.environment.value, policy.goal.value]).toEqual([environment, goal]);
  });
});

test('has every threshold with a reason, and no line that a terminal would wrap', () => {
  const lines = policyTemplate('production', 'balanced').split('\n');
  for (const { id } of CHECKS) {
    for (const [key, { because }] of Object.entries(THRESHOLD_TABLE[id])) {
      expect(because).toMatch(/^\S.*[.!?]$/);
      expect(lines.some((line) => line.startsWith(`#    ${key}: `))).toBe(true);
    }
  }
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});
