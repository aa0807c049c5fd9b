import { defineConfig } from 'vitest/config';

// The maths has tests of its own: what only a check or a whole report notices is not proven where it belongs.
export default defineConfig({
  test: { include: ['test/{analysis,scorecard,worked}/**/*.test.ts'], testTimeout: 30_000 },
});
