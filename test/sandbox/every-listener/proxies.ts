import { describe, expect, test } from 'vitest';
import { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';
import { readMetadata } from '../../../sandbox/bridge/kafka/requests.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { kafkaClient } from '../../../sandbox/workload/client.ts';
import { requestCounts } from '../support/witness.ts';
import { topicsSeen } from './topics-seen.ts';

const LIST_OFFSETS = 2;
const METADATA = 3;
const SASL_AUTHENTICATE = 36;

/** The n-th broker's port on a listener. */
export function portOf(cluster: KafkaCluster, kind: 'proxied' | 'proxied-tls', index = 0): number {
  return Number(cluster.bootstrapOf(kind).split(',')[index]!.split(':')[1]);
}

export function proveProxies(theCluster: () => KafkaCluster): void {
  const requests = () => theCluster().proxies.flatMap((proxy) => proxy.requests);

  describe('the proxies', () => {
    test('keep who starts at one behind all of them, and count what the brokers themselves count', async () => {
      const cluster = theCluster();
      for (const proxy of cluster.proxies) proxy.forgetRequests();
      const before = (await requestCounts(cluster)).get('ListOffsets') ?? 0;
      const admin = kafkaClient(cluster.bootstrapOf('proxied').split(',')[0]!, 'behind').admin();
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      expect(brokers.map(({ port }) => port)).toEqual([0, 1, 2].map((index) => portOf(cluster, 'proxied', index)));
      await admin.fetchTopicOffsets('orders');
      await admin.disconnect();
      const asked = requests().filter(({ apiKey }) => apiKey === LIST_OFFSETS);
      expect(new Set(asked.map(({ brokerId }) => brokerId))).toEqual(new Set([1, 2, 3]));
      expect((await requestCounts(cluster)).get('ListOffsets')! - before).toBe(asked.length);
      expect(new Set(requests().map(({ clientId }) => clientId))).toEqual(new Set(['behind']));
    });

    test('record a request and its answer byte by byte', async () => {
      const proxy = theCluster().proxies[1]!;
      proxy.forgetRequests();
      const connection = await BrokerConnection.open(portOf(theCluster(), 'proxied', 1));
      const startedMs = Date.now();
      await readMetadata(connection);
      connection.close();
      expect(proxy.requests).toEqual([
        expect.objectContaining({ brokerId: 2, apiKey: METADATA, apiVersion: 5, correlationId: 1 }),
      ]);
      const [request] = proxy.requests;
      // length, key, version, correlation, client id; then the topics (null for all) and one flag.
      expect(request).toMatchObject({ clientId: 'msk-service', bytes: 4 + 2 + 2 + 4 + 2 + 'msk-service'.length + 5 });
      expect(proxy.answerBytes).toBe(request!.answerBytes);
      expect(request!.answerBytes).toBeGreaterThan(100);
      expect(request!.atMs).toBeGreaterThanOrEqual(startedMs - 1);
      expect(request!.answeredAtMs).toBeGreaterThanOrEqual(request!.atMs);
    });

    test('also record what comes with a password, and never the password', async () => {
      for (const proxy of theCluster().proxies) proxy.forgetRequests();
      const sasl = { mechanism: 'plain', username: 'reader', password: 'reader-secret' } as const;
      await topicsSeen(theCluster(), 'proxied-sasl', { sasl });
      expect(requests().map(({ apiKey }) => apiKey)).toContain(SASL_AUTHENTICATE);
      expect(JSON.stringify(requests())).not.toContain('reader-secret');
    });

    test('know how many connections are open', async () => {
      const proxy = theCluster().proxies[0]!;
      await expect.poll(() => proxy.openConnections).toBe(0);
      const taken = proxy.connections;
      const opened = await Promise.all([1, 2, 3].map(() => BrokerConnection.open(portOf(theCluster(), 'proxied'))));
      await expect.poll(() => proxy.openConnections).toBe(3);
      expect(proxy.connections).toBe(taken + 3);
      for (const connection of opened) connection.close();
      await expect.poll(() => proxy.openConnections).toBe(0);
    });
  });
}
