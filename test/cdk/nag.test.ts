import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aStack, SECRET_KEY_ARN, withSecret } from './stack.ts';

interface Finding {
  ruleName: string;
}
interface ValidationReport {
  pluginReports: {
    pluginName: string;
    violations: Finding[];
    suppressedViolations?: (Finding & { reason?: string; acknowledgedReason?: string })[];
  }[];
}

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'msk-checkup-nag-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

function synth(
  plant?: (stack: ReturnType<typeof aStack>['stack']) => void,
  change?: Parameters<typeof aStack>[0],
): ValidationReport {
  const { app, stack } = aStack(change, out);
  plant?.(stack);
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  try {
    app.synth();
  } catch {
    // Violations throw; what they are is in the file.
  }
  return JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')) as ValidationReport;
}

function nagOf(report: ValidationReport) {
  const nag = report.pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  if (nag === undefined) throw new Error('cdk-nag did not run');
  return nag;
}

test('cdk-nag finds nothing that is not acknowledged by its own id, with a reason', () => {
  const nag = nagOf(synth());
  expect(nag.violations).toEqual([]);
  const acknowledged = nag.suppressedViolations ?? [];
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.map(({ ruleName }) => ruleName).sort()).toMatchSnapshot();
});

test('credentials from a secret need no acknowledgement of their own: one secret, one key', () => {
  const rulesOf = ({ suppressedViolations }: ReturnType<typeof nagOf>) =>
    suppressedViolations?.map((each) => each.ruleName);
  const nag = nagOf(synth(undefined, withSecret('scram', SECRET_KEY_ARN)));
  expect(nag.violations).toEqual([]);
  expect(rulesOf(nag)).toEqual(rulesOf(nagOf(synth())));
});

test('the test sees a violation when there is one', () => {
  const nag = nagOf(synth((stack) => new sqs.Queue(stack, 'Planted')));
  expect(nag.violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS3');
});
