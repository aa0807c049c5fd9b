import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionPace } from '../../../lib/collect/kafka/connection-pace.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, sleep } from './collect-from.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

describe('new connections', () => {
  it('to a hundred brokers begin at once, and those to the next hundred a second later', () => {
    const pace = new ConnectionPace(() => 0);
    const waits = Array.from({ length: 200 }, (_, i) => pace.book(`b-${i}:9098`));
    expect(waits).toEqual([...Array(100).fill(0), ...Array(100).fill(1_000)]);
  });

  it('to one broker are four a second, and hold up none to others', () => {
    let nowMs = 5_000;
    const pace = new ConnectionPace(() => nowMs);
    expect(Array.from({ length: 9 }, () => pace.book('b-1:9098'))).toEqual([0, 0, 0, 0, 1000, 1000, 1000, 1000, 2000]);
    expect(pace.book('b-2:9098')).toBe(0);
    nowMs += 1_999;
    expect(pace.book('b-1:9098')).toBe(1);
    nowMs += 10_000;
    expect(pace.book('b-1:9098')).toBe(0);
  });

  it('are within both limits in any second, whenever they are asked for', () => {
    const request = fc.record({ address: fc.integer({ min: 0, max: 40 }), afterMs: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 400 }), (requests) => {
        let nowMs = 0;
        const pace = new ConnectionPace(() => nowMs);
        const starts = requests.map(({ address, afterMs }) => {
          nowMs += afterMs % 7 === 0 ? afterMs : 0;
          return { address, atMs: nowMs + pace.book(String(address)) };
        });
        for (const { atMs } of starts) {
          const within = starts.filter((start) => start.atMs >= atMs && start.atMs < atMs + 1_000);
          expect(within.length).toBeLessThanOrEqual(100);
          for (const same of Map.groupBy(within, ({ address }) => address).values())
            expect(same.length).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a broker that keeps breaking connections', () => {
  let cluster: FakeCluster;
  afterEach(() => cluster.stop());

  it('is sent none any more when the run has ended before its turn', async () => {
    cluster = await startFakeCluster(2);
    cluster.onRequest = (key, id) => (id === 1 || key === 18 ? null : 'reset');
    const abort = new AbortController();
    await inFastTime(async () => {
      setTimeout(() => abort.abort(), 400);
      await collectFrom(cluster, {}, { sleep, signal: abort.signal });
      expect(cluster.connections).toBe(1 + 4);
      await sleep(2_000);
    });
    expect(cluster.connections).toBe(1 + 4);
    expect(cluster.openSockets.size).toBe(0);
  });

  it('is sent new ones at that pace', async () => {
    cluster = await startFakeCluster(2);
    const beganMs = new Map<number, number>();
    cluster.onRequest = (key, id) => {
      if (id === 1 || key === 18) return null;
      if (!beganMs.has(cluster.connections)) beganMs.set(cluster.connections, Date.now());
      return 'reset';
    };
    await inFastTime(() => collectFrom(cluster, {}, { sleep }));
    const [first, , , fourth, fifth, ...more] = [...beganMs.values()];
    expect(fourth! - first!).toBeLessThan(500);
    expect(fifth! - first!).toBeGreaterThan(800);
    expect(more).toEqual([]);
  });
});
