import { afterEach, describe, expect, it, vi } from 'vitest';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, KAFKA_2_4, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

describe('a broker that asks for silence', () => {
  it('gets it, on this connection and before what already waits to leave', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    cluster.groups = [1, 2].map((id) => ({ groupId: `g${id}`, type: 'classic' as const, coordinator: id }));
    const arrivals: { key: number; id: number; atMs: number }[] = [];
    cluster.onRequest = (key, id) => {
      arrivals.push({ key, id, atMs: Date.now() });
      return key === 16 && id === 1 ? { throttleMs: 300 } : null;
    };
    const sections = await collectFrom(cluster);
    expect(partial(sections.kafkaOffsets)).toBe('');
    const listedMs = (of: number): number => arrivals.find(({ key, id }) => key === 16 && id === of)!.atMs;
    const gapMs = (of: number): number => arrivals.find(({ key, id }) => key === 9 && id === of)!.atMs - listedMs(of);
    expect(gapMs(1)).toBeGreaterThanOrEqual(298);
    expect(gapMs(1)).toBeLessThan(600);
    expect(gapMs(2)).toBeLessThan(200);
  });

  it('gets it also where an answer has just made room for the next of many', async () => {
    cluster = await startFakeCluster(1, KAFKA_2_4);
    cluster.groups = Array.from({ length: 250 }, (_, i) => ({ groupId: `g${i}`, type: 'classic', coordinator: 1 }));
    const arrivals: number[] = [];
    cluster.onRequest = (key) => {
      if (key !== 9) return null;
      arrivals.push(Date.now());
      return arrivals.length === 1 ? { throttleMs: 300 } : null;
    };
    await collectFrom(cluster);
    expect(arrivals).toHaveLength(250);
    const atOnce = arrivals.filter((atMs) => atMs - arrivals[0]! < 298);
    expect(atOnce.length).toBeGreaterThan(150);
    expect(atOnce.length).toBeLessThanOrEqual(200);
  });

  it('for longer than there is time is timed out at the deadline, and what was read stays', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1 }];
    cluster.onRequest = (key, id) => (key === 16 && id === 1 ? { throttleMs: 60_000 } : null);
    const { value: sections, tookMs } = await inFastTime(() =>
      collectFrom(cluster, { deadlineMs: Date.now() + 1_500 }),
    );
    expect(tookMs).toBeGreaterThan(1_000);
    expect(tookMs).toBeLessThan(1_500);
    expect(value(sections.kafkaOffsets).topics.a?.[1]?.end).toBe('1001');
    expect(partial(sections.kafkaOffsets)).toContain('the time for this collection ran out');
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
  });
});

describe('requests that are unanswered at one time', () => {
  it('are at most 200, however many groups are asked for one by one', async () => {
    cluster = await startFakeCluster(3, KAFKA_2_4);
    cluster.topics = [topic('a', [1])];
    cluster.groups = Array.from({ length: 500 }, (_, i) => ({
      groupId: `g${i}`,
      type: 'classic',
      coordinator: 1 + (i % 3),
      committed: [{ topic: 'a', partition: 0, offset: String(i) }],
    }));
    cluster.onRequest = (key) => (key === 9 ? { delayMs: 50 } : null);
    const sections = await collectFrom(cluster);
    expect(value(sections.kafkaOffsets).committed).toHaveLength(500);
    expect(cluster.mostUnanswered).toBeGreaterThan(150);
    expect(cluster.mostUnanswered).toBeLessThanOrEqual(200);
  });
});
