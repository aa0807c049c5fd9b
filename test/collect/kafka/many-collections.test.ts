import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KafkaAuth } from '../../../lib/collect/kafka/collect-kafka.ts';
import { collectFrom } from './collect-from.ts';
import { type FakeCluster, type Misdeed, MODERN, startFakeCluster, topic } from './fake-cluster.ts';
import { authenticated, handshake } from './sasl-answers.ts';
import { selfSigned } from './self-signed.ts';

const COLLECTIONS = 200;
const AT_ONCE = 20;
const certificate = selfSigned();

const noise: string[] = [];
const note = (what: unknown): void => void noise.push(String(what));
beforeEach(() => {
  process.on('unhandledRejection', note);
  process.on('warning', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  process.off('warning', note);
});

/** The same numbers from 0 to 1 in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function randomMisdeed(random: () => number, key: number): Misdeed {
  if (random() > 0.15) return null;
  const garbage = Buffer.from(Array.from({ length: 30 }, () => Math.floor(random() * 256)));
  const deeds: Misdeed[] = ['silent', 'hang up', 'reset', garbage];
  if (key !== 17 && key !== 36) deeds.push('stall', 'cut short', 'trickle', { delayMs: 100 }, { throttleMs: 50 });
  return deeds[Math.floor(random() * deeds.length)]!;
}

/** What keeps this process awake. */
function held(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP|TLS/.test(kind));
}

async function startOne(random: () => number, secure: typeof certificate | null): Promise<FakeCluster> {
  const cluster = await startFakeCluster(3, MODERN, secure);
  cluster.topics = [topic('a', [1, 2, 3])];
  cluster.groups = [1, 2, 3].map((coordinator) => ({ groupId: `g${coordinator}`, type: 'classic', coordinator }));
  const sasl: Record<number, () => Buffer> = { 17: () => handshake(0, ['PLAIN']), 36: () => authenticated(0) };
  cluster.onRequest = (key) => randomMisdeed(random, key) ?? sasl[key]?.() ?? null;
  return cluster;
}

it('two hundred collections with every kind of fault leave no socket, no timer, no listener and no stray rejection', async () => {
  const random = seeded(42);
  const plain = await startOne(random, null);
  const secure = await startOne(random, certificate);
  const abort = new AbortController();
  const login = { username: 'u', password: 'p' };
  const ways: { cluster: FakeCluster; auth: KafkaAuth }[] = [
    { cluster: plain, auth: { kind: 'none' } },
    { cluster: plain, auth: { kind: 'plain', ...login, tls: false } },
    { cluster: secure, auth: { kind: 'tls', ca: certificate.cert } },
    { cluster: secure, auth: { kind: 'plain', ...login, tls: true, ca: certificate.cert } },
  ];
  const collectOne = async (index: number): Promise<void> => {
    const { cluster, auth } = ways[index % ways.length]!;
    // Short, so that silence ends at the deadline; one in ten is interrupted instead.
    const isInterrupted = index % 10 === 0;
    const signal = isInterrupted ? AbortSignal.any([abort.signal, AbortSignal.timeout(50)]) : abort.signal;
    const deadlineMs = Date.now() + (isInterrupted ? 30_000 : 700);
    await collectFrom(
      cluster,
      { auth, plan: { samples: 3, intervalSec: 0.01 }, deadlineMs },
      { signal, sleep: (ms, waking) => sleep(ms, undefined, waking ? { signal: waking } : {}) },
    );
  };
  for (let first = 0; first < COLLECTIONS; first += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => collectOne(first + i)));
  }
  for (const cluster of [plain, secure]) {
    expect(cluster.connections).toBeGreaterThan(COLLECTIONS / 2);
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
    await cluster.stop();
  }
  await sleep(200);
  expect(held()).toEqual([]);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  expect(noise).toEqual([]);
}, 60_000);
