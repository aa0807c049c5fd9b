import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equation1, throughputUse, workbookIngress } from '../../lib/analysis/throughput-limits.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

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

  test('an unknown size has no limit, and a pass may not rest on it', () => {
    expect(useOf(aSnapshot().withCluster({ instanceType: 'kafka.m9g.large' }))).toBeNull();
  });
});
