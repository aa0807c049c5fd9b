import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const ways = (fields: Partial<Record<'unauthenticated' | 'iam' | 'scram' | 'tls', boolean | null>>) =>
  aSnapshot().withSecurity({
    authentication: { unauthenticated: false, iam: false, scram: false, tls: false, ...fields },
  });
const open = () => ways({ unauthenticated: true, iam: true });

describe('access-unauthenticated', () => {
  describeVerdicts('access-unauthenticated', [
    ['passes: IAM only', ways({ iam: true }), 'pass'],
    ['fails: open beside IAM', open(), 'fail', 'critical orders'],
    ['fails: nothing else is offered', ways({ unauthenticated: true }), 'fail', 'critical orders'],
    [
      'fails: the others are not known',
      ways({ unauthenticated: true, iam: null, scram: null, tls: null }),
      'fail',
      'critical orders',
    ],
    ['no-data: MSK does not say', ways({ unauthenticated: null, iam: true }), 'no-data'],
    ['no-data: not read', aSnapshot().without('security', 'not-permitted'), 'no-data'],
    ['no-data: never asked', aSnapshot(), 'no-data'],
    ['fails on Express', open().withKind('provisioned-express'), 'fail', 'critical orders'],
    ['not applicable: Serverless takes IAM only', open().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('access-unauthenticated', open, {
    production: 'critical',
    staging: 'high',
    development: 'medium',
  });

  const asked = (source: ReturnType<typeof ways>) =>
    runCheck('access-unauthenticated', source)
      .recommendation!.commands.filter(({ effect }) => effect === 'change')
      .map(({ argv }) => argv.at(-1));

  test('shows who connects before anything is closed', () => {
    const [first] = runCheck('access-unauthenticated', open()).recommendation!.commands;
    expect([first!.effect, first!.purpose]).toEqual(['read', expect.stringContaining('ClientConnectionCount')]);
  });

  test('closes the open way where there is another', () => {
    expect(asked(open())).toEqual(['{"Unauthenticated":{"Enabled":false}}']);
  });

  test('reads the version again between two updates, and not for one alone', () => {
    const reads = (source: ReturnType<typeof ways>) =>
      runCheck('access-unauthenticated', source).recommendation!.commands.map(({ assigns }) => assigns !== undefined);
    expect(reads(ways({ unauthenticated: true }))).toEqual([false, false, true, false]);
    expect(reads(open())).toEqual([false, false]);
  });

  test('offers another way first where there is none', () => {
    expect(asked(ways({ unauthenticated: true }))).toEqual([
      '{"Sasl":{"Iam":{"Enabled":true}}}',
      '{"Unauthenticated":{"Enabled":false}}',
    ]);
  });

  test('no update is proposed while an operation runs', () => {
    const snapshot = open().withOperation('UPDATE_CLUSTER_CONFIGURATION', Date.UTC(2026, 10, 20, 6), null);
    expect(asked(snapshot)).toEqual([]);
  });
});
