// What the code calls, what lib/permission-table.ts and lib/kafka-requests.ts list and what docs/permissions.md prints are one and the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALLOWED_API_KEYS, OPT_IN_API_KEYS } from '../../lib/collect/kafka/api-keys.ts';
import { policyDocument, policyStatements } from '../../lib/iam-policy.ts';
import { KAFKA_REQUESTS } from '../../lib/kafka-requests.ts';
import { PERMISSIONS } from '../../lib/permission-table.ts';
import { DENIED_ACTIONS, type PermissionChoices, permissionsOf } from '../../lib/permissions.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/permissions.md'), 'utf8');

/** Commands of the SDK that need no permission of their own, or that the user grants by naming a role. */
const WITHOUT_PERMISSION = ['AssumeRole', 'GetCallerIdentity'];
/** IAM's name of a command where it differs: HeadObject is allowed by s3:GetObject, and a missing key by s3:ListBucket. */
const ACTION_OF: Record<string, string> = {
  GetMetricData: 'cloudwatch:GetMetricData',
  DescribeAlarms: 'cloudwatch:DescribeAlarms',
  DescribeScalableTargets: 'application-autoscaling:DescribeScalableTargets',
  DescribeScalingPolicies: 'application-autoscaling:DescribeScalingPolicies',
  DescribeScalingActivities: 'application-autoscaling:DescribeScalingActivities',
  ListServiceQuotas: 'servicequotas:ListServiceQuotas',
  ListAWSDefaultServiceQuotas: 'servicequotas:ListAWSDefaultServiceQuotas',
  ListConnectors: 'kafkaconnect:ListConnectors',
  DescribeSubnets: 'ec2:DescribeSubnets',
  GetProducts: 'pricing:GetProducts',
  GetCostAndUsage: 'ce:GetCostAndUsage',
  GetSecretValue: 'secretsmanager:GetSecretValue',
  Invoke: 'lambda:InvokeFunction',
  Publish: 'sns:Publish',
  PutObject: 's3:PutObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
};

/** Allowed for what AWS does on a call's behalf: decrypt a secret. */
const WITHOUT_CALL = ['kms:Decrypt'];

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name));
}

test('every AWS call in the code has its permission, and no permission is left over', () => {
  const source = ['lib', 'functions']
    .flatMap(sourceFiles)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const commands = [...source.matchAll(/new (?:sdk\.)?([A-Z]\w+)Command\(/g)].map((match) => match[1]!);
  const called = commands
    .filter((name) => !WITHOUT_PERMISSION.includes(name))
    .map((name) => ACTION_OF[name] ?? `kafka:${name}`);
  const listed = PERMISSIONS.map((permission) => permission.action).filter(
    (action) => !action.startsWith('kafka-cluster:'),
  );
  expect([...new Set([...called, ...WITHOUT_CALL])].sort()).toEqual([...listed].sort());
});

test('every Kafka request that may be sent is listed with its reason, and needs a listed right', () => {
  const keys = { ...ALLOWED_API_KEYS, ...OPT_IN_API_KEYS };
  const allowed = Object.entries(keys).map(([key, { name }]) => ({ key: Number(key), name }));
  expect(KAFKA_REQUESTS.map(({ key, name }) => ({ key, name }))).toEqual(allowed);
  for (const { key, needs } of KAFKA_REQUESTS) {
    const rights = permissionsOf('collector', { readData: key in OPT_IN_API_KEYS }).map(({ action }) => action);
    expect(rights).toEqual(expect.arrayContaining([...needs]));
  }
});

test('nothing that is allowed is denied, and nothing that changes a cluster or reads a record is allowed', () => {
  for (const { action, usedBy } of PERMISSIONS.filter(({ optIn }) => optIn === undefined)) {
    if (action.startsWith('kafka')) expect(action).toMatch(/:(Describe|List|Get|Connect)/);
    for (const principal of usedBy)
      expect(DENIED_ACTIONS[principal].some((pattern) => matches(pattern, action))).toBe(false);
  }
});

test.each(['cli', 'reporter', 'collector'] as const)(
  'records may be read by the %s only by the user’s choice, which changes nothing else',
  (principal) => {
    const read = 'kafka-cluster:ReadData';
    const actionsOf = (choices: PermissionChoices, effect: string) =>
      policyDocument(principal, SCOPES[principal], choices)
        .Statement.filter((each) => each.Effect === effect)
        .flatMap((each) => each.Action);
    const isDenied = (action: string) => matches(action, read);
    for (const choices of [{}, { readData: false }]) {
      expect(actionsOf(choices, 'Allow')).not.toContain(read);
      expect(actionsOf(choices, 'Deny').some(isDenied)).toBe(true);
    }
    const given = principal === 'reporter' ? [] : [read];
    const chosen = { readData: true };
    expect(actionsOf(chosen, 'Allow').sort()).toEqual([...actionsOf({}, 'Allow'), ...given].sort());
    expect(actionsOf({}, 'Deny').filter((action) => !given.includes(action))).toEqual(actionsOf(chosen, 'Deny'));
    expect(actionsOf(chosen, 'Deny').some(isDenied)).toBe(principal === 'reporter');
  },
);

test('the collector may call no AWS API, whatever the user chose', () => {
  for (const { action } of permissionsOf('collector', { readData: true, authSecret: true }))
    expect(action).toMatch(/^kafka-cluster:/);
});

describe('credentials from a secret', () => {
  const SECRET = {
    authSecretArns: ['arn:aws:secretsmanager:REGION:ACCOUNT:secret:AmazonMSK_READER-SUFFIX'],
    authSecretKeyArns: ['arn:aws:kms:REGION:ACCOUNT:key/KEY'],
  };
  const opened = (principal: 'cli' | 'reporter', secret: Partial<typeof SECRET>) => {
    const scope = { ...SCOPES[principal], ...secret };
    const before = JSON.stringify(policyStatements(principal, scope));
    return policyStatements(principal, scope, { authSecret: true }).filter(
      (statement) => !before.includes(JSON.stringify(statement)),
    );
  };

  test.each(['cli', 'reporter'] as const)('are the %s’s only by the user’s choice, as the page prints it', (who) => {
    const policies = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1]!) as unknown);
    expect(policies).toContainEqual(opened(who, SECRET));
    expect(opened(who, SECRET).map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['secretsmanager:GetSecretValue'], SECRET.authSecretArns],
      [['kms:Decrypt'], SECRET.authSecretKeyArns],
    ]);
  });

  test('need no key where Secrets Manager’s own key keeps the secret', () => {
    const { authSecretArns } = SECRET;
    expect(opened('reporter', { authSecretArns }).flatMap(({ Action }) => Action)).toEqual([
      'secretsmanager:GetSecretValue',
    ]);
  });

  test.each([
    ['arn:aws:kms:eu-west-1:111122223333:key/k', 'secretsmanager.eu-west-1.amazonaws.com'],
    ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/k', 'secretsmanager.us-gov-west-1.amazonaws.com'],
    ['arn:aws-cn:kms:cn-north-1:111122223333:key/k', 'secretsmanager.cn-north-1.amazonaws.com.cn'],
  ])('open the key %s by way of %s alone', (key, service) => {
    expect(opened('reporter', { authSecretKeyArns: [key] }).at(-1)?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': [service] },
    });
  });
});

const CLUSTER = 'arn:aws:kafka:REGION:ACCOUNT:cluster/CLUSTER/UUID';
const SCOPES = {
  cli: { clusterArns: [CLUSTER] },
  reporter: {
    clusterArns: [CLUSTER],
    bucketArn: 'arn:aws:s3:::REPORT_BUCKET',
    reportTopicArns: ['arn:aws:sns:REGION:ACCOUNT:REPORT_TOPIC'],
    collectorFunctionArns: ['arn:aws:lambda:REGION:ACCOUNT:function:COLLECTOR'],
  },
  collector: { clusterArns: [CLUSTER] },
};

test.each(['cli', 'reporter', 'collector'] as const)(
  'the page holds the policy of the %s, ready to paste',
  (principal) => {
    const policies = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1]!) as unknown);
    expect(policies).toContainEqual(policyDocument(principal, SCOPES[principal]));
    const granted = policyDocument(principal, SCOPES[principal])
      .Statement.filter((each) => each.Effect === 'Allow')
      .flatMap((each) => each.Action);
    expect(granted.sort()).toEqual(
      permissionsOf(principal)
        .map((permission) => permission.action)
        .sort(),
    );
  },
);

test('the page has one row for each action, each Kafka request and each denied action', () => {
  for (const { action, why, usedBy } of PERMISSIONS) {
    expect(PAGE).toContain(`| \`${action}\` | ${usedBy.join(', ')} |`);
    expect(PAGE).toContain(` | ${why} |`);
  }
  for (const { key, name, needs, why } of KAFKA_REQUESTS) {
    const rights = needs.length === 0 ? 'nothing' : needs.map((action) => `\`${action}\``).join(', ');
    expect(PAGE).toContain(`\n| ${key} | ${name} | ${rights} | ${why} |\n`);
  }
  for (const action of new Set(Object.values(DENIED_ACTIONS).flat())) expect(PAGE).toContain(`\`${action}\``);
  expect([...PAGE.matchAll(/^\| `/gm)]).toHaveLength(PERMISSIONS.length);
});

test('a cluster pattern becomes patterns of its topics and groups', () => {
  const { Statement } = policyDocument('collector', {
    clusterArns: ['arn:aws-cn:kafka:cn-north-1:111122223333:cluster/*'],
  });
  const resources = Statement.filter((each) => each.Effect === 'Allow').flatMap((each) => each.Resource);
  expect(resources).toContain('arn:aws-cn:kafka:cn-north-1:111122223333:topic/*/*');
  expect(resources).toContain('arn:aws-cn:kafka:cn-north-1:111122223333:group/*/*');
});

function matches(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action);
}
