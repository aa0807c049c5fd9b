import { describe, expect, test } from 'vitest';
import type { Kpi, KpiReading } from '../../lib/kpis/kpi.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import { buildScorecard } from '../../lib/scorecard/score.ts';
import { MISSING_REASONS } from '../../lib/snapshot/collected.ts';
import { SECTION_NAMES } from '../../lib/snapshot/schema.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { FIXTURES, scoreSnapshot } from '../judgement/judged.ts';
import { aRun, kpi } from './run-context.ts';

const cpu = KPIS.find((kpi) => kpi.id === 'K26')!;

function resultOf(read: () => KpiReading, fields: Partial<Kpi> = {}) {
  return runKpis({}, aRun(aSnapshot()), [{ ...cpu, ...fields, read }])[0]!;
}

test('a KPI that throws is missing by our own fault, and the others are read', () => {
  const broken: Kpi = {
    ...cpu,
    read: () => {
      throw new TypeError('boom');
    },
  };
  const [first, second] = runKpis(aSnapshot().build().sections, aRun(aSnapshot()), [
    broken,
    KPIS.find(({ id }) => id === 'K02')!,
  ]);
  expect(first).toMatchObject({ status: 'missing', score: null, weight: 5, reading: { state: 'error' } });
  expect(second!.reading.state).toBe('ok');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a value of %d is an error, not a score', (value) => {
  expect(resultOf(() => ({ state: 'ok', value, confidence: 1, source: '' }))).toMatchObject({
    score: null,
    reading: { state: 'error' },
  });
});

test('weight carries the confidence of a reading, the full weight when missing, none when not applicable', () => {
  expect(resultOf(() => ({ state: 'ok', value: 10, confidence: 0.6, source: '' })).weight).toBe(3);
  expect(resultOf(() => ({ state: 'no-data', because: '' })).weight).toBe(5);
  expect(resultOf(() => ({ state: 'not-applicable', because: '' })).weight).toBe(0);
});

test('goals multiply weights inside the category', () => {
  const weightOf = (goal: 'durability' | 'balanced') =>
    runKpis(aSnapshot().withTopic('t').build().sections, aRun(aSnapshot(), { goal })).find((kpi) => kpi.id === 'K05')!
      .weight;
  expect(weightOf('durability')).toBe(2 * weightOf('balanced'));
});

describe('every KPI', () => {
  test('says where its number comes from, on a healthy cluster of which all was read', () => {
    const { kpis } = scoreSnapshot(FIXTURES.full!.snapshot());
    // That no group ever lagged is no proof of how fast it could catch up; that a smaller cluster would do is no illness.
    const others = kpis.filter(({ status }) => status !== 'good').map(({ name }) => name);
    expect(others).toEqual(['catch-up-ratio', 'cost-waste']);
    for (const { reading } of kpis)
      expect(
        (reading.state === 'ok' ? reading.source : 'because' in reading ? reading.because : '').length,
      ).toBeGreaterThan(20);
  });

  test.each(MISSING_REASONS)('is missing or not applicable, never wrong, when every section is %s', (reason) => {
    const cluster = aSnapshot();
    const run = aRun(cluster);
    for (const name of SECTION_NAMES) cluster.without(name, reason);
    for (const result of runKpis(cluster.build().sections, run)) {
      expect(result).toMatchObject({ status: 'missing', score: null });
      expect(result.reading.state).not.toBe('error');
    }
  });

  test('survives an empty cluster of one broker', () => {
    const cluster = aSnapshot().withBrokers(1);
    for (const result of runKpis(cluster.build().sections, aRun(cluster)))
      expect(result.reading.state).not.toBe('error');
  });

  test.each(['produce-latency', 'cpu-utilisation', 'disk-used', 'version-runway'])(
    '%s does not apply to a Kafka without AWS: nobody there publishes it',
    (name) => {
      expect(kpi(name, aSnapshot().withKind('kafka')).reading.state).toBe('not-applicable');
    },
  );

  test.each(['under-replicated', 'under-min-isr', 'durability-config', 'produce-latency'])(
    '%s does not apply to Serverless, as its checks do not',
    (name) => {
      expect(kpi(name, aSnapshot().withTopic('t').withKind('serverless')).reading.state).toBe('not-applicable');
    },
  );

  test('a Kafka without AWS has a score: what can be known there is known', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 3 })
      .withGroup('g', { commits: { t: [1000, 1000, 1000] } })
      .withKind('kafka');
    const run = aRun(cluster);
    const { score, confidence } = buildScorecard(runKpis(cluster.build().sections, run), [], run);
    expect(score).toBe(100);
    expect(confidence).toBeGreaterThanOrEqual(0.6);
  });

  test('reads any Kafka without AWS', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withGroup('g', { commits: { t: [1, 2, 3] } })
      .withKind('kafka');
    for (const result of runKpis(cluster.build().sections, aRun(cluster)))
      expect(result.reading.state).not.toBe('error');
  });
});
