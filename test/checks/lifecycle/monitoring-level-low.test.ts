import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const ID = 'monitoring-level-low';
const level = (
  enhancedMonitoring: 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION' | 'unknown',
) => aSnapshot().withCluster({ enhancedMonitoring });

describe(ID, () => {
  describeVerdicts(ID, [
    ['warns: the free level', level('DEFAULT'), 'warn', 'medium orders'],
    ['passes: by broker', level('PER_BROKER'), 'pass'],
    ['passes: by topic', level('PER_TOPIC_PER_BROKER'), 'pass'],
    ['passes: by partition', level('PER_TOPIC_PER_PARTITION'), 'pass'],
    ['no-data: a level that nobody knows', level('unknown'), 'no-data'],
    ['no-data: a cluster that is being created', level('DEFAULT').withCluster({ state: 'CREATING' }), 'no-data'],
    ['no-data: not described', level('DEFAULT').without('cluster', 'not-permitted'), 'no-data'],
    ['warns on Express', level('DEFAULT').withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Serverless', aSnapshot().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities(ID, () => level('DEFAULT'), { production: 'medium', staging: 'low', development: 'info' });

  const need = (kind: 'provisioned-standard' | 'provisioned-express') =>
    runCheck(ID, level('DEFAULT').withKind(kind)).findings[0]?.note;

  test('names the KPIs that need the level on such a cluster', () => {
    expect(need('provisioned-standard')).toBe('KPIs that need PER_BROKER: K08, K10, K11, K12, K27, K30, K32');
    // Express has no volumes to watch.
    expect(need('provisioned-express')).not.toContain('K30');
  });

  test('priced by the most metrics that the level publishes: 44 + 4 + 2 a broker at 3 brokers', () => {
    const snapshot = level('DEFAULT').withSection('prices', {
      source: 'offline',
      asOfDate: '2026-11-01',
      region: 'eu-west-1',
      currency: 'USD',
      items: { 'cloudwatch/metric': { usd: 0.3, unit: 'metric-month', source: 'test' } },
    });
    expect(runCheck(ID, snapshot).recommendation!.impact).toMatchObject({ usdPerMonth: expect.closeTo(150 * 0.3, 9) });
    expect(runCheck(ID, level('DEFAULT')).recommendation!.impact.kind).toBe('unknown');
  });
});
