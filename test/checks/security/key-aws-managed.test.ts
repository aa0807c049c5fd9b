import { describe, expect, test } from 'vitest';
import { redactSnapshot } from '../../../lib/snapshot/redact.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const ARN = 'arn:aws:kms:eu-west-1:111122223333';
const key = (atRestKeyArn: string | null, tags: Record<string, string> = { 'cmk-required': 'true' }) =>
  aSnapshot()
    .withSecurity({ encryption: { clientBroker: 'TLS', inCluster: true, atRestKeyArn } })
    .withSection('tags', tags);
const ofAws = () => key(`${ARN}:alias/aws/kafka`);

describe('key-aws-managed', () => {
  describeVerdicts('key-aws-managed', [
    ["warns: the tag asks for another than AWS's", ofAws(), 'warn', 'low orders'],
    ["passes: the owner's alias", key(`${ARN}:alias/kafka`), 'pass'],
    ['no-data: the id of a key does not tell whose it is', key(`${ARN}:key/1234`), 'no-data'],
    ['no-data: no key was named', key(null), 'no-data'],
    ['not applicable: no tag asks for it', key(`${ARN}:alias/aws/kafka`, {}), 'not-applicable'],
    ['not applicable: the tag says no', key(`${ARN}:alias/aws/kafka`, { 'cmk-required': 'false' }), 'not-applicable'],
    ['no-data: the tags were not read', ofAws().without('tags', 'not-permitted'), 'no-data'],
    ['no-data: security was not read', ofAws().without('security', 'not-permitted'), 'no-data'],
    ['not applicable: Serverless', ofAws().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('key-aws-managed', ofAws, { production: 'low', staging: 'info', development: 'info' });

  test.each([
    ["AWS's", `${ARN}:alias/aws/kafka`],
    ["the owner's", `${ARN}:alias/kafka`],
    ['one of which nothing is known', `${ARN}:key/1234`],
  ])('a redacted snapshot says the same of %s key', (_whose, arn) => {
    const [before, after] = [key(arn).build(), redactSnapshot(key(arn).build())];
    expect(runCheck('key-aws-managed', after).status).toBe(runCheck('key-aws-managed', before).status);
  });
});
