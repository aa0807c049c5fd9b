import { describe, expect, test } from 'vitest';
import type { CheckResult, Impact } from '../../lib/checks/check.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { answered, build, drawn } from './built-report.ts';

describe('order', () => {
  const results = [
    answered('version-unsupported', 'not-applicable'),
    answered('offline-partitions', 'pass'),
    answered('cpu-high', 'no-data'),
    drawn({
      id: 'min-isr-equal-rf',
      findings: [
        ['b', 'medium'],
        ['a', 'medium'],
      ],
    }),
    drawn({ id: 'disk-used-high', area: 'capacity', findings: [['x', 'high']] }),
    drawn({ id: 'leaders-skewed', area: 'balance', findings: [['y', 'low']] }),
    drawn({ id: 'replication-factor-low', effort: 'migration', findings: [['z', 'critical']] }),
  ];
  const report = build(aSnapshot().build(), results);

  test('findings by priority, those of one check as the check ordered them', () => {
    expect(report.findings.map(({ resource }) => resource)).toEqual(['x', 'b', 'a', 'z', 'y']);
    expect(report.findings.map(({ priority }) => priority)).toEqual([60, 30, 30, 25, 10]);
    expect(report.counts).toEqual({ critical: 1, high: 1, medium: 2, low: 1, info: 0 });
  });

  test('checks: with findings, then without answer, then passed, then not applicable', () => {
    expect(report.checks.map(({ checkId }) => checkId)).toEqual([
      'disk-used-high',
      'min-isr-equal-rf',
      'replication-factor-low',
      'leaders-skewed',
      'cpu-high',
      'offline-partitions',
      'version-unsupported',
    ]);
    expect(report.checks[0]?.why).toBe('why disk-used-high');
  });

  test('three actions, one a check, the gravest first', () => {
    expect(report.actions.map(({ checkId }) => checkId)).toEqual([
      'replication-factor-low',
      'disk-used-high',
      'min-isr-equal-rf',
    ]);
    expect(report.actions[1]).toMatchObject({ resource: 'x', action: 'Mend disk-used-high.', severity: 'high' });
  });

  test('what is easy comes first only among what is equally grave', () => {
    const crowded = build(aSnapshot().build(), [
      drawn({ id: 'cpu-high', effort: 'migration', findings: [['a', 'medium']] }),
      drawn({ id: 'unclean-election-enabled', findings: [['b', 'medium']] }),
      drawn({ id: 'disk-used-high', findings: [['c', 'high']] }),
      drawn({ id: 'replication-factor-low', effort: 'migration', findings: [['d', 'critical']] }),
    ]);
    expect(crowded.actions.map(({ checkId }) => checkId)).toEqual([
      'replication-factor-low',
      'disk-used-high',
      'unclean-election-enabled',
    ]);
    expect(crowded.headline).toBe('summary of replication-factor-low. 3 more findings.');
  });

  test('informational findings are no action and no alarm', () => {
    const calm = build(
      aSnapshot().build(),
      [drawn({ id: 'cpu-high', findings: [['a', 'info']] }), answered('offline-partitions', 'pass')],
      {
        verdict: 'pass',
      },
    );
    expect(calm.actions).toEqual([]);
    expect(calm.headline).toMatch(/^Nothing is about to break/);
  });

  test('only a saving is positive money', () => {
    const impact = (kind: 'saving' | 'added-cost'): Impact => ({ kind, lines: [], usdPerMonth: 99 });
    const money = build(aSnapshot().build(), [
      drawn({ id: 'cpu-high', impact: impact('added-cost'), findings: [['a', 'high']] }),
      drawn({ id: 'disk-used-high', impact: impact('saving'), findings: [['b', 'high']] }),
    ]);
    expect(money.actions.map(({ checkId, usdPerMonth }) => [checkId, usdPerMonth])).toEqual([
      ['disk-used-high', 99],
      ['cpu-high', -99],
    ]);
  });
});

describe('headline', () => {
  test.each<[string, CheckResult[], 'fail' | 'warn' | 'pass' | 'no-data', string]>([
    ['high', [drawn({ id: 'cpu-high', findings: [['a', 'high']] })], 'fail', 'summary of cpu-high.'],
    [
      'medium',
      [drawn({ id: 'cpu-high', findings: [['a', 'medium']] })],
      'warn',
      'Nothing is about to break. summary of cpu-high.',
    ],
    [
      'nothing found, one unanswered',
      [answered('cpu-high', 'no-data'), answered('offline-partitions', 'pass')],
      'pass',
      'Nothing was found in what could be measured: 1 check passed. 1 check could not be answered.',
    ],
    [
      'too little known',
      [answered('cpu-high', 'no-data')],
      'no-data',
      'Too little was measured to say whether anything is about to break. 1 check could not be answered.',
    ],
  ])('%s', (_, results, verdict, headline) => {
    expect(build(aSnapshot().build(), results, { verdict }).headline).toBe(headline);
  });
});

test('the same inputs give the same report, and are left alone', () => {
  const snapshot = aSnapshot()
    .withTopic('orders')
    .withGroup('g', { commits: { orders: [1, 2, 3] } })
    .build();
  const results = [drawn({ id: 'cpu-high', findings: [['a', 'high']] })];
  const before = JSON.stringify([snapshot, results]);
  expect(JSON.stringify(build(snapshot, results))).toBe(
    JSON.stringify(build(JSON.parse(JSON.stringify(snapshot)) as Snapshot, results)),
  );
  expect(JSON.stringify([snapshot, results])).toBe(before);
  expect(build(snapshot, results).takenAtMs).toBe(TAKEN_AT_MS);
});
