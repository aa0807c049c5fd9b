// Broker settings that cannot be changed while a broker runs: their properties are edited, and all brokers start again.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Admin, ConfigResourceTypes } from 'kafkajs';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Plain Node does not find the enumeration among the exports of kafkajs. */
const BROKER: ConfigResourceTypes.BROKER = 4;

/** Given to all brokers. */
const CARELESS: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'true',
  'auto.leader.rebalance.enable': 'false',
  'default.replication.factor': '1',
  'socket.send.buffer.bytes': '8388608',
  // Instead of half a minute.
  'log.initial.task.delay.ms': '2000',
};
const RIGHT: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'false',
  'auto.leader.rebalance.enable': 'true',
  'default.replication.factor': '3',
  'socket.send.buffer.bytes': '102400',
  'num.io.threads': '4',
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
};

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
/** Two brokers in one zone. */
const CROWDED_ZONES = ['use1-az1', 'use1-az1', 'use1-az3'];

export async function makeCareless(sandbox: Sandbox): Promise<void> {
  await restart(sandbox, CARELESS, CROWDED_ZONES);
}

export async function makeCareful(sandbox: Sandbox): Promise<void> {
  await restart(sandbox, RIGHT, ZONES);
}

async function restart(
  { cluster, folder }: Sandbox,
  settings: Readonly<Record<string, string>>,
  zones: readonly string[],
): Promise<void> {
  await Promise.all(cluster.brokers.map(({ id }) => cluster.killBroker(id)));
  for (const [index, broker] of cluster.brokers.entries()) {
    const file = join(folder, 'kafka', `broker-${broker.id}.properties`);
    const changed: Record<string, string> = { ...settings, 'broker.rack': zones[index]! };
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !(line.slice(0, line.indexOf('=')) in changed));
    writeFileSync(
      file,
      `${[...kept, ...Object.entries(changed).map(([key, value]) => `${key}=${value}`)].join('\n')}\n`,
    );
    broker.rack = zones[index]!;
  }
  await Promise.all(cluster.brokers.map(({ id }) => cluster.startBroker(id)));
}

/** A dynamic setting of one broker, or of none any more. */
export async function setOnBroker(admin: Admin, id: number, settings: Readonly<Record<string, string>>): Promise<void> {
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: BROKER,
        name: String(id),
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    ],
  });
}
