// Findings of cdk-nag that stay, each by its own id with its reason; anything new fails the synth.
import { type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { MskCheckupStack } from './app.ts';

/** The prefixed form of an id keeps the finding in the validation report, with the reason; the bare form makes it vanish. */
function acknowledge(scope: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [finding, reason] of Object.entries(findings)) {
    Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-${finding}`, reason });
  }
}

export function acknowledgeNag(stack: MskCheckupStack): void {
  acknowledge(stack as Stack, {});
}
