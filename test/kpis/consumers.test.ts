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
    const withTime = busy()
      .withGroup('g', { commits: { t: [11_200] } })
      .without('metrics');
    const withoutTime = aSnapshot()
      .withTopic('t', { partitions: 1 })
      .withGroup('g', { commits: { t: [10] } })
      .without('metrics');
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

  test('a group that commits every ten minutes is healthy until it has missed three of them', () => {
    const lastFell = (minutesAgo: number) => {
      const last = 1442 - minutesAgo;
      const lag = (minute: number) => 1000 + (minute < last ? (minute - last + 14_400) % 10 : minute - last) * 600;
      return busy()
        .withGroup('g', { commits: { t: [100] } })
        .withMetric(
          METRICS.sumOffsetLag,
          series('g', 't'),
          Array.from({ length: 1440 }, (_, minute) => lag(minute)),
        );
    };
    expect(reading('consumer-groups-healthy', lastFell(30))).toMatchObject({ value: 100 });
    expect(reading('consumer-groups-healthy', lastFell(31))).toMatchObject({ value: 0, worst: 'g' });
  });

  test('groups that could not be judged lower the confidence, all of them leave it missing', () => {
    const one = busy()
      .withSampleTimes([0])
      .withOffsets('t', [[0, 10_000]]);
    expect(reading('consumer-groups-healthy', one.withGroup('g', { commits: { t: [10] } }))).toMatchObject({
      state: 'insufficient-history',
    });
    // Who is caught up shows at one look, who is not does not: the former alone are no answer.
    const mixed = one.withGroup('well', { commits: { t: [10_000] } }).withGroup('h', { commits: { t: [10] } });
    expect(reading('consumer-groups-healthy', mixed)).toMatchObject({ state: 'insufficient-history' });
    const well = busy()
      .withSampleTimes([0])
      .withOffsets('t', [[0, 10_000]]);
    expect(reading('consumer-groups-healthy', well.withGroup('w', { commits: { t: [10_000] } }))).toMatchObject({
      value: 100,
    });
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

describe('rebalance-instability', () => {
  const MINUTES = 1440;
  const lag = (from = 0, to = 0) => Array.from({ length: MINUTES }, (_, i) => (i >= from && i < to ? null : 5));
  const steady = (groups = 1) => {
    const cluster = busy();
    for (let i = 1; i <= groups; i++)
      cluster
        .withGroup(`g${i}`, { commits: { t: [11_200] } })
        .withMetric(METRICS.sumOffsetLag, series(`g${i}`, 't'), lag());
    return cluster;
  };

  test('minutes without a lag between the first and the last, by hand: 144 of 1,438', () => {
    const cluster = steady(2).withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(100, 244));
    expect(reading('rebalance-instability', cluster)).toMatchObject({
      value: expect.closeTo(14_400 / 1438, 9),
      confidence: 1,
      worst: 'g1',
    });
    expect(kpi('rebalance-instability', cluster).status).toBe('bad');
  });

  test('while one topic of it had a lag the group was stable; gaps of all groups are CloudWatch’s', () => {
    const two = steady(2).withMetric(METRICS.sumOffsetLag, series('g1', 'u'), lag(100, 244));
    expect(reading('rebalance-instability', two)).toMatchObject({ value: 0 });
    const all = steady(2);
    for (const id of ['g1', 'g2']) all.withMetric(METRICS.sumOffsetLag, series(id, 't'), lag(100, 244));
    expect(reading('rebalance-instability', all)).toMatchObject({ value: 0 });
  });

  test('p90 by traffic: one small group among ten does not count for the cluster', () => {
    const cluster = steady(11).withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(100, 244));
    expect(reading('rebalance-instability', cluster)).toMatchObject({ value: 0, worst: 'g1' });
  });

  test('six hours, not less', () => {
    const since = (hours: number) =>
      steady().withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(0, MINUTES - 2 - hours * 60));
    expect(reading('rebalance-instability', since(6))).toMatchObject({ state: 'ok' });
    expect(reading('rebalance-instability', since(5.9))).toMatchObject({ state: 'insufficient-history' });
  });

  test('groups that Kafka knows and CloudWatch does not lower the confidence; those it cannot name do not', () => {
    const unseen = steady(2).withGroup('x', { commits: { t: [11_200] } });
    unseen.withGroup('y', { commits: { t: [11_200] } }).withGroup('z', { commits: { t: [11_200] } });
    expect(reading('rebalance-instability', unseen)).toMatchObject({ confidence: 0.7 });
    expect(
      reading(
        'rebalance-instability',
        ['a:b', 'a:c', 'a:d'].reduce((all, id) => all.withGroup(id, { commits: { t: [11_200] } }), steady(1)),
      ),
    ).toMatchObject({
      confidence: 1,
    });
    expect(reading('rebalance-instability', steady(2).without('kafkaGroups', 'unreachable'))).toMatchObject({
      confidence: 0.6,
    });
  });

  test('nothing committed, nothing published, nothing asked', () => {
    expect(reading('rebalance-instability', busy())).toMatchObject({ state: 'not-applicable' });
    expect(reading('rebalance-instability', busy().withGroup('g', { commits: { t: [11_200] } }))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('rebalance-instability', steady().without('metrics', 'throttled'))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('rebalance-instability', steady().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('catch-up-ratio', () => {
  test('this run’s looks, by hand: 20 a second read while 10 came in', () => {
    const cluster = busy().withGroup('g', { commits: { t: [[1000], [2200], [3400]] } });
    expect(reading('catch-up-ratio', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo(2, 9),
      confidence: 0.5,
      worst: 'g/t',
    });
    expect(kpi('catch-up-ratio', cluster).score).toBeCloseTo(100, 9);
  });

  test('over the window where CloudWatch has what came in: lag falls by 5 a second of 10 produced', () => {
    const falling = Array.from({ length: 1440 }, (_, i) => 500_000 - 300 * i);
    const cluster = busy()
      .withGroup('g', { commits: { t: [11_200] } })
      .withMetric(METRICS.sumOffsetLag, series('g', 't'), falling)
      .withMetric(METRICS.topicMessagesIn, { 'Broker ID': 1, Topic: 't' }, 10);
    expect(reading('catch-up-ratio', cluster)).toMatchObject({ value: expect.closeTo(1.5, 9), confidence: 1 });
    expect(kpi('catch-up-ratio', cluster).score).toBeCloseTo(90, 9);
  });

  test('the slowest of the groups that were seen with a backlog', () => {
    const cluster = busy()
      .withGroup('fast', { commits: { t: [[1000], [4000], [7000]] } })
      .withGroup('slow', { commits: { t: [[1000], [1300], [1600]] } });
    expect(reading('catch-up-ratio', cluster)).toMatchObject({ value: expect.closeTo(0.5, 9), worst: 'slow/t' });
    expect(kpi('catch-up-ratio', cluster).score).toBe(0);
  });

  test('a group that never lagged showed nothing; without groups there is nothing to show', () => {
    expect(
      reading('catch-up-ratio', busy().withGroup('g', { commits: { t: [[10_000], [10_600], [11_200]] } })),
    ).toMatchObject({
      state: 'insufficient-history',
    });
    expect(reading('catch-up-ratio', busy())).toMatchObject({ state: 'not-applicable' });
    expect(reading('catch-up-ratio', busy().without('kafkaOffsets', 'unreachable'))).toMatchObject({
      state: 'no-network',
    });
  });

  test('not judged in development', () => {
    const cluster = busy().withGroup('g', { commits: { t: [[1000], [2200], [3400]] } });
    expect(kpi('catch-up-ratio', cluster, { environment: 'development' })).toMatchObject({
      status: 'not-applicable',
      weight: 0,
    });
  });
});
