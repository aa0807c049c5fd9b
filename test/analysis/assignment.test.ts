import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignmentOf, bestAssignment } from '../../lib/analysis/assignment.ts';

test.each([
  [10, 4, { maxPerMember: 3, efficiency: 10 / 12, idle: 0 }],
  [10, 5, { maxPerMember: 2, efficiency: 1, idle: 0 }],
  [10, 12, { maxPerMember: 1, efficiency: 10 / 12, idle: 2 }],
  [1, 3, { maxPerMember: 1, efficiency: 1 / 3, idle: 2 }],
])('%i partitions on %i members', (partitions, members, expected) => {
  expect(bestAssignment(partitions, members)).toEqual({ members, ...expected });
});

test('no members, or no partitions: nothing to judge', () => {
  expect([bestAssignment(10, 0), bestAssignment(0, 3), assignmentOf([]), assignmentOf([0, 0])]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('range over three topics of 4 partitions and 3 members: the first member has twice what the others have', () => {
  expect(assignmentOf([6, 3, 3])).toEqual({ members: 3, maxPerMember: 6, efficiency: 4 / 6, idle: 0 });
  expect(assignmentOf([2, 0])).toEqual({ members: 2, maxPerMember: 2, efficiency: 0.5, idle: 1 });
});

test('no assignment beats the best one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), (counts) => {
      const actual = assignmentOf(counts);
      fc.pre(actual !== null);
      const best = bestAssignment(
        counts.reduce((a, b) => a + b),
        counts.length,
      )!;
      expect(actual!.efficiency).toBeLessThanOrEqual(best.efficiency + 1e-12);
      expect(actual!.idle).toBeGreaterThanOrEqual(best.idle);
    }),
  );
});
