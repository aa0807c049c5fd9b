import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  equation1,
  expressUse,
  limitOneAzDown,
  throughputUse,
  workbookIngress,
} from '../../lib/analysis/throughput-limits.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, WINDOW_START_MS } from '../builders/a-snapshot.ts';

const MIB = 1024 ** 2;

describe('Equation 1', () => {
  const m5 = { brokers: 3, rf: 3, fanOut: 1, storageMiBPerSec: 250, ebsMiBPerSec: 81, networkMiBPerSec: 96 };

  test('three m5.large, three replicas, one reader: the way to the volume binds', () => {
    expect(equation1(m5)).toEqual({ terms: [250, 81, 96], limit: 81, bottleneck: 'ebs-network' });
  });

  test('of equals the first is named', () => {
    expect(equation1({ ...m5, storageMiBPerSec: 81 }).bottleneck).toBe('storage');
  });

  test('one copy that nobody reads sends nothing', () => {
    expect(equation1({ ...m5, rf: 1, fanOut: 0 })).toMatchObject({ limit: 243, bottleneck: 'ebs-network' });
  });

  test('more brokers never take in less, more readers or replicas never more', () => {
    const some = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 3 }), (brokers, fanOut, rf) => {
        const base = { ...m5, brokers, fanOut, rf };
        expect(equation1({ ...base, brokers: brokers + 1 }).limit).toBeGreaterThan(equation1(base).limit);
        expect(equation1({ ...base, fanOut: fanOut + 1 }).limit).toBeLessThanOrEqual(equation1(base).limit);
        expect(equation1({ ...base, rf: rf + 1 }).limit).toBeLessThanOrEqual(equation1(base).limit);
      }),
    );
  });
});

test('the workbook gives AWS its published 154 MB/s for the largest m7g, and less with tiering', () => {
  const largest = { ebsMiBPerSec: 1000, networkMiBPerSec: 3750, fanOut: 2, azs: 3 };
  expect(workbookIngress(largest)).toBeCloseTo(153.846, 3);
  expect(workbookIngress({ ...largest, isTiered: true })).toBe(125);
});

test('by hand: with twelve readers the network of m5.large binds the workbook', () => {
  // Readers of a lost zone move to the two that stay: 12 × 1.5 + 5.7 = 23.7, with tiering 25.2.
  const m5 = { ebsMiBPerSec: 81, networkMiBPerSec: 96, fanOut: 12, azs: 3 };
  expect(workbookIngress(m5)).toBeCloseTo(96 / 23.7, 9);
  expect(workbookIngress({ ...m5, isTiered: true })).toBeCloseTo(96 / 25.2, 9);
  expect(workbookIngress({ ...m5, azs: 2 })).toBeCloseTo(96 / 29.7, 9);
});

describe('use of a cluster', () => {
  const useOf = (snapshot: ReturnType<typeof aSnapshot>, rf = 3) => {
    const { metrics, cluster } = snapshot.build().sections;
    if (!metrics?.ok || !cluster?.ok) throw new Error('the builder has both');
    return throughputUse(metrics.value, cluster.value, { rf });
  };

  test('Standard: writes of all replicas against the instance, what is sent against the network', () => {
    const uses = useOf(
      aSnapshot()
        .withCluster({ instanceType: 'kafka.m7g.large', volumeGiBPerBroker: 1000 })
        .withMetric(METRICS.bytesIn, { 'Broker ID': 2 }, 21 * MIB)
        .withMetric(METRICS.bytesOut, { 'Broker ID': 2 }, 63 * MIB),
    );
    expect(uses?.[0]).toMatchObject({ brokerId: '2', dimension: 'ec2-network', bytesPerSec: 105 * MIB });
    expect(uses?.[0]?.share).toBeCloseTo(105 / 117, 9);
    expect(uses?.[1]).toMatchObject({ brokerId: '2', dimension: 'ebs-network', share: 0.8 });
  });

  test('Express: the sustained quota', () => {
    const uses = useOf(
      aSnapshot().withKind('provisioned-express').withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, 7.8e6),
    );
    expect(uses?.find(({ brokerId, dimension }) => brokerId === '1' && dimension === 'quota-in')?.share).toBeCloseTo(
      0.5,
      9,
    );
  });

  test('Serverless: the sum of all topics, as a rate', () => {
    const topic = (name: string, bytes: number) => (snapshot: ReturnType<typeof aSnapshot>) =>
      snapshot.withMetric(METRICS.serverlessBytesIn, { Topic: name }, bytes);
    const minutes = METRICS.serverlessBytesIn.periodSec / 60;
    const snapshot = topic('b', 60e6 * minutes)(topic('a', 40e6 * minutes)(aSnapshot().withKind('serverless')));
    expect(useOf(snapshot)).toMatchObject([{ brokerId: null, dimension: 'quota-in', bytesPerSec: 100e6, share: 0.5 }]);
  });

  const B2 = { 'Broker ID': 2 };
  const m7g = (fields: Record<string, unknown> = {}) =>
    aSnapshot().withCluster({ instanceType: 'kafka.m7g.4xlarge', volumeGiBPerBroker: 1000, ...fields });
  const of = (snapshot: ReturnType<typeof aSnapshot>, dimension: string, rf = 3, brokerId: string | null = '2') =>
    useOf(snapshot, rf)?.find((use) => use.brokerId === brokerId && use.dimension === dimension);

  test('Standard: a volume that is slower than its instance, by the copies of what comes in', () => {
    const busy = m7g()
      .withMetric(METRICS.bytesIn, B2, 50 * MIB)
      .withMetric(METRICS.bytesOut, B2, 10 * MIB);
    expect(of(busy, 'volume', 2)).toEqual({
      brokerId: '2',
      dimension: 'volume',
      bytesPerSec: 100 * MIB,
      limitBytesPerSec: 250 * MIB,
      share: 0.4,
      coverage: 1,
      silentSec: 0,
    });
    // Sent: to readers, and to the followers of its leaders.
    expect(of(busy, 'ec2-network', 3)!.bytesPerSec).toBe(110 * MIB);
    expect(of(busy, 'ec2-network', 1)!.bytesPerSec).toBe(10 * MIB);
    expect(
      of(m7g({ provisionedThroughputMiBPerSec: 500 }).withMetric(METRICS.bytesIn, B2, 50 * MIB), 'volume')!.share,
    ).toBeCloseTo(0.3, 9);
  });

  test('without what it sends only the writes of a broker are known; without a volume nothing is', () => {
    const mute = m7g().withoutMetric(METRICS.bytesOut, B2);
    expect(of(mute, 'volume')).toBeDefined();
    expect(of(mute, 'ec2-network')).toBeUndefined();
    expect(useOf(m7g({ volumeGiBPerBroker: null }))).toBeNull();
    expect(useOf(m7g().withoutMetric(METRICS.bytesIn))).toEqual([]);
  });

  test('Express: bytes out against their own quota, where they are known', () => {
    const express = () => aSnapshot().withKind('provisioned-express');
    const busy = express().withMetric(METRICS.bytesOut, B2, 15.6e6);
    expect(of(busy, 'quota-out')!.share).toBeCloseTo(0.5, 9);
    expect(useOf(busy)![0]).toMatchObject({ brokerId: '2', dimension: 'quota-out' });
    expect(of(express().withoutMetric(METRICS.bytesOut, B2), 'quota-out')).toBeUndefined();
  });

  test('Serverless: bytes out against twice the quota of bytes in', () => {
    const minutes = METRICS.serverlessBytesOut.periodSec / 60;
    const busy = aSnapshot()
      .withKind('serverless')
      .withMetric(METRICS.serverlessBytesOut, { Topic: 't' }, 100e6 * minutes);
    expect(of(busy, 'quota-out', 3, null)).toMatchObject({ bytesPerSec: 100e6, share: 0.25 });
  });

  test('what fell silent is not covered, and for how long is told', () => {
    const day = (count: number) => Array.from({ length: 288 }, (_, i) => (i < count ? MIB : null));
    const silent = of(m7g().withMetric(METRICS.bytesIn, B2, day(276)), 'volume')!;
    expect(silent).toMatchObject({ coverage: 0, silentSec: 3600 });
    const late = of(m7g().withMetric(METRICS.bytesIn, B2, day(283)), 'volume')!;
    expect(late.silentSec).toBe(0);
    expect(late.coverage).toBeCloseTo(283 / 286, 9);
  });

  test('masked periods count for nothing', () => {
    const { metrics, cluster } = m7g()
      .withMetric(METRICS.bytesIn, B2, [90 * MIB, MIB, MIB, MIB, MIB])
      .build().sections;
    if (!metrics?.ok || !cluster?.ok) throw new Error('the builder has both');
    const masked = [{ startMs: WINDOW_START_MS, endMs: WINDOW_START_MS + 1, because: 'test' }];
    const uses = throughputUse(metrics.value, cluster.value, { rf: 1, masked })!;
    expect(uses.find(({ brokerId, dimension }) => brokerId === '2' && dimension === 'volume')!.bytesPerSec).toBe(MIB);
  });

  test('an unknown size has no limit, and a pass may not rest on it', () => {
    expect(useOf(aSnapshot().withCluster({ instanceType: 'kafka.m9g.large' }))).toBeNull();
  });
});

test('two of three zones carry two thirds', () => {
  expect(limitOneAzDown(90, 3)).toBe(60);
  expect(limitOneAzDown(90, 2)).toBe(45);
});

test('shares of what Express sustains, and of what it throttles at', () => {
  const peak = { inMBPerSec: 10, outMBPerSec: 30 };
  expect(expressUse(peak, { inMBPerSec: 20, outMBPerSec: 40 }, { inMBPerSec: 40, outMBPerSec: 120 })).toEqual({
    inOfSustained: 0.5,
    outOfSustained: 0.75,
    inOfMax: 0.25,
    outOfMax: 0.25,
  });
});
