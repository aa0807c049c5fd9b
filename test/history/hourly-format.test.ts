import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type HourlyEntry,
  type HourlyHistory,
  historyOf as historyWithin,
  mergeHourly,
} from '../../lib/history/hourly.ts';
import { type HourlyHeader, type KnownNames, readHourly, writeHourly } from '../../lib/history/hourly-format.ts';
import { HOUR_MS } from '../../lib/history/hourly-rollup.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

const T0 = Date.UTC(2026, 10, 20, 6);
const WINDOW = { startMs: T0, endMs: T0 + 100 * HOUR_MS };
const historyOf = (list: readonly MetricSeries[]) => historyWithin(list, WINDOW);
const HEADER: HourlyHeader = { cluster: 'uuid-1', run: '20261120T0615Z', takenAtMs: T0 };

const hourly = (values: (number | null)[], more: Partial<MetricSeries> = {}): MetricSeries => ({
  metric: 'BytesInPerSec',
  statistic: 'Average',
  unit: 'Bytes/Second',
  dimensions: { 'Cluster Name': 'orders', 'Broker ID': '1' },
  periodSec: 3600,
  startMs: T0,
  values,
  ...more,
});

function linesOf(text: string, known: KnownNames = new Map()): HourlyEntry[] {
  const lines = readHourly(Buffer.from(text), known);
  if (typeof lines === 'string') throw new Error(lines);
  return lines;
}

function readBack(text: string): HourlyHistory {
  return mergeHourly([linesOf(text)], WINDOW);
}

test('a file is one line about itself, then one for each stretch of hours', () => {
  const history = historyOf([hourly([1, null]), hourly([5], { startMs: T0 + 4 * HOUR_MS })]);
  expect(writeHourly(history, HEADER)).toBe(
    [
      `{"format":"msk-checkup-hourly","version":1,"cluster":"uuid-1","run":"20261120T0615Z","takenAtMs":${T0}}`,
      `{"metric":"BytesInPerSec","statistic":"Average","unit":"Bytes/Second","dimensions":{"Cluster Name":"orders","Broker ID":"1"},"startMs":${T0},"values":[1,null]}`,
      `{"metric":"BytesInPerSec","statistic":"Average","unit":"Bytes/Second","dimensions":{"Cluster Name":"orders","Broker ID":"1"},"startMs":${T0 + 4 * HOUR_MS},"values":[5]}`,
      '',
    ].join('\n'),
  );
});

test('what was written is read back, whatever the names and gaps', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('__proto__', 'constructor', 'a\nb'),
  );
  const line = fc.record({
    dimensions: fc.dictionary(name, name, { maxKeys: 3 }),
    values: fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }), { maxLength: 5 }),
    startMs: fc.nat(50).map((index) => T0 + index * HOUR_MS),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const history = historyOf(lines.map((each) => hourly(each.values, each)));
      const back = readBack(writeHourly(history, HEADER));
      const plain = (all: HourlyHistory) => [...all].map(([key, { hours }]) => [key, [...hours]]);
      // JSON has no negative zero.
      expect(JSON.stringify(plain(back))).toBe(JSON.stringify(plain(history)));
    }),
  );
});

const GOOD = writeHourly(historyOf([hourly([1, 2])]), HEADER);
const [first, second] = GOOD.split('\n') as [string, string];
const withLine = (change: object) => `${first}\n${JSON.stringify({ ...JSON.parse(second), ...change })}\n`;

test.each([
  ['nothing', '', 'it is cut off'],
  ['cut in a line', GOOD.slice(0, -4), 'it is cut off'],
  ['cut in its first line', `${first.slice(0, 30)}\n`, 'it is damaged'],
  ['no JSON', 'hello\nworld\n', 'it is damaged'],
  ['another document', '{"schemaVersion":1}\n', 'it is damaged'],
  [
    'a later version',
    `${first.replace('"version":1', '"version":2')}\n`,
    'it was written by a newer version (format 2)',
  ],
  ['a line of another kind', `${first}\n[]\n`, 'it is damaged'],
  ['hours that are none', withLine({ startMs: T0 + 1 }), 'it is damaged'],
  ['a negative time', withLine({ startMs: -HOUR_MS }), 'it is damaged'],
  ['a line without a start', withLine({ startMs: undefined }), 'it is damaged'],
  ['no hours', withLine({ values: undefined }), 'it is damaged'],
  ['a number too large', `${first}\n${second.replace('[1,2]', '[1,1e999]')}\n`, 'it is damaged'],
  ['a line without a name', `${first}\n{"startMs":${T0},"values":[1]}\n`, 'it is damaged'],
  ['two names in a line', `${first}\n{"a":1}${second.replace('{', ',')}\n`, 'it is damaged'],
  ['text as a value', withLine({ values: ['1'] }), 'it is damaged'],
  ['an unknown statistic', withLine({ statistic: 'p99' }), 'it is damaged'],
  ['a name of a megabyte', withLine({ metric: 'x'.repeat(1_000_000) }), 'it is damaged'],
  ['years of hours', withLine({ values: Array(3_000).fill(1) }), 'it is damaged'],
  [
    'a hundred dimensions',
    withLine({ dimensions: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, 'x'])) }),
    'it is damaged',
  ],
  ['a list as dimensions', withLine({ dimensions: ['x'] }), 'it is damaged'],
  ['a million lines', `${first}\n${`${second}\n`.repeat(50_001)}`, 'it has more than 50000 lines'],
])('%s is not used, and it is said why', (_, text, because) => {
  expect(readHourly(Buffer.from(text), new Map())).toBe(because);
});

test('what a later version of the same format adds is passed over', () => {
  expect(readBack(withLine({ more: 1 })).size).toBe(1);
});

test('a series has its dimensions once in memory, however many files and lines tell its hours', () => {
  const known: KnownNames = new Map();
  const file = `${GOOD}${withLine({ startMs: T0 + 5 * HOUR_MS }).slice(first.length + 1)}`;
  const lines = [...linesOf(file, known), ...linesOf(file, known)];
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map(([, { dimensions }]) => dimensions)).size).toBe(1);
  expect(known.size).toBe(1);
});
