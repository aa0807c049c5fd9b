import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5 } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function converting(
  perSec: number | readonly number[],
  kafkaVersion = '3.8.x',
  targets: string[] | null = ['3.9.x', '4.0.x'],
): SnapshotBuilder {
  return aSnapshot()
    .withCluster({ kafkaVersion })
    .withSection('versions', { status: 'ACTIVE', upgradeTargets: targets })
    .withMetric(METRICS.produceConversions, { 'Broker ID': 2 }, perSec);
}

describe('clients-outdated', () => {
  describeVerdicts('clients-outdated', [
    ['warns: messages are converted all day', converting(5), 'warn', 'low orders'],
    ['fails: the only way up is Kafka 4', converting(5, '3.9.x.kraft', ['4.0.x', '4.1.x']), 'fail', 'high orders'],
    ['warns: what comes next was not read', converting(5, '3.9.x', null), 'warn', 'low orders'],
    ['no-data: no conversions, which proves little', converting(0), 'no-data'],
    ['no-data: a tool of five minutes', converting(during5(100, 102, 9)), 'no-data'],
    ['no-data: conversions are not published', aSnapshot(), 'no-data'],
    ['passes: Kafka 4 refuses old clients', converting(0, '4.1.x.kraft'), 'pass'],
    ['passes: Kafka 4, whatever was read', converting(0, '4.0.x').without('metrics', 'throttled'), 'pass'],
    ['no-data: metrics were not read', converting(5).without('metrics', 'throttled'), 'no-data'],
    ['no-data on Express, which publishes none', aSnapshot().withKind('provisioned-express'), 'no-data'],
    [
      'warns on Serverless, by topic',
      aSnapshot().withKind('serverless').withMetric(METRICS.serverlessFetchConversions, { Topic: 't' }, 60),
      'warn',
      'low orders',
    ],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('clients-outdated', () => converting(5), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });
  describeSeverities('clients-outdated', () => converting(5, '3.9.x', ['4.0.x']), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('no-data says what leaves no sign', () => {
    expect(runCheck('clients-outdated', converting(0)).summary).toContain('0.11 to 2.0');
  });
});
