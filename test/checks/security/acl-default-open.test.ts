import { describe, expect, test } from 'vitest';
import { aSnapshot, CLUSTER_ARN } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'allow.everyone.if.no.acl.found';
const ways = (fields: Partial<Record<'iam' | 'scram' | 'tls', boolean | null>>) =>
  aSnapshot().withSecurity({
    authentication: { unauthenticated: false, iam: false, scram: false, tls: false, ...fields },
  });
const configured = (value: string, source = ways({ scram: true })) =>
  source.withSection('configuration', { arn: `${CLUSTER_ARN}-config`, revision: 1, properties: { [KEY]: value } });

describe('acl-default-open', () => {
  describeVerdicts('acl-default-open', [
    ['passes: closed by the configuration', configured('false'), 'pass'],
    ['warns: open by the configuration', configured('true'), 'warn', 'medium orders'],
    ["warns: open by MSK's default", ways({ scram: true }), 'warn', 'medium orders'],
    ['warns: mutual TLS', ways({ tls: true, iam: true }), 'warn', 'medium orders'],
    ['warns on Express', configured('true').withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: IAM only', ways({ iam: true }), 'not-applicable'],
    ['no-data: whether SCRAM is on was not told', ways({ iam: true, scram: null }), 'no-data'],
    [
      'no-data: the configuration was not read',
      configured('false').without('configuration', 'not-permitted'),
      'no-data',
    ],
    [
      'warns: the cluster has no configuration of its own',
      ways({ scram: true }).without('configuration', 'not-enabled'),
      'warn',
      'medium orders',
    ],
    ['no-data: security was not read', configured('true').without('security', 'not-permitted'), 'no-data'],
    ['not applicable: Serverless', ways({ iam: true }).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('acl-default-open', () => configured('true'), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('ACLs come before the setting', () => {
    const { action, commands } = runCheck('acl-default-open', configured('true')).recommendation!;
    expect(action).toMatch(/^Write ACLs for every client first/);
    expect(commands[0]?.argv[0]).toBe('kafka-acls.sh');
  });
});
