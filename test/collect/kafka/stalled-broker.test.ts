import { afterEach, expect, it, vi } from 'vitest';
import { REQUEST_TIMEOUT_MS } from '../../../lib/collect/kafka/connector.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, sleep, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

/** Below this, the time of a healthy collection says more about the machine than about the collector. */
const LEAST_HEALTHY_MS = 150;
const PLAN = { samples: 3, intervalSec: 0 };

let cluster: FakeCluster;
afterEach(() => cluster.stop());

async function startThree(): Promise<void> {
  cluster = await startFakeCluster(3);
  const { partitions, ...rest } = topic('a', [1, 2, 3]);
  // In sync everywhere: another leader might come.
  cluster.topics = [{ ...rest, partitions: partitions.map((each) => ({ ...each, isr: [1, 2, 3] })) }];
  cluster.groups = [1, 2, 3].map((coordinator) => ({ groupId: `g${coordinator}`, type: 'classic', coordinator }));
}

/** Time passes while a run waits for other leaders, too. */
const collect = () => collectFrom(cluster, { plan: PLAN, deadlineMs: Date.now() + 60_000 }, { sleep });

/** From its nth request on, this broker says nothing. */
function stall(id: number, nth: number): void {
  let asked = 0;
  cluster.onRequest = (_key, of) => (of === id && ++asked >= nth ? 'silent' : null);
}

async function expectTheOthers(sections: Awaited<ReturnType<typeof collect>>, id: number): Promise<void> {
  expect(value(sections.kafkaSamples)).toHaveLength(3);
  const others = [1, 2, 3].filter((each) => each !== id);
  const { topics } = value(sections.kafkaOffsets);
  expect(others.map((each) => topics.a?.[each - 1]?.end)).toEqual(others.map((each) => String(999 + each)));
  await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
}

it.each([
  ['from the beginning on', 2, 1, 'kafkaOffsets'],
  ['although it is the first bootstrap broker', 1, 1, 'kafkaOffsets'],
  ['from the end offsets on', 2, 5, 'kafkaOffsets'],
  ['from the second sample on', 3, 7, 'kafkaSamples'],
] as const)(
  'a broker that accepts and never answers, %s, costs one request time-out in a whole run',
  async (_name, id, nth, section) => {
    await startThree();
    const { tookMs: healthyMs } = await inFastTime(collect);
    stall(id, nth);
    const { value: sections, tookMs } = await inFastTime(collect);
    expect(tookMs).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_MS);
    expect(tookMs).toBeLessThanOrEqual(REQUEST_TIMEOUT_MS + 2 * Math.max(healthyMs, LEAST_HEALTHY_MS));
    expect(partial(sections[section])).toContain('an answer did not come in time');
    await expectTheOthers(sections, id);
  },
);

it('a broker that accepts and never answers costs that also by the clock on the wall', async () => {
  await startThree();
  stall(2, 1);
  const startedMs = performance.now();
  const sections = await collect();
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(REQUEST_TIMEOUT_MS - 50);
  expect(tookMs).toBeLessThan(2 * REQUEST_TIMEOUT_MS);
  await expectTheOthers(sections, 2);
});
