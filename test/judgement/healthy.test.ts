// False alarms: clusters that are well are told that they are well, also with the noise of another day.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { HEALTHY } from '../fixtures/clusters/healthy.ts';
import { checkSnapshot, FIXTURES, reportOn, troubles } from './judged.ts';
import { type Perturbation, perturb } from './perturbed.ts';

const MIN_COVERAGE = 0.9;
const MIN_PASSES = 70;

test.each(Object.keys(HEALTHY))('%s: nothing to report', (name) => {
  expect(troubles(reportOn(name))).toEqual([]);
});

describe('full: everything was read, so nearly everything is answered', () => {
  test('coverage of the KPIs', () => {
    const { confidence, kpis } = reportOn('full').scorecard;
    const missing = kpis
      .filter(({ status }) => status === 'missing')
      .map(({ id, reading }) => `${id} ${JSON.stringify(reading)}`);
    expect(confidence, missing.join('\n')).toBeGreaterThanOrEqual(MIN_COVERAGE);
  });

  test(`${MIN_PASSES} checks pass`, () => {
    const passed = reportOn('full').checks.filter(({ status }) => status === 'pass').length;
    expect(passed, troubles(reportOn('full'), ['no-data', 'not-applicable']).join('\n')).toBeGreaterThanOrEqual(
      MIN_PASSES,
    );
  });
});

/** Those that read what is perturbed; the others are asked the same as before. */
const PERTURBED = CHECKS.filter(({ needs, mayUse }) =>
  [...needs, ...mayUse].some((name) => ['metrics', 'kafkaOffsets', 'kafkaSamples'].includes(name)),
);

/** Below what any check takes for more than noise. */
const perturbation: fc.Arbitrary<Perturbation> = fc.record({
  seed: fc.nat(),
  share: fc.double({ min: 0.02, max: 0.15, noNaN: true }),
  noise: fc.double({ min: 0, max: 0.04, noNaN: true }),
  gaps: fc.double({ min: 0, max: 0.008, noNaN: true }),
  peak: fc.double({ min: 1, max: 1.6, noNaN: true }),
  lagSec: fc.double({ min: 0, max: 4, noNaN: true }),
});

/** A thousand in all, most of them of the one that is judged fastest; in parts, so that each has the time of a test. */
const ALL_RUNS: readonly (readonly [name: string, numRuns: number, seed: number])[] = [
  ...Array.from({ length: 31 }, (_, part) => ['small-idle', 30, part] as const),
  ['full', 15, 31],
  ['full', 15, 32],
  ['freshly-upgraded', 15, 33],
  ['freshly-upgraded', 10, 34],
  ['large-busy', 8, 35],
  ['large-busy', 7, 36],
];

/** Every run takes some of each cluster; the whole thousand has the time of the full suite. */
const RUNS = process.env.MSK_CHECKUP_TEST_FULL === '1' ? ALL_RUNS : ALL_RUNS.filter((_, index) => index % 6 === 0);

test.each(RUNS)('%s: noise raises no alarm, %i times (%i)', (name, numRuns, seed) => {
  const snapshot = HEALTHY[name]!.snapshot();
  fc.assert(
    fc.property(perturbation, (how) => {
      expect(troubles({ checks: checkSnapshot(perturb(snapshot, how), PERTURBED) })).toEqual([]);
    }),
    { numRuns, seed },
  );
});

test('a thousand times in all', () => {
  expect(ALL_RUNS.reduce((sum, [, numRuns]) => sum + numRuns, 0)).toBe(1000);
});

describe('the fixtures themselves', () => {
  test.each(Object.entries(FIXTURES))('%s is a snapshot as the product reads and writes it', (_name, { snapshot }) => {
    const loaded = loadSnapshot(JSON.stringify(snapshot()));
    expect(loaded.ok ? 'ok' : loaded.message).toBe('ok');
  });
});
