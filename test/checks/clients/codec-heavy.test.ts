import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** So many of ten batches are gzip, in one topic of 300 messages a second. */
function gzipped(batches: number, configs: Record<string, string> = {}) {
  const builder = aSnapshot().withTopic('t', { configs }).withRates('t', [100, 100, 100]);
  if (batches > 0) builder.withBatches('t', { codec: 'gzip' }, batches);
  return batches < 10 ? builder.withBatches('t', { codec: 'zstd' }, 10 - batches) : builder;
}

describe('codec-heavy', () => {
  describeVerdicts('codec-heavy', [
    ['passes: no gzip', gzipped(0), 'pass'],
    ['passes: a fifth is gzip', gzipped(2), 'pass'],
    ['warns: three tenths are', gzipped(3), 'warn', 'low t'],
    [
      'passes: a small topic is all gzip, of all bytes it is a tenth',
      gzipped(0).withTopic('u').withRates('u', [11, 11, 11]).withBatches('u', { codec: 'gzip' }),
      'pass',
    ],
    [
      'warns: only the topic that uses it',
      gzipped(0).withTopic('u').withRates('u', [100, 100, 100]).withBatches('u', { codec: 'gzip' }),
      'warn',
      'low u',
    ],
    ['passes: the topic makes the broker use gzip', gzipped(10, { 'compression.type': 'gzip' }), 'pass'],
    ['no-data: not sampled', aSnapshot().withTopic('t'), 'no-data'],
    ['no-data: one look', gzipped(0).withSampleTimes([0]), 'no-data'],
    [
      'warns: half the traffic was not sampled',
      gzipped(10).withTopic('u').withRates('u', [100, 100, 100]),
      'warn',
      'low t',
    ],
    ['no-data: the other half may be gzip', gzipped(0).withTopic('u').withRates('u', [100, 100, 100]), 'no-data'],
    ['warns on Kafka without AWS', gzipped(3).withKind('kafka'), 'warn', 'low t'],
    ['no-data: an empty cluster', aSnapshot(), 'no-data'],
  ]);
  describeSeverities('codec-heavy', () => gzipped(3), { production: 'low', staging: 'low', development: 'info' });

  test('the evidence has each codec’s share', () => {
    expect(runCheck('codec-heavy', gzipped(3)).evidence[0]?.rows).toEqual([
      {
        topic: 't',
        bytes: 300_000,
        none: 0,
        gzip: expect.closeTo(30, 9),
        snappy: 0,
        lz4: 0,
        zstd: expect.closeTo(70, 9),
        idempotent: 100,
      },
    ]);
  });
});
