// Brokers in this process that count requests and misbehave on command. What a real cluster proves is proven on a real
// cluster; this one is for counts, for faults no broker can be asked to show, and for speed.
import net from 'node:net';
import type { BrokerVersions } from '../../../lib/collect/kafka/protocol/api.ts';
import type { MetadataTopic } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import { answerTo } from './fake-answers.ts';

export interface FakeGroup {
  groupId: string;
  type: 'classic' | 'consumer' | 'share' | 'streams';
  coordinator: number;
  state?: string;
  /** Bytes of the only member's assignment; no member without. */
  assignment?: Buffer;
  committed?: { topic: string; partition: number; offset: string; errorCode?: number }[];
  errorCode?: number;
}

export interface FakeCluster {
  brokers: string[];
  /** Every request of every broker in the order of arrival, as `api key/broker id`. */
  requests: string[];
  connections: number;
  openSockets: Set<net.Socket>;
  topics: MetadataTopic[];
  mayDescribeCluster: boolean | null;
  groups: FakeGroup[];
  /** Overrides an answer: bytes, silence, or a hang-up. */
  onRequest: (key: number, brokerId: number) => Buffer | 'silent' | 'hang up' | null;
  stopBroker(id: number): Promise<void>;
  stop(): Promise<void>;
}

/** As Kafka 4.3.1 answers, where the product has a choice. */
const MODERN = new Map([
  [2, { min: 1, max: 11 }],
  [3, { min: 0, max: 13 }],
  [9, { min: 1, max: 10 }],
  [15, { min: 0, max: 6 }],
  [16, { min: 0, max: 5 }],
  [17, { min: 0, max: 1 }],
  [18, { min: 0, max: 4 }],
  [32, { min: 1, max: 4 }],
  [36, { min: 0, max: 2 }],
  [69, { min: 0, max: 1 }],
]);

/** As Kafka 3.7: groups have states but no named types, although KIP-848 groups can exist. */
export const KAFKA_3_7: BrokerVersions = new Map([...MODERN, [15, { min: 0, max: 5 }], [16, { min: 0, max: 4 }]]);

/** As Kafka 2.4: no states, no types, one group an OffsetFetch. */
export const KAFKA_2_4 = new Map([
  [2, { min: 0, max: 5 }],
  [3, { min: 0, max: 9 }],
  [9, { min: 0, max: 6 }],
  [15, { min: 0, max: 5 }],
  [16, { min: 0, max: 3 }],
  [18, { min: 0, max: 3 }],
  [32, { min: 0, max: 2 }],
]);

export function topic(name: string, leaders: number[], errorCode = 0): MetadataTopic {
  const partitions = leaders.map((leader, partition) => ({
    errorCode: leader < 0 ? 5 : 0,
    partition,
    leader,
    replicas: [Math.abs(leader)],
    isr: [Math.abs(leader)],
    offlineReplicas: leader < 0 ? [Math.abs(leader)] : [],
  }));
  return { errorCode, name, internal: name.startsWith('__'), partitions };
}

/** `end` of partition p of any topic is 1000 + p, its start 10. */
export async function startFakeCluster(brokerCount: number, versions: BrokerVersions = MODERN): Promise<FakeCluster> {
  const servers: net.Server[] = [];
  const cluster: FakeCluster = {
    brokers: [],
    requests: [],
    connections: 0,
    openSockets: new Set(),
    topics: [],
    mayDescribeCluster: true,
    groups: [],
    onRequest: () => null,
    stopBroker: async (id) => {
      for (const socket of cluster.openSockets) if (socket.localPort === portOf(id)) socket.destroy();
      await new Promise((done) => servers[id - 1]!.close(done));
    },
    stop: async () => {
      for (const socket of cluster.openSockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
  const portOf = (id: number): number => Number(cluster.brokers[id - 1]!.split(':')[1]);
  for (let id = 1; id <= brokerCount; id++) {
    const server = net.createServer({ noDelay: true }, (socket) => serve(cluster, id, socket, versions));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    servers.push(server);
    cluster.brokers.push(`127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  }
  return cluster;
}

function serve(cluster: FakeCluster, id: number, socket: net.Socket, versions: BrokerVersions): void {
  cluster.connections++;
  cluster.openSockets.add(socket);
  socket.on('close', () => cluster.openSockets.delete(socket));
  socket.on('error', () => {});
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
      const size = buffered.readInt32BE(0);
      handle(cluster, id, socket, buffered.subarray(4, 4 + size), versions);
      buffered = buffered.subarray(4 + size);
    }
  });
}

function handle(cluster: FakeCluster, id: number, socket: net.Socket, frame: Buffer, versions: BrokerVersions): void {
  const header = new Reader(frame);
  const key = header.int16();
  const version = header.int16();
  const correlationId = header.int32();
  header.string();
  const body = frame.subarray(frame.length - header.remaining);
  cluster.requests.push(`${key}/${id}`);
  const overridden = cluster.onRequest(key, id);
  if (overridden === 'silent') return;
  if (overridden === 'hang up') return void socket.destroy();
  const answer = overridden ?? answerTo(cluster, id, key, version, body, versions);
  const out = Buffer.alloc(8);
  out.writeInt32BE(answer.length + 4);
  out.writeInt32BE(correlationId, 4);
  socket.write(Buffer.concat([out, answer]));
}
