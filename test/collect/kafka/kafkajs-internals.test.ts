import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import Connection from 'kafkajs/src/network/connection.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALLOWED_API_KEYS, isAllowedApiKey } from '../../../lib/collect/kafka/api-keys.ts';
import { BrokerConnection } from '../../../lib/collect/kafka/broker-connection.ts';
import type { Api } from '../../../lib/collect/kafka/protocol/api.ts';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await cluster?.stop();
  cluster = undefined;
});

function target(address: string) {
  const [host = '', port] = address.split(':');
  return {
    host,
    port: Number(port),
    auth: { kind: 'none' as const },
    connectTimeoutMs: 1000,
    requestTimeoutMs: 1000,
    readData: false,
    now: Date.now,
  };
}

describe('kafkajs', () => {
  it('is the version whose insides were read', () => {
    const file = createRequire(import.meta.url).resolve('kafkajs/package.json');
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe('2.2.4');
  });

  it.each([
    'connect',
    'disconnect',
    'authenticate',
    'setVersions',
    'setSupportAuthenticationProtocol',
    'send',
    'processData',
    'rejectRequests',
  ])('has Connection.%s', (method) => {
    expect(Connection.prototype[method as 'send']).toBeTypeOf('function');
  });

  it('has the fields of a connection and of its queue that are touched', () => {
    const silent = { namespace: () => silent, info() {}, error() {}, warn() {}, debug() {} };
    const options = {
      host: 'h',
      port: 1,
      clientId: 'c',
      logger: silent,
      ssl: null,
      sasl: null,
      connectionTimeout: 1,
      requestTimeout: 1,
      enforceRequestTimeout: false,
      reauthenticationThreshold: 7,
    };
    const connection = new Connection({
      ...options,
      socketFactory: () => {
        throw new Error('not opened');
      },
    });
    expect(connection.bytesNeeded).toBe(4);
    expect(connection).toMatchObject({ reauthenticationThreshold: 7 });
    expect(connection.requestQueue.pending).toEqual([]);
    expect(connection.requestQueue.throttledUntil).toBe(-1);
    expect(connection.requestQueue.inflight.size).toBe(0);
    expect(connection.requestQueue.maxInFlightRequests).toBeNull();
    expect(connection.requestQueue).toMatchObject({ enforceRequestTimeout: false });
    const methods = [
      'canSendSocketRequestImmediately',
      'sendSocketRequest',
      'fulfillRequest',
      'maybeThrottle',
      'checkPendingRequests',
      'scheduleCheckPendingRequests',
    ] as const;
    for (const method of methods) expect(connection.requestQueue[method], method).toBeTypeOf('function');
  });

  it('warns of no negative timer', async () => {
    cluster = await startFakeCluster(1);
    const warned = vi.spyOn(process, 'emitWarning');
    const connection = new BrokerConnection(target(cluster.brokers[0]!));
    await connection.open();
    await connection.ask(apiVersions, null);
    connection.close();
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

it('is closed with its socket at once, whether or not the peer agrees', async () => {
  cluster = await startFakeCluster(1);
  const connection = new BrokerConnection(target(cluster.brokers[0]!));
  await connection.open();
  const { transport } = connection as unknown as { transport: Connection };
  connection.close();
  expect(transport.socket?.destroyed).toBe(true);
});

it('leaves no timer when it is closed while it is being opened', async () => {
  const mute = net.createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  const { port } = mute.address() as net.AddressInfo;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connection = new BrokerConnection({
    ...target(`127.0.0.1:${port}`),
    auth: { kind: 'tls' },
    connectTimeoutMs: 60_000,
  });
  const opening = connection.open();
  await new Promise((resolve) => mute.once('connection', resolve));
  expect(vi.getTimerCount()).toBe(1);
  connection.close();
  await expect(opening).rejects.toMatchObject({ kind: 'interrupted' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(vi.getTimerCount()).toBe(0);
  mute.close();
});

describe('the send door', () => {
  it('lets out the keys of this list only', () => {
    const keys = Object.keys(ALLOWED_API_KEYS).map(Number);
    expect(keys).toEqual([2, 3, 9, 15, 16, 17, 18, 32, 35, 36, 46, 48, 55, 69, 77, 89]);
    const refused = [0, 1, 8, 10, 11, 19, 20, 21, 33, 42, 44, 61, 'toString' as never];
    expect(refused.filter((key) => isAllowedApiKey(key))).toEqual([]);
  });

  it('lets out what needs READ on a topic only where that was asked for', () => {
    const withReadData = Array.from({ length: 100 }, (_, key) => key).filter((key) =>
      isAllowedApiKey(key, { readData: true }),
    );
    const without = withReadData.filter((key) => isAllowedApiKey(key, { readData: false }));
    expect(withReadData.filter((key) => !without.includes(key))).toEqual([1, 61]);
  });

  it.each([
    ['OffsetCommit', 8],
    ['Fetch, where data may not be read', 1],
  ])('refuses a request that is not on it before a byte is written: %s', async (_name, apiKey) => {
    cluster = await startFakeCluster(1);
    const connection = new BrokerConnection(target(cluster.brokers[0]!));
    await connection.open();
    const refused: Api<null, null> = { ...apiVersions, key: apiKey as never, read: () => null, write: () => {} };
    // The door itself, without the name look-up in front of it.
    const { transport } = connection as unknown as { transport: Connection };
    expect(() =>
      transport.send({
        request: {
          apiKey,
          apiVersion: 0,
          apiName: '',
          encode: async () => ({ buf: Buffer.alloc(0), buffer: Buffer.alloc(0) }),
        },
        response: { decode: async () => null, parse: async () => null },
      }),
    ).toThrow('not on the allow-list');
    await expect(connection.ask(refused, null)).rejects.toThrow();
    connection.close();
    expect(cluster.requests).toEqual([]);
  });
});
