import { defineConfig } from 'vitest/config';

// `unit` needs Node alone and a browser; `live` needs Java, Maven and Python, and runs two clusters at a time at most.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/sandbox/**'],
          // The default leaves one core out, which is half of a machine of two.
          maxWorkers: '100%',
          testTimeout: 30_000,
          hookTimeout: 30_000,
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
