// Brokers in this process that count requests and misbehave on command. What a real cluster proves is proven on a real
// cluster; this one is for counts, for faults no broker can be asked to show, and for speed.
import net from 'node:net';
import tls from 'node:tls';
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

/**
 * What becomes of a request. Bytes: they are its answer. Silence, from the beginning or after half of the answer; an orderly or a rude
 * end of the connection, the rude one also after half of the answer; an answer that trickles, a byte every 20 ms; the usual answer,
 * later or with a wish for silence, or bytes later. Null: the usual answer at once.
 */
export type Misdeed =
  | Buffer
  | 'silent'
  | 'stall'
  | 'hang up'
  | 'reset'
  | 'cut short'
  | 'trickle'
  | { delayMs?: number; throttleMs?: number }
  | { delayMs: number; answer: Buffer }
  | null;

export interface FakeCluster {
  brokers: string[];
  /** Every request of every broker in the order of arrival, as `api key/broker id`. */
  requests: string[];
  connections: number;
  /** The most requests that were unanswered at one time, over all brokers. */
  mostUnanswered: number;
  openSockets: Set<net.Socket>;
  topics: MetadataTopic[];
  /** Brokers that the metadata leaves out. */
  unnamed: number[];
  /** What a broker answers for a partition that it does not lead. */
  notLedError: number;
  mayDescribeCluster: boolean | null;
  groups: FakeGroup[];
  onRequest: (key: number, brokerId: number, body: Buffer, version: number) => Misdeed;
  stopBroker(id: number): Promise<void>;
  stop(): Promise<void>;
}

/** As Kafka 4.3.1 answers, where the product has a choice. */
export const MODERN = new Map([
  [2, { min: 1, max: 11 }],
  [3, { min: 0, max: 13 }],
  [9, { min: 1, max: 10 }],
  [15, { min: 0, max: 6 }],
  [16, { min: 0, max: 5 }],
  [17, { min: 0, max: 1 }],
  [18, { min: 0, max: 4 }],
  [32, { min: 1, max: 4 }],
  [35, { min: 1, max: 5 }],
  [36, { min: 0, max: 2 }],
  [46, { min: 0, max: 1 }],
  [48, { min: 0, max: 1 }],
  [55, { min: 0, max: 2 }],
  [69, { min: 0, max: 1 }],
  [77, { min: 1, max: 1 }],
  [89, { min: 0, max: 0 }],
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
  [35, { min: 0, max: 1 }],
  [46, { min: 0, max: 0 }],
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
export async function startFakeCluster(
  brokerCount: number,
  versions: BrokerVersions = MODERN,
  secure: { cert: string; key: string } | null = null,
): Promise<FakeCluster> {
  const servers: net.Server[] = [];
  const cluster: FakeCluster = {
    brokers: [],
    requests: [],
    connections: 0,
    mostUnanswered: 0,
    openSockets: new Set(),
    topics: [],
    unnamed: [],
    notLedError: 6,
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
    const take = (socket: net.Socket): void => serve(cluster, id, socket, versions);
    const server =
      secure === null
        ? net.createServer({ noDelay: true }, take)
        : tls.createServer({ noDelay: true, ...secure }, take).on('tlsClientError', () => {});
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
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0) && !halfSaid.has(socket)) {
      const size = buffered.readInt32BE(0);
      handle(cluster, id, socket, buffered.subarray(4, 4 + size), versions);
      buffered = buffered.subarray(4 + size);
    }
  });
}

/** Nothing may follow half an answer. */
const halfSaid = new WeakSet<net.Socket>();

/** Requests that were received and not answered, of each cluster. */
const unanswered = new WeakMap<FakeCluster, number>();

function handle(cluster: FakeCluster, id: number, socket: net.Socket, frame: Buffer, versions: BrokerVersions): void {
  const header = new Reader(frame);
  const key = header.int16();
  const version = header.int16();
  const correlationId = header.int32();
  header.string();
  const body = frame.subarray(frame.length - header.remaining);
  cluster.requests.push(`${key}/${id}`);
  count(cluster, 1);
  const misdeed = cluster.onRequest(key, id, body, version);
  if (misdeed === 'reset') reset(socket);
  if (misdeed === 'hang up') socket.destroy();
  if (misdeed === 'silent' || misdeed === 'reset' || misdeed === 'hang up') return;
  const { delayMs = 0, throttleMs = 0, answer: given } = isPlain(misdeed) ? misdeed : { answer: bytesOf(misdeed) };
  const answer = given ?? answerTo(cluster, id, key, version, body, versions);
  // ApiVersions 0 and DescribeQuorum have no such field; a flexible answer begins with its tags.
  if (given === undefined && key !== 18 && key !== 55) {
    answer.writeInt32BE(throttleMs, isFlexible(key, version) ? 1 : 0);
  }
  const out = Buffer.alloc(8);
  out.writeInt32BE(answer.length + 4);
  out.writeInt32BE(correlationId, 4);
  const bytes = Buffer.concat([out, answer]);
  const half = bytes.subarray(0, bytes.length / 2);
  if (misdeed === 'stall' || misdeed === 'cut short' || misdeed === 'trickle') halfSaid.add(socket);
  if (misdeed === 'stall') socket.write(half);
  if (misdeed === 'cut short') socket.write(half, () => reset(socket));
  if (misdeed === 'trickle') trickle(socket, bytes);
  if (halfSaid.has(socket)) return;
  const send = (): void => {
    count(cluster, -1);
    socket.write(bytes);
  };
  if (delayMs > 0) setTimeout(send, delayMs);
  else send();
}

/** Under TLS Node can only close. */
function reset(socket: net.Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function bytesOf(misdeed: Misdeed): Buffer | undefined {
  return Buffer.isBuffer(misdeed) ? misdeed : undefined;
}

function isPlain(misdeed: Misdeed): misdeed is { delayMs?: number; throttleMs?: number; answer?: Buffer } {
  return typeof misdeed === 'object' && misdeed !== null && !Buffer.isBuffer(misdeed);
}

function trickle(socket: net.Socket, bytes: Buffer, next = 0): void {
  if (next === bytes.length) return;
  const timer = setTimeout(() => {
    socket.off('close', stop);
    socket.write(bytes.subarray(next, next + 1));
    trickle(socket, bytes, next + 1);
  }, 20);
  const stop = (): void => clearTimeout(timer);
  socket.on('close', stop);
}

function count(cluster: FakeCluster, change: number): void {
  const now = (unanswered.get(cluster) ?? 0) + change;
  unanswered.set(cluster, now);
  cluster.mostUnanswered = Math.max(cluster.mostUnanswered, now);
}

/** From KIP-482 on, of the requests the product sends. */
function isFlexible(key: number, version: number): boolean {
  const from: Record<number, number> = {
    2: 6,
    3: 9,
    9: 6,
    15: 5,
    16: 3,
    32: 4,
    35: 2,
    46: 0,
    48: 1,
    69: 0,
    77: 0,
    89: 0,
  };
  return version >= (from[key] ?? Number.POSITIVE_INFINITY);
}
