import { defineConfig } from 'vitest/config';

/** What they test has no state but caches by identity, so that the files of a worker can share the modules: a third of the time. */
const PURE = [
  'analysis',
  'checks',
  'diagnosis',
  'facts',
  'history',
  'kpis',
  'lint',
  'report',
  'scorecard',
  'text',
  'worked',
];
const PURE_FILES = PURE.map((folder) => `test/${folder}/**/*.test.ts`);

const quick = {
  // The default leaves one core out, which is half of a machine of two.
  maxWorkers: '100%',
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

// `unit` and `unit-pure` need Node alone and a browser; `live` needs Java, Maven and Python, and runs two clusters at a time at most.
export default defineConfig({
  test: {
    projects: [
      { test: { ...quick, name: 'unit-pure', include: PURE_FILES, isolate: false } },
      {
        test: {
          ...quick,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE_FILES, 'test/e2e/**', 'test/sandbox/**'],
        },
      },
      {
        test: {
          name: 'live',
          include: ['test/e2e/**/*.test.ts', 'test/sandbox/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // Real processes on a shared machine: one second try in CI, which the reporter shows; none while developing.
          retry: process.env.CI === 'true' ? 1 : 0,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
