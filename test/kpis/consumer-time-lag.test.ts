import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { busy, series } from './busy-topic.ts';
import { kpi, reading } from './run-context.ts';

describe('consumer-time-lag', () => {
  const HOUR = 3600;
  /** Group `g` reads `n` partitions of a topic where nothing is produced any more. */
  const still = (n: number) =>
    aSnapshot()
      .withTopic('still', { partitions: n })
      .withGroup('g', { commits: { still: Array.from({ length: n }, () => 10) } })
      .without('metrics');

  test('the age of the next record, of the partition that is furthest behind', () => {
    const cluster = still(3).withTimeLags([
      [0, 0],
      [1800, 1820],
      [300, 900],
    ]);
    expect(reading('consumer-time-lag', cluster)).toMatchObject({
      state: 'ok',
      value: 1810,
      confidence: 0.5,
      worst: 'g',
      source:
        'offsets looked up by time, one look, 1 groups; 1 of 1 groups known; p90 over groups, weighted by messages produced a second (+1)',
    });
  });

  test('bounds that lie far apart: the least that it can be, and said so', () => {
    const bounds = {
      value: 900,
      confidence: 0.3,
      source: expect.stringContaining('for 1 of them the least that it can be'),
    };
    expect(reading('consumer-time-lag', still(1).withTimeLags([[900, HOUR]]))).toMatchObject(bounds);
    expect(reading('consumer-time-lag', still(1).withTimeLags([[900, null]]))).toMatchObject(bounds);
    // One partition is known well, but another may be further behind.
    const other = still(2).withTimeLags([
      [900, 905],
      [300, HOUR],
    ]);
    expect(reading('consumer-time-lag', other)).toMatchObject(bounds);
  });

  test('up to two messages before the end may be markers of transactions, whose age is nobody’s lag', () => {
    const [DAY, committed] = [24 * HOUR, 998];
    const marked = (waiting: number) =>
      aSnapshot()
        .withTopic('t', { partitions: 1 })
        .withOffsets('t', [[0, 1000]], 0)
        .withGroup('g', { commits: { t: [1000 - waiting] } })
        .withTimeLags([[3 * DAY, 3 * DAY + 5]])
        .without('metrics');
    expect(reading('consumer-time-lag', marked(1000 - committed))).toMatchObject({ value: 0, confidence: 0.3 });
    expect(reading('consumer-time-lag', marked(3))).toMatchObject({ value: 3 * DAY + 2.5, confidence: 0.5 });
  });

  test('within the first bracket is near enough', () => {
    expect(reading('consumer-time-lag', still(1).withTimeLags([[0, 8]]))).toMatchObject({ value: 4, confidence: 0.5 });
  });

  test('timestamps from the future, or none looked up: by the looks at the log ends, as far as these tell', () => {
    const cluster = () =>
      busy()
        .withGroup('g', { commits: { t: [10_300] } })
        .without('metrics');
    const interpolated = { value: 90, confidence: 0.5, source: expect.stringMatching(/^interpolated over/) };
    expect(reading('consumer-time-lag', cluster().withTimeLags([[0, null]], [0]))).toMatchObject(interpolated);
    expect(reading('consumer-time-lag', cluster().withTimeLags([[null, null]]))).toMatchObject(interpolated);
    expect(reading('consumer-time-lag', still(1).withTimeLags([[0, null]], [0]))).toMatchObject({ state: 'no-data' });
  });

  test('both ways are shown where they do not agree', () => {
    const source = (low: number, high: number, committed: number) => {
      const cluster = busy()
        .withGroup('g', { commits: { t: [committed] } })
        .without('metrics')
        .withTimeLags([[low, high]]);
      const read = reading('consumer-time-lag', cluster);
      return read.state === 'ok' ? read.source : read.state;
    };
    // At 10 a second the record of 9,400 came a minute before the first look.
    expect(source(HOUR, HOUR, 9400)).toMatch(
      /; the worst is 60 min behind by timestamps, 60 s by the log ends \(extrapolated\)$/,
    );
    expect(source(HOUR, 3 * HOUR, 9400)).toMatch(/; the worst is at least 60 min behind by timestamps, 60 s /);
    expect(source(66, 66, 9400)).toMatch(/\(\+1\)$/);
    expect(source(10, 80, 9400)).toMatch(/\(\+1\)$/);
  });

  test('CloudWatch where the cluster does not tell: p90 over groups, weighted by traffic, of the p95 over the window', () => {
    const cluster = busy()
      .withTopic('still', { partitions: 1 })
      .withGroup('fresh', { commits: { t: [[10_000], [10_600], [11_200]], still: [10] } })
      .withGroup('late', { commits: { gone: [5] } })
      .withMetric(METRICS.rollingTimeLag, series('fresh', 't'), 7)
      .withMetric(METRICS.rollingTimeLag, series('late', 'idle'), 900);
    // Weights: fresh 10 + 1, late 0 + 1, so 11/12 of the traffic is fresh.
    expect(reading('consumer-time-lag', cluster)).toMatchObject({
      state: 'ok',
      value: 7,
      confidence: 0.6,
      worst: 'late',
    });
  });

  test('the later of one look and of the window CloudWatch estimates counts; a guess does not', () => {
    const group = (committed: number, estimatedSec: number) =>
      busy()
        .withGroup('g', { commits: { t: [committed] } })
        .withMetric(METRICS.rollingTimeLag, series('g', 't'), estimatedSec);
    expect(reading('consumer-time-lag', group(10_300, 7))).toMatchObject({ value: 90, confidence: 0.5 });
    expect(reading('consumer-time-lag', group(10_300, 700))).toMatchObject({ value: 700, confidence: 0.6 });
    expect(reading('consumer-time-lag', group(9400, 7))).toMatchObject({ value: 7, confidence: 0.6 });
    expect(reading('consumer-time-lag', group(9400, 7).withTimeLags([[60, 65]]))).toMatchObject({ value: 62.5 });
  });

  test('the worst topic of a group counts', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.rollingTimeLag, series('g', 'a'), 7)
      .withMetric(METRICS.rollingTimeLag, series('g', 'b'), 70);
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ value: 70 });
  });

  test('Serverless has no rolling estimate: the time to drain stands in for it, by its own name', () => {
    const cluster = aSnapshot().withKind('serverless').withMetric(METRICS.serverlessTimeLag, series('g', 'a'), 70);
    expect(reading('consumer-time-lag', cluster, { clusterKind: 'serverless' })).toMatchObject({
      value: 70,
      source: expect.stringContaining('CloudWatch EstimatedMaxTimeLag (an estimate)'),
    });
  });

  test('without CloudWatch: interpolated between the looks, by hand', () => {
    // The last look is at 120 s with end 11,200; offset 10,300 was produced at 30 s.
    const cluster = busy()
      .withGroup('g', { commits: { t: [10_300] } })
      .without('metrics');
    expect(reading('consumer-time-lag', cluster)).toMatchObject({
      state: 'ok',
      value: 90,
      confidence: 0.5,
      worst: 'g',
    });
  });

  test('older than the looks: extrapolated, with less confidence', () => {
    const cluster = busy()
      .withGroup('g', { commits: { t: [9400] } })
      .without('metrics');
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ value: expect.closeTo(180, 6), confidence: 0.4 });
  });

  test('no record is older than retention keeps it, where retention deletes', () => {
    const oldest = (configs: Record<string, string>) =>
      aSnapshot()
        .withTopic('t', { partitions: 1, configs })
        .withOffsets('t', [[0, 10_000]], 600)
        .withGroup('g', { commits: { t: [400] } })
        .without('metrics');
    expect(reading('consumer-time-lag', oldest({ 'retention.ms': '600000' }))).toMatchObject({
      value: 600,
      confidence: 0.4,
    });
    const kept = { 'retention.ms': '600000', 'cleanup.policy': 'compact' };
    expect(reading('consumer-time-lag', oldest(kept))).toMatchObject({ value: 1080 });
  });

  test('a backlog on a topic where nothing is produced has no known age', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 1 })
      .withGroup('g', { commits: { t: [10] } })
      .without('metrics');
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ state: 'no-data' });
  });

  describe('a group with an objective of its own', () => {
    const objectives = (group: object) => ({ objectives: { topics: {}, groups: { 'ship-*': group } } });
    const late = (sec: number, fields: object) => {
      const cluster = aSnapshot()
        .withTopic('still', { partitions: 1 })
        .withGroup('ship-orders', { commits: { still: [10] } })
        .withTimeLags([[sec, sec]])
        .without('metrics');
      return kpi('consumer-time-lag', cluster, fields);
    };

    test('at its objective it scores as the goal does at its bad point', () => {
      // 300 s is bad for a balanced goal: 30 s of an allowed 30 s count as that, 15 s as half of it.
      expect(late(30, objectives({ maxTimeLagSec: 30 }))).toMatchObject({
        score: expect.closeTo(50, 4),
        reading: { value: 300, source: expect.stringContaining('1 groups count against objectives of their own') },
      });
      expect(late(15, objectives({ maxTimeLagSec: 30 })).reading).toMatchObject({ value: 150 });
      expect(late(1200, objectives({ maxTimeLagSec: 2400 })).reading).toMatchObject({ value: 150 });
    });

    test('it is the same in every environment: an objective is not stretched', () => {
      expect(late(30, { ...objectives({ maxTimeLagSec: 30 }), environment: 'development' }).score).toBeCloseTo(50, 4);
    });

    test('a job that runs every six hours may be as late', () => {
      expect(late(6 * HOUR, objectives({ batchEveryHours: 6 })).score).toBeCloseTo(50, 4);
    });

    test('an owner alone is no objective, and another group has none', () => {
      expect(late(30, objectives({ owner: 'team-a' })).reading).toMatchObject({ value: 30 });
      expect(late(30, { objectives: { topics: {}, groups: { other: { maxTimeLagSec: 5 } } } }).reading).toMatchObject({
        value: 30,
      });
    });
  });

  test('one look knows no rates: of several groups each weighs the same, which is less sure', () => {
    const groups = (...ids: string[]) => {
      const cluster = aSnapshot().withSampleTimes([0]).withTopic('still', { partitions: 1 });
      for (const id of ids) cluster.withGroup(id, { commits: { still: [10] } });
      return cluster.withTimeLags(ids.map(() => [60, 60])).without('metrics');
    };
    expect(reading('consumer-time-lag', groups('g'))).toMatchObject({ confidence: 0.5 });
    expect(reading('consumer-time-lag', groups('g', 'h'))).toMatchObject({ confidence: 0.35 });
  });

  test('CloudWatch that has no series of any group was not asked: a look now does not tell its window', () => {
    const cluster = still(1).withTimeLags([[60, 60]]);
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ state: 'ok' });
    const asked = aSnapshot()
      .withTopic('still', { partitions: 1 })
      .withGroup('g', { commits: { still: [10] } })
      .withTimeLags([[60, 60]]);
    expect(reading('consumer-time-lag', asked)).toMatchObject({ state: 'no-data' });
    expect(reading('consumer-offset-lag', asked)).toMatchObject({ state: 'no-data' });
    const silent = Array.from({ length: 288 }, () => null);
    expect(
      reading('consumer-time-lag', asked.withMetric(METRICS.rollingTimeLag, series('g', 'still'), silent)),
    ).toMatchObject({ value: 60 });
    const unnameable = aSnapshot()
      .withTopic('still', { partitions: 1 })
      .withGroup('a:b', { commits: { still: [10] } })
      .withTimeLags([[60, 60]]);
    expect(reading('consumer-time-lag', unnameable)).toMatchObject({ value: 60 });
  });

  test('no groups: nothing to judge', () => {
    expect(reading('consumer-time-lag', aSnapshot())).toMatchObject({ state: 'not-applicable' });
  });

  test('neither Kafka nor CloudWatch', () => {
    const cluster = aSnapshot().without('kafkaGroups', 'unreachable').without('metrics', 'throttled');
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ state: 'no-network' });
  });
});
