import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RunClock } from '../../../lib/collect/kafka/run-clock.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

describe('time', () => {
  it('spaces the samples from the first reading on', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1])];
    let nowMs = 1_000_000;
    const slept: number[] = [];
    const sections = await collectFrom(
      cluster,
      { plan: { samples: 3, intervalSec: 60 }, deadlineMs: nowMs + 300_000 },
      {
        now: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
          slept.push(ms);
        },
      },
    );
    expect(value(sections.kafkaSamples).map(({ atMs }) => atMs)).toEqual([1_000_000, 1_060_000, 1_120_000]);
    expect(slept).toEqual([60_000, 60_000]);
  });

  it('ends sampling before the deadline and says so', async () => {
    cluster = await startFakeCluster(1);
    const sections = await collectFrom(cluster, { plan: { samples: 5, intervalSec: 60 } });
    expect(value(sections.kafkaSamples)).toHaveLength(1);
    expect(partial(sections.kafkaSamples)).toBe('1 of 5 samples taken before the time was up');
  });

  it('runs out on a broker that never answers, with what the others said', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    cluster.onRequest = (key, id) => (id === 2 && key === 2 ? 'silent' : null);
    const { value: sections, tookMs } = await inFastTime(() =>
      collectFrom(cluster, { deadlineMs: Date.now() + 1_000 }),
    );
    expect(tookMs).toBeLessThan(1_000);
    expect(value(sections.kafkaTopics)).toHaveLength(1);
    expect(partial(sections.kafkaOffsets)).toMatch(/the time for this collection ran out|did not come in time/);
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
  });

  it('stops at once when interrupted', async () => {
    cluster = await startFakeCluster(1);
    cluster.onRequest = (key) => (key === 3 ? 'silent' : null);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const sections = await collectFrom(cluster, {}, { signal: abort.signal });
    expect(sections.kafkaTopics).toMatchObject({
      ok: false,
      reason: 'failed',
      detail: expect.stringContaining('interrupted'),
    });
  });

  it('is slept away without a listener for each sleep piling up', async () => {
    cluster = await startFakeCluster(1);
    const signals = new Set<AbortSignal>();
    const listensForEver = async (_ms: number, signal?: AbortSignal): Promise<void> => {
      signal?.addEventListener('abort', () => {});
      if (signal) signals.add(signal);
    };
    const abort = new AbortController();
    const clock = new RunClock(Date.now() + 10_000, { now: Date.now, sleep: listensForEver, signal: abort.signal });
    for (let i = 0; i < 50; i++) await clock.sleep(1);
    clock.release();
    expect(signals.size).toBe(50);
    for (const signal of signals) expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(2);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    const { ended } = clock as unknown as { ended: AbortController };
    expect(getEventListeners(ended.signal, 'abort')).toEqual([]);
  });

  it('slept away ends with the run', async () => {
    cluster = await startFakeCluster(1);
    const abort = new AbortController();
    const clock = new RunClock(Date.now() + 10_000, {
      now: Date.now,
      sleep: () => new Promise(() => {}),
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 20);
    await clock.sleep(5_000);
    expect(clock.stopped).toBe('interrupted');
  });
});
