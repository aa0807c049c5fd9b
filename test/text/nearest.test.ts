import { describe, expect, test } from 'vitest';
import { nearest } from '../../lib/text/nearest.ts';

describe('did you mean', () => {
  test.each([
    ['lingr.ms', 'linger.ms'],
    ['batchSize', 'batch.size'],
    ['Producer.Flush.Max', 'Producer.Flush.MaxMessages'],
    ['retries.max', null],
    ['acks2', 'acks'],
    ['foo', null],
  ])('%s: %s', (key, meant) => {
    expect(
      nearest(key, ['linger.ms', 'batch.size', 'acks', 'retries', 'Producer.Flush.MaxMessages', 'fetch.max.bytes']),
    ).toBe(meant);
  });
});
