import fc from 'fast-check';
import { expect, test } from 'vitest';
import { optionArgs, renderCommand } from '../../lib/text/command.ts';
import {
  formatDate,
  formatDecimal,
  formatPrice,
  formatQuantity,
  formatTime,
  plural,
  type Unit,
} from '../../lib/text/units.ts';
import { clip, wrap } from '../../lib/text/wrap.ts';

test.each<[number | null, Unit, string]>([
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1,023 B'],
  [1024, 'bytes', '1 KiB'],
  [1_048_575, 'bytes', '1 MiB'],
  [1_610_612_736, 'bytes', '1.5 GiB'],
  [5_242_880, 'bytesPerSec', '5 MiB/s'],
  [0.04, 'percent', '0.04%'],
  [93.44, 'percent', '93.4%'],
  [99.97, 'percent', '99.9%'],
  [100, 'percent', '100%'],
  [1.256, 'ratio', '1.26'],
  [250, 'durationMs', '250 ms'],
  [90_000, 'durationMs', '90 s'],
  [5_400, 'durationSec', '90 min'],
  [129_600, 'durationSec', '36 h'],
  [345_600, 'durationSec', '4 d'],
  [45, 'minutes', '45 min'],
  [45, 'days', '45 d'],
  [1_234_567, 'count', '1,234,567'],
  [-0, 'count', '0'],
  [0.5, 'countPerSec', '0.5/s'],
  [1, 'messages', '1 message'],
  [41_200, 'messages', '41,200 messages'],
  [99.999, 'usd', '$100.00'],
  [12.5, 'usd', '$12.50'],
  [0.0025, 'usd', '$0.0025'],
  [-3, 'usd', '-$3.00'],
  [412.3, 'usdPerMonth', '$412/month'],
  [1_767_593_700_000, 'epochMs', '2026-01-05 06:15 UTC'],
  [3, 'name', '3'],
  [null, 'count', 'not measured'],
  [Number.NaN, 'percent', 'not measured'],
  [Number.POSITIVE_INFINITY, 'durationSec', 'not measured'],
])('%s %s reads %s', (value, unit, text) => {
  expect(formatQuantity(value, unit)).toBe(text);
});

test('dates agree with the calendar over five centuries', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16e12 }), (epochMs) => {
      const iso = new Date(epochMs).toISOString();
      expect(formatDate(epochMs)).toBe(iso.slice(0, 10));
      expect(formatTime(epochMs)).toBe(`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);
    }),
  );
});

test('integers beyond what a number holds keep every digit', () => {
  expect(formatDecimal('12345678901234567890')).toBe('12,345,678,901,234,567,890');
  expect(formatDecimal('-1')).toBe('-1');
  expect(formatDecimal(null)).toBe('not measured');
  expect(formatDecimal('orders')).toBe('orders');
});

test('a price per unit keeps the decimals that a multiplication needs', () => {
  expect([formatPrice(0.204), formatPrice(0.1), formatPrice(0.000045), formatPrice(12), formatPrice(null)]).toEqual([
    '$0.204',
    '$0.10',
    '$0.000045',
    '$12.00',
    'not known',
  ]);
});

test('plural, wrap, clip', () => {
  expect([plural(1, 'topic'), plural(0, 'topic'), plural(2, 'policy', 'policies')]).toEqual([
    '1 topic',
    '0 topics',
    '2 policies',
  ]);
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('averyverylongword x', 5)).toEqual(['averyverylongword', 'x']);
  expect(clip('abcdef', 5)).toBe('ab...');
  expect(clip('a\u{1f600}bcdef', 5)).toBe('a...');
});

test('a value that looks like an option is joined to its option', () => {
  const argv = ['kafka-consumer-groups.sh', ...optionArgs('--group', '--all-groups'), ...optionArgs('--topic', 'a b')];
  expect(renderCommand({ purpose: '', effect: 'read', argv })).toBe(
    "kafka-consumer-groups.sh --group=--all-groups --topic 'a b'",
  );
});
