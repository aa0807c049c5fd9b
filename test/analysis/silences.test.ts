import { describe, expect, test } from 'vitest';
import { silences } from '../../lib/analysis/silences.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const MINUTE_MS = 60_000;

/** `x` is a point, `.` none; minutes from `startMinute` on. */
function series(pattern: string, startMinute = 0): TrustedSeries {
  const values = Float64Array.from(pattern, (mark) => (mark === 'x' ? 1 : Number.NaN));
  return new TrustedSeries({
    dimensions: {},
    periodSec: 60,
    startMs: startMinute * MINUTE_MS,
    values,
    expected: values.length,
  });
}

function found(patterns: Record<string, string | TrustedSeries>, minMinutes = 1, expected = Object.keys(patterns)) {
  const all = new Map(
    Object.entries(patterns).map(([id, each]) => [id, typeof each === 'string' ? series(each) : each]),
  );
  return silences(all, expected, minMinutes).map(({ startMs, endMs, ...rest }) => ({
    ...rest,
    from: startMs / MINUTE_MS,
    to: endMs / MINUTE_MS,
  }));
}

describe('brokers that fell silent', () => {
  test('a stretch without points while another broker has them', () => {
    expect(found({ 1: 'xxxxxxxx', 2: 'xx...xxx' })).toEqual([
      { brokerId: '2', from: 2, to: 5, minutes: 3, isOpen: false, isLeading: false },
    ]);
  });

  test('until now, or from the start', () => {
    expect(found({ 1: 'xxxxx', 2: 'xxx..' })).toMatchObject([{ from: 3, to: 5, isOpen: true, isLeading: false }]);
    expect(found({ 1: 'xxxxx', 2: '..xxx' })).toMatchObject([{ from: 0, to: 2, isOpen: false, isLeading: true }]);
    expect(found({ 1: 'xxxxx', 2: '.....' })).toMatchObject([{ minutes: 5, isOpen: true, isLeading: true }]);
  });

  test('the last of several alone is open, the first alone leads; longest first', () => {
    expect(found({ 1: 'xxxxxxxxx', 2: '.xx..x...' })).toMatchObject([
      { from: 6, isOpen: true, isLeading: false },
      { from: 3, isOpen: false, isLeading: false },
      { from: 0, isOpen: false, isLeading: true },
    ]);
  });

  test('where nobody had a point nothing is told', () => {
    expect(found({ 1: 'xx..xx', 2: 'xx..xx' })).toEqual([]);
    expect(found({ 1: 'xx..xx', 2: 'xx...x' })).toMatchObject([{ brokerId: '2', from: 4, to: 5, minutes: 1 }]);
    expect(found({})).toEqual([]);
  });

  test('from so many minutes on', () => {
    const pair = { 1: 'xxxxxx', 2: 'xx...x' };
    expect(found(pair, 3)).toHaveLength(1);
    expect(found(pair, 3.1)).toEqual([]);
  });

  test('a broker that should publish and has no series at all was silent throughout', () => {
    expect(found({ 1: 'xxxx' }, 1, ['1', '2'])).toEqual([
      { brokerId: '2', from: 0, to: 4, minutes: 4, isOpen: true, isLeading: true },
    ]);
  });

  test('a series that begins later was silent until then', () => {
    expect(found({ 1: 'xxxxxx', 2: series('xx.x', 2) })).toMatchObject([
      { brokerId: '2', from: 0, to: 2, isLeading: true },
      { brokerId: '2', from: 4, to: 5, isLeading: false, isOpen: false },
    ]);
  });
});
