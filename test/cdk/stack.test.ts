import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { NETWORK_INTERFACE_ACTIONS } from '../../cdk/constructs/statements.ts';
import { BUCKET_WRITE_PREFIXES, DENIED_ACTIONS, permissionsOf } from '../../lib/permissions.ts';
import { actionsOf, exampleTemplate, SECRET_ARN, SECRET_KEY_ARN, statementsOfRole, withSecret } from './stack.ts';

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
let template: Template;
beforeAll(() => {
  template = exampleTemplate();
});

describe('network', () => {
  test('costs nothing: no NAT gateway, no address, no interface endpoint', () => {
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::VPCEndpoint'])
      template.resourceCountIs(type, 0);
  });

  test('the collector can reach the brokers’ group on the named port and nothing else', () => {
    const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
    expect(groups).toHaveLength(1);
    const rules = [
      ...groups.flatMap((group) => (group.Properties.SecurityGroupEgress ?? []) as Record<string, unknown>[]),
      ...Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties),
    ].filter((rule) => rule.CidrIp !== '255.255.255.255/32');
    expect(rules).toEqual([
      expect.objectContaining({
        DestinationSecurityGroupId: 'sg-0123456789abcdef0',
        FromPort: 9098,
        ToPort: 9098,
        IpProtocol: 'tcp',
      }),
    ]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('the reporter is in no VPC, because there it could not reach AWS', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const [, reporter] = functions.find(([id]) => id.includes('ReportFunction')) ?? [];
    expect(reporter?.Properties.VpcConfig).toBeUndefined();
  });

  test('the command that lets the collector in is printed, because the brokers’ group belongs to somebody else', () => {
    const [output] = Object.values(template.findOutputs('AllowCollector1'));
    expect(JSON.stringify(output?.Value)).toContain('authorize-security-group-ingress --group-id sg-0123456789abcdef0');
  });

  test('with manageBrokerIngress the rule is part of the stack', () => {
    const managed = exampleTemplate((settings) => ({
      ...settings,
      collector: { ...settings.collector!, manageBrokerIngress: true },
    }));
    managed.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 9098,
    });
    expect(managed.findOutputs('AllowCollector1')).toEqual({});
  });
});

describe('permissions', () => {
  test('of the reporter are those of lib/permissions.ts and what the platform needs', () => {
    const statements = statementsOfRole(template, 'CheckupReportRole');
    const ours = permissionsOf('reporter').map(({ action }) => action);
    expect(actionsOf(statements, 'Allow')).toEqual([...new Set([...ours, ...LOG_ACTIONS, 'sqs:SendMessage'])].sort());
    expect(actionsOf(statements, 'Deny')).toEqual([...DENIED_ACTIONS.reporter].sort());
  });

  test('of the collector are those of lib/permissions.ts and what the platform needs', () => {
    const statements = statementsOfRole(template, 'CollectorCollectorRole');
    const ours = permissionsOf('collector').map(({ action }) => action);
    expect(actionsOf(statements, 'Allow')).toEqual([...ours, ...LOG_ACTIONS, ...NETWORK_INTERFACE_ACTIONS].sort());
    expect(actionsOf(statements, 'Deny')).toEqual([...DENIED_ACTIONS.collector, ...NETWORK_INTERFACE_ACTIONS].sort());
  });

  test('nobody may read a message', () => {
    const policies = template.findResources('AWS::IAM::Policy');
    const allowed = Object.values(policies)
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action as string[]);
    expect(allowed.length).toBeGreaterThan(0);
    for (const action of allowed) expect(action).not.toMatch(/^(\*|kafka-cluster:(\*|Read|Write|Alter|Create|Delete))/);
  });

  test('with readData the collector may read the topics of the named clusters, and is denied the rest as before', () => {
    const chosen = exampleTemplate((settings) => ({
      ...settings,
      collector: { ...settings.collector!, readData: true },
    }));
    const statements = statementsOfRole(chosen, 'CollectorCollectorRole');
    const reading = statements.filter(({ Action }) => [Action].flat().includes('kafka-cluster:ReadData'));
    expect(reading).toMatchObject([
      { Effect: 'Allow', Resource: expect.stringMatching(/:topic\/orders\/[0-9a-f-]+\/\*$/) },
    ]);
    const denied = actionsOf(statementsOfRole(template, 'CollectorCollectorRole'), 'Deny');
    expect(actionsOf(statements, 'Deny')).toEqual(denied.filter((action) => action !== 'kafka-cluster:ReadData'));
    expect(actionsOf(statementsOfRole(chosen, 'CheckupReportRole'), 'Deny')).toContain('kafka-cluster:ReadData');
  });

  describe('with credentials from a secret', () => {
    const secretOnly = ['secretsmanager:GetSecretValue'];
    const allowed = (from: Template) => actionsOf(statementsOfRole(from, 'CheckupReportRole'), 'Allow');
    const statementsOn = (from: Template, action: string) =>
      Object.values(from.findResources('AWS::IAM::Policy'))
        .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
        .filter(({ Action }) => [Action].flat().includes(action));

    test('only the reporter may read it, and nothing but it', () => {
      const scram = exampleTemplate(withSecret('scram'));
      expect(allowed(scram)).toEqual([...allowed(template), ...secretOnly].sort());
      expect(statementsOn(scram, secretOnly[0]!)).toEqual([
        { Action: secretOnly[0], Effect: 'Allow', Resource: SECRET_ARN },
      ]);
      expect(statementsOfRole(scram, 'CollectorCollectorRole')).toEqual(
        statementsOfRole(template, 'CollectorCollectorRole'),
      );
    });

    test('its key decrypts for Secrets Manager alone', () => {
      const mtls = exampleTemplate(withSecret('mtls', SECRET_KEY_ARN));
      expect(allowed(mtls)).toEqual([...allowed(template), ...secretOnly, 'kms:Decrypt'].sort());
      expect(statementsOn(mtls, 'kms:Decrypt')).toEqual([
        {
          Action: 'kms:Decrypt',
          Effect: 'Allow',
          Resource: SECRET_KEY_ARN,
          Condition: { StringEquals: { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] } },
        },
      ]);
    });

    test('the functions are told where it lies, never what is in it, and the collector not even that', () => {
      const scram = exampleTemplate(withSecret('scram', SECRET_KEY_ARN));
      const environments = Object.entries(scram.findResources('AWS::Lambda::Function')).map(
        ([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.Environment?.Variables] as const,
      );
      expect(Object.fromEntries(environments)).toEqual({
        CheckupReportFunction: expect.objectContaining({
          MSK_CHECKUP_KAFKA_AUTH: 'scram',
          MSK_CHECKUP_KAFKA_SECRET_ARN: SECRET_ARN,
        }),
        CollectorCollectorFunction: undefined,
      });
      expect(JSON.stringify(scram.toJSON())).not.toContain('resolve:secretsmanager');
      expect(JSON.stringify(template.toJSON())).not.toContain('MSK_CHECKUP_KAFKA_SECRET_ARN');
    });
  });

  test('the reporter writes under its own prefixes only, never the whole bucket', () => {
    const put = statementsOfRole(template, 'CheckupReportRole').find(({ Action }) => Action === 's3:PutObject');
    const resources = JSON.stringify(put?.Resource);
    for (const prefix of BUCKET_WRITE_PREFIXES) expect(resources).toContain(`/${prefix}*`);
    expect(resources).not.toContain('"/*"');
    expect(resources).not.toContain('v1/config');
  });
});

describe('schedule', () => {
  test('one a cluster, in its zone, carrying the scheduled time that names the run', () => {
    template.resourceCountIs('AWS::Scheduler::Schedule', 1);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(15 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: {
        Input: Match.serializedJson({
          clusterArn: Match.stringLikeRegexp('^arn:aws:kafka:'),
          scheduledTime: '<aws.scheduler.scheduled-time>',
        }),
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] } },
      },
    });
  });

  test('what the function gives up goes to the same queue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] } },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3600,
    });
  });
});

describe('watching', () => {
  test('26 hours without a report are an alarm, and silence counts as none', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ReportPublished',
      Namespace: 'MskCheckup',
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 26,
      DatapointsToAlarm: 26,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('every alarm may publish to its topic: enforceSSL replaces the default policy and would mute it', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    let visited = 0;
    for (const alarm of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      for (const action of alarm.Properties.AlarmActions as { Ref: string }[]) {
        const statements = policies
          .filter((policy) => JSON.stringify(policy.Properties.Topics).includes(action.Ref))
          .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
        expect(statements).toContainEqual(
          expect.objectContaining({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        );
        expect(template.findResources('AWS::SNS::Topic')[action.Ref]?.Properties?.KmsMasterKeyId).toBeUndefined();
        visited += 1;
      }
    }
    expect(visited).toBeGreaterThanOrEqual(6);
  });

  test('alarms never go to the readers of reports', () => {
    const actions = JSON.stringify(
      Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmActions),
    );
    expect(actions).toContain('OpsTopic');
    expect(actions).not.toContain('ReportTopic');
  });
});

describe('storage', () => {
  test('reports outlive the stack, are versioned and private', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: { VersioningConfiguration: { Status: 'Enabled' }, LoggingConfiguration: Match.anyValue() },
    });
    for (const bucket of Object.values(template.findResources('AWS::S3::Bucket'))) {
      expect(bucket.Properties.PublicAccessBlockConfiguration.RestrictPublicBuckets).toBe(true);
    }
  });

  test('every log group forgets', () => {
    for (const group of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(group.Properties.RetentionInDays).toBe(30);
    }
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
  });
});

test('without a collector nothing of it is deployed, and the reporter is told of none', () => {
  const alone = exampleTemplate((settings) => ({ ...settings, collector: undefined }));
  alone.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  const functions = Object.values(alone.findResources('AWS::Lambda::Function'));
  expect(functions).toHaveLength(1);
  expect(functions[0]?.Properties.Environment.Variables).not.toHaveProperty('MSK_CHECKUP_COLLECTOR_ARN');
  expect(actionsOf(statementsOfRole(alone, 'CheckupReportRole'), 'Allow')).not.toContain('lambda:InvokeFunction');
});
