import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Exposition, ExpositionReader, type Selection } from '../../../lib/collect/open-monitoring/exposition.ts';
import { anyText } from '../../builders/any-text.ts';

const EVERYTHING: Selection = { wantsFamily: () => true, wants: () => true };

function read(text: string | Uint8Array, { isWhole = true, chunk = Number.MAX_SAFE_INTEGER } = {}): Exposition {
  const reader = new ExpositionReader(EVERYTHING);
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let from = 0; from < bytes.length; from += chunk) reader.write(bytes.subarray(from, from + chunk));
  return reader.end(isWhole);
}

function plain({ samples }: Exposition): [string, Record<string, string>, number][] {
  return samples.map(({ family, labels, value }) => [family, Object.fromEntries(labels), value]);
}

describe('what the format allows', () => {
  test.each([
    ['a bare name', 'up 1\n', 'up', {}, 1],
    ['labels', 'a{b="c",d="e"} 2\n', 'a', { b: 'c', d: 'e' }, 2],
    ['the comma that old exporters leave', 'a{b="c",} 2.0\n', 'a', { b: 'c' }, 2],
    ['no label in the braces', 'a{} 2\n', 'a', {}, 2],
    ['blanks and tabs', '  a { b = "c" , d\t=\t"e" }\t3  \n', 'a', { b: 'c', d: 'e' }, 3],
    ['a colon in the name', 'job:a:rate5m 4\n', 'job:a:rate5m', {}, 4],
    ['escapes', 'a{b="x\\\\y\\"z\\nw"} 5\n', 'a', { b: 'x\\y"z\nw' }, 5],
    ['an escape that is none', 'a{b="C:\\temp"} 5\n', 'a', { b: 'C:\\temp' }, 5],
    ['what would end a label elsewhere', 'a{b="}, c=\\"d\\" # 1"} 5\n', 'a', { b: '}, c="d" # 1' }, 5],
    ['an exponent', 'a 6.6804923E7\n', 'a', {}, 66_804_923],
    ['a tiny exponent', 'a 5.8e-169\n', 'a', {}, 5.8e-169],
    ['a negative number', 'a -1.5\n', 'a', {}, -1.5],
    ['NaN', 'a NaN\n', 'a', {}, Number.NaN],
    ['infinity', 'a +Inf\n', 'a', {}, Number.POSITIVE_INFINITY],
    ['negative infinity', 'a -Inf\n', 'a', {}, Number.NEGATIVE_INFINITY],
    ['a timestamp', 'a{b="c"} 7 1395066363000\n', 'a', { b: 'c' }, 7],
    ['an exemplar of OpenMetrics', 'a_bucket{le="1"} 8 # {trace_id="K"} 0.67 1.5e9\n', 'a_bucket', { le: '1' }, 8],
    ['a carriage return', 'a{b="c"} 9\r\n', 'a', { b: 'c' }, 9],
    ['no line feed at the end', 'a 10', 'a', {}, 10],
    ['a label called as what every object has', 'a{__proto__="x",constructor="y"} 1\n', 'a', null, 1],
    ['text beyond ASCII', 'a{b="café \u{1f980}"} 1\n', 'a', { b: 'café \u{1f980}' }, 1],
  ])('%s', (_what, text, family, labels, value) => {
    const exposition = read(text);
    expect(exposition.malformedLines).toBe(0);
    expect(exposition.samples).toHaveLength(1);
    const [sample] = exposition.samples;
    expect([sample!.family, sample!.value]).toEqual([family, value]);
    if (labels !== null) expect(Object.fromEntries(sample!.labels)).toEqual(labels);
    else expect([...sample!.labels.keys()]).toEqual(['__proto__', 'constructor']);
  });

  test('comments, types, units, empty lines and the end mark are no samples and no faults', () => {
    const text = '# HELP a text with {braces="x"} 1\n# TYPE a counter\n# UNIT a seconds\n#\n\n   \na 1\n# EOF\n';
    const exposition = read(text);
    expect(plain(exposition)).toEqual([['a', {}, 1]]);
    expect(exposition.malformedLines).toBe(0);
    expect(exposition.lines).toBe(8);
  });

  test('histograms and summaries are plain series', () => {
    const text = 'h_bucket{le="+Inf"} 3\nh_sum 2.5\nh_count 3\ns{quantile="0.99"} 1\n';
    expect(plain(read(text)).map(([family]) => family)).toEqual(['h_bucket', 'h_sum', 'h_count', 's']);
  });
});

describe('what it does not', () => {
  test.each([
    ['a value that is none', 'a{b="c"} zero'],
    ['no value', 'a{b="c"}'],
    ['a hexadecimal number', 'a 0x10'],
    ['digits with a separator', 'a 1_000'],
    ['two timestamps', 'a 1 2 3'],
    ['a timestamp that is none', 'a 1 yesterday'],
    ['an open label', 'a{b="c 1'],
    ['an open brace', 'a{b="c" 1'],
    ['a label without a value', 'a{b} 1'],
    ['a label without quotes', 'a{b=c} 1'],
    ['two labels of one name', 'a{b="c",b="d"} 1'],
    ['labels without a comma', 'a{b="c"d="e"} 1'],
    ['a name of the third format', '{"my.metric",b="c"} 1'],
    ['markup', '<html><body>Please sign in</body></html>'],
    ['a number for a name', '1a 1'],
  ])('%s costs its own line only', (_what, line) => {
    const exposition = read(`before 1\n${line}\nafter 2\n`);
    expect(plain(exposition)).toEqual([
      ['before', {}, 1],
      ['after', {}, 2],
    ]);
    expect(exposition.malformedLines).toBe(1);
  });

  test('a series that comes a second time does not count twice, whatever the order of its labels', () => {
    const exposition = read('a{b="c",d="e"} 1\na{d="e",b="c"} 5\na{b="c"} 2\n');
    expect(plain(exposition).map(([, , value]) => value)).toEqual([1, 2]);
    expect(exposition.malformedLines).toBe(1);
  });
});

describe('bounds', () => {
  test('a line beyond the bound is skipped to its end, however it is cut into chunks', () => {
    const long = `a{b="${'x'.repeat(200_000)}"} 1`;
    for (const chunk of [1_000, 65_536, 500_000]) {
      const exposition = read(`before 1\n${long}\nafter 2\n`, { chunk });
      expect(plain(exposition).map(([family]) => family)).toEqual(['before', 'after']);
      expect(exposition.malformedLines).toBe(1);
    }
  });

  test('a million labels on one line are one line', () => {
    const labels = Array.from({ length: 1_000_000 }, (_, index) => `l${index}="v"`).join(',');
    const exposition = read(`a{${labels}} 1\nb 2\n`, { chunk: 65_536 });
    expect(plain(exposition)).toEqual([['b', {}, 2]]);
    expect(exposition.malformedLines).toBe(1);
  });

  test('more labels than any exporter writes, and longer ones, are refused', () => {
    const labels = (count: number): string => Array.from({ length: count }, (_, index) => `l${index}="v"`).join(',');
    expect(read(`a{${labels(32)}} 1\n`).samples).toHaveLength(1);
    expect(read(`a{${labels(33)}} 1\n`).samples).toHaveLength(0);
    expect(read(`a{b="${'x'.repeat(1_024)}"} 1\n`).samples).toHaveLength(1);
    expect(read(`a{b="${'x'.repeat(1_025)}"} 1\n`).samples).toHaveLength(0);
  });

  test('more series than are kept are counted', () => {
    const text = Array.from({ length: 20_003 }, (_, index) => `a{b="${index}"} 1\n`).join('');
    const exposition = read(text);
    expect([exposition.samples.length, exposition.droppedSamples]).toEqual([20_000, 3]);
  });

  test('the labels of a family that nobody wants are not read', () => {
    const reader = new ExpositionReader({ wantsFamily: (family) => family === 'b', wants: () => true });
    reader.write(Buffer.from('a{this is="no label} at all\nb 1\n'));
    expect(plain(reader.end(true))).toEqual([['b', {}, 1]]);
  });
});

describe('cut bodies', () => {
  test('an unfinished last line may be half a number, and is not believed unless the transport vouches for it', () => {
    expect(plain(read('a 1\nb 12', { isWhole: false }))).toEqual([['a', {}, 1]]);
    expect(plain(read('a 1\nb 12', { isWhole: true }))).toHaveLength(2);
  });

  test('the chunks in which a body comes change nothing', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(
          '# HELP a b',
          'a 1',
          'a{b="c\\n\\"d"} -2.5E3 17',
          '',
          'broken{',
          'é 1',
          'f{g="é\u{1f980}"} NaN',
        ),
        anyText(),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), fc.constantFrom('\n', '\r\n'), (some, chunk, feed) => {
        const text = some.join(feed);
        expect(read(text, { chunk })).toEqual(read(text));
      }),
      { numRuns: 50 },
    );
  });

  test('any bytes at all are read to the end without a fault of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { samples, malformedLines, lines } = read(bytes);
        expect(samples.length + malformedLines).toBeLessThanOrEqual(lines + 1);
      }),
    );
  });

  test('what is written out is read back', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
    const labels = fc.uniqueArray(fc.tuple(name, fc.string({ maxLength: 20, unit: 'grapheme' })), {
      maxLength: 6,
      selector: ([label]) => label,
    });
    const escaped = (text: string): string =>
      text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
    fc.assert(
      fc.property(name, labels, fc.double({ noNaN: true }), (family, pairs, value) => {
        const inside = pairs.map(([label, text]) => `${label}="${escaped(text)}"`).join(',');
        const number = Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
        const [sample] = read(`${family}{${inside}} ${number}\n`).samples;
        expect(sample!.family).toBe(family);
        expect([...sample!.labels]).toEqual(pairs);
        expect(sample!.value + 0).toBe(value + 0);
      }),
    );
  });
});
