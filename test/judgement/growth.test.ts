// What judging costs is counted, not timed: how often each function and block of the product ran, which is the same on every machine.
import { type Profiler, Session } from 'node:inspector';
import { expect, test } from 'vitest';
import { judge } from '../../lib/checkup.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { badDay } from '../fixtures/clusters/dense.ts';

const FACTOR = 8;
const MOST_EXPONENT = 1.1;
/** A function that is slower than this grows with a power above 1.3: a sort compares at most so often. */
const MOST_TIMES = FACTOR ** 1.3;
/** Fewer runs of a function are noise. */
const COUNTED_FROM = 20_000;

test('judging eight times the topics, partitions and groups takes no more than eight times the steps, a tenth of a power aside', () => {
  const size = { brokers: 6, topics: 20, groups: 100 };
  const larger = { ...size, topics: FACTOR * size.topics, groups: FACTOR * size.groups };
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'dense' });
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  // From before the first call on: blocks are counted only in what is compiled while it is on.
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const [once, eightfold] = [badDay(size), badDay(larger)].map((snapshot) =>
    stepsOf(session, () => judge({ snapshot, policy, previous: null, runId: 'growth', toolVersion: '0' })),
  ) as [Map<string, number>, Map<string, number>];
  session.disconnect();

  const exponent = Math.log(total(eightfold) / total(once)) / Math.log(FACTOR);
  expect(exponent).toBeGreaterThan(0.3);
  expect(exponent).toBeLessThanOrEqual(MOST_EXPONENT);
  const steeper = [...eightfold].filter(
    ([name, count]) => count > COUNTED_FROM && count > MOST_TIMES * (once.get(name) ?? 0),
  );
  expect(steeper.map(([name, count]) => `${name}: ${once.get(name) ?? 0} -> ${count}`)).toEqual([]);
});

/** How often the busiest block of each function in `lib/` ran. */
function stepsOf(session: Session, work: () => unknown): Map<string, number> {
  const steps = new Map<string, number>();
  // Taking them sets them back to 0.
  session.post('Profiler.takePreciseCoverage');
  work();
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => count(result, steps));
  return steps;
}

function count(scripts: readonly Profiler.ScriptCoverage[], steps: Map<string, number>): void {
  for (const { url, functions } of scripts) {
    const file = /\/(lib\/.*\.ts)/.exec(url)?.[1];
    if (file === undefined) continue;
    for (const { functionName, ranges } of functions) {
      const name = `${file} ${functionName || 'unnamed'} at ${ranges[0]!.startOffset}`;
      // A block that runs as often as what it lies in has no range of its own: only the busiest one can be compared.
      steps.set(name, Math.max(...ranges.map((range) => range.count)));
    }
  }
}

function total(steps: ReadonlyMap<string, number>): number {
  return [...steps.values()].reduce((sum, runs) => sum + runs, 0);
}
