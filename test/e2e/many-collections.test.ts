// A day of collections, compressed: one process makes them in a row, keeps no memory, and leaves no connection.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { cannotRun, isFull, NEWEST_KAFKA } from './live.ts';
import type { ManyCollections } from './many-collections.ts';

/** A thousand by hand: MSK_CHECKUP_COLLECTIONS=1000 npm exec -- vitest run --project live test/e2e/many-collections.test.ts */
const COUNT = Number(process.env.MSK_CHECKUP_COLLECTIONS ?? 200);
const MIB = 1024 * 1024;
const script = join(import.meta.dirname, 'many-collections.ts');

const isLeftOut = !isFull && process.env.MSK_CHECKUP_COLLECTIONS === undefined;
if (isLeftOut && !cannotRun) console.warn('collections in a row are left out: only `npm run test:full` has the minute');

describe.skipIf(cannotRun || isLeftOut).each(NEWEST_KAFKA.map((version) => ({ version })))(
  'Kafka $version',
  ({ version }) => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      const shape = { brokers: 3, users: null, proxied: true };
      sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {}, shape });
    });
    afterAll(async () => await sandbox?.stop());

    test(`${COUNT} collections in a row keep no memory and leave no connection`, async () => {
      const before = await brokersConnections(sandbox);
      const args = ['--expose-gc', script, sandbox.cluster.bootstrap, String(COUNT)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { heap, sockets, unread } = JSON.parse(stdout) as ManyCollections;
      expect([sockets, unread]).toEqual([0, []]);

      const quarter = Math.floor(heap.length / 4);
      const second = mean(heap.slice(quarter, 2 * quarter));
      const last = mean(heap.slice(3 * quarter));
      console.log(
        `heap after ${COUNT} collections: ${(last / MIB).toFixed(2)} MiB, second quarter ${(second / MIB).toFixed(2)} MiB`,
      );
      expect(last - second).toBeLessThan(Math.max(2 * MIB, 0.03 * second));

      // The brokers' own count follows within a moment.
      await sleep(2_000);
      expect(await brokersConnections(sandbox)).toEqual(before);
    }, 600_000);
  },
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of each broker, as its own metrics have them: over all listeners and network threads. */
async function brokersConnections({ cluster }: Sandbox): Promise<number[]> {
  return Promise.all(
    cluster.brokers.map(async ({ jmxPort }) => {
      const text = await (await fetch(`http://127.0.0.1:${jmxPort}/metrics`)).text();
      const counts = [...text.matchAll(/^kafka_server_socket_server_metrics_connection_count\{.*\} (\S+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    }),
  );
}
