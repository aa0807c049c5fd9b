// The stack of the example file, with code that needs no build. cdk-nag is not registered: it would throw from Template.fromStack.
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { MskCheckupStack } from '../../cdk/app.ts';
import { type DeploySettings, loadDeploySettings } from '../../cdk/settings.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

export function exampleSettings(): DeploySettings {
  return loadDeploySettings(new URL('../../cdk/example/msk-checkup.deploy.yaml', import.meta.url).pathname);
}

export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_reader-AbCdEf';
export const SECRET_KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The example with credentials from a secret. */
export function withSecret(
  auth: 'scram' | 'mtls',
  secretKeyArn?: string,
): (settings: DeploySettings) => DeploySettings {
  return (settings) => ({
    ...settings,
    collector: { ...settings.collector!, auth, secretArn: SECRET_ARN, secretKeyArn },
  });
}

export function aStack(change: (settings: DeploySettings) => DeploySettings = (same) => same, outdir?: string) {
  const app = new App({ context: cdkJson.context, ...(outdir === undefined ? {} : { outdir }) });
  const stack = new MskCheckupStack(app, 'MskCheckup', change(exampleSettings()), () =>
    lambda.Code.fromInline('exports.handler = async () => {}'),
  );
  return { app, stack };
}

export function exampleTemplate(change?: (settings: DeploySettings) => DeploySettings): Template {
  return Template.fromStack(aStack(change).stack);
}

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

/** Statements of all policies of a role whose logical id begins so. */
export function statementsOfRole(template: Template, roleId: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter((policy) => JSON.stringify(policy.Properties.Roles).includes(`"Ref":"${roleId}`))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement as Statement[]);
}

export function actionsOf(statements: readonly Statement[], effect: Statement['Effect']): string[] {
  const actions = statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);
  return [...new Set(actions)].sort();
}
