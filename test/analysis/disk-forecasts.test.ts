import { describe, expect, test } from 'vitest';
import {
  type BrokerForecast,
  diskForecasts,
  diskGrowth,
  type ForecastOptions,
  levelAhead,
  volumeForecasts,
} from '../../lib/analysis/disk-forecasts.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, HISTORY_END_MS, HISTORY_HOURS, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { collected, loadInputs, sectionOf } from './sections.ts';

const DAY_MS = 86_400_000;
const THRESHOLD = 85;

/** By the days that lie before the end; the hours of a day lie around its middle. */
const weeks = (percent: (daysBefore: number) => number) =>
  Array.from({ length: HISTORY_HOURS }, (_, hour) => percent((HISTORY_HOURS - 0.5 - hour) / 24));
const line = (level: number, perDay: number) => weeks((before) => level - perDay * before);
/** Flat until so many days ago. */
const jump = (sinceDays: number, perDay: number) => weeks((before) => 40 + perDay * Math.max(0, sinceDays - before));

const withDisks = (...disks: number[][]) =>
  disks.reduce(
    (builder, values, i) => builder.withHourly(METRICS.diskUsed, { 'Broker ID': i + 1 }, values),
    aSnapshot(),
  );

function forecasts(builder: SnapshotBuilder, options: ForecastOptions = {}) {
  return diskForecasts(sectionOf(builder, 'metrics'), collected(builder, 'operations'), THRESHOLD, options);
}

describe('forecasts of the brokers', () => {
  test('by hand: 60 % and two points a day are 85 % in 12.5 days, one point in 25; the earliest first', () => {
    const found = forecasts(withDisks(line(30, 0), line(60, 1), line(60, 2)));
    expect(found.map(({ brokerId, forecast }) => [brokerId, forecast.kind])).toEqual([
      ['3', 'growing'],
      ['2', 'growing'],
      ['1', 'no-trend'],
    ]);
    expect(found.map(({ soonestDays }) => soonestDays)).toEqual([expect.closeTo(12.5, 6), expect.closeTo(25, 6), null]);
    expect(found[0]).toMatchObject({ recent: null, earlyDays: expect.closeTo(12.5, 6) });
    expect(found.map(({ nowPercent }) => Math.round(nowPercent))).toEqual([60, 60, 30]);
  });

  test('a broker without a point has no row', () => {
    const silent = withDisks(line(30, 0)).withHourly(METRICS.diskUsed, { 'Broker ID': 2 }, [null, null]);
    expect(forecasts(silent).map(({ brokerId }) => brokerId)).toEqual(['1']);
  });

  test('what came before volumes were enlarged does not count; other operations, and one that runs on, change nothing', () => {
    const changed = (type: string, endMs: number | null) =>
      forecasts(withDisks(line(60, 2)).withOperation(type, HISTORY_END_MS - 4 * DAY_MS, endMs))[0]!.forecast;
    const ended = HISTORY_END_MS - 3 * DAY_MS;
    expect(changed('UPDATE_BROKER_STORAGE', ended)).toEqual({ kind: 'insufficient-history', days: 3, sinceMs: ended });
    expect(changed('SECURITY_PATCHING', ended).kind).toBe('growing');
    expect(changed('UPDATE_BROKER_STORAGE', null).kind).toBe('growing');
    const unread = withDisks(line(60, 2)).without('operations');
    expect(forecasts(unread)[0]!.forecast.kind).toBe('growing');
  });

  test('each broker has its own plateau', () => {
    const found = forecasts(withDisks(line(60, 1), line(60, 1)), { plateauOf: (id) => (id === '2' ? 70 : null) });
    expect(found.map(({ brokerId, forecast, soonestDays }) => [brokerId, forecast.kind, soonestDays])).toEqual([
      ['1', 'growing', expect.closeTo(25, 6)],
      ['2', 'levels-off', null],
    ]);
  });
});

describe('the rate of the last days', () => {
  const recent = (disk: number[], withinDays = 10, plateau: number | null = null) =>
    forecasts(withDisks(disk), { recent: { withinDays, plateauOf: () => plateau } })[0]!;

  test('by hand: six points a day since three days, from the level of the busy hours', () => {
    const { recent: found, soonestDays, earlyDays } = recent(jump(3, 6));
    expect(found).toMatchObject({ perDay: expect.closeTo(6, 9), days: 2 });
    expect(found!.toThreshold).toBeCloseTo((THRESHOLD - found!.level) / 6, 9);
    expect(found!.toFull).toBeCloseTo((100 - found!.level) / 6, 9);
    expect([soonestDays, earlyDays]).toEqual([found!.toThreshold, null]);
    expect(forecasts(withDisks(jump(3, 6)))[0]).toMatchObject({ recent: null, soonestDays: null });
  });

  test('tells nothing of what lies further ahead than asked', () => {
    const days = recent(jump(3, 6)).recent!.toThreshold;
    expect(recent(jump(3, 6), days).recent).toBeNull();
    expect(recent(jump(3, 6), days + 0.001).recent).not.toBeNull();
  });

  test('is no news where the weeks say as much', () => {
    expect(recent(line(84, 2)).recent).toBeNull();
    // Two points a day, and 2.4 or 2.6 in the last week: a quarter more is 2.5.
    const steeper = (perDay: number) =>
      weeks((before) => (before > 7 ? 40 - 2 * (before - 7) : 40 + perDay * (7 - before)));
    const high = (disk: number[]) => {
      const { forecast } = recent(disk, 100);
      return forecast.kind === 'growing' ? forecast.trend.slopeHigh : Number.NaN;
    };
    expect(high(steeper(2.3))).toBeGreaterThan(2);
    expect(recent(steeper(2.3), 100).recent).toBeNull();
    expect(recent(steeper(6), 100).recent).toMatchObject({ perDay: expect.closeTo(6, 9) });
  });

  test('counts for nothing where retention will hold it before the threshold, and only there', () => {
    expect(recent(jump(3, 6), 10, 70).recent).toBeNull();
    expect(recent(jump(3, 6), 10, THRESHOLD).recent).not.toBeNull();
    expect(recent(jump(3, 6), 10, 84.9).recent).toBeNull();
    const { level } = recent(jump(3, 6)).recent!;
    expect(recent(jump(3, 6), 10, level).recent).toBeNull();
    expect(recent(jump(3, 6), 10, level - 0.1).recent).not.toBeNull();
  });

  test('has reached the threshold already', () => {
    const high = weeks((before) => 72 + 6 * Math.max(0, 3 - before));
    expect(recent(high).recent).toMatchObject({ toThreshold: 0 });
  });

  test('is all there is in the first days after volumes were enlarged', () => {
    const builder = withDisks(jump(6, 6)).withOperation('UPDATE_BROKER_STORAGE', 0, HISTORY_END_MS - 5 * DAY_MS);
    const [found] = forecasts(builder, { recent: { withinDays: 10, plateauOf: () => null } });
    expect(found).toMatchObject({ forecast: { kind: 'insufficient-history' }, recent: { days: 2, isUnusual: false } });
  });
});

describe('with what retention tells', () => {
  /** 3,000 bytes a second in the looks, kept for an hour: some 14 MB. */
  const settings = {
    'retention.ms': '3600000',
    'retention.bytes': '-1',
    'segment.bytes': '1000000',
    'segment.ms': '604800000',
  };
  const volumes = (disk: number[], bytesPerSec: number | number[], plateauPercent: number) => {
    const builder = withDisks(disk)
      .withTopic('t', { configs: settings })
      .withRates('t', [10, 20, 30])
      .withSizes('t', 50_000)
      .withHourlyOfBrokers(METRICS.bytesIn, 1000);
    const read = (changed: SnapshotBuilder) =>
      volumeForecasts(
        {
          ...loadInputs(changed),
          metrics: sectionOf(changed, 'metrics'),
          operations: collected(changed, 'operations'),
          cluster: collected(changed, 'cluster'),
        },
        { thresholdPercent: THRESHOLD, highDays: 10 },
        TAKEN_AT_MS,
      );
    // The volume that the plateau of 1,000 bytes a second and broker fills to so many percent.
    const ofOneGiB = read(builder.withCluster({ volumeGiBPerBroker: 1 })).plateaus!.get('1')!;
    const volumeGiBPerBroker = ofOneGiB / plateauPercent;
    return read(builder.withCluster({ volumeGiBPerBroker }).withHourlyOfBrokers(METRICS.bytesIn, bytesPerSec));
  };

  test('a rise ends at the plateau of the weeks, which is told beside it', () => {
    const { all, plateaus } = volumes(line(60, 1), 1000, 70);
    expect(plateaus!.get('1')).toBeCloseTo(70, 6);
    expect(all[0]!.forecast).toMatchObject({ kind: 'levels-off', plateau: expect.closeTo(70, 6) });
    expect(volumes(line(60, 1), 1000, 90).all[0]!.forecast.kind).toBe('growing');
  });

  test('the rate of the last days ends at the plateau of the last two', () => {
    const tripled = (hours: number) =>
      Array.from({ length: HISTORY_HOURS }, (_, i) => (i < HISTORY_HOURS - hours ? 1000 : 3000));
    expect(volumes(jump(3, 6), 1000, 70).all[0]!.recent).toBeNull();
    expect(volumes(jump(3, 6), tripled(48), 70).all[0]!.recent).not.toBeNull();
    expect(volumes(jump(3, 6), tripled(1), 70).all[0]!.recent).toBeNull();
  });

  test('without it nothing levels off', () => {
    const builder = withDisks(line(60, 1));
    const { all, plateaus } = volumeForecasts(
      {
        ...loadInputs(builder.without('kafkaTopics')),
        metrics: sectionOf(builder, 'metrics'),
        operations: collected(builder, 'operations'),
        cluster: collected(builder, 'cluster'),
      },
      { thresholdPercent: THRESHOLD, highDays: 10 },
      TAKEN_AT_MS,
    );
    expect(plateaus).toBeNull();
    expect(all[0]!.forecast.kind).toBe('growing');
  });
});

describe('percent that the fullest volume will reach', () => {
  const days = { highDays: 3, mediumDays: 10 };
  const row = (fields: unknown) =>
    ({ forecast: { kind: 'no-trend' }, nowPercent: 20, recent: null, ...(fields as object) }) as BrokerForecast;

  test('now, by the steep edge of the band, or by the rate of the last days: the most', () => {
    const growing = row({ forecast: { kind: 'growing', trend: { level: 50, slopeHigh: 2, slopePerDay: 1 } } });
    const rising = row({ recent: { level: 60, perDay: 5 } });
    expect(levelAhead([row({})], days)).toBe(20);
    expect(levelAhead([row({}), growing], days)).toBe(70);
    expect(levelAhead([rising, growing, row({})], days)).toBe(75);
    expect(levelAhead([], days)).toBe(0);
  });

  test('what levels off does not go on', () => {
    const held = row({ forecast: { kind: 'levels-off', trend: { level: 50, slopeHigh: 9 }, plateau: 70 } });
    expect(levelAhead([held], days)).toBe(20);
  });
});

test('growth by volume: what is significant, up or down; nothing of a history too short', () => {
  const noise = weeks((before) => 50 + (Math.floor(before) % 2 === 0 ? 1 : -1));
  const builder = withDisks(line(60, 2), line(60, -0.5), noise).withHourly(
    METRICS.diskUsed,
    { 'Broker ID': 4 },
    [1, 2, 3],
  );
  const growth = diskGrowth(sectionOf(builder, 'metrics'), collected(builder, 'operations'));
  expect(Object.fromEntries(growth)).toEqual({ 1: expect.closeTo(2, 6), 2: expect.closeTo(-0.5, 6), 3: 0 });
});
