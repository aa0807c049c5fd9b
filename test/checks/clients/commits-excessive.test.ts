import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const PARTITIONS = 50;
/** Of group `g`, whose hash is 103, and of `5`, whose hash is 53. */
const OF_G = 103 % PARTITIONS;

/** A group whose commits come at so many a second, on a cluster with so many messages a second. */
function committing(perSec: number, messages = 10_000, groups = ['g']) {
  const builder = aSnapshot()
    .withTopic('t')
    .withRates('t', [messages / 2, messages / 2, 0])
    .withTopic('__consumer_offsets', { internal: true, partitions: PARTITIONS })
    .withRates(
      '__consumer_offsets',
      Array.from({ length: PARTITIONS }, (_, p) => (p === OF_G ? perSec : 0)),
    );
  for (const group of groups) builder.withGroup(group, { commits: { t: [1, 1, 1] } });
  return builder;
}

describe('commits-excessive', () => {
  describeVerdicts('commits-excessive', [
    ['passes: ten a second', committing(10), 'pass'],
    ['passes: 50 a second, of ten thousand messages', committing(50), 'pass'],
    ['warns: 51 of one group', committing(51), 'warn', 'low __consumer_offsets'],
    ['passes: shared by two groups of one partition', committing(60, 10_000, ['g', '5']), 'pass'],
    ['passes: half of all groups are quiet', committing(90, 10_000, ['g', 'other']), 'pass'],
    [
      'warns: more than a twentieth of all messages',
      committing(90, 1000, ['g', 'other']),
      'warn',
      'low __consumer_offsets',
    ],
    ['passes: a quiet cluster commits more than it produces', committing(40, 10), 'pass'],
    ['no-data: one look', committing(10).withSampleTimes([0]), 'no-data'],
    [
      'no-data: the log ends of the topic were not read',
      aSnapshot()
        .withTopic('t')
        .withRates('t', [1, 1, 1])
        .withGroup('g', { commits: { t: [1, 1, 1] } }),
      'no-data',
    ],
    ['no-data: offsets were not read', committing(90).without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
    ['warns on Serverless', committing(51).withKind('serverless'), 'warn', 'low __consumer_offsets'],
    ['warns on Kafka without AWS', committing(51).withKind('kafka'), 'warn', 'low __consumer_offsets'],
  ]);
  describeSeverities('commits-excessive', () => committing(90), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('the groups behind the busiest partition are named', () => {
    const { recommendation, evidence } = runCheck('commits-excessive', committing(90));
    expect(recommendation?.action).toMatch(/beginning with g$/);
    expect(evidence[0]?.rows[0]).toEqual({ partition: OF_G, perSec: 90, groups: 'g' });
  });
});
