// One action for one deed: of two checks that advise the same commands the reader hears once.
import { describe, expect, test } from 'vitest';
import type { CheckResult, Severity } from '../../lib/checks/check.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { build, drawn } from './built-report.ts';

const GROW = ['aws', 'kafka', 'update-broker-storage', { variable: 'CURRENT_VERSION' as const }, '2056'];
const grows = (id: CheckId, severity: Severity, argv: typeof GROW = GROW) =>
  drawn({ id, argv, findings: [['x', severity]] });
const used = (severity: Severity): CheckResult => {
  const result = grows('disk-used-high', severity);
  return { ...result, recommendation: { ...result.recommendation!, toldBy: 'disk-full-forecast' } };
};
const others = (['cpu-high', 'min-isr-low', 'leaders-skewed'] as const).map((id) =>
  drawn({ id, findings: [['y', 'medium']] }),
);
const actionsOn = (...results: CheckResult[]) => build(aSnapshot().build(), results).actions;
const idsOn = (...results: CheckResult[]) => actionsOn(...results).map(({ checkId }) => checkId);

describe('two checks with the same commands', () => {
  test('are one action, which names the other, and leave a place to a third fault', () => {
    const [first, ...rest] = actionsOn(
      grows('disk-full-forecast', 'high'),
      grows('disk-used-high', 'medium'),
      ...others,
    );
    expect(first).toMatchObject({
      checkId: 'disk-full-forecast',
      action: 'Mend disk-full-forecast.; the same commands mend “title of disk-used-high”',
    });
    expect(rest.map(({ checkId }) => checkId)).toEqual(['cpu-high', 'min-isr-low']);
  });

  test('the one that tells more speaks in the place of the first, if it is as grave', () => {
    expect(idsOn(used('high'), others[0]!, grows('disk-full-forecast', 'high'))).toEqual([
      'disk-full-forecast',
      'cpu-high',
    ]);
    expect(idsOn(used('critical'), grows('disk-full-forecast', 'high'))).toEqual(['disk-used-high']);
    expect(idsOn(used('medium'), grows('disk-full-forecast', 'high'))).toEqual(['disk-full-forecast']);
  });

  test('a trifle that the same commands mend takes no place, and is named', () => {
    const actions = actionsOn(grows('disk-full-forecast', 'high'), ...others, grows('disk-used-high', 'low'));
    expect(actions.map(({ checkId }) => checkId)).toEqual(['disk-full-forecast', 'cpu-high', 'min-isr-low']);
    expect(actions[0]!.action).toContain('“title of disk-used-high”');
  });

  test('of many only the first are named', () => {
    const ids = ['disk-full-forecast', 'disk-used-high', 'cpu-high', 'min-isr-low', 'leaders-skewed'] as const;
    const [first, ...rest] = actionsOn(...ids.map((id) => grows(id, 'high')));
    expect(rest).toEqual([]);
    expect(first!.action).toMatch(/“title of disk-used-high”, .*“title of min-isr-low” and 1 more$/);
  });
});

describe('are two actions', () => {
  const twice = (argv: typeof GROW, other = argv) =>
    idsOn(grows('disk-full-forecast', 'high', argv), grows('disk-used-high', 'medium', other));

  test.each<[string, typeof GROW, typeof GROW]>([
    ['commands that differ', GROW, [...GROW.slice(0, -1), '3000']],
    [
      'the same command with a file of its own',
      ['aws', '--server-properties', 'fileb://server.properties'],
      ['aws', '--server-properties', 'fileb://server.properties'],
    ],
    [
      'the same command with a plan of its own',
      ['kafka-reassign-partitions.sh', 'reassignment.json'],
      ['kafka-reassign-partitions.sh', 'reassignment.json'],
    ],
  ])('%s', (_, argv, other) => {
    expect(twice(argv, other)).toHaveLength(2);
  });

  test('the file that says how to connect makes no difference', () => {
    expect(twice(['kafka-configs.sh', '--command-config', 'client.properties', '--alter'])).toHaveLength(1);
  });

  test('commands that only read, and none at all', () => {
    const only = (id: CheckId, commands: NonNullable<CheckResult['recommendation']>['commands']): CheckResult => {
      const result = grows(id, 'high');
      return { ...result, recommendation: { ...result.recommendation!, commands } };
    };
    const read = [{ purpose: 'look', effect: 'read' as const, argv: ['kafka-log-dirs.sh'] }];
    expect(idsOn(only('disk-full-forecast', read), only('disk-used-high', read))).toHaveLength(2);
    expect(idsOn(only('disk-full-forecast', []), only('disk-used-high', []))).toHaveLength(2);
  });
});
