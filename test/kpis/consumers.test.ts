import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { kpi, reading } from './run-context.ts';

const series = (group: string, topic: string) => ({ 'Consumer Group': group, Topic: topic });
/** One partition, 10 messages a second. */
const busy = () =>
  aSnapshot()
    .withTopic('t', { partitions: 1 })
    .withOffsets('t', [[0, 10_000]], 600);

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

  test('no groups: nothing to judge', () => {
    expect(reading('consumer-time-lag', aSnapshot())).toMatchObject({ state: 'not-applicable' });
  });

  test('neither Kafka nor CloudWatch', () => {
    const cluster = aSnapshot().without('kafkaGroups', 'unreachable').without('metrics', 'throttled');
    expect(reading('consumer-time-lag', cluster)).toMatchObject({ state: 'no-network' });
  });
});

describe('consumer-offset-lag', () => {
  test('the group and topic with the highest p95 of MaxOffsetLag', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.maxOffsetLag, series('g', 'a'), 50)
      .withMetric(METRICS.maxOffsetLag, series('h', 'b'), 1000);
    expect(kpi('consumer-offset-lag', cluster)).toMatchObject({
      score: expect.closeTo(90, 6),
      reading: { value: 1000, worst: 'h/b', confidence: 1 },
    });
  });

  test('is less sure where CloudWatch alone names the groups, a list was cut, or pairs have no series', () => {
    const two = () =>
      busy()
        .withTopic('u', { partitions: 1 })
        .withGroup('g', { commits: { t: [9000], u: [10] } })
        .withMetric(METRICS.maxOffsetLag, series('g', 't'), 1000);
    const all = () => two().withMetric(METRICS.maxOffsetLag, series('g', 'u'), 10);
    const of = (cluster: ReturnType<typeof busy>) => reading('consumer-offset-lag', cluster);
    expect(of(all())).toMatchObject({ confidence: 1 });
    expect(of(two())).toMatchObject({
      confidence: 0.7,
      source: expect.stringContaining('1 groups and topics, of 2 in all'),
    });
    const { kafkaGroups } = all().build().sections;
    expect(
      of(all().withSection('kafkaGroups', kafkaGroups!.ok ? kafkaGroups!.value : [], 'the list was cut')),
    ).toMatchObject({ confidence: 0.7, source: expect.stringContaining('a part of the groups') });
    const ranked = { confidence: 0.6, source: expect.stringContaining('that CloudWatch names') };
    expect(of(all().without('kafkaGroups', 'unreachable'))).toMatchObject(ranked);
    expect(of(all().without('kafkaOffsets', 'timed-out'))).toMatchObject(ranked);
  });

  test('a commit on a topic that is gone is no missing series', () => {
    const cluster = busy().withGroup('g', { commits: { t: [9000], gone: [10] } });
    cluster.withMetric(METRICS.maxOffsetLag, series('g', 't'), 1000);
    expect(reading('consumer-offset-lag', cluster)).toMatchObject({ confidence: 1 });
  });

  test('counts four times as much while time lag is missing', () => {
    const withTime = busy().withGroup('g', { commits: { t: [11_200] } });
    const withoutTime = aSnapshot()
      .withTopic('t', { partitions: 1 })
      .withGroup('g', { commits: { t: [10] } });
    expect(kpi('consumer-offset-lag', withTime).weight).toBe(0.5);
    expect(kpi('consumer-offset-lag', withoutTime).weight).toBe(2);
  });

  test('without CloudWatch the worst partition of one look', () => {
    const cluster = busy()
      .withGroup('g', { commits: { t: [9000] } })
      .without('metrics');
    expect(reading('consumer-offset-lag', cluster)).toMatchObject({ value: 2200, confidence: 0.5, worst: 'g/t' });
  });
});

describe('consumer-groups-healthy', () => {
  test('weighted by traffic: the stalled group has 11 of 12', () => {
    const cluster = busy()
      .withTopic('idle', { partitions: 1 })
      .withGroup('stalled', { commits: { t: [100] } })
      .withGroup('well', { commits: { idle: [1000] } });
    expect(reading('consumer-groups-healthy', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo(100 / 12, 9),
      worst: 'stalled',
    });
  });

  test('draining is healthy', () => {
    const cluster = busy().withGroup('g', { commits: { t: [[0], [3000], [6000]] } });
    expect(reading('consumer-groups-healthy', cluster)).toMatchObject({ value: 100, confidence: 1 });
  });

  test('groups that could not be judged lower the confidence, all of them leave it missing', () => {
    const one = busy()
      .withSampleTimes([0])
      .withOffsets('t', [[0, 10_000]]);
    expect(reading('consumer-groups-healthy', one.withGroup('g', { commits: { t: [10] } }))).toMatchObject({
      state: 'insufficient-history',
    });
    const mixed = one.withGroup('well', { commits: { t: [10_000] } }).withGroup('h', { commits: { t: [10] } });
    expect(reading('consumer-groups-healthy', mixed)).toMatchObject({ state: 'ok', value: 100, confidence: 0.7 });
  });

  test('without Kafka the trend of the lag decides, as a proxy', () => {
    const rising = Array.from({ length: 1440 }, (_, i) => i * 2);
    const cluster = aSnapshot()
      .withMetric(METRICS.sumOffsetLag, series('grows', 'a'), rising)
      .withMetric(METRICS.sumOffsetLag, series('stays', 'a'), 5000)
      .without('kafkaGroups', 'unreachable');
    expect(reading('consumer-groups-healthy', cluster)).toMatchObject({ value: 50, confidence: 0.6, worst: 'grows' });
  });

  test('a tiny lag that rises is not ill', () => {
    const rising = Array.from({ length: 1440 }, (_, i) => i / 50);
    const cluster = aSnapshot()
      .withMetric(METRICS.sumOffsetLag, series('g', 'a'), rising)
      .without('kafkaGroups', 'unreachable');
    expect(reading('consumer-groups-healthy', cluster)).toMatchObject({ value: 100 });
  });
});

describe('retention-consumed', () => {
  test('the worst partition of a group: 9,000 of 10,000 retained messages unread', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 1, start: 1000, end: 11_000 })
      .withGroup('g', { commits: { t: [2000] } })
      .withGroup('h', { commits: { t: [10_000] } });
    expect(reading('retention-consumed', cluster)).toMatchObject({ value: 90, confidence: 1, worst: 'g/t-0' });
  });

  test('a log that was never trimmed endangers nobody, however far behind', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 1, end: 11_000 })
      .withGroup('g', { commits: { t: [0] } });
    expect(reading('retention-consumed', cluster)).toMatchObject({ state: 'ok', value: 0 });
  });

  test('a lag that is never judged is no danger, even if it is most of a nearly empty log', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 1, start: 1000, end: 1050 })
      .withGroup('g', { commits: { t: [1001] } });
    expect(reading('retention-consumed', cluster)).toMatchObject({ state: 'ok', value: 0 });
  });

  test('without Kafka it is missing', () => {
    expect(reading('retention-consumed', aSnapshot().without('kafkaOffsets', 'timed-out'))).toMatchObject({
      state: 'no-network',
    });
  });
});
