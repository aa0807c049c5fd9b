import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

interface Shape {
  /** Messages a minute into each partition. */
  produced?: readonly number[];
  /** Messages a minute that the group reads of each. */
  read?: number;
  members?: number;
}

/** A group with this lag at the first look on each partition of a topic. */
function lags(lag: readonly number[], { produced = lag.map(() => 60), read = 60, members = 1 }: Shape = {}) {
  const looks = [0, 1, 2].map((look) =>
    lag.map((each, i) => Math.min(100_000 - each + look * read, 100_000 + look * produced[i]!)),
  );
  const source = aSnapshot().withTopic('t', { partitions: lag.length, end: 100_000 });
  const snapshot = source.withGroup('g', { commits: { t: looks }, members }).build();
  const samples = snapshot.sections.kafkaSamples;
  if (samples?.ok)
    samples.value.forEach((sample, look) => {
      sample.end.t = lag.map((_, i) => String(100_000 + look * produced[i]!));
    });
  return source.withSection('kafkaSamples', samples?.ok ? samples.value : []);
}

describe('lag-concentrated', () => {
  describeVerdicts('lag-concentrated', [
    ['passes: nothing waits', lags([0, 0, 0, 0, 0]), 'pass'],
    ['passes: spread evenly', lags([2000, 2000, 2000, 2000, 2000]), 'pass'],
    ['warns: 80 % on one of five', lags([8000, 500, 500, 500, 500]), 'warn', 'medium g/t'],
    ['passes: just under 80 %', lags([7990, 500, 500, 500, 510]), 'pass'],
    ['passes: four partitions are too few to tell', lags([8000, 500, 500, 500]), 'pass'],
    ['warns: 80 % on two of ten', lags([4000, 4000, 250, 250, 250, 250, 250, 250, 250, 250]), 'warn', 'medium g/t'],
    ['passes: spread over three of ten', lags([3000, 3000, 3000, 100, 100, 100, 100, 100, 100, 100]), 'pass'],
    ['passes: concentrated, but never judged', lags([100, 0, 0, 0, 0]), 'pass'],
    [
      'passes here: the partition stands still, which is another finding',
      lags([8000, 0, 0, 0, 0], { read: 0 }),
      'pass',
    ],
    ['no-data: one look only', lags([8000, 500, 500, 500, 500]).without('kafkaSamples'), 'no-data'],
    ['warns on Serverless', lags([8000, 500, 500, 500, 500]).withKind('serverless'), 'warn', 'medium g/t'],
    ['warns on Kafka without AWS', lags([8000, 500, 500, 500, 500]).withKind('kafka'), 'warn', 'medium g/t'],
    ['not applicable: no groups', aSnapshot().withTopic('t'), 'not-applicable'],
  ]);
  describeSeverities('lag-concentrated', () => lags([80_000, 500, 500, 500, 500]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('a hot key is told from a slow member', () => {
    const heavy = [8000, 500, 500, 500, 500];
    const result = (shape: Shape) => runCheck('lag-concentrated', lags(heavy, shape));
    const action = (shape: Shape) => result(shape).recommendation!.action;
    const confidence = (shape: Shape) => result(shape).findings[0]!.confidence;
    expect(confidence({ produced: [180, 60, 60, 60, 60] })).toBe(1);
    expect(confidence({ members: 5 })).toBe(1);
    expect(confidence({})).toBe(0.7);
    expect(action({ produced: [180, 60, 60, 60, 60] })).toContain('hot key');
    expect(action({ produced: [179, 60, 60, 60, 60], members: 5 })).toContain('host of the member');
    expect(action({ produced: [179, 60, 60, 60, 60] })).toContain('longer to process');
  });

  test('idle neighbours tell nothing of a hot key', () => {
    const source = lags([8000, 500, 500, 500, 500], { produced: [60, 0, 0, 0, 0], read: 30 });
    expect(runCheck('lag-concentrated', source).findings[0]!.note).not.toContain('times the median');
  });

  test('names the partitions and their share', () => {
    const [finding] = runCheck(
      'lag-concentrated',
      lags([500, 500, 8000, 500, 500], { produced: [60, 60, 240, 60, 60] }),
    ).findings;
    expect(finding).toMatchObject({ limit: 80, unit: 'percent' });
    expect(finding!.note).not.toContain('one member');
    expect(finding!.note).toContain('on 1 partition (2) of 5; the busiest receives 4 times the median of the others');
  });
});
