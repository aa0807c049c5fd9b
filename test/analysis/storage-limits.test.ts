import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gp2LimitMiBPerSec, storageLimit, storageScaling, storageUse } from '../../lib/analysis/storage-limits.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, WINDOW_START_MS } from '../builders/a-snapshot.ts';

test.each([
  [1, 128],
  [170, 128],
  [171, 128.25],
  [333, 249.75],
  [334, 250],
  [16_384, 250],
])('a volume of %d GiB moves %d MiB/s', (gib, limit) => expect(gp2LimitMiBPerSec(gib)).toBe(limit));

describe('limit of a broker', () => {
  const limitOf = (instanceType: string, volume: number | null, provisioned: number | null) =>
    storageLimit({ instanceType, volumeGiBPerBroker: volume, provisionedThroughputMiBPerSec: provisioned });

  test.each([
    ['a small instance is slower than its volume', 'kafka.m7g.large', 1000, null, { miBPerSec: 78.75, by: 'instance' }],
    ['a large one waits for its volume', 'kafka.m7g.2xlarge', 1000, null, { miBPerSec: 250, by: 'volume' }],
    ['provisioned throughput lifts the volume', 'kafka.m7g.4xlarge', 1000, 500, { miBPerSec: 500, by: 'provisioned' }],
    ['and not the instance', 'kafka.m7g.4xlarge', 1000, 900, { miBPerSec: 625, by: 'instance' }],
    [
      'with it the size of the volume does not matter',
      'kafka.m7g.4xlarge',
      null,
      500,
      { miBPerSec: 500, by: 'provisioned' },
    ],
    ['a volume of unknown size', 'kafka.m7g.4xlarge', null, null, null],
    ['a size of broker that AWS may add', 'kafka.m9g.large', 1000, null, null],
  ] as const)('%s', (_, instanceType, volume, provisioned, expected) => {
    expect(limitOf(instanceType, volume, provisioned)).toEqual(expected);
  });
});

describe('use', () => {
  const useOf = (change: (snapshot: ReturnType<typeof aSnapshot>) => unknown) => {
    const snapshot = aSnapshot().withCluster({ instanceType: 'kafka.m7g.2xlarge', volumeGiBPerBroker: 1000 });
    change(snapshot);
    const { metrics, cluster } = snapshot.build().sections;
    if (!metrics?.ok || !cluster?.ok || cluster.value.kind !== 'provisioned-standard') throw new Error('no');
    return storageUse(metrics.value, cluster.value, { rf: 3 });
  };

  test('measured bytes of a period over the limit, the busiest broker first', () => {
    const period = 300 * 1024 ** 2;
    const uses = useOf((snapshot) =>
      snapshot
        .withMetric(METRICS.volumeReadBytes, { 'Broker ID': 2 }, 50 * period)
        .withMetric(METRICS.volumeWriteBytes, { 'Broker ID': 2 }, 150 * period),
    );
    expect(uses?.[0]).toMatchObject({ brokerId: '2', miBPerSec: 200, basis: 'measured', share: 0.8 });
  });

  test('without volume metrics the demand of bytes in', () => {
    const uses = useOf((snapshot) => snapshot.withMetric(METRICS.bytesIn, { 'Broker ID': 3 }, 50 * 1024 ** 2));
    expect(uses?.[0]).toMatchObject({ brokerId: '3', miBPerSec: 150, basis: 'demand', share: 0.6 });
  });

  test('volume metrics without a point are no measure; masked periods count for nothing', () => {
    const silent = useOf((snapshot) =>
      snapshot
        .withMetric(METRICS.volumeReadBytes, { 'Broker ID': 1 }, [null, null, null])
        .withMetric(METRICS.volumeWriteBytes, { 'Broker ID': 1 }, [null, null, null]),
    );
    expect(silent?.find(({ brokerId }) => brokerId === '1')).toMatchObject({ basis: 'demand', coverage: 1 });
    const snapshot = aSnapshot().withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, [9e7, 1024 ** 2, 1024 ** 2, 0, 0]);
    const { metrics, cluster } = snapshot.build().sections;
    if (!metrics?.ok || !cluster?.ok || cluster.value.kind !== 'provisioned-standard') throw new Error('no');
    const masked = [{ startMs: WINDOW_START_MS, endMs: WINDOW_START_MS + 1, because: 'test' }];
    const use = storageUse(metrics.value, cluster.value, { rf: 2, masked })!.find(({ brokerId }) => brokerId === '1');
    expect(use).toMatchObject({ miBPerSec: 2, coverage: 1 });
  });

  test('a broker of which nothing is known is absent; without a limit nothing is', () => {
    const uses = useOf((snapshot) => snapshot.withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, [null, null, null]));
    expect(uses?.map(({ brokerId }) => brokerId).sort()).toEqual(['2', '3']);
    expect(useOf((snapshot) => snapshot.withCluster({ instanceType: 'kafka.m9g.large' }))).toBeNull();
  });

  test('reads without writes are no measure', () => {
    const uses = useOf((snapshot) => snapshot.withMetric(METRICS.volumeReadBytes, { 'Broker ID': 1 }, 1e9));
    expect(uses?.every(({ basis }) => basis === 'demand')).toBe(true);
  });
});

describe('storage autoscaling', () => {
  const broker = {
    volumeGiB: 1000,
    usedGiB: 550,
    growthGiBPerHour: 60,
    targetUtilisation: 0.6,
    stepShare: 0.1,
    minStepGiB: 10,
    cooldownHours: 6,
  };

  test('by hand: 60 GiB an hour outrun a tenth each six hours', () => {
    // 600 at 5/6 h -> 1100; 6.83 h: 960 -> 1210; full at (1210 - 550)/60 = 11 h, before 12.83 h.
    const { steps, fullAtHours, sustainableGrowthGiBPerHour } = storageScaling(broker);
    expect(steps.map(([, gib]) => Math.round(gib))).toEqual([1100, 1210]);
    expect(steps[0]![0]).toBeCloseTo(5 / 6, 12);
    expect(steps[1]![0]).toBeCloseTo(5 / 6 + 6, 12);
    expect(fullAtHours).toBeCloseTo(11, 9);
    expect(sustainableGrowthGiBPerHour).toBeCloseTo(100 / 6, 12);
  });

  test('a small volume grows by the least step', () => {
    expect(storageScaling({ ...broker, volumeGiB: 50, usedGiB: 30, growthGiBPerHour: 0 }).steps).toEqual([[0, 60]]);
  });

  test('full already, and at the largest volume there is no further step', () => {
    expect(storageScaling({ ...broker, usedGiB: 1000 })).toMatchObject({ steps: [], fullAtHours: 0 });
    const largest = storageScaling({ ...broker, volumeGiB: 16_384, usedGiB: 16_324 });
    expect(largest).toMatchObject({ steps: [], fullAtHours: 1 });
  });

  test('growth that fits between expansions never fills a volume before the largest one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 2000 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (gib, share) => {
        const growth = (share * Math.max(10, gib / 10)) / 6;
        const { steps, fullAtHours } = storageScaling({
          ...broker,
          volumeGiB: gib,
          usedGiB: 0,
          growthGiBPerHour: growth,
        });
        expect(steps.at(-1)?.[1]).toBeCloseTo(16_384, 6);
        expect(fullAtHours! * growth).toBeCloseTo(16_384, 3);
        for (const [i, [hours]] of steps.entries()) {
          if (i > 0) expect(hours - steps[i - 1]![0]).toBeGreaterThanOrEqual(6 - 1e-9);
        }
      }),
    );
  });

  test('what does not grow is never full, unless it is', () => {
    expect(storageScaling({ ...broker, growthGiBPerHour: 0 })).toMatchObject({ steps: [], fullAtHours: null });
    expect(storageScaling({ ...broker, growthGiBPerHour: -5 })).toMatchObject({ steps: [], fullAtHours: null });
    expect(storageScaling({ ...broker, growthGiBPerHour: 0, usedGiB: 1000 })).toMatchObject({ fullAtHours: 0 });
  });

  test('nothing to add ends the search', () => {
    expect(storageScaling({ ...broker, stepShare: 0, minStepGiB: 0, cooldownHours: 0 }).steps).toEqual([]);
  });
});
