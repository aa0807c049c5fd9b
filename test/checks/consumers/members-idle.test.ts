import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** A group of so many members on two partitions. */
const members = (count: number) =>
  aSnapshot()
    .withTopic('t', { partitions: 2 })
    .withGroup('g', { commits: { t: [1000, 1000] }, members: count });

describe('members-idle', () => {
  describeVerdicts('members-idle', [
    ['passes: a member for each partition', members(2), 'pass'],
    ['passes: three spare ones, one in each of three zones', members(5), 'pass'],
    ['warns: four spare ones', members(6), 'warn', 'low g'],
    [
      'warns: two spare ones where the zones are not known',
      members(4).without('nodes').without('kafkaBrokers'),
      'warn',
      'low g',
    ],
    [
      'passes: one spare one where the zones are not known',
      members(3).without('nodes').without('kafkaBrokers'),
      'pass',
    ],
    [
      'passes: members of Kafka Streams hold standby copies',
      members(9).withGroupFields('g', { assignor: 'stream' }),
      'pass',
    ],
    [
      'passes: workers of Connect hold connectors',
      members(9).withGroupFields('g', { protocolType: 'connect' }),
      'pass',
    ],
    ['passes: members of a share group share partitions', members(9).withGroupFields('g', { type: 'share' }), 'pass'],
    [
      'warns: a group of the consumer protocol',
      members(6).withGroupFields('g', { type: 'consumer', assignor: 'uniform' }),
      'warn',
      'low g',
    ],
    [
      'no-data: in a rebalance nobody holds anything',
      members(9).withGroupFields('g', { state: 'CompletingRebalance' }),
      'no-data',
    ],
    [
      'no-data: members were not read',
      members(2).withGroupFields('g', { members: null, error: 'GROUP_AUTHORIZATION_FAILED' }),
      'no-data',
    ],
    ['no-data: groups were not read', members(9).without('kafkaGroups', 'timed-out'), 'no-data'],
    ['warns on Kafka without AWS: racks tell the zones', members(6).withKind('kafka'), 'warn', 'low g'],
    ['warns on Serverless', members(6).withKind('serverless'), 'warn', 'low g'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
  ]);
  describeSeverities('members-idle', () => members(6), { production: 'low', staging: 'low', development: 'info' });

  test('counts and names them', () => {
    const result = runCheck('members-idle', members(6));
    expect(result.findings[0]).toMatchObject({ measured: 4, limit: 3, note: '6 members on 2 partitions' });
    expect(result.evidence[0]!.rows[0]!.hosts).toBe('/10.0.0.3, /10.0.0.4, /10.0.0.5 and 1 more');
  });
});
