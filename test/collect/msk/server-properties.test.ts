import { expect, test } from 'vitest';
import { parseProperties, readServerProperties } from '../../../lib/collect/msk/server-properties.ts';

// Expected values are those of java.util.Properties.load (its documentation's own rules).
test.each<[string, Record<string, string>, string]>([
  ['a=1\nb = 2\nc:3\nd 4', { a: '1', b: '2', c: '3', d: '4' }, 'the three separators'],
  ['# no\n! no\n\n  a=1\r\nb=2\rc=3', { a: '1', b: '2', c: '3' }, 'comments, blank lines and every line end'],
  ['a=one,\\\n    two', { a: 'one,two' }, 'a continued line loses its indentation'],
  ['a=x\\\\\nb=y', { a: 'x\\', b: 'y' }, 'an escaped backslash does not continue'],
  ['a=1\na=2', { a: '2' }, 'the last of two counts'],
  ['key\\ with\\=odd\\:ones=v', { 'key with=odd:ones': 'v' }, 'escaped separators in a key'],
  ['a=\\u0041\\t|', { a: 'A\t|' }, 'escapes'],
  ['lonely', { lonely: '' }, 'a key without a value'],
  ['a==b', { a: '=b' }, 'only the first separator counts'],
  ['a=b \\\n# c', { a: 'b # c' }, 'no comment inside a continued line'],
  ['\uFEFFa=1', { a: '1' }, 'a byte order mark'],
  ['', {}, 'an empty file'],
])('%j is %j: %s', (text, expected) => {
  expect(Object.fromEntries(parseProperties(text))).toEqual(expected);
});

test('keeps only keys that cannot hold a secret', () => {
  const bytes = new TextEncoder().encode(
    'min.insync.replicas=2\nssl.keystore.password=hunter2\nlistener.name.x.sasl.jaas.config=y\n',
  );
  expect(readServerProperties(bytes)).toEqual({ properties: { 'min.insync.replicas': '2' }, problem: null });
});

test('tells a file that was uploaded with the text \\n instead of line breaks', () => {
  const bytes = new TextEncoder().encode('auto.create.topics.enable=false\\nmin.insync.replicas=2\\n');
  expect(readServerProperties(bytes).problem).toContain('instead of line breaks');
});

test.each([
  ['what follows the text \\n', 'auto.create.topics.enable=false\\nssl.keystore.password=hunter2'],
  ['a continued line', 'compression.type=producer \\\n ssl.keystore.password=hunter2'],
  ['a value with blanks', 'num.io.threads=8 hunter2'],
])('a value that is none is not kept, whatever it holds: %s', (_what, text) => {
  const { properties, problem } = readServerProperties(new TextEncoder().encode(`num.partitions=6\n${text}\n`));
  expect(properties).toEqual({ 'num.partitions': '6' });
  expect(problem).not.toBeNull();
});

test('values are trimmed, as Kafka does', () => {
  const bytes = new TextEncoder().encode('num.io.threads = 16 \nreplica.selector.class=org.apache.kafka.X\n');
  const properties = { 'num.io.threads': '16', 'replica.selector.class': 'org.apache.kafka.X' };
  expect(readServerProperties(bytes)).toEqual({ properties, problem: null });
});

test('survives bytes that are not UTF-8', () => {
  expect(readServerProperties(new Uint8Array([0xff, 0xfe, 0x0a])).properties).toEqual({});
});
