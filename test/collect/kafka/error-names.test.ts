import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorName } from '../../../lib/collect/kafka/protocol/error-names.ts';

// Printed by org.apache.kafka.common.protocol.Errors of Kafka 4.3.1: `code NAME` a line.
const file = join(import.meta.dirname, '../../fixtures/kafka/errors-4.3.1.txt');
const errors = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

it('spells every error as Kafka does', () => {
  expect(errors).toHaveLength(135);
  for (const [code, name] of errors) expect(errorName(Number(code))).toBe(name === 'NONE' ? null : name);
});

it('shows an error it does not know by its number', () => {
  expect(errorName(4711)).toBe('ERROR_4711');
  expect(errorName(-2)).toBe('ERROR_-2');
});
