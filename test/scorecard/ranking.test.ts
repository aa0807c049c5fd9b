import { describe, expect, test } from 'vitest';
import type { Area, CheckResult, Recommendation, Severity } from '../../lib/checks/check.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { byPriority, priority, type Ranked, rankedFindings } from '../../lib/scorecard/ranking.ts';

const item: Ranked = { severity: 'medium', confidence: 1, usdPerMonth: 0, effort: 'setting' };

test('severity, certainty, money over effort, by hand', () => {
  expect(priority(item)).toBe(30);
  expect(priority({ ...item, confidence: 0.5 })).toBe(15);
  // 30 x (1 + 0.25 x log10(1000)) / 2.5
  expect(priority({ ...item, usdPerMonth: 999, effort: 'clientChange' })).toBeCloseTo(21, 9);
});

test('a cost does not push an action down: it is told beside it', () => {
  expect(priority({ ...item, usdPerMonth: -500 })).toBe(30);
});

test('no saving lifts a medium finding over a certain critical one', () => {
  expect(priority({ ...item, usdPerMonth: 1_000_000 })).toBeLessThan(priority({ ...item, severity: 'critical' }));
});

test('equal priorities go by what is at risk, then by id', () => {
  const list = [
    { id: 'b', place: 4, priority: 5 },
    { id: 'c', place: 0, priority: 5 },
    { id: 'a', place: 4, priority: 5 },
    { id: 'z', place: 9, priority: 9 },
  ];
  expect(list.toSorted(byPriority).map((each) => each.id)).toEqual(['z', 'c', 'a', 'b']);
  expect(
    list
      .toReversed()
      .sort(byPriority)
      .map((each) => each.id),
  ).toEqual(['z', 'c', 'a', 'b']);
  expect(byPriority(list[0]!, list[0]!)).toBe(0);
});

describe('findings of a run', () => {
  const result = (
    checkId: CheckId,
    area: Area,
    [severity, confidence]: [Severity, number],
    how: Partial<Recommendation> = {},
  ): CheckResult => ({
    checkId,
    area,
    title: checkId,
    status: 'warn',
    summary: '',
    findings: [
      {
        id: checkId,
        checkId,
        scope: 'cluster',
        resource: 'c',
        severity,
        confidence,
        measured: 1,
        limit: 0,
        unit: 'count',
      },
    ],
    evidence: [],
    recommendation: {
      action: 'Mend it',
      confirmFirst: '',
      commands: [],
      risk: '',
      expectedEffect: '',
      verifyAfter: '',
      effort: 'setting',
      impact: { kind: 'none' },
      ...how,
    },
    waived: [],
    partial: null,
  });
  const logs = result('broker-logs-off', 'security', ['medium', 1]);
  const order = (...results: CheckResult[]) => rankedFindings(results).map(({ id }) => id);

  test('a loss of service that runs on is not put off because it takes effort', () => {
    const stopped = (how: Partial<Recommendation>) =>
      result('consumer-stopped', 'consumers', ['high', 0.5], { effort: 'clientChange', ...how });
    expect(order(stopped({ harmRunsOn: true }), logs)).toEqual(['consumer-stopped', 'broker-logs-off']);
    expect(order(stopped({}), logs)).toEqual(['broker-logs-off', 'consumer-stopped']);
  });

  const unready = result('maintenance-unready', 'availability', ['high', 1], {
    sumsUp: ['cpu-high', 'version-unsupported', 'disk-used-high'],
  });

  test('what only sums up others comes after the last of them', () => {
    const [cpu, version] = [
      result('cpu-high', 'capacity', ['medium', 1]),
      result('version-unsupported', 'lifecycle', ['low', 1], { effort: 'migration' }),
    ];
    expect(order(cpu, unready, version, logs)).toEqual([
      'cpu-high',
      'broker-logs-off',
      'version-unsupported',
      'maintenance-unready',
    ]);
  });

  test('what is late comes after what makes it late, unless that is a trifle', () => {
    const late = result('time-lag-over-target', 'consumers', ['high', 1], { causedBy: ['consumer-stopped'] });
    const stopped = (...how: [Severity, number]) => result('consumer-stopped', 'consumers', how);
    expect(order(stopped('high', 0.7), late, logs)).toEqual([
      'consumer-stopped',
      'time-lag-over-target',
      'broker-logs-off',
    ]);
    expect(order(stopped('info', 0.7), late, logs)[0]).toBe('time-lag-over-target');
  });

  test('equals stand as the registry has them', () => {
    const unbounded = result('retention-unbounded', 'topic-config', ['medium', 1]);
    expect(order(unbounded, logs)).toEqual(['retention-unbounded', 'broker-logs-off']);
    expect(order(logs, unbounded)).toEqual(['broker-logs-off', 'retention-unbounded']);
  });

  test('equals of one check stay as it ordered them, whatever they are called', () => {
    const two = result('disk-used-high', 'capacity', ['medium', 1]);
    const [finding] = two.findings;
    const findings = ['worst', 'bad'].map((id) => ({ ...finding!, id }));
    expect(order({ ...two, findings }, logs)).toEqual(['worst', 'bad', 'broker-logs-off']);
    const graver = { ...finding!, id: 'graver', severity: 'high' as const };
    expect(order({ ...two, findings: [...findings, graver] }, logs)[0]).toBe('graver');
  });

  test('a saving lifts its finding over an equal one, the same sum of cost does not', () => {
    const unused = (impact: Recommendation['impact']) => result('topics-unused', 'cost', ['medium', 1], { impact });
    const money = { usdPerMonth: 500, lines: [] };
    expect(order(logs, unused({ kind: 'saving', ...money }))).toEqual(['topics-unused', 'broker-logs-off']);
    expect(order(logs, unused({ kind: 'added-cost', ...money }))).toEqual(['broker-logs-off', 'topics-unused']);
  });

  test('a finding without a recommendation is ranked all the same', () => {
    const bare = { ...result('disk-used-high', 'capacity', ['high', 1]), recommendation: null };
    expect(order(logs, bare)).toEqual(['disk-used-high', 'broker-logs-off']);
  });

  describe('a larger broker', () => {
    const cpu = (gravity: [Severity, number]) =>
      result('cpu-high', 'capacity', gravity, { effort: 'rollingRestart', cheaperFirst: ['batches-small'] });
    const batches = (severity: Severity) =>
      result('batches-small', 'clients', [severity, 1], { effort: 'clientChange' });

    test('comes right after the cheaper way that was found, however little that weighs by itself', () => {
      expect(order(cpu(['high', 1]), logs, batches('medium'))).toEqual([
        'batches-small',
        'cpu-high',
        'broker-logs-off',
      ]);
    });

    test('comes after the gravest finding of the cheaper way, whose milder ones stay where they are', () => {
      const [finding] = batches('medium').findings;
      const findings = (['info', 'medium', 'high'] as const).map((severity) => ({
        ...finding!,
        id: severity,
        severity,
      }));
      expect(order(cpu(['critical', 1]), logs, { ...batches('medium'), findings })).toEqual([
        'high',
        'cpu-high',
        'broker-logs-off',
        'medium',
        'info',
      ]);
    });

    test('is as urgent as its gravest finding, whatever its others weigh', () => {
      const [finding] = cpu(['high', 1]).findings;
      const findings = (['critical', 'low'] as const).map((severity) => ({ ...finding!, id: severity, severity }));
      const grave = result('consumer-stopped', 'consumers', ['high', 1]);
      expect(order({ ...cpu(['high', 1]), findings }, grave, batches('medium'))).toEqual([
        'batches-small',
        'critical',
        'consumer-stopped',
        'low',
      ]);
    });

    test('does not wait for a trifle', () => {
      expect(order(cpu(['high', 1]), logs, batches('low'))).toEqual(['cpu-high', 'broker-logs-off', 'batches-small']);
    });

    test('does not hold back a cheaper way that weighs more', () => {
      const grave = result('batches-small', 'clients', ['critical', 1]);
      expect(order(cpu(['medium', 1]), grave, logs)).toEqual(['batches-small', 'broker-logs-off', 'cpu-high']);
    });
  });

  test('what sums up nothing that was found keeps its rank', () => {
    expect(order(logs, unready)).toEqual(['maintenance-unready', 'broker-logs-off']);
  });
});
