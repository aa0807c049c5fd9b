// Files that are no configuration are refused, without a word of their content.
import { describe, expect, test } from 'vitest';
import { LintInputError } from '../../lib/lint/lint-types.ts';
import { lint } from './linted.ts';

describe('a file that is no configuration', () => {
  test.each([
    ['broken JSON', 'a.json', '{"acks": "all",\n "sasl.password": hunter2}', /^a\.json:2:\d+: not valid JSON$/],
    ['JSON cut off', 'a.json', '{"sasl.password": "hunter2"', /^a\.json:1:28: not valid JSON$/],
    [
      'JSON with comments',
      'a.json',
      '// ours\n{"acks": "all"}',
      /^a\.json:1:1: not valid JSON \(JSON knows no comments\)$/,
    ],
    [
      'a key twice in JSON',
      'a.json',
      '{"acks": "1",\n"acks": "all"}',
      /^a\.json:2:1: not valid JSON \(duplicate key\)$/,
    ],
    ['broken YAML', 'a.yaml', 'password: "hunter2\nb: [', /^a\.yaml:\d+:\d+: not valid YAML \([a-z ]+\)$/],
    ['a key twice in YAML', 'a.yaml', 'acks: 1\nacks: all', /^a\.yaml:2:1: not valid YAML \(duplicate key\)$/],
    ['nothing', 'a.properties', '# nothing\n', /^a\.properties: holds no settings$/],
    [
      'prose',
      'a.txt',
      'Dear Sir\nhunter2 and so on',
      /^a\.txt: no setting of a Kafka client, topic or broker that we know; name what it is with --kind/,
    ],
    [
      'a file of another tool',
      'compose.yaml',
      "version: '3'\nservices:\n  web: {image: nginx}",
      /^compose\.yaml: no setting of a Kafka client/,
    ],
    ['an image', 'a.properties', '\u0089PNG\0\0', /^a\.properties: not a text file$/],
    ['a book', 'a.properties', 'a=1\n'.repeat(300_000), /^a\.properties: larger than 1048576 characters$/],
    ['an abyss', 'a.json', `${'['.repeat(40)}[{"a":1}]${']'.repeat(40)}`, /^a\.json: nested deeper than 20 levels$/],
    ['a bomb of aliases', 'a.yaml', bomb(), /^a\.yaml: more than 10000 settings$/],
  ])('%s', (_, path, text, message) => {
    expect(() => lint({ [path]: text })).toThrow(LintInputError);
    expect(() => lint({ [path]: text })).toThrow(message);
    expect(() => lint({ [path]: text })).not.toThrow(/hunter2/);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 8 },
    (_, level) =>
      `l${level + 1}: &l${level + 1} {${Array.from({ length: 9 }, (_, n) => `k${n}: *l${level}`).join(', ')}}`,
  );
  return `l0: &l0 {acks: all}\n${levels.join('\n')}\n`;
}
