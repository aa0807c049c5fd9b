import { describe, expect, test } from 'vitest';
import { missingReplicas } from '../../lib/analysis/reassigning.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';

const move = (topic: string, partition: number, adding: number[]) => ({
  topic,
  partition,
  replicas: [],
  adding,
  removing: [],
});
const partition = { topic: 't', partition: 1, replicas: [4, 1, 2, 3], isr: [1, 2] };

describe('replicas that are missing', () => {
  test.each<[string, ReturnType<typeof move>[], number[]]>([
    ['without a move: all that are out of sync', [], [4, 3]],
    ['not the one that is on its way', [move('t', 1, [4])], [3]],
    ['moves of others do not matter', [move('t', 0, [4]), move('u', 1, [4])], [4, 3]],
  ])('%s', (_why, moves, expected) => {
    expect(missingReplicas(present(moves, 0))(partition)).toEqual(expected);
  });

  test('where moves were not read, whatever is out of sync counts', () => {
    expect(missingReplicas(missing('not-permitted', ''))(partition)).toEqual([4, 3]);
  });
});
