import { afterEach, describe, expect, it } from 'vitest';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, KAFKA_3_7, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

describe('groups', () => {
  const assignment = Buffer.from(
    '0001' + '00000001' + '000161' + '00000002' + '00000000' + '00000001' + 'ffffffff',
    'hex',
  );

  it.each([
    ['a classic group', { type: 'classic', assignment } as const, { type: 'classic', state: 'Stable', error: null }],
    [
      'a KIP-848 group, which DescribeGroups calls dead',
      { type: 'consumer' } as const,
      { type: 'consumer', state: 'Reconciling', error: null },
    ],
    [
      'a share group',
      { type: 'share' } as const,
      { type: 'share', state: 'Reconciling', members: [{ memberId: 'm848', rack: 'az1' }], error: null },
    ],
    [
      'a Streams group',
      { type: 'streams' } as const,
      { type: 'streams', state: 'Reconciling', members: [{ assignment: [{ topic: 'a', partitions: [0] }] }] },
    ],
    [
      'a member with broken bytes',
      { type: 'classic', assignment: Buffer.from('00017fffffff', 'hex') } as const,
      { error: 'the assignment of a member cannot be read' },
    ],
  ])('%s is listed with its own type and state', async (_name, group, expected) => {
    cluster = await startFakeCluster(1);
    cluster.groups = [{ groupId: 'g', coordinator: 1, ...group }];
    expect(value((await collectFrom(cluster)).kafkaGroups)[0]).toMatchObject({ groupId: 'g', ...expected });
  });

  it('whose type no one names are described both ways, and are not dead for it', async () => {
    cluster = await startFakeCluster(1, KAFKA_3_7);
    cluster.groups = (['classic', 'consumer', 'share'] as const).map((type) => ({
      groupId: type,
      type,
      coordinator: 1,
    }));
    const groups = value((await collectFrom(cluster)).kafkaGroups);
    expect(groups.map(({ groupId, type, state, members }) => [groupId, type, state, members === null])).toEqual([
      ['classic', 'classic', 'Stable', false],
      ['consumer', 'consumer', 'Reconciling', false],
      ['share', 'unknown', 'Stable', true],
    ]);
  });

  it('that may not be described are listed among others, and are no section where they are all there is', async () => {
    cluster = await startFakeCluster(1);
    const refused = { groupId: 'closed', type: 'classic', coordinator: 1, errorCode: 30 } as const;
    cluster.groups = [refused, { groupId: 'open', type: 'classic', coordinator: 1, assignment }];
    const some = (await collectFrom(cluster)).kafkaGroups;
    expect(value(some)[0]).toMatchObject({ members: null, error: 'GROUP_AUTHORIZATION_FAILED' });
    expect(partial(some)).toBe('members of 1 of 2 groups not read: GROUP_AUTHORIZATION_FAILED 1');
    cluster.groups = [refused];
    expect((await collectFrom(cluster)).kafkaGroups).toMatchObject({
      reason: 'not-permitted',
      detail: '1 group may not be described: GROUP_AUTHORIZATION_FAILED 1',
      fix: expect.stringContaining('kafka-cluster:DescribeGroup'),
    });
  });

  it('carry what each member was assigned', async () => {
    cluster = await startFakeCluster(1);
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1, assignment }];
    expect(value((await collectFrom(cluster)).kafkaGroups)[0]?.members?.[0]?.assignment).toEqual([
      { topic: 'a', partitions: [0, 1] },
    ]);
  });

  it('in a partition of their topic without a leader are nobody’s, and the list says so', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('__consumer_offsets', [1, -1, 1])];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1, assignment }];
    const { kafkaGroups, kafkaOffsets } = await collectFrom(cluster);
    const gap = 'groups in 1 of 3 partitions of __consumer_offsets are not known: no leader';
    expect([partial(kafkaGroups), partial(kafkaOffsets)]).toEqual([gap, expect.stringContaining(gap)]);
  });

  it('whose offsets are refused are named', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1])];
    cluster.groups = [{ groupId: 'g\n', type: 'classic', coordinator: 1, errorCode: 30 }];
    expect(partial((await collectFrom(cluster)).kafkaOffsets)).toBe(
      'committed offsets of 1 group not read ("g\\n"): GROUP_AUTHORIZATION_FAILED 1',
    );
  });

  it('keep an error of one committed partition', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1, 1])];
    const committed = [
      { topic: 'a', partition: 1, offset: '-1' },
      { topic: 'a', partition: 0, offset: '-1', errorCode: 29 },
    ];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1, committed }];
    expect(
      value((await collectFrom(cluster)).kafkaOffsets).committed.map(({ offset, error }) => [offset, error]),
    ).toEqual([
      [null, 'TOPIC_AUTHORIZATION_FAILED'],
      [null, null],
    ]);
  });
});
