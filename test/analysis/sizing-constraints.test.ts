import { describe, expect, test } from 'vitest';
import { type BrokerShape, judgeShape } from '../../lib/analysis/sizing-constraints.ts';
import { current, load } from './a-workload.ts';

const limits = { cpuPercent: 60, cpuAfterAzLossPercent: 85, diskTarget: 0.6, throughputTarget: 0.8, maxBrokers: 30 };

function judge(shape: Partial<BrokerShape>, changes: Partial<typeof load> = {}, factor?: number) {
  const all = {
    instanceType: 'kafka.m7g.xlarge',
    brokers: 6,
    volumeGiB: 1000,
    provisionedMiBPerSec: null,
    isTiered: false,
  };
  const rule = factor === undefined ? limits : { ...limits, familyFactor: factor };
  const judged = judgeShape({ ...all, ...shape }, { ...load, ...changes }, current, rule);
  return { ...judged, of: (name: string) => judged.constraints.find((each) => each.name === name) };
}

describe('what Standard brokers must keep within', () => {
  test('by hand: half of the cores, Equation 1 by the way to the volume', () => {
    // 6 × 250/3 = 500, 6 × 156.25/3 = 312.5, 6 × 234/(2 + 2) = 351: 80 % of the lowest.
    const { constraints, binding, isTight } = judge({});
    expect(constraints).toEqual([
      { name: 'cpu', value: 56, limit: 60, unit: 'percent' },
      { name: 'cpu-after-az-loss', value: 84, limit: 85, unit: 'percent' },
      { name: 'replicas', value: 250, limit: 1000, unit: 'count' },
      { name: 'bytes-in', value: 30, limit: 250, unit: 'MiB/s' },
      { name: 'volume', value: 1000, limit: 16_384, unit: 'GiB' },
    ]);
    expect(binding.name).toBe('cpu-after-az-loss');
    expect(isTight).toBe(false);
  });

  test('the one with the least room binds', () => {
    expect(judge({}, { replicas: 5990 }).binding).toMatchObject({ name: 'replicas' });
    expect(judge({ volumeGiB: 16_384 }).binding).toMatchObject({ name: 'volume' });
    expect(judge({}, { peakInMiBPerSec: 249, peakOutMiBPerSec: 0 }).binding).toMatchObject({ name: 'bytes-in' });
  });

  test('another family counts by its factor', () => {
    expect(judge({}, {}, 0.5).of('cpu')!.value).toBe(28);
  });

  test('readers and followers share the network; nobody reads where nothing comes in', () => {
    // 6 × 234/(8 + 2) = 140.4.
    expect(judge({}, { peakOutMiBPerSec: 240 }).of('bytes-in')!.limit).toBeCloseTo(0.8 * 140.4, 9);
    expect(judge({}, { peakInMiBPerSec: 0, peakOutMiBPerSec: 5 }).of('bytes-in')).toMatchObject({
      value: 0,
      limit: 250,
    });
  });

  test('a small volume is the slowest, provisioned throughput lifts it, an unknown one moves what the least does', () => {
    const bytesIn = (shape: Partial<BrokerShape>) =>
      judge({ instanceType: 'kafka.m7g.4xlarge', ...shape }, { peakOutMiBPerSec: 0 }).of('bytes-in')!.limit;
    expect(bytesIn({ volumeGiB: 100 })).toBeCloseTo(0.8 * 6 * (128 / 3), 9);
    expect(bytesIn({ volumeGiB: 1000 })).toBeCloseTo(0.8 * 6 * (250 / 3), 9);
    expect(bytesIn({ volumeGiB: 100, provisionedMiBPerSec: 500 })).toBeCloseTo(0.8 * 6 * (500 / 3), 9);
    expect(bytesIn({ volumeGiB: 100, provisionedMiBPerSec: 900 })).toBeCloseTo(0.8 * 6 * (625 / 3), 9);
    expect(bytesIn({ volumeGiB: null })).toBeCloseTo(0.8 * 6 * (128 / 3), 9);
  });

  test('less room than the workbook wants is tight, with a tier sooner, with provisioned throughput later', () => {
    // Volume 128/6.5 = 19.69 and instance 625/6.5 a broker; with a tier 128/8 = 16; 500/6.5 = 76.9 provisioned.
    const tight = (peakInMiBPerSec: number, shape: Partial<BrokerShape> = {}) =>
      judge({ instanceType: 'kafka.m7g.4xlarge', volumeGiB: 100, ...shape }, { peakInMiBPerSec, peakOutMiBPerSec: 0 })
        .isTight;
    expect([tight(118.1), tight(118.2)]).toEqual([false, true]);
    expect([tight(96, { isTiered: true }), tight(96.1, { isTiered: true })]).toEqual([false, true]);
    const provisioned = { provisionedMiBPerSec: 500 };
    expect([tight(461.5, provisioned), tight(461.6, provisioned)]).toEqual([false, true]);
    expect([tight(118.1, { volumeGiB: null }), tight(118.2, { volumeGiB: null })]).toEqual([false, true]);
  });
});

test('Express brokers, by hand: what a broker sustains, and its most when a zone is lost; never tight', () => {
  const { constraints, isTight } = judge(
    { instanceType: 'express.m7g.large', brokers: 3, volumeGiB: null },
    { peakInMiBPerSec: 300, peakOutMiBPerSec: 600 },
  );
  const each = (300 * 1024 ** 2) / 1e6 / 3;
  expect(constraints.slice(3)).toEqual([
    { name: 'bytes-in', value: expect.closeTo(each, 9), limit: 15.6, unit: 'MB/s' },
    { name: 'bytes-out', value: expect.closeTo(2 * each, 9), limit: 31.2, unit: 'MB/s' },
    { name: 'bytes-in-after-az-loss', value: expect.closeTo(1.5 * each, 9), limit: 23.4, unit: 'MB/s' },
    { name: 'bytes-out-after-az-loss', value: expect.closeTo(3 * each, 9), limit: 58.5, unit: 'MB/s' },
  ]);
  expect(isTight).toBe(false);
});
