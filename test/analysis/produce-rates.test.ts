import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEnds, ratePerSec, slopePerSec } from '../../lib/analysis/produce-rates.ts';
import { theilSenSlope } from '../../lib/analysis/statistics.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { sectionOf } from './sections.ts';

const looks = (...pairs: [seconds: number, offset: number | bigint][]) =>
  pairs.map(([seconds, offset]) => ({ atMs: 1_800_000_000_000 + seconds * 1000, offset }));

describe('a rate from a few looks', () => {
  test('the median of the slopes between any two of them', () => {
    expect(ratePerSec(looks([0, 100], [60, 700]))).toBe(10);
    // 10, 30 and 20 a second.
    expect(ratePerSec(looks([0, 0], [60, 600], [120, 2400]))).toBe(20);
    expect(ratePerSec(looks([0, 0], [60, 600], [120, 600]))).toBe(5);
    // Slopes 1, 1, 1, 1, 1 and 10 of an outlier: 4 looks.
    expect(ratePerSec(looks([0, 0], [10, 10], [20, 20], [30, 30]))).toBe(1);
    expect(ratePerSec(looks([0, 0], [10, 10], [20, 20], [30, 300]))).toBeCloseTo((1 + 10) / 2, 9);
  });

  test('two looks of one moment give no slope of their own', () => {
    expect(ratePerSec(looks([0, 0], [0, 60], [60, 600]))).toBe((10 + 9) / 2);
    expect(ratePerSec(looks([0, 0], [60, 540], [60, 600]))).toBe((9 + 10) / 2);
    expect(ratePerSec(looks([5, 0], [5, 1], [5, 2]))).toBeNull();
    expect(ratePerSec(looks([0, 0], [60, 600], [0, 60]))).toBe((10 + 9) / 2);
  });

  test('of three looks in order it is that of the first and the last', () => {
    const look = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(fc.array(look, { minLength: 3, maxLength: 3 }), (steps) => {
        let atMs = 0;
        const three = steps.map(([seconds, value]) => {
          atMs += seconds * 1000;
          return { atMs, value };
        });
        const slope = theilSenSlope(
          three.map((each) => each.atMs / 1000),
          three.map(({ value }) => value),
        )!;
        expect(slopePerSec(three, ({ value }) => value)).toBeCloseTo(slope, 9);
      }),
    );
  });

  test('one look is no rate', () => {
    expect([ratePerSec([]), ratePerSec(looks([0, 5]))]).toEqual([null, null]);
  });

  test('offsets beyond what a number holds exactly', () => {
    const base = 2n ** 60n;
    expect(ratePerSec(looks([0, base], [60, base + 60n], [120, base + 120n]))).toBe(1);
  });
});

describe('log ends of a run', () => {
  const builder = () => aSnapshot().withTopic('t', { partitions: 2 }).withRates('t', [10, 0]);
  const ends = (source = builder(), withSamples = true) =>
    logEnds(sectionOf(source, 'kafkaOffsets'), withSamples ? sectionOf(source, 'kafkaSamples') : null, TAKEN_AT_MS);

  test('the rate of a partition; null for what was not listed', () => {
    expect([0, 1, 2].map((partition) => ends().producePerSec('t', partition))).toEqual([10, 0, null]);
    expect(ends().producePerSec('other', 0)).toBeNull();
    expect(ends().topic('other')).toBeUndefined();
  });

  test('without samples the look of the snapshot remains', () => {
    const one = { ends: [{ atMs: TAKEN_AT_MS, offset: 1000 }], producePerSec: null, start: 0 };
    expect(ends(builder(), false).topic('t')!.get(0)).toEqual(one);
    expect(ends(builder().withSection('kafkaSamples', [])).topic('t')!.get(0)).toEqual(one);
    expect(ends(builder(), false).producePerSec('t', 0)).toBeNull();
  });

  test('an end that was not read is no look; a topic that the samples lack has none', () => {
    const source = builder();
    const samples = sectionOf(source, 'kafkaSamples');
    samples[1]!.end.t = [null, '1000'];
    const found = logEnds(sectionOf(source, 'kafkaOffsets'), samples, TAKEN_AT_MS).topic('t')!;
    expect([...found.values()].map((log) => log.ends.length)).toEqual([2, 3]);
    expect(found.get(0)!.producePerSec).toBe(10);
    const none = samples.map((sample) => ({ ...sample, end: {} }));
    expect(logEnds(sectionOf(source, 'kafkaOffsets'), none, TAKEN_AT_MS).topic('t')!.get(0)).toMatchObject({
      ends: [],
    });
  });

  test('other samples, or another time, are another question about the same offsets', () => {
    const offsets = sectionOf(builder(), 'kafkaOffsets');
    const samples = sectionOf(builder(), 'kafkaSamples');
    expect(logEnds(offsets, samples, TAKEN_AT_MS).producePerSec('t', 0)).toBe(10);
    expect(logEnds(offsets, null, TAKEN_AT_MS).producePerSec('t', 0)).toBeNull();
    expect(logEnds(offsets, null, 5).topic('t')!.get(0)!.ends[0]!.atMs).toBe(5);
    expect(logEnds(offsets, samples, TAKEN_AT_MS).producePerSec('t', 0)).toBe(10);
  });
});
