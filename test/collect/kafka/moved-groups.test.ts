import { afterEach, describe, expect, it } from 'vitest';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, sleep, value } from './collect-from.ts';
import { type FakeCluster, type FakeGroup, startFakeCluster, topic } from './fake-cluster.ts';

const NOT_COORDINATOR = 16;
const LOADING = 14;

let cluster: FakeCluster;
afterEach(() => cluster.stop());

async function twoBrokers(...groups: FakeGroup[]): Promise<void> {
  cluster = await startFakeCluster(2);
  cluster.topics = [topic('a', [1, 2])];
  cluster.groups = groups;
}

function aGroup(groupId: string, coordinator: number, fields: Partial<FakeGroup> = {}): FakeGroup {
  const committed = [{ topic: 'a', partition: 0, offset: '7' }];
  return { groupId, type: 'classic', coordinator, committed, ...fields };
}

describe('a group whose coordinator', () => {
  it('moved since it was listed is asked for once more at the new one, and all offsets count from one moment', async () => {
    await twoBrokers(aGroup('moves', 1, { errorCode: NOT_COORDINATOR }), aGroup('stays', 1));
    let described = 0;
    cluster.onRequest = (key) => {
      // After both of the first questions were refused.
      if (key === 15 && ++described === 1)
        setTimeout(() => (cluster.groups = [aGroup('moves', 2), aGroup('stays', 1)]), 100);
      return null;
    };
    const { value: sections } = await inFastTime(() => collectFrom(cluster, {}, { sleep }));
    const { kafkaGroups, kafkaOffsets } = sections;
    expect(value(kafkaGroups).map(({ groupId, coordinatorId, error }) => [groupId, coordinatorId, error])).toEqual([
      ['moves', 2, null],
      ['stays', 1, null],
    ]);
    expect(value(kafkaOffsets).committed.map(({ groupId, offset }) => [groupId, offset])).toEqual([
      ['moves', '7'],
      ['stays', '7'],
    ]);
    expect([partial(kafkaGroups), partial(kafkaOffsets)]).toEqual(['', '']);
    expect(cluster.requests.filter((request) => request === '15/2')).toHaveLength(1);
    expect(cluster.requests.filter((request) => request === '15/1')).toHaveLength(1);
    // Log ends from before the pause would hide the lag that grew in it.
    const offsets = cluster.requests.filter((request) => request.startsWith('9/') || request.startsWith('2/'));
    expect(offsets.slice(-4).sort()).toEqual(['2/1', '2/2', '9/1', '9/2']);
    expect(offsets.slice(-2).every((request) => request.startsWith('2/'))).toBe(true);
  });

  it('is still loading after the second question says so, and the rest stays', async () => {
    await twoBrokers(aGroup('loads', 1, { errorCode: LOADING }), aGroup('stays', 2));
    const { kafkaGroups, kafkaOffsets } = await collectFrom(cluster);
    expect(value(kafkaGroups).map(({ groupId, members, error }) => [groupId, members === null, error])).toEqual([
      ['loads', true, 'COORDINATOR_LOAD_IN_PROGRESS'],
      ['stays', false, null],
    ]);
    expect(partial(kafkaOffsets)).toBe(
      'committed offsets of 1 group not read ("loads"): COORDINATOR_LOAD_IN_PROGRESS 1',
    );
    expect(value(kafkaOffsets).committed.map(({ groupId }) => groupId)).toEqual(['stays']);
    expect(cluster.requests.filter((request) => request.startsWith('16/'))).toHaveLength(4);
  });

  it('said nothing of the kind costs no second look', async () => {
    await twoBrokers(aGroup('one', 1), aGroup('two', 2));
    await collectFrom(cluster);
    expect(cluster.requests).toHaveLength(2 + (4 + 2) * 2);
  });
});
