// Runs the lint over one text or several, as the tests want to see it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintFiles } from '../../lib/lint/lint.ts';
import type { LintFinding, LintOptions, LintReport } from '../../lib/lint/lint-types.ts';

export const FIXTURES = join(import.meta.dirname, '../fixtures/lint');

const DEFAULTS: LintOptions = {
  environment: 'production',
  goal: 'balanced',
  kind: null,
  library: null,
  clientVersion: null,
  kafkaVersion: null,
  clusterType: 'standard',
  instanceType: null,
};

export function lint(files: Readonly<Record<string, string>>, options: Partial<LintOptions> = {}): LintReport {
  const inputs = Object.entries(files).map(([path, text]) => ({ path, text }));
  return lintFiles(inputs, { ...DEFAULTS, ...options });
}

export function findings(path: string, text: string, options: Partial<LintOptions> = {}): readonly LintFinding[] {
  return lint({ [path]: text }, options).files[0]!.findings;
}

export function fixture(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

/** `2 acks-weak high`: line, rule, severity. */
export function lines(found: readonly LintFinding[]): string[] {
  return found.map(({ line, ruleId, severity }) => `${line} ${ruleId} ${severity}`);
}
