import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeVerdicts, runCheck } from '../run.ts';

const GIB = 1024 ** 3;
const sizes = (...gib: number[]): SnapshotBuilder =>
  aSnapshot()
    .withTopic('orders', { partitions: gib.length })
    .withSizes(
      'orders',
      gib.map((each) => each * GIB),
    );

describe('partition-oversized', () => {
  describeVerdicts('partition-oversized', [
    ['passes: exactly 100 GiB', sizes(100, 5), 'pass'],
    ['passes with a note: more than 100 GiB', sizes(100.1, 5), 'pass', 'info orders'],
    ['passes with a note: exactly 500 GiB', sizes(500), 'pass', 'info orders'],
    ['warns: more than 500 GiB', sizes(500.1), 'warn', 'low orders'],
    ['warns: just under 1 TiB it is low', sizes(1023.9), 'warn', 'low orders'],
    ['warns: 1 TiB', sizes(1024), 'warn', 'medium orders'],
    ['no-data: sizes were not read', sizes(1024).without('kafkaLogDirs', 'timed-out'), 'no-data'],
    ['no-data: one broker did not answer', sizes(5).withPartial('kafkaLogDirs', 'nothing from broker 2'), 'no-data'],
    ['not applicable: an empty cluster', aSnapshot().withSection('kafkaLogDirs', []), 'not-applicable'],
    ['warns on Kafka without AWS', sizes(1024).withKind('kafka'), 'warn', 'medium orders'],
    ['not applicable: Express', sizes(1024).withKind('provisioned-express'), 'not-applicable'],
  ]);

  test.each([
    ['production', 'medium'],
    ['staging', 'medium'],
    ['development', 'info'],
  ] as const)('1 TiB in %s: %s', (environment, severity) => {
    expect(runCheck('partition-oversized', sizes(1024), { environment }).findings[0]?.severity).toBe(severity);
  });

  test('by hand: 1 TiB at 100 MiB/s are 10,486 seconds; one finding for a topic, its largest partition', () => {
    const [finding, ...others] = runCheck('partition-oversized', sizes(600, 1024, 5)).findings;
    expect(others).toEqual([]);
    expect(finding?.note).toBe('partition 1, 2 large partitions in all; a new replica takes 2.91 h at 100 MiB/s');
  });
});
