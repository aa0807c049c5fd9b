import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** So many of ten batches have no producer id, in one topic. */
function plain(batches: number, topic = 't') {
  const builder = aSnapshot().withTopic(topic).withRates(topic, [100, 100, 100]);
  if (batches > 0) builder.withBatches(topic, { isIdempotent: false }, batches);
  return batches < 10 ? builder.withBatches(topic, {}, 10 - batches) : builder;
}

describe('producers-not-idempotent', () => {
  describeVerdicts('producers-not-idempotent', [
    ['passes: all have an id', plain(0), 'pass'],
    ['passes: two of ten have none', plain(2), 'pass'],
    ['warns: three of ten', plain(3), 'warn', 'medium t'],
    [
      'warns: names the one topic of two',
      plain(0).withTopic('u').withRates('u', [100, 100, 100]).withBatches('u', { isIdempotent: false }),
      'warn',
      'medium u',
    ],
    [
      'passes: weighted by traffic the other one is a tenth',
      plain(0).withTopic('u').withRates('u', [11, 11, 11]).withBatches('u', { isIdempotent: false }),
      'pass',
    ],
    ['no-data: only a topic of Connect was sampled', plain(10, 'connect-offsets'), 'no-data'],
    ['no-data: not sampled', aSnapshot().withTopic('t'), 'no-data'],
    ['no-data: one look', plain(0).withSampleTimes([0]), 'no-data'],
    ['warns on Serverless', plain(3).withKind('serverless'), 'warn', 'medium t'],
    ['warns on Kafka without AWS', plain(3).withKind('kafka'), 'warn', 'medium t'],
    ['no-data: an empty cluster', aSnapshot(), 'no-data'],
  ]);
  describeVerdicts('producers-not-idempotent', [['fails where durability is the goal', plain(3), 'fail', 'high t']], {
    goal: 'durability',
  });
  describeSeverities('producers-not-idempotent', () => plain(3), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('a batch stands for as many as its topic sends: 30 % by count', () => {
    const { findings, summary } = runCheck('producers-not-idempotent', plain(3));
    expect(findings[0]?.measured).toBeCloseTo(30, 9);
    expect(summary).toContain('30%');
  });
});
