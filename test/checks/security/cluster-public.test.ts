import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const access = (publicAccess: string | null, unauthenticated: boolean | null = false) =>
  aSnapshot().withSecurity({
    publicAccess,
    authentication: { unauthenticated, iam: true, scram: false, tls: false },
  });
const EIPS = 'SERVICE_PROVIDED_EIPS';

describe('cluster-public', () => {
  describeVerdicts('cluster-public', [
    ['passes: public access is off', access('DISABLED'), 'pass'],
    ['passes: off, and open to the VPC, which is another finding', access('DISABLED', true), 'pass'],
    ['fails: brokers have public addresses', access(EIPS), 'fail', 'high orders'],
    ['fails critically: and nobody has to authenticate', access(EIPS, true), 'fail', 'critical orders'],
    ['fails: whether clients authenticate is not known', access(EIPS, null), 'fail', 'high orders'],
    ['no-data: MSK does not say', access(null), 'no-data'],
    ['no-data: a word that nobody knows', access('SOME'), 'no-data'],
    ['no-data: not read', aSnapshot().without('security', 'timed-out'), 'no-data'],
    ['fails on Express', access(EIPS).withKind('provisioned-express'), 'fail', 'high orders'],
    ['not applicable: Serverless', access(null).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('cluster-public', () => access(EIPS), {
    production: 'high',
    staging: 'high',
    development: 'medium',
  });
  describeSeverities('cluster-public', () => access(EIPS, true), {
    production: 'critical',
    staging: 'critical',
    development: 'critical',
  });

  test('says that inbound rules were not read, and takes the addresses away', () => {
    const { confirmFirst, commands } = runCheck('cluster-public', access(EIPS)).recommendation!;
    expect(confirmFirst).toContain('not read here');
    expect(commands.at(-1)?.argv.at(-1)).toBe('{"PublicAccess":{"Type":"DISABLED"}}');
  });
});
