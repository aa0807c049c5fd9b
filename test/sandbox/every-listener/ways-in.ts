import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readOnlyAcls, setAcls } from '../../../sandbox/kafka/acls.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { createTestCa } from '../../../sandbox/kafka/test-ca.ts';
import { runKafkaTool } from '../../../sandbox/kafka/tools.ts';
import { topicsSeen, trusting, withCertificate } from './topics-seen.ts';

const plain = (password: string) => ({ mechanism: 'plain', username: 'reader', password }) as const;
const scram = (password: string) => ({ mechanism: 'scram-sha-512', username: 'reader', password }) as const;

export function proveWaysIn(theCluster: () => KafkaCluster): void {
  describe('ways in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-ways-in-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('a password opens the SASL listener, with PLAIN and with SCRAM, and a wrong one does not', async () => {
      const cluster = theCluster();
      await setAcls(cluster, 'User:reader', readOnlyAcls);
      for (const mechanism of [plain, scram]) {
        expect(await topicsSeen(cluster, 'sasl', { sasl: mechanism('reader-secret') })).toEqual(['orders']);
        await expect(topicsSeen(cluster, 'sasl', { sasl: mechanism('wrong') })).rejects.toThrow(/[Aa]uthentication/);
      }
    });

    test('over TLS SCRAM is the only mechanism, and the password still counts', async () => {
      const cluster = theCluster();
      const ssl = trusting(cluster);
      expect(await topicsSeen(cluster, 'scram', { ssl, sasl: scram('reader-secret') })).toEqual(['orders']);
      await expect(topicsSeen(cluster, 'scram', { ssl, sasl: scram('wrong') })).rejects.toThrow(/[Aa]uthentication/);
      await expect(topicsSeen(cluster, 'scram', { ssl, sasl: plain('reader-secret') })).rejects.toThrow(
        /does not support the requested SASL mechanism/,
      );
    });

    test('TLS is for who trusts the authority of this run, and speaks TLS', async () => {
      const cluster = theCluster();
      expect(await topicsSeen(cluster, 'tls', { ssl: trusting(cluster) })).toEqual(['orders']);
      await expect(topicsSeen(cluster, 'tls', { ssl: true })).rejects.toThrow(/certificate/);
      await expect(topicsSeen(cluster, 'tls', {})).rejects.toThrow();
    });

    test('mutual TLS wants a certificate of that authority, whose name is the principal', async () => {
      const cluster = theCluster();
      const known = await cluster.ca!.issueClient('known');
      const unknown = await cluster.ca!.issueClient('without-permission');
      const forged = await (await createTestCa(join(folder, 'other-ca'))).issueClient('known');
      await setAcls(cluster, known.principal, readOnlyAcls);
      expect(await topicsSeen(cluster, 'mtls', { ssl: withCertificate(cluster, known) })).toEqual(['orders']);
      expect(await topicsSeen(cluster, 'mtls', { ssl: withCertificate(cluster, unknown) })).toEqual([]);
      await expect(topicsSeen(cluster, 'mtls', { ssl: trusting(cluster) })).rejects.toThrow(/certificate/);
      await expect(topicsSeen(cluster, 'mtls', { ssl: withCertificate(cluster, forged) })).rejects.toThrow();
    });

    test('Kafka’s own tools come in with the same PEM files', async () => {
      const cluster = theCluster();
      const client = await cluster.ca!.issueClient('tool');
      await setAcls(cluster, client.principal, readOnlyAcls);
      const [key, certificate] = [withCertificate(cluster, client).key, withCertificate(cluster, client).cert];
      const oneLine = (pem: string): string => pem.trim().replaceAll('\n', ' \\\n');
      const file = join(folder, 'client.properties');
      writeFileSync(
        file,
        [
          'security.protocol=SSL',
          'ssl.truststore.type=PEM',
          `ssl.truststore.location=${cluster.ca!.certificateFile}`,
          'ssl.keystore.type=PEM',
          `ssl.keystore.key=${oneLine(key)}`,
          `ssl.keystore.certificate.chain=${oneLine(certificate)}`,
          '',
        ].join('\n'),
        { mode: 0o600 },
      );
      const target = { version: cluster.version, bootstrap: cluster.bootstrapOf('mtls') };
      const listed = await runKafkaTool(target, 'kafka-topics', ['--list', '--command-config', file]);
      expect(listed.trim()).toBe('orders');
    });

    test('ACLs are exactly those that were set, on every broker at once', async () => {
      const cluster = theCluster();
      const listed = async (): Promise<string[]> => {
        const out = await runKafkaTool(cluster, 'kafka-acls', ['--list', '--principal', 'User:reader']);
        const parts = out.matchAll(/resourceType=(\w+), name=(\S+),|operation=(\w+), permissionType=ALLOW/g);
        let resource = '';
        const rows: string[] = [];
        for (const [, type, name, operation] of parts) {
          if (type !== undefined) resource = `${type} ${name}`;
          else rows.push(`${resource} ${operation}`);
        }
        return rows.sort();
      };
      const fewer = readOnlyAcls.filter(({ resource }) => resource !== 'TOPIC');
      await setAcls(cluster, 'User:reader', readOnlyAcls);
      await setAcls(cluster, 'User:reader', fewer);
      for (const bootstrap of cluster.bootstrapOf('sasl').split(',')) {
        const one = { ...cluster, bootstrapOf: () => bootstrap };
        expect(await topicsSeen(one, 'sasl', { sasl: plain('reader-secret') })).toEqual([]);
      }
      expect(await listed()).toEqual(fewer.map((acl) => `${acl.resource} ${acl.name} ${acl.operation}`).sort());
    });
  });
}
