// `npx cdk synth|deploy`: one stack from one deployment file. `-c config=path` names another file.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { parsePolicy } from '../lib/policy/load-policy.ts';
import { quoteArg } from '../lib/text/command.ts';
import { acknowledgeCheckup, acknowledgeCollector } from './acknowledgements.ts';
import { KafkaCollector } from './constructs/kafka-collector.ts';
import { MskCheckup, POLICY_KEY } from './constructs/msk-checkup.ts';
import { type DeploySettings, DeploySettingsError, loadDeploySettings } from './settings.ts';

/** Code of the functions by name: the built bundles, or something small in tests. */
export type FunctionCode = (name: 'report' | 'collect-kafka') => lambda.Code;

export class MskCheckupStack extends Stack {
  readonly checkup: MskCheckup;
  readonly collector: KafkaCollector | undefined;

  constructor(scope: Construct, id: string, settings: DeploySettings, code: FunctionCode, props: StackProps = {}) {
    super(scope, id, {
      description: 'MSK Checkup: the daily health, tuning and cost report for Amazon MSK',
      env: { account: settings.account, region: settings.region },
      ...props,
    });
    const { clusters, collector } = settings;
    this.collector =
      collector === undefined
        ? undefined
        : new KafkaCollector(this, 'Collector', {
            ...collector,
            clusterArns: clusters,
            code: code('collect-kafka'),
          });
    this.checkup = new MskCheckup(this, 'Checkup', {
      clusterArns: clusters,
      schedule: settings.schedule,
      reportEmails: settings.reportEmails,
      opsEmails: settings.opsEmails,
      reportRetentionDays: settings.reportRetentionDays,
      readBill: settings.readBill,
      code: code('report'),
      ...(this.collector === undefined ? {} : { collector: this.collector }),
    });
    this.#outputs(settings);
    acknowledgeCheckup(this.checkup, clusters);
    if (this.collector !== undefined) acknowledgeCollector(this.collector, clusters);
  }

  #outputs(settings: DeploySettings): void {
    new CfnOutput(this, 'ReportBucket', { value: this.checkup.bucket.bucketName });
    new CfnOutput(this, 'ReportFunction', { value: this.checkup.reportFunction.functionName });
    for (const [i, command] of (this.collector?.ingressCommands ?? []).entries()) {
      new CfnOutput(this, `AllowCollector${i + 1}`, {
        value: command,
        description: 'Lets the collector reach the brokers',
      });
    }
    if (settings.policyFile !== undefined) {
      const value = `aws s3 cp ${quoteArg(settings.policyFile) ?? '<policyFile>'} s3://${this.checkup.bucket.bucketName}/${POLICY_KEY}`;
      new CfnOutput(this, 'UploadPolicy', {
        value,
        description: 'Puts the checked policy where the function reads it',
      });
    }
  }
}

/** @throws DeploySettingsError when the policy that is to be deployed would be refused at run time */
export function checkPolicy(settings: DeploySettings): void {
  if (settings.policyFile === undefined) return;
  const path = resolve(settings.directory, settings.policyFile);
  if (!existsSync(path)) throw new DeploySettingsError(`policyFile: cannot read ${path}`);
  const parsed = parsePolicy(readFileSync(path, 'utf8'), settings.policyFile);
  if (!parsed.ok) {
    const [first] = parsed.errors;
    throw new DeploySettingsError(`policyFile: ${first?.at}: ${first?.message}`);
  }
}

function builtCode(name: string): lambda.Code {
  const folder = resolve(import.meta.dirname, '../dist/functions', name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new DeploySettingsError(`dist/functions/${name} is not built: run npm run build`);
  }
  return lambda.Code.fromAsset(folder);
}

function main(): void {
  const app = new App();
  try {
    const settings = loadDeploySettings(app.node.tryGetContext('config') as string | undefined);
    checkPolicy(settings);
    new MskCheckupStack(app, 'MskCheckup', settings, builtCode);
  } catch (error) {
    if (!(error instanceof DeploySettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return;
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  app.synth();
}

if (import.meta.main) main();
