import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

/** The first question for offsets finds the cluster changed. */
function whenFirstAsked(change: () => void): void {
  let isFirst = true;
  cluster.onRequest = (key) => {
    if (key === 2 && isFirst) {
      isFirst = false;
      change();
    }
    return null;
  };
}

function looks(): number {
  return cluster.requests.filter((request) => request.startsWith('3/')).length - 1;
}

describe('a partition that its leader refuses', () => {
  it.each([
    ['LEADER_NOT_AVAILABLE', 5],
    ['NOT_LEADER_OR_FOLLOWER', 6],
    ['REPLICA_NOT_AVAILABLE', 9],
    ['KAFKA_STORAGE_ERROR', 56],
    ['FENCED_LEADER_EPOCH', 74],
    ['OFFSET_NOT_AVAILABLE', 78],
    ['UNKNOWN_TOPIC_OR_PARTITION, as one that has moved away', 3],
  ])('with %s is asked of its new leader', async (_name, errorCode) => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1, 2])];
    cluster.notLedError = errorCode;
    whenFirstAsked(() => {
      cluster.topics = [topic('a', [3, 2])];
    });
    const sections = await collectFrom(cluster);
    expect(partial(sections.kafkaOffsets)).toBe('');
    expect(value(sections.kafkaOffsets).topics.a?.map(({ end }) => end)).toEqual(['1000', '1001']);
    expect(looks()).toBe(1);
  });

  it('for want of permission is not asked for again', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1])];
    cluster.notLedError = 29;
    whenFirstAsked(() => {
      cluster.topics = [topic('a', [2])];
    });
    expect(partial((await collectFrom(cluster)).kafkaOffsets)).toContain('TOPIC_AUTHORIZATION_FAILED 1');
    expect(looks()).toBe(0);
  });

  it('is asked of a broker that was not there before', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1, 2])];
    cluster.unnamed = [3];
    whenFirstAsked(() => {
      cluster.unnamed = [];
      cluster.topics = [topic('a', [3, 2])];
    });
    expect(partial((await collectFrom(cluster)).kafkaOffsets)).toBe('');
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
  });

  it.each([
    ['is asked a third time', 2, null],
    ['is left then', 3, 'NOT_LEADER_OR_FOLLOWER'],
  ])('by all brokers in turn, as in an election, %s', async (_name, waitsUntilReady, error) => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1])];
    const sleep = vi.fn(async (_ms: number) => {
      if (sleep.mock.calls.length === waitsUntilReady) cluster.onRequest = () => null;
    });
    // Whoever is asked has just lost the lead.
    cluster.onRequest = (key, id) => {
      if (key === 2) cluster.topics = [topic('a', [1 + (id % 3)])];
      return null;
    };
    const sections = await collectFrom(cluster, {}, { sleep });
    expect(value(sections.kafkaOffsets).topics.a?.[0]?.error).toBe(error);
    expect(sleep).toHaveBeenCalledTimes(2);
    expect(looks()).toBe(3);
  });

  it('because its topic is deleted says so, without waiting, and costs the other topics nothing', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2]), topic('gone', [1, 2])];
    cluster.notLedError = 3;
    whenFirstAsked(() => {
      cluster.topics = [topic('a', [1, 2])];
    });
    const sleep = vi.fn(async () => {});
    const sections = await collectFrom(cluster, {}, { sleep });
    const { a, gone } = value(sections.kafkaOffsets).topics;
    expect(a?.map(({ end }) => end)).toEqual(['1000', '1001']);
    expect(gone?.map(({ error }) => error)).toEqual(Array(2).fill('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(looks()).toBe(1);
    expect(sleep).not.toHaveBeenCalled();
  });
});

describe('a partition whose leader dies before it is asked', () => {
  const IN_SYNC = [1, 2, 3];
  const followed = (leaders: number[]) => {
    const made = topic('a', leaders);
    return [{ ...made, partitions: made.partitions.map((each) => ({ ...each, replicas: IN_SYNC, isr: IN_SYNC })) }];
  };

  it('is read from the new leader', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = followed([1, 2, 3]);
    whenFirstAsked(() => {
      void cluster.stopBroker(2);
      cluster.topics = followed([1, 3, 3]);
    });
    const sections = await collectFrom(cluster);
    expect(value(sections.kafkaOffsets).topics.a?.map(({ start, end }) => `${start}-${end}`)).toEqual([
      '10-1000',
      '10-1001',
      '10-1002',
    ]);
    expect(looks()).toBe(1);
  });

  it('is waited for once while the election runs', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = followed([1, 2, 3]);
    whenFirstAsked(() => void cluster.stopBroker(2));
    const sleep = vi.fn(async (_ms: number) => {
      cluster.topics = followed([1, 3, 3]);
    });
    const waits = () => sleep.mock.calls.filter(([ms]) => ms === 1_000).length;
    const sections = await collectFrom(cluster, {}, { sleep });
    expect(value(sections.kafkaOffsets).topics.a?.[1]?.end).toBe('1001');
    expect(waits()).toBe(1);
    expect(looks()).toBe(2);
  });

  it.each([
    ['no longer than that', IN_SYNC, 20_000, 1],
    ['and not where no replica lives', [2], 20_000, 0],
    ['and not where the time is short', IN_SYNC, 2_900, 0],
  ])('is given up then: %s', async (_name, isr, deadlineInMs, expectedWaits) => {
    cluster = await startFakeCluster(3);
    const [a] = followed([1, 2, 3]);
    cluster.topics = [{ ...a!, partitions: a!.partitions.map((each) => ({ ...each, isr })) }];
    whenFirstAsked(() => void cluster.stopBroker(2));
    const sleep = vi.fn(async (_ms: number) => {});
    const sections = await collectFrom(cluster, { deadlineMs: Date.now() + deadlineInMs }, { sleep });
    expect(value(sections.kafkaOffsets).topics.a?.map(({ error }) => error)).toEqual([
      null,
      'BROKER_NOT_AVAILABLE',
      null,
    ]);
    expect(sleep.mock.calls.filter(([ms]) => ms === 1_000)).toHaveLength(expectedWaits);
    expect(looks()).toBe(1 + expectedWaits);
  });

  it('is not looked for when it had no leader to begin with', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, -2])];
    await collectFrom(cluster);
    expect(looks()).toBe(0);
  });
});
