import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortHash } from '../../lib/text/hash.ts';
import { asciiText, isPrintable, safeLabel, safeText } from '../../lib/text/sanitize.ts';
import { anyText } from '../builders/any-text.ts';

describe('safeLabel', () => {
  test.each([
    ['line breaks', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['zero width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['C0 and C1 controls, delete', '\u0000\u001b[31m\u0085\u007f', '\\u0000\\u001b[31m\\u0085\\u007f'],
    ['lone surrogates', 'a\ud800b', 'a\\ud800b'],
    ['spaces that are not the plain one, line separators', 'a\u00a0b\u2028c', 'a\\u00a0b\\u2028c'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['nothing at all', '', '(empty)'],
  ])('makes visible: %s', (_, raw, shown) => {
    expect(safeLabel(raw)).toBe(shown);
    expect(isPrintable(raw)).toBe(raw === '');
  });

  test.each(['orders.v1', 'naïve-größe', '日本語', '\u{1f600}', '; rm -rf ~', '<script>'])(
    'leaves %s as it is',
    (raw) => {
      expect(safeLabel(raw)).toBe(raw);
      expect(isPrintable(raw)).toBe(true);
    },
  );

  test('composes letters (NFC) and stops marks piled on one letter', () => {
    expect(safeLabel('e\u0301')).toBe('\u00e9');
    expect(safeLabel(`a${'\u0332'.repeat(50)}`)).toHaveLength(4);
  });

  test('shortens to the limit with a hash of the whole, so that names that differ at the end stay apart', () => {
    const long = 'x'.repeat(249);
    expect(safeLabel(long)).toMatch(/^x{119}\.\.#[0-9a-f]{6}$/);
    expect(safeLabel(`${long}a`)).not.toBe(safeLabel(`${long}b`));
    expect(safeLabel('x'.repeat(128))).toBe('x'.repeat(128));
    // The cut falls between the two halves of a pair.
    expect(safeLabel(`${'x'.repeat(118)}${'\u{1f600}'.repeat(9)}`)).toMatch(/^x{118}\.\.#/);
  });

  test('any text: printable, within the limit, and unchanged by a second pass', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), fc.integer({ min: 16, max: 200 }), (raw, limit) => {
        const label = safeLabel(raw, limit);
        expect(label.length).toBeLessThanOrEqual(limit);
        expect(isPrintable(label)).toBe(true);
        expect(safeLabel(label, limit)).toBe(label);
        expect(safeText(raw)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(asciiText(raw)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

test('shortHash tells texts apart, keeps its value over versions, and has the length asked for', () => {
  expect(shortHash('orders')).toBe(shortHash('orders'));
  expect(shortHash('orders', 6)).toBe(shortHash('orders').slice(0, 6));
  expect(shortHash('')).toMatch(/^[0-9a-f]{12}$/);
  const seen = new Set(Array.from({ length: 20_000 }, (_, i) => shortHash(`group-${i}`)));
  expect(seen.size).toBe(20_000);
});
