import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultCheckThresholds } from '../../lib/policy/default-policy.ts';
import { type PolicySources, resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { schemaFiles } from '../../scripts/write-schemas.ts';

const resolve = (sources: Partial<PolicySources> = {}) =>
  resolvePolicy({ overrides: null, tags: {}, clusterName: 'orders', ...sources });

describe('environment', () => {
  test.each<[string, Partial<PolicySources>, string, RegExp]>([
    [
      'the command line wins over all',
      {
        cliEnvironment: 'development',
        overrides: { version: 1, environment: 'staging' },
        tags: { env: 'prod' },
        clusterName: 'prod',
      },
      'development',
      /chosen for this run/,
    ],
    [
      'the policy wins over tags',
      { overrides: { version: 1, environment: 'staging' }, tags: { env: 'prod' } },
      'staging',
      /set in the policy/,
    ],
    [
      'the tag Environment',
      { tags: { Environment: 'Staging' }, clusterName: 'prod-orders' },
      'staging',
      /^tag Environment is "Staging"$/,
    ],
    ['the tag env', { tags: { env: 'dev' } }, 'development', /^tag env is "dev"$/],
    ['a tag of words', { tags: { ENV: 'pre-prod eu' } }, 'staging', /pre-prod/],
    [
      'a tag that names nothing known leaves it to the name',
      { tags: { env: 'blue' }, clusterName: 'orders-dev' },
      'development',
      /^the name "orders-dev" says development$/,
    ],
    [
      'a tag that names nothing known, and no name',
      { tags: { env: 'blue' } },
      'production',
      /"blue", which names no environment we know: judged as production/,
    ],
    ['prod in the name', { clusterName: 'prod-orders' }, 'production', /the name/],
    ['dev in the name', { clusterName: 'orders_dev2' }, 'development', /the name/],
    ['uat in the name', { clusterName: 'orders.uat' }, 'staging', /the name/],
    ['nonprod is no production', { clusterName: 'orders-nonprod' }, 'staging', /the name/],
    ['non-prod is no production', { clusterName: 'orders-non-prod' }, 'staging', /the name/],
    ['pre-production is no production', { clusterName: 'pre-production-orders' }, 'staging', /the name/],
    ['the strictest of two words', { clusterName: 'prod-test' }, 'production', /the name/],
    [
      'a word inside another does not count',
      { clusterName: 'product-devices-latest' },
      'production',
      /judged as production, the strictest/,
    ],
    ['nothing said', {}, 'production', /no option, policy, tag or name/],
    ['tags that could not be read', { tags: null }, 'production', /the tags could not be read/],
  ])('%s', (_why, sources, environment, because) => {
    expect(resolve(sources).environment).toEqual({ value: environment, because: expect.stringMatching(because) });
  });
});

describe('goal and thresholds', () => {
  test('command line, policy, balanced', () => {
    expect(resolve({ cliGoal: 'cost', overrides: { version: 1, goal: 'latency' } }).goal.value).toBe('cost');
    expect(resolve({ overrides: { version: 1, goal: 'latency' } }).goal.value).toBe('latency');
    expect(resolve().goal).toEqual({ value: 'balanced', because: 'no option or policy names a goal: balanced' });
  });

  test.each([
    ['production', 'balanced', 60],
    ['production', 'latency', 5],
    ['production', 'throughput', 300],
    ['production', 'durability', 60],
    ['production', 'cost', 300],
    ['staging', 'balanced', 180],
    ['development', 'cost', 3000],
  ] as const)('in %s with goal %s a group may be %i s behind', (cliEnvironment, cliGoal, seconds) => {
    expect(resolve({ cliEnvironment, cliGoal }).lag.allowedSeconds).toBe(seconds);
  });

  test('one minute below min ISR in production, five elsewhere', () => {
    const minutes = (environment: 'production' | 'staging' | 'development') =>
      defaultCheckThresholds(environment, 'balanced')['partitions-under-min-isr'].minMinutes;
    expect([minutes('production'), minutes('staging'), minutes('development')]).toEqual([1, 5, 5]);
  });

  test('three looks a minute apart over two minutes', () => {
    const { sampling, lag } = resolve();
    expect([sampling, lag.minSamples, lag.minSpanSec]).toEqual([
      { samples: 3, intervalSec: 60, readData: false, openMonitoring: false },
      3,
      120,
    ]);
  });

  test('record batches are read only where the file or the command line says so, and the report says that it did', () => {
    const readData = { version: 1 as const, sampling: { readData: true } };
    expect(resolve({ cliSampling: { readData: undefined } })).toEqual(resolve());
    expect(resolve({ overrides: { version: 1, sampling: { readData: false } } })).toEqual(resolve());
    for (const policy of [resolve({ overrides: readData }), resolve({ cliSampling: { readData: true } })]) {
      expect(policy.sampling).toEqual({ samples: 3, intervalSec: 60, readData: true, openMonitoring: false });
      expect(policy.overrides).toEqual(['sampling.readData: true (default false)']);
      expect(policy.fingerprint).not.toBe(resolve().fingerprint);
    }
  });

  test('every value that differs from the default is listed, with the default of this environment and goal', () => {
    const policy = resolve({
      overrides: {
        version: 1,
        lag: { allowedSeconds: 60, minSpanSec: 4 },
        checks: { 'cpu-high': { mediumPercent: 50, highPercent: 70 }, 'partitions-under-min-isr': { minMinutes: 5 } },
      },
      cliSampling: { intervalSec: 2 },
    });
    expect(policy.overrides).toEqual([
      'sampling.intervalSec: 2 (default 60)',
      'lag.minSpanSec: 4 (default 120)',
      'checks.partitions-under-min-isr.minMinutes: 5 (default 1)',
      'checks.cpu-high.mediumPercent: 50 (default 60)',
    ]);
    expect(policy.checks['cpu-high'].criticalPercent).toBe(80);
    expect(resolve().overrides).toEqual([]);
  });

  test('the fingerprint is of what judges: values, environment and goal, whatever the order or the reason', () => {
    const fingerprint = (sources?: Partial<PolicySources>) => resolve(sources).fingerprint;
    expect(fingerprint()).toMatch(/^[0-9a-f]{12}$/);
    expect(fingerprint({ cliEnvironment: 'production' })).toBe(fingerprint({ tags: { env: 'prod' } }));
    expect(fingerprint({ cliGoal: 'cost' })).not.toBe(fingerprint());
    const a = { version: 1 as const, lag: { allowedMessages: 5, minSamples: 2 } };
    const b = { lag: { minSamples: 2, allowedMessages: 5 }, version: 1 as const };
    expect(fingerprint({ overrides: a })).toBe(fingerprint({ overrides: b }));
    expect(fingerprint({ overrides: a })).not.toBe(fingerprint());
  });
});

test('the published JSON Schema is the one the product loads with', () => {
  const published = readFileSync(join(import.meta.dirname, '../../docs/schema/policy.schema.json'), 'utf8');
  expect(published).toBe(schemaFiles()['policy.schema.json']);
});
