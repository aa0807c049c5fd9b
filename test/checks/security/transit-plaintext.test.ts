import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const encrypted = (clientBroker: string | null, inCluster: boolean | null = true) =>
  aSnapshot().withSecurity({ encryption: { clientBroker, inCluster, atRestKeyArn: null } });

describe('transit-plaintext', () => {
  describeVerdicts('transit-plaintext', [
    ['passes: TLS between all', encrypted('TLS'), 'pass'],
    ['fails: plaintext is offered beside TLS', encrypted('TLS_PLAINTEXT'), 'fail', 'high orders'],
    ['fails critically: clients can use nothing but plaintext', encrypted('PLAINTEXT'), 'fail', 'critical orders'],
    ['fails: brokers copy in plaintext', encrypted('TLS', false), 'fail', 'high orders'],
    [
      'fails: plaintext is offered, and nothing is said of the brokers',
      encrypted('TLS_PLAINTEXT', null),
      'fail',
      'high orders',
    ],
    ['no-data: MSK does not say how brokers talk', encrypted('TLS', null), 'no-data'],
    ['no-data: MSK does not say how clients talk', encrypted(null), 'no-data'],
    ['no-data: a word that nobody knows', encrypted('TLS_OR_SO'), 'no-data'],
    ['no-data: not read', aSnapshot().without('security', 'not-permitted'), 'no-data'],
    ['no-data: a cluster of unknown kind', encrypted('PLAINTEXT').without('cluster', 'not-permitted'), 'no-data'],
    ['fails on Express', encrypted('TLS_PLAINTEXT').withKind('provisioned-express'), 'fail', 'high orders'],
    ['not applicable: Serverless', encrypted(null, null).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
    [
      'passes: secrets that could not be listed hide no plaintext',
      encrypted('TLS').withPartial('security', 'no SCRAM secrets'),
      'pass',
    ],
  ]);

  describeSeverities('transit-plaintext', () => encrypted('TLS_PLAINTEXT'), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });
  describeSeverities('transit-plaintext', () => encrypted('PLAINTEXT'), {
    production: 'critical',
    staging: 'high',
    development: 'medium',
  });

  test.each([
    ['PLAINTEXT', 'TLS_PLAINTEXT'],
    ['TLS_PLAINTEXT', 'TLS'],
  ])('from %s the next step is %s', (now, next) => {
    const { commands } = runCheck('transit-plaintext', encrypted(now)).recommendation!;
    expect(commands.map(({ argv }) => argv.at(-1))).toEqual([`{"EncryptionInTransit":{"ClientBroker":"${next}"}}`]);
  });

  test('no command turns on what is chosen at creation only', () => {
    expect(runCheck('transit-plaintext', encrypted('TLS', false)).recommendation!.commands).toEqual([]);
  });

  test('shows who is connected by which way: the most of any broker', () => {
    const snapshot = encrypted('TLS_PLAINTEXT')
      .withMetric(METRICS.clientConnections, { 'Broker ID': 1, 'Client Authentication': 'IAM' }, 40)
      .withMetric(METRICS.clientConnections, { 'Broker ID': 2, 'Client Authentication': 'IAM' }, 55)
      .withMetric(METRICS.clientConnections, { 'Broker ID': 1, 'Client Authentication': 'SSL' }, 7);
    expect(runCheck('transit-plaintext', snapshot).evidence[1]?.rows).toEqual([
      { way: 'IAM', most: 55 },
      { way: 'SSL', most: 7 },
    ]);
  });
});
