import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeVerdicts, runCheck } from '../run.ts';

const DAY_MS = 86_400_000;
const version = (
  kafkaVersion: string | null,
  status: string | null = 'ACTIVE',
  upgradeTargets: string[] | null = null,
) => aSnapshot().withCluster({ kafkaVersion }).withSection('versions', { status, upgradeTargets });

/** A snapshot of Kafka 3.7.x (end of support 2026-09-01) taken so many days before the end. */
function daysBeforeEnd(days: number) {
  const snapshot = version('3.7.x').build();
  snapshot.takenAtMs = Date.UTC(2026, 8, 1) - days * DAY_MS;
  return snapshot;
}

describe('version-unsupported', () => {
  describeVerdicts('version-unsupported', [
    ['passes: no end announced', version('3.9.x'), 'pass'],
    ['passes: the KRaft spelling of a supported version', version('3.9.x.kraft'), 'pass'],
    ['fails: support of 3.7 ended on 2026-09-01', version('3.7.x'), 'fail', 'critical orders'],
    [
      'fails on Express',
      version('3.6.0').withKind('provisioned-express').withCluster({ kafkaVersion: '3.6.0' }),
      'fail',
      'critical orders',
    ],
    [
      'fails: MSK lists it as deprecated, whatever the table says',
      version('3.9.x', 'DEPRECATED'),
      'fail',
      'critical orders',
    ],
    ['fails: deprecated, and not in the table', version('9.9.x', 'DEPRECATED'), 'fail', 'critical orders'],
    [
      'no-data: the table is older than 90 days, and MSK was not asked',
      version('3.9.x').without('versions', 'not-permitted'),
      'no-data',
    ],
    ['no-data: nor does its list hold the version', version('3.9.x', null), 'no-data'],
    ['fails past its end, whatever the list says', version('3.7.x', 'ACTIVE'), 'fail', 'critical orders'],
    ['no-data: a version that the table does not know', version('9.9.x'), 'no-data'],
    ['no-data: MSK named no version', version(null), 'no-data'],
    ['no-data: the cluster was not described', version('3.7.x').without('cluster', 'not-permitted'), 'no-data'],
    ['not applicable: Serverless', aSnapshot().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  test.each([
    [180.01, 'production', 'pass', []],
    [180, 'production', 'pass', []],
    [179.99, 'production', 'warn', ['medium']],
    [60, 'production', 'warn', ['medium']],
    [59.99, 'production', 'fail', ['high']],
    [0.01, 'production', 'fail', ['high']],
    [0, 'production', 'fail', ['critical']],
    [-10, 'staging', 'fail', ['high']],
    [-10, 'development', 'warn', ['medium']],
    [30, 'staging', 'warn', ['medium']],
    [30, 'development', 'warn', ['low']],
    [100, 'staging', 'warn', ['low']],
    [100, 'development', 'pass', ['info']],
  ] as const)('%d days before the end in %s: %s', (days, environment, status, severities) => {
    const result = runCheck('version-unsupported', daysBeforeEnd(days), { environment });
    expect([result.status, result.findings.map((finding) => finding.severity)]).toEqual([status, severities]);
  });

  test('proposes the newest line that keeps the metadata mode, after the list of compatible ones', () => {
    const commands = runCheck('version-unsupported', version('3.7.x.kraft')).recommendation!.commands;
    expect(commands.map(({ argv }) => argv[2])).toEqual([
      'get-compatible-kafka-versions',
      'update-cluster-kafka-version',
    ]);
    expect(commands[1]!.argv.at(-1)).toBe('3.9.x.kraft');
  });

  test.each([
    [90, 'pass'],
    [90.01, 'no-data'],
  ])('the table alone, %d days old: %s', (days, status) => {
    const snapshot = version('3.9.x').without('versions').build();
    snapshot.takenAtMs = Date.UTC(2026, 7, 22) + days * DAY_MS;
    expect(runCheck('version-unsupported', snapshot).status).toBe(status);
  });

  test('proposes only what MSK offers', () => {
    const target = (...offered: string[]) =>
      runCheck('version-unsupported', version('3.7.x.kraft', 'ACTIVE', offered)).recommendation!.commands[1]?.argv.at(
        -1,
      );
    expect(target('3.8.x.kraft', '4.0.x.kraft')).toBe('3.8.x.kraft');
    expect(target('4.0.x.kraft', '4.1.x.kraft')).toBe('4.1.x.kraft');
    expect(target('3.9.x', '4.0.x')).toBeUndefined();
  });

  test.each([
    ['4.1.x.kraft', null, '4.2.x.kraft'],
    ['4.1.x', null, '4.2.x'],
    ['4.1.x.kraft', ['3.9.x.kraft', '4.2.x.kraft'], '4.2.x.kraft'],
    ['4.1.x.kraft', ['3.9.x.kraft'], undefined],
    ['4.2.x.kraft', null, undefined],
    ['3.9.x.kraft', ['4.0.x.kraft'], '4.0.x.kraft'],
    // Whether MSK goes there in one step is not known without its list.
    ['3.9.x.kraft', null, undefined],
    ['3.8.x', null, '3.9.x'],
    ['3.9.x', ['4.0.x', '3.9.x.kraft'], undefined],
    ['9.9.x', null, undefined],
  ])('never proposes a downgrade: from a deprecated %s, offered %o, to %s', (from, offered, to) => {
    const { commands, action } = runCheck('version-unsupported', version(from, 'DEPRECATED', offered)).recommendation!;
    expect(commands[1]?.argv.at(-1)).toBe(to);
    expect(action).toContain(`Upgrade to ${to ?? 'a supported version'} in`);
  });

  test('deprecated counts as the day of the end', () => {
    const [finding] = runCheck('version-unsupported', version('3.9.x', 'DEPRECATED')).findings;
    expect(finding).toMatchObject({ measured: 0, limit: 0, note: 'MSK lists Kafka 3.9.x as DEPRECATED' });
  });

  test('80 days and a quarter after the end, by hand', () => {
    const result = runCheck('version-unsupported', version('3.7.x'));
    expect(result.findings[0]?.measured).toBeCloseTo(-(80 + 6.25 / 24), 9);
  });
});
