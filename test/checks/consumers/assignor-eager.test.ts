import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { withLag } from './groups.ts';

const group = (members: number, partitions: number) =>
  aSnapshot()
    .withTopic('t', { partitions })
    .withGroup('g', { commits: { t: Array.from({ length: partitions }, () => 1000) }, members });
/** 14 of 1,438 judged minutes are just under 1 %. */
const gaps = (missing: number, builder: SnapshotBuilder) =>
  withLag(
    builder,
    (m) => (m > 100 && m <= 100 + 2 * missing && m % 2 === 0 && m < MINUTES_OF_DAY ? null : 5),
    'g',
    't',
  );

describe('assignor-eager', () => {
  describeVerdicts('assignor-eager', [
    ['warns: four members and twelve partitions with range', group(4, 12), 'warn', 'low g'],
    ['passes: three members', group(3, 12), 'pass'],
    ['passes: eleven partitions, and steady', gaps(0, group(4, 11)), 'pass'],
    ['passes: 14 minutes of a day in rebalances', gaps(14, group(4, 11)), 'pass'],
    ['warns: 15 minutes of a day in rebalances', gaps(15, group(4, 11)), 'warn', 'low g'],
    ['no-data: eleven partitions, and nobody knows how steady', group(4, 11), 'no-data'],
    ['no-data: the same on Kafka without AWS', group(4, 11).withKind('kafka'), 'no-data'],
    ['warns: roundrobin', group(4, 12).withGroupFields('g', { assignor: 'roundrobin' }), 'warn', 'low g'],
    ['passes: cooperative-sticky', group(4, 12).withGroupFields('g', { assignor: 'cooperative-sticky' }), 'pass'],
    [
      'passes: range of the consumer protocol is named so as well, but it is not eager',
      group(4, 12).withGroupFields('g', { type: 'consumer' }),
      'pass',
    ],
    ['no-data: members were not read', group(4, 12).withGroupFields('g', { members: null }), 'no-data'],
    ['warns on Serverless', group(4, 12).withKind('serverless'), 'warn', 'low g'],
    ['warns on Kafka without AWS', group(4, 12).withKind('kafka'), 'warn', 'low g'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
  ]);
  describeSeverities('assignor-eager', () => group(4, 12), { production: 'low', staging: 'low', development: 'info' });

  test('the risk names the error of a wrong order', () => {
    expect(runCheck('assignor-eager', group(4, 12)).recommendation!.risk).toContain('InconsistentGroupProtocol');
  });
});
