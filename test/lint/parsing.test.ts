// How a text is taken apart: keys and values with their places, and the place where JSON breaks off.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonErrorAt } from '../../lib/lint/parse/json-error.ts';
import { parseFile } from '../../lib/lint/parse/parse-file.ts';
import { parseProperties } from '../../lib/lint/parse/properties.ts';

const entries = (path: string, text: string) =>
  parseFile({ path, text }).entries.map((each) => [
    each.path.join('/'),
    each.text,
    each.line,
    each.column,
    each.endColumn,
  ]);

describe('properties', () => {
  test.each([
    [
      'three separators',
      'a=1\nb : 2\nc 3',
      [
        ['a', '1', 1, 1, 2],
        ['b', '2', 2, 1, 2],
        ['c', '3', 3, 1, 2],
      ],
    ],
    ['comments and blank lines', '# a=1\n\n  ! b=2\n  c=3', [['c', '3', 4, 3, 4]]],
    [
      'a line that goes on',
      'a=1,\\\n   2\nb=3',
      [
        ['a', '1,2', 1, 1, 2],
        ['b', '3', 3, 1, 2],
      ],
    ],
    ['blanks before the end of a line that goes on', 'a=1 \\\n  2 \\\n  3', [['a', '1 2 3', 1, 1, 2]]],
    [
      'an escaped backslash ends nothing',
      'a=1\\\\\nb=2',
      [
        ['a', '1\\', 1, 1, 2],
        ['b', '2', 2, 1, 2],
      ],
    ],
    ['escapes', 'a\\=b=\\u0041\\tx', [['a=b', 'A\tx', 1, 1, 5]]],
    [
      'a mark of the byte order and Windows lines',
      '\ufeffa=1\r\nb=2\r\n',
      [
        ['a', '1', 1, 1, 2],
        ['b', '2', 2, 1, 2],
      ],
    ],
    [
      'a section',
      '[default]\na=1\n[consumer]\nb=2',
      [
        ['a', '1', 2, 1, 2],
        ['consumer/b', '2', 4, 1, 2],
      ],
    ],
    ['a key alone', 'a', [['a', '', 1, 1, 2]]],
  ])('%s', (_, text, expected) => {
    expect(entries('a.properties', text)).toEqual(expected);
  });

  test('what is written is read again, whatever is in it', () => {
    const word = fc
      .string({
        minLength: 1,
        unit: fc.constantFrom('a', 'Z', '9', '.', '-', '_', '=', ' ', ':', '#', '!', '\\', '\t'),
      })
      .filter((text) => text.trim() === text);
    const escaped = (text: string) => text.replace(/[\\=: #!\t]/g, (one) => (one === '\t' ? '\\t' : `\\${one}`));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }), (pairs) => {
        const text = pairs.map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join('\n');
        expect(parseProperties(text).map(({ path, text: value }) => [path.at(-1), value])).toEqual(pairs);
      }),
    );
  });
});

describe('JSON and YAML', () => {
  test('keys have their places, whole numbers keep every digit', () => {
    expect(entries('a.json', '{\n  "a": 9223372036854775807,\n  "b": {"c": [1, "x"]}\n}')).toEqual([
      ['a', '9223372036854775807', 2, 3, 6],
      ['b/c', '1,x', 3, 9, 12],
    ]);
  });

  test('a merge stands for its keys, and what stands there itself counts', () => {
    expect(entries('a.yaml', 'x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3')).toEqual([
      ['x/a', '1', 1, 8, 9],
      ['x/b', '2', 1, 14, 15],
      ['y/b', '3', 4, 3, 4],
      ['y/a', '1', 1, 8, 9],
    ]);
  });

  test('name and value of a list are a map', () => {
    expect(
      entries('a.json', '{"configEntries":[{"name":"retention.ms","value":"1"}]}').map(([key, value]) => [key, value]),
    ).toEqual([['configEntries/retention.ms', '1']]);
  });

  test.each([
    ['{"a":1}', 'json'],
    ['a=1', 'properties'],
    ['a: 1\nb:\n  c: 2', 'yaml'],
    ['[consumer]\na=1', 'properties'],
    ['[{"topic":"a"}]', 'json'],
  ])('standard input %j is %s', (text, syntax) => {
    expect(parseFile({ path: '-', text }).syntax).toBe(syntax);
  });
});

describe('where JSON breaks off', () => {
  test('what parses has no such place, what is cut off breaks off at its end', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (text, cut) => {
        expect(jsonErrorAt(text)).toBe(text.length);
        const head = text.slice(0, cut % text.length);
        // A number, or nothing after one, is whole when it is cut.
        expect(jsonErrorAt(`${head}\u0000`)).toBeLessThanOrEqual(head.length);
      }),
    );
  });

  test.each([
    ['{"a": hunter2}', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ["{'a': 1}", 1],
    ['{"a": 1} x', 9],
    ['{"a": 01}', 7],
    ['[1}', 2],
    ['['.repeat(100_000), 100_000],
  ])('%s', (text, at) => {
    expect(jsonErrorAt(text)).toBe(at);
  });
});
