import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const logs = (cloudWatch: boolean | null, firehose: boolean | null = false, s3: boolean | null = false) =>
  aSnapshot().withSecurity({ brokerLogs: { cloudWatch, firehose, s3 } });

describe('broker-logs-off', () => {
  describeVerdicts('broker-logs-off', [
    ['passes: one destination', logs(true), 'pass'],
    ['passes: one destination, whatever the others are', logs(null, null, true), 'pass'],
    ['warns: none', logs(false), 'warn', 'medium orders'],
    ['no-data: one was not told', logs(null), 'no-data'],
    ['no-data: not read', aSnapshot().without('security', 'not-permitted'), 'no-data'],
    ['warns on Express', logs(false).withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Serverless', logs(null, null, null).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('broker-logs-off', () => logs(false), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('names the destinations that are on', () => {
    expect(runCheck('broker-logs-off', logs(true, false, true)).summary).toBe('Broker logs go to CloudWatch Logs, S3.');
  });
});
