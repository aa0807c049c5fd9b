import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { REQUEST_TIMEOUT_MS } from '../../../lib/collect/kafka/connector.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

/** Below this, the time of a healthy collection says more about the machine than about the collector. */
const LEAST_HEALTHY_MS = 150;
/** A real one: a run must not wait for other leaders either. */
const sleep = (ms: number): Promise<void> => setTimeout(ms);
const PLAN = { samples: 3, intervalSec: 0 };

async function startThree(): Promise<FakeCluster> {
  const cluster = await startFakeCluster(3);
  const { partitions, ...rest } = topic('a', [1, 2, 3]);
  // In sync everywhere: another leader might come.
  cluster.topics = [{ ...rest, partitions: partitions.map((each) => ({ ...each, isr: [1, 2, 3] })) }];
  cluster.groups = [1, 2, 3].map((coordinator) => ({ groupId: `g${coordinator}`, type: 'classic', coordinator }));
  return cluster;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedMs = Date.now();
  return [await work(), Date.now() - startedMs];
}

// Side by side: each takes as long as one request may.
it.concurrent.each([
  ['from the beginning on', 2, 1, 'kafkaOffsets'],
  ['although it is the first bootstrap broker', 1, 1, 'kafkaOffsets'],
  ['from the end offsets on', 2, 5, 'kafkaOffsets'],
  ['from the second sample on', 3, 7, 'kafkaSamples'],
] as const)(
  'a broker that accepts and never answers, %s, costs one request time-out in a whole run',
  async (_name, id, nth, section) => {
    const cluster = await startThree();
    const [, healthyMs] = await timed(() => collectFrom(cluster, { plan: PLAN }, { sleep }));
    let asked = 0;
    cluster.onRequest = (_key, of) => (of === id && ++asked >= nth ? 'silent' : null);
    const [sections, ms] = await timed(() =>
      collectFrom(cluster, { plan: PLAN, deadlineMs: Date.now() + 60_000 }, { sleep }),
    );
    expect(ms).toBeGreaterThan(REQUEST_TIMEOUT_MS - 50);
    expect(ms).toBeLessThanOrEqual(REQUEST_TIMEOUT_MS + 2 * Math.max(healthyMs, LEAST_HEALTHY_MS));
    expect(partial(sections[section])).toContain('an answer did not come in time');
    expect(value(sections.kafkaSamples)).toHaveLength(3);
    const others = [1, 2, 3].filter((each) => each !== id);
    const { topics } = value(sections.kafkaOffsets);
    expect(others.map((each) => topics.a?.[each - 1]?.end)).toEqual(others.map((each) => String(999 + each)));
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
    await cluster.stop();
  },
);
