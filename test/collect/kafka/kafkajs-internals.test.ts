import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Connection from 'kafkajs/src/network/connection.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALLOWED_API_KEYS, isAllowedApiKey } from '../../../lib/collect/kafka/api-keys.ts';
import { BrokerConnection } from '../../../lib/collect/kafka/broker-connection.ts';
import type { Api } from '../../../lib/collect/kafka/protocol/api.ts';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster | undefined;
afterEach(async () => {
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
    };
    const connection = new Connection({
      ...options,
      socketFactory: () => {
        throw new Error('not opened');
      },
    });
    expect(connection.bytesNeeded).toBe(4);
    expect(connection.requestQueue.pending).toEqual([]);
    expect(connection.requestQueue.throttledUntil).toBe(-1);
    expect(connection.requestQueue).toHaveProperty('scheduleCheckPendingRequests');
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

describe('the send door', () => {
  it('lets out the keys of this list only', () => {
    expect(Object.keys(ALLOWED_API_KEYS).map(Number)).toEqual([2, 3, 9, 15, 16, 17, 18, 32, 36, 69]);
    expect([0, 1, 8, 10, 11, 19, 20, 21, 33, 42, 44, 'toString' as never].filter(isAllowedApiKey)).toEqual([]);
  });

  it('refuses a request that is not on it before a byte is written', async () => {
    cluster = await startFakeCluster(1);
    const connection = new BrokerConnection(target(cluster.brokers[0]!));
    await connection.open();
    const offsetCommit: Api<null, null> = { ...apiVersions, key: 8 as never, read: () => null, write: () => {} };
    // The door itself, without the name look-up in front of it.
    const { transport } = connection as unknown as { transport: Connection };
    expect(() =>
      transport.send({
        request: {
          apiKey: 8,
          apiVersion: 0,
          apiName: '',
          encode: async () => ({ buf: Buffer.alloc(0), buffer: Buffer.alloc(0) }),
        },
        response: { decode: async () => null, parse: async () => null },
      }),
    ).toThrow('not on the allow-list');
    await expect(connection.ask(offsetCommit, null)).rejects.toThrow();
    connection.close();
    expect(cluster.requests).toEqual([]);
  });
});
