import { describe, expect, test } from 'vitest';
import { throttledTime } from '../../lib/analysis/throttled-time.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, WINDOW_START_MS } from '../builders/a-snapshot.ts';
import { sectionOf } from './sections.ts';

const IDS = ['1', '2'];
/** Periods of five minutes in a day; the latest two are late. */
const DAY = 288;
const KINDS = [METRICS.produceThrottleTime, METRICS.fetchThrottleTime, METRICS.requestThrottleTime];

const day = (value: (period: number) => number | null) => Array.from({ length: DAY }, (_, i) => value(i));

/** Two brokers that never throttled anybody. */
const calm = () => KINDS.reduce((builder, kind) => builder.withMetricOfBrokers(kind, 0), aSnapshot().withBrokers(2));

function found(builder: SnapshotBuilder, masked: Parameters<typeof throttledTime>[2] = []) {
  return throttledTime(sectionOf(builder, 'metrics'), IDS, masked);
}

const first = (count: number, ms: number) => day((i) => (i < count ? ms : 0));

describe('throttled time', () => {
  test('share of the observed periods in which any broker throttled anything', () => {
    const builder = calm()
      .withMetric(METRICS.produceThrottleTime, { 'Broker ID': 1 }, first(10, 5))
      .withMetric(METRICS.fetchThrottleTime, { 'Broker ID': 1 }, first(12, 7))
      .withMetric(METRICS.requestThrottleTime, { 'Broker ID': 2 }, first(20, 9));
    expect(found(builder)).toEqual({
      percent: (100 * 20) / (DAY - 2),
      brokers: [
        { brokerId: '2', minutes: 100, worstMs: { produce: 0, fetch: 0, request: 9 } },
        { brokerId: '1', minutes: 60, worstMs: { produce: 5, fetch: 7, request: 0 } },
      ],
      leastSeen: { brokerId: '1', metric: 'ProduceThrottleTime', coverage: 1 },
    });
  });

  test('nothing was throttled', () => {
    expect(found(calm())).toMatchObject({ percent: 0, brokers: [] });
  });

  test('masked periods neither count as throttled nor as observed', () => {
    const builder = calm().withMetric(METRICS.produceThrottleTime, { 'Broker ID': 1 }, first(10, 5));
    const masked = [{ startMs: WINDOW_START_MS, endMs: WINDOW_START_MS + 5 * 300_000, because: 'test' }];
    expect(found(builder, masked).percent).toBeCloseTo(500 / (DAY - 7), 9);
  });

  test('a series without a single point is never throttled while traffic shows that the broker publishes', () => {
    const silent = calm().withMetric(
      METRICS.fetchThrottleTime,
      { 'Broker ID': 2 },
      day(() => null),
    );
    expect(found(silent)).toMatchObject({ percent: 0, leastSeen: { coverage: 1 } });
    // Its traffic fills no period of its own with a throttle time.
    const noisy = silent.withMetric(METRICS.produceThrottleTime, { 'Broker ID': 2 }, first(1, 3));
    expect(found(noisy).brokers).toEqual([
      { brokerId: '2', minutes: 5, worstMs: { produce: 3, fetch: 0, request: 0 } },
    ]);
  });

  test('one that was not asked for, or not in full, was not seen', () => {
    const absent = calm().withoutMetric(METRICS.fetchThrottleTime, { 'Broker ID': 2 });
    expect(found(absent).leastSeen).toEqual({ brokerId: '2', metric: 'FetchThrottleTime', coverage: 0 });
    const noisy = absent.withMetric(METRICS.produceThrottleTime, { 'Broker ID': 2 }, first(1, 3));
    expect(found(noisy).brokers[0]!.worstMs.fetch).toBeNull();
    const cut = sectionOf(
      calm().withMetric(
        METRICS.fetchThrottleTime,
        { 'Broker ID': 2 },
        day(() => null),
      ),
      'metrics',
    );
    for (const each of cut.series) if (each.metric === 'FetchThrottleTime') each.incomplete = true;
    expect(throttledTime(cut, IDS, []).leastSeen).toMatchObject({ brokerId: '2', coverage: 0 });
  });

  test('silent, and no traffic either: not seen', () => {
    const dead = calm()
      .withMetric(
        METRICS.fetchThrottleTime,
        { 'Broker ID': 2 },
        day(() => null),
      )
      .withoutMetric(METRICS.bytesIn, { 'Broker ID': 2 });
    expect(found(dead).leastSeen).toMatchObject({ brokerId: '2', metric: 'FetchThrottleTime', coverage: 0 });
    const noisy = dead.withMetric(METRICS.produceThrottleTime, { 'Broker ID': 2 }, first(1, 3));
    expect(found(noisy).brokers[0]!.worstMs).toEqual({ produce: 3, fetch: null, request: 0 });
  });

  test('a throttle time may end while traffic goes on; where both end the broker fell silent', () => {
    const ended = calm().withMetric(
      METRICS.produceThrottleTime,
      { 'Broker ID': 2 },
      day((i) => (i < 143 ? 0 : null)),
    );
    expect(found(ended).leastSeen).toEqual({ brokerId: '2', metric: 'ProduceThrottleTime', coverage: 0.5 });
    const dead = ended.withMetric(
      METRICS.bytesIn,
      { 'Broker ID': 2 },
      day((i) => (i < 143 ? 1 : null)),
    );
    expect(found(dead).leastSeen!.coverage).toBe(0);
    expect(found(ended.withoutMetric(METRICS.bytesIn, { 'Broker ID': 2 })).leastSeen!.coverage).toBe(0);
  });

  test('brokers that only their series name count; without any series nothing was observed', () => {
    const more = calm().withMetric(METRICS.produceThrottleTime, { 'Broker ID': 9 }, first(2, 1));
    expect(found(more).brokers.map(({ brokerId }) => brokerId)).toEqual(['9']);
    const nothing = found(KINDS.reduce((builder, kind) => builder.withoutMetric(kind), calm()));
    expect(nothing).toMatchObject({ percent: null, leastSeen: { brokerId: '1', coverage: 0 } });
    expect(throttledTime(sectionOf(aSnapshot(), 'metrics'), [], [])).toEqual({
      percent: null,
      brokers: [],
      leastSeen: null,
    });
  });
});
