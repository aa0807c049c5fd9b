import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';
import { readMetadata } from '../../../sandbox/bridge/kafka/requests.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { kafkaClient } from '../../../sandbox/workload/client.ts';
import { portOf } from './proxies.ts';
import { trusting } from './topics-seen.ts';

const METADATA = 3;
const API_VERSIONS = 18;
const VICTIM = 3;

/** ApiVersions v0, correlation id 7, no client id. */
const API_VERSIONS_FRAME = Buffer.from('0000000a0012000000000007ffff', 'hex');

interface Received {
  bytes: Buffer;
  error: string | null;
}

/** Everything that comes back over a socket until it is whole, ends, breaks or falls silent. */
async function receive(socket: Socket, isWhole: (bytes: Buffer) => boolean, silenceMs = 5_000): Promise<Received> {
  let bytes = Buffer.alloc(0);
  let error: string | null = null;
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (isWhole(bytes)) resolve();
    });
    socket.on('error', (thrown: NodeJS.ErrnoException) => {
      error = thrown.code ?? thrown.message;
    });
    socket.on('close', resolve);
    socket.setTimeout(silenceMs, () => resolve());
  });
  socket.destroy();
  return { bytes, error };
}

const isFrame = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.length === 4 + bytes.readUInt32BE(0);
const isTwoFrames = (bytes: Buffer): boolean => bytes.length > 4 && isFrame(bytes.subarray(4 + bytes.readUInt32BE(0)));

export function proveProxyFaults(theCluster: () => KafkaCluster): void {
  const proxyOf = (index: number) => theCluster().proxies[index]!;
  const open = (index = 0): Promise<BrokerConnection> => BrokerConnection.open(portOf(theCluster(), 'proxied', index));
  const askApiVersions = (port = portOf(theCluster(), 'proxied')): Socket => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.write(API_VERSIONS_FRAME);
    return socket;
  };

  describe('faults of a proxy', () => {
    afterEach(async () => {
      await Promise.all(theCluster().proxies.map((proxy) => proxy.heal()));
    });

    test('a delay is paid once in each direction, whatever is in flight, and order is kept', async () => {
      const connection = await open();
      await proxyOf(0).set({ delayMs: 40 });
      const startedMs = performance.now();
      const order: number[] = [];
      const asked = Array.from({ length: 20 }, (_, index) => readMetadata(connection).then(() => order.push(index)));
      await Promise.all(asked);
      const tookMs = performance.now() - startedMs;
      connection.close();
      expect(tookMs).toBeGreaterThanOrEqual(80);
      expect(tookMs).toBeLessThan(20 * 80);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    });

    test('a stalled broker takes everything and says nothing, until it is healed', async () => {
      const connection = await open();
      proxyOf(0).forgetRequests();
      await proxyOf(0).set({ stall: true });
      const answer = readMetadata(connection);
      expect(await Promise.race([answer, sleep(300, 'nothing')])).toBe('nothing');
      expect(proxyOf(0).requests.map(({ apiKey }) => apiKey)).toEqual([METADATA]);
      const other = await open(1);
      expect((await readMetadata(other)).brokerIds).toEqual([1, 2, 3]);
      await proxyOf(0).heal();
      expect((await answer).brokerIds).toEqual([1, 2, 3]);
      for (const one of [connection, other]) one.close();
    });

    test('a refusing broker takes no new connection and keeps the open ones', async () => {
      const connection = await open();
      await proxyOf(0).set({ refuse: true });
      await expect(open()).rejects.toThrow(/ECONNREFUSED/);
      expect((await readMetadata(connection)).brokerIds).toEqual([1, 2, 3]);
      connection.close();
      await proxyOf(0).heal();
      (await open()).close();
    });

    test('the second answer of an API ends half way in a reset', async () => {
      const whole = (await receive(askApiVersions(), isFrame)).bytes;
      await proxyOf(0).set({ resetMidAnswer: { apiKey: API_VERSIONS, nth: 2 } });
      expect(await receive(askApiVersions(), isFrame)).toEqual({ bytes: whole, error: null });
      const half = await receive(askApiVersions(), isFrame);
      expect(half).toEqual({ bytes: whole.subarray(0, Math.floor(whole.length / 2)), error: 'ECONNRESET' });
      expect(await receive(askApiVersions(), isFrame)).toEqual({ bytes: whole, error: null });
    });

    test('a truncated answer is a whole frame with half a body, and the next one is whole', async () => {
      await proxyOf(0).set({ truncate: { apiKey: API_VERSIONS } });
      const socket = askApiVersions();
      socket.write(API_VERSIONS_FRAME);
      const { bytes, error } = await receive(socket, isTwoFrames);
      expect(error).toBeNull();
      const firstLength = 4 + bytes.readUInt32BE(0);
      const second = bytes.subarray(firstLength);
      expect(second.length).toBe(4 + second.readUInt32BE(0));
      expect(firstLength).toBe(4 + Math.floor((second.length - 4) / 2));
      expect(bytes.subarray(4, firstLength)).toEqual(second.subarray(4, firstLength));
    });

    test('a share of requests is struck by chance, and the seed decides which', async () => {
      const struck = async (seed: number): Promise<boolean[]> => {
        await proxyOf(0).set({ dropRandomly: { share: 0.3, seed } });
        const outcomes: boolean[] = [];
        for (let i = 0; i < 30; i += 1) outcomes.push((await receive(askApiVersions(), isFrame)).error !== null);
        return outcomes;
      };
      const drops = proxyOf(0).drops;
      const first = await struck(7);
      const hits = first.filter((wasStruck) => wasStruck).length;
      expect(hits).toBeGreaterThan(2);
      expect(hits).toBeLessThan(20);
      expect(proxyOf(0).drops - drops).toBe(hits);
      expect(await struck(7)).toEqual(first);
      expect(await struck(8)).not.toEqual(first);
    });

    test('a hook does its work exactly before a request, or before its answer', async () => {
      const topics = async (connection: BrokerConnection): Promise<string[]> =>
        (await readMetadata(connection)).topics.map(({ name }) => name);
      const admin = kafkaClient(theCluster().bootstrap, 'test').admin();
      await admin.connect();
      const create = (topic: string) => admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
      const connection = await open();

      await proxyOf(0).set({ beforeAnswer: ({ apiKey }) => apiKey === METADATA && create('made-after') });
      expect(await topics(connection)).not.toContain('made-after');
      await proxyOf(0).set({ onRequest: ({ apiKey }) => apiKey === METADATA && create('made-before') });
      expect(await topics(connection)).toEqual(expect.arrayContaining(['made-after', 'made-before']));

      connection.close();
      await proxyOf(0).heal();
      await admin.deleteTopics({ topics: ['made-after', 'made-before'] });
      await admin.disconnect();
    });

    test('under TLS all passes as it comes, can be held back and cut, and is not recorded', async () => {
      proxyOf(0).forgetRequests();
      const ask = (): Socket => {
        const socket = connectTls({
          host: '127.0.0.1',
          port: portOf(theCluster(), 'proxied-tls'),
          ...trusting(theCluster()),
        });
        socket.write(API_VERSIONS_FRAME);
        return socket;
      };
      const { bytes } = await receive(ask(), isFrame);
      expect(bytes.readInt32BE(4)).toBe(7);
      await proxyOf(0).set({ stall: true });
      expect(await receive(ask(), isFrame, 300)).toEqual({ bytes: Buffer.alloc(0), error: null });
      await proxyOf(0).set({ resetAfterBytes: 100 });
      expect((await receive(ask(), isFrame)).error).toBe('ECONNRESET');
      expect(proxyOf(0).requests).toEqual([]);
    });

    test('a dead broker’s proxy refuses, and lets in again when it is back', async () => {
      const cluster = theCluster();
      const connection = await open(VICTIM - 1);
      await cluster.killBroker(VICTIM);
      await expect(readMetadata(connection)).rejects.toThrow();
      await expect(open(VICTIM - 1)).rejects.toThrow(/ECONNREFUSED/);
      await cluster.startBroker(VICTIM);
      const again = await open(VICTIM - 1);
      expect((await readMetadata(again)).topics.map(({ name }) => name)).toContain('orders');
      again.close();
    });
  });
}
