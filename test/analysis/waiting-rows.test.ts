import { describe, expect, test } from 'vitest';
import { AgeBounds } from '../../lib/analysis/age-bounds.ts';
import { type TopicKind, waitingRows } from '../../lib/analysis/waiting-rows.ts';

type Log = readonly [start: string | null, end: string | null];
type Commit = readonly [groupId: string, partition: number, offset: string | null, topic?: string];

function waiting(logs: readonly Log[], commits: readonly Commit[], kind: TopicKind = 'plain') {
  const topics = { t: logs.map(([start, end], partition) => ({ partition, start, end, error: null })) };
  const committed = commits.map(([groupId, partition, offset, topic = 't']) => ({
    groupId,
    topic,
    partition,
    offset,
    error: null,
  }));
  const found = waitingRows({ topics, committed }, () => kind);
  return {
    caughtUp: found.caughtUp,
    logs: found.logs.map(({ topic, partition, rows }) => [
      topic,
      partition,
      rows.map(({ position, messages, isLost }) => [position, messages, isLost]),
    ]),
  };
}

describe('committed offsets before the log end', () => {
  test('how many messages wait, group by group on one log', () => {
    expect(
      waiting(
        [
          ['0', '100'],
          ['0', '50'],
        ],
        [
          ['g', 0, '90'],
          ['h', 0, '40'],
          ['g', 1, '49'],
        ],
      ),
    ).toEqual({
      caughtUp: [],
      logs: [
        [
          't',
          0,
          [
            [0, 10, false],
            [1, 60, false],
          ],
        ],
        ['t', 1, [[2, 1, false]]],
      ],
    });
  });

  test('at the end, or beyond it, nothing waits', () => {
    expect(
      waiting(
        [['0', '100']],
        [
          ['g', 0, '100'],
          ['h', 0, '101'],
        ],
      ),
    ).toEqual({ caughtUp: [0, 1], logs: [] });
  });

  test('lost is what lies before the log start, not what lies at it', () => {
    const logs = (offset: string) => waiting([['50', '100']], [['g', 0, offset]]).logs;
    expect(logs('49')).toEqual([['t', 0, [[0, 51, true]]]]);
    expect(logs('50')).toEqual([['t', 0, [[0, 50, false]]]]);
    expect(waiting([[null, '100']], [['g', 0, '49']]).logs).toEqual([['t', 0, [[0, 51, false]]]]);
  });

  test('what lost records and has none left is neither waiting nor caught up', () => {
    expect(waiting([['100', '100']], [['g', 0, '49']])).toEqual({ caughtUp: [], logs: [] });
  });

  test.each<[string, readonly Log[], Commit]>([
    ['no commit', [['0', '100']], ['g', 0, null]],
    ['no log end', [['0', null]], ['g', 0, '5']],
    ['no such partition', [['0', '100']], ['g', 7, '5']],
    ['no such topic', [['0', '100']], ['g', 0, '5', 'gone']],
    ['a topic named like a property of objects', [['0', '100']], ['g', 0, '5', 'constructor']],
  ])('%s: nothing is known', (_, logs, commit) => {
    expect(waiting(logs, [commit])).toEqual({ caughtUp: [], logs: [] });
  });

  test('a tiered log is not asked; what is caught up there is known all the same', () => {
    expect(
      waiting(
        [['0', '100']],
        [
          ['g', 0, '5'],
          ['h', 0, '100'],
        ],
        'tiered',
      ),
    ).toEqual({ caughtUp: [1], logs: [] });
    expect(waiting([['0', '100']], [['g', 0, '5']], 'compacted').logs).toHaveLength(1);
  });

  test('the age is asked of the record at the commit, or of the oldest one left', () => {
    const bounds = (offset: string, kind: TopicKind) =>
      waitingRows(
        {
          topics: { t: [{ partition: 0, start: '50', end: '100', error: null }] },
          committed: [{ groupId: 'g', topic: 't', partition: 0, offset, error: null }],
        },
        () => kind,
      ).logs[0]!.rows[0]!.bounds;
    expect(bounds('70', 'plain')).toEqual(new AgeBounds(70, false));
    expect(bounds('70', 'compacted')).toEqual(new AgeBounds(70, true));
    expect(bounds('20', 'plain')).toEqual(new AgeBounds(50, false));
  });
});

test('nothing is held against a log or a record before it was asked', () => {
  const topics = { t: [{ partition: 0, start: '0', end: '9', error: null }] };
  const committed = [{ groupId: 'g', topic: 't', partition: 0, offset: '5', error: null }];
  expect(waitingRows({ topics, committed }, () => 'plain').logs).toMatchObject([
    { isSilent: false, rows: [{ groupId: 'g', isUntrusted: false }] },
  ]);
});
