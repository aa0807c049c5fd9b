import { afterEach, describe, expect, it, vi } from 'vitest';
import { BrokerConnection } from '../../../lib/collect/kafka/broker-connection.ts';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { metadata } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { inFastTime } from '../fast-time.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

const LIMIT_MS = 200;

let cluster: FakeCluster;
let connection: BrokerConnection;
afterEach(async () => {
  connection.close();
  await cluster.stop();
});

/** A connection that has been answered once, to a broker that may be silent for 200 ms. */
async function connect(): Promise<void> {
  cluster = await startFakeCluster(1);
  const [host = '', port] = cluster.brokers[0]!.split(':');
  connection = new BrokerConnection({
    host,
    port: Number(port),
    auth: { kind: 'none' },
    connectTimeoutMs: 1_000,
    requestTimeoutMs: LIMIT_MS,
    readData: false,
    now: Date.now,
  });
  await connection.open();
  await connection.authenticate((await connection.ask(apiVersions, null)).versions);
}

/** As `askMany`, on a new connection and by a clock of its own. */
async function connectAndAsk(count: number, onRequest: FakeCluster['onRequest']) {
  const { value } = await inFastTime(async () => {
    await connect();
    cluster.topics = Array.from({ length: 20 }, (_, i) => topic(`t${i}`, [1]));
    cluster.onRequest = onRequest;
    return askMany(count);
  });
  return value;
}

/** Milliseconds until each of so many pipelined requests was answered, or the kind of its fault. */
function askMany(count: number): Promise<{ ms: number; fault: string | null }[]> {
  const startedMs = Date.now();
  const ask = async () => {
    const fault = await connection.ask(metadata, null).then(
      () => null,
      (error: { kind: string }) => error.kind,
    );
    return { ms: Date.now() - startedMs, fault };
  };
  return Promise.all(Array.from({ length: count }, ask));
}

describe('a broker that says nothing', () => {
  it('fails everything that was asked of it at once, at the first time-out, and its socket is closed', async () => {
    await connect();
    cluster.onRequest = () => 'silent';
    const outcomes = await askMany(5);
    expect(outcomes.map(({ fault }) => fault)).toEqual(Array(5).fill('request-timeout'));
    for (const { ms } of outcomes) {
      expect(ms).toBeGreaterThanOrEqual(LIMIT_MS - 2);
      expect(ms).toBeLessThan(LIMIT_MS + 150);
    }
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
    const again = await askMany(1);
    expect(again[0]).toMatchObject({ fault: 'request-timeout' });
    expect(again[0]!.ms).toBeLessThan(50);
  });

  it('in the middle of an answer is as silent as one that never began', async () => {
    await connect();
    cluster.topics = [topic('a', [1])];
    cluster.onRequest = () => 'stall';
    const [outcome] = await askMany(1);
    expect(outcome).toMatchObject({ fault: 'request-timeout' });
    expect(outcome!.ms).toBeLessThan(LIMIT_MS + 150);
  });

  it('but lets a byte drop now and then has four times as long for an answer', async () => {
    const [outcome] = await connectAndAsk(1, () => 'trickle');
    expect(outcome).toMatchObject({ fault: 'request-timeout' });
    expect(outcome!.ms).toBeGreaterThanOrEqual(4 * LIMIT_MS - 2);
    expect(outcome!.ms).toBeLessThan(4 * LIMIT_MS + 300);
  });

  it('to what it was asked is not saved by answers that nobody asked for', async () => {
    const unasked = Buffer.from('0000000400abcdef', 'hex');
    const chatter = (): void => {
      for (const socket of cluster.openSockets) socket.write(unasked);
      setTimeout(chatter, LIMIT_MS / 4);
    };
    const [outcome] = await connectAndAsk(1, () => {
      setTimeout(chatter, LIMIT_MS / 4);
      return 'silent';
    });
    expect(outcome).toMatchObject({ fault: 'request-timeout' });
    expect(outcome!.ms).toBeLessThan(4 * LIMIT_MS + 300);
  });
});

describe('a broker that is slow for a reason is waited for', () => {
  it('when it answers one request after the other', async () => {
    let asked = 0;
    const outcomes = await connectAndAsk(9, () => ({ delayMs: ++asked * 120 }));
    expect(outcomes.map(({ fault }) => fault)).toEqual(Array(9).fill(null));
    expect(outcomes.at(-1)!.ms).toBeGreaterThan(5 * LIMIT_MS);
  });

  it('when it has asked for silence: it leaves unread meanwhile also what it was already sent', async () => {
    let asked = 0;
    const outcomes = await connectAndAsk(3, () =>
      asked++ === 0 ? { throttleMs: 2 * LIMIT_MS } : { delayMs: 2 * LIMIT_MS + 100 },
    );
    expect(outcomes.map(({ fault }) => fault)).toEqual([null, null, null]);
  });

  it('when it was this process that was busy', async () => {
    await connect();
    cluster.onRequest = () => ({ delayMs: 0.75 * LIMIT_MS });
    const answered = askMany(1);
    setTimeout(() => {
      const untilMs = Date.now() + 2 * LIMIT_MS;
      while (Date.now() < untilMs);
    }, LIMIT_MS / 2);
    expect((await answered)[0]).toMatchObject({ fault: null });
  });
});
