import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

const empty = { members: 0, state: 'Empty' };
const stopped = () => aGroup([5000, 5000, 5000], {}, empty);

describe('consumer-stopped', () => {
  describeVerdicts('consumer-stopped', [
    ['passes: members read', aGroup([5000, 6000, 7000]), 'pass'],
    ['passes: empty, but nothing waits', aGroup([10_000, 10_000, 10_000], {}, empty), 'pass'],
    ['passes: lag of exactly 100 is never judged', aGroup([9900, 9900, 9900], {}, empty), 'pass'],
    ['fails: empty and lag of 101', aGroup([9899, 9899, 9899], {}, empty), 'fail', 'high billing'],
    ['fails: empty and records wait', stopped(), 'fail', 'high billing'],
    ['fails: members, but the partition is not given to any', stoppedWithMembers(), 'fail', 'high billing'],
    ['passes here: a member holds it without progress, which is another finding', aGroup([5000, 5000, 5000]), 'pass'],
    ['no-data: one look cannot tell stopped from slow', stopped().without('kafkaSamples'), 'no-data'],
    ['no-data: offsets were not read', stopped().without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['fails on Serverless', stopped().withKind('serverless'), 'fail', 'high billing'],
    ['fails on Kafka without AWS', stopped().withKind('kafka'), 'fail', 'high billing'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  describeSeverities('consumer-stopped', stopped, { production: 'high', staging: 'medium', development: 'info' });

  test('no-data: the members could not be described, so that nobody knows whether anyone reads', () => {
    const snapshot = stopped().build();
    const groups = snapshot.sections.kafkaGroups;
    if (groups?.ok) Object.assign(groups.value[0]!, { members: null, error: 'GROUP_AUTHORIZATION_FAILED' });
    expect(runCheck('consumer-stopped', snapshot).status).toBe('no-data');
  });

  test('one run is no proof, and a batch job is ruled out first', () => {
    const result = runCheck('consumer-stopped', stopped());
    expect(result.findings[0]).toMatchObject({ measured: 5000, confidence: 0.5 });
    expect(result.recommendation!.confirmFirst).toContain('batch job');
  });
});

function stoppedWithMembers() {
  const source = aGroup([5000, 5000, 5000], {}, { members: 1 });
  const built = source.build();
  const groups = built.sections.kafkaGroups;
  if (!groups?.ok) throw new Error('no groups');
  const value = structuredClone(groups.value);
  value[0]!.members![0]!.assignment = [{ topic: 'payments', partitions: [1] }];
  return source.withSection('kafkaGroups', value);
}
