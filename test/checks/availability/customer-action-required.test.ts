import { describe, expect, test } from 'vitest';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const status = (customerActionStatus: 'NONE' | 'ACTION_RECOMMENDED' | 'CRITICAL_ACTION_REQUIRED' | 'unknown' | null) =>
  aSnapshot().withCluster({ customerActionStatus });
const healing = () => aSnapshot().withCluster({ state: 'HEALING' });
const healingFor = (minutes: number) => healing().withOperation('HEAL_BROKER', TAKEN_AT_MS - minutes * 60_000, null);

describe('customer-action-required', () => {
  describeVerdicts('customer-action-required', [
    ['passes: nothing is wanted', status('NONE'), 'pass'],
    ['warns: MSK recommends', status('ACTION_RECOMMENDED'), 'warn', 'medium orders'],
    ['fails: MSK demands', status('CRITICAL_ACTION_REQUIRED'), 'fail', 'critical orders'],
    ['no-data: MSK does not say', status(null), 'no-data'],
    ['no-data: a word that nobody knows', status('unknown'), 'no-data'],
    ['no-data: not described', status('NONE').without('cluster', 'not-permitted'), 'no-data'],
    ['fails: the cluster failed', aSnapshot().withCluster({ state: 'FAILED' }), 'fail', 'critical orders'],
    ['passes: maintenance is no call for help', aSnapshot().withCluster({ state: 'MAINTENANCE' }), 'pass'],
    ['passes: MSK heals since 30 minutes', healingFor(30), 'pass', 'info orders'],
    ['fails: MSK heals for longer', healingFor(31), 'fail', 'critical orders'],
    ['warns: since when MSK heals is not known', healing(), 'warn', 'medium orders'],
    ['warns: nor can it be asked', healing().without('operations', 'not-permitted'), 'warn', 'medium orders'],
    [
      'warns: an operation that is over does not tell',
      healing().withOperation('UPDATE_BROKER_TYPE', TAKEN_AT_MS - 9e6, TAKEN_AT_MS - 8e6),
      'warn',
      'medium orders',
    ],
    [
      'the gravest decides',
      healing().withCluster({ customerActionStatus: 'CRITICAL_ACTION_REQUIRED' }),
      'fail',
      'critical orders',
    ],
    [
      'warns on Express',
      status('ACTION_RECOMMENDED')
        .withKind('provisioned-express')
        .withCluster({ customerActionStatus: 'ACTION_RECOMMENDED' }),
      'warn',
      'medium orders',
    ],
    ['passes: Serverless, which asks for nothing', aSnapshot().withKind('serverless'), 'pass'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('customer-action-required', () => status('CRITICAL_ACTION_REQUIRED'), {
    production: 'critical',
    staging: 'high',
    development: 'medium',
  });
  describeSeverities('customer-action-required', () => status('ACTION_RECOMMENDED'), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('names all reasons in one finding, and what AWS says of the state', () => {
    const snapshot = healingFor(40).withCluster({
      customerActionStatus: 'ACTION_RECOMMENDED',
      stateInfo: { code: 'REPLACING', message: 'a broker is being replaced' },
    });
    const { summary, findings } = runCheck('customer-action-required', snapshot);
    expect(summary).toBe('MSK recommends an action; state HEALING for 40 min (REPLACING: a broker is being replaced).');
    expect(findings).toHaveLength(1);
  });
});
