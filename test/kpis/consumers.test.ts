import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { busy, series } from './busy-topic.ts';
import { kpi, reading } from './run-context.ts';

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

  const neverTrimmed = (configs: Record<string, string> = {}) =>
    aSnapshot()
      .withTopic('t', { partitions: 1, end: 11_000, configs })
      .withGroup('g', { commits: { t: [0] } });

  test('a log that was never trimmed: a next record of 90 of 168 hours', () => {
    const cluster = neverTrimmed().withTimeLags([[90 * 3600, 90 * 3600]]);
    expect(reading('retention-consumed', cluster)).toMatchObject({
      value: expect.closeTo(53.57, 2),
      worst: 'g/t-0',
    });
  });

  test('where nobody knows how old the next record is, a log that was never trimmed is no proof', () => {
    expect(reading('retention-consumed', neverTrimmed())).toMatchObject({ state: 'no-data' });
    expect(reading('retention-consumed', neverTrimmed().without('kafkaTopicConfigs'))).toMatchObject({
      state: 'no-data',
    });
  });

  test('one lag of unknown age among three readers who are well is no 0 %', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 4, end: 11_000 })
      .withGroup('g', { commits: { t: [0, 11_000, 11_000, 11_000] } });
    expect(reading('retention-consumed', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('where retention deletes nothing, nobody is endangered, however far behind', () => {
    const cluster = neverTrimmed({ 'retention.ms': '-1' });
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
