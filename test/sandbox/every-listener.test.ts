// One cluster a version with every listener and a proxy before each broker: everything that needs it is proven on it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { kafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { type KafkaCluster, startKafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { missingPrerequisites } from '../../sandbox/prerequisites.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';
import { proveIamTokens } from './every-listener/iam-tokens.ts';
import { proveNewGroups } from './every-listener/new-groups.ts';
import { proveProxies } from './every-listener/proxies.ts';
import { proveProxyFaults } from './every-listener/proxy-faults.ts';
import { proveWaysIn } from './every-listener/ways-in.ts';

const isFull = process.env.MSK_CHECKUP_TEST_FULL === '1';
if (!isFull) console.warn('the listeners one by one are left out: `npm run test:full` runs them');
const missing = missingPrerequisites('every listener');
for (const line of missing) console.warn(`listener tests are SKIPPED: ${line}`);
if (missing.length > 0 && process.env.CI === 'true') throw new Error(missing.join('; '));

describe.skipIf(missing.length > 0 || !isFull).each(kafkaVersions)(
  'Kafka %s with every listener, behind proxies',
  (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-listeners-'));
    let cluster: KafkaCluster;

    beforeAll(async () => {
      const shape = { brokers: 3, users: { reader: 'reader-secret' }, everyListener: true, proxied: true };
      cluster = await startKafkaCluster({ version, folder: join(folder, 'kafka'), log: () => {}, shape });
      const admin = kafkaClient(cluster.bootstrap, 'test').admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 6 }], waitForLeaders: true });
      await admin.disconnect();
    });
    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    proveWaysIn(() => cluster);
    proveIamTokens(() => cluster);
    proveProxies(() => cluster);
    proveProxyFaults(() => cluster);
    if (!version.startsWith('3.')) proveNewGroups(() => cluster, folder);
  },
);
