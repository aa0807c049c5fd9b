import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { collectKafka, type KafkaAuth, type KafkaDeps } from '../../../lib/collect/kafka/collect-kafka.ts';
import { inFastTime } from '../fast-time.ts';
import { metadataAnswer } from './answer-writers.ts';
import { CORE, collectFrom, partial } from './collect-from.ts';
import { type FakeCluster, type Misdeed, MODERN, startFakeCluster, topic } from './fake-cluster.ts';
import { authenticated, handshake } from './sasl-answers.ts';
import { selfSigned } from './self-signed.ts';

const { cert, key } = selfSigned();
const PASSWORD = 'p4ssw0rd-never-shown';
const scram: KafkaAuth = { kind: 'scram', username: 'reader', password: PASSWORD, tls: false };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

/** A server that answers whatever comes with these bytes, and perhaps hangs up. */
function saying(bytes: string | Buffer, hangsUp = false): Promise<string> {
  return listen(
    net.createServer((socket) => {
      socket.once('data', () => (hangsUp ? socket.end(bytes) : socket.write(bytes)));
    }),
  );
}

async function faultOf(
  brokers: string[],
  auth: KafkaAuth = { kind: 'none' },
  deadlineInMs = 15_000,
  deps: Partial<KafkaDeps> = {},
) {
  const sections = await collectKafka(
    { brokers, auth, plan: CORE, deadlineMs: Date.now() + deadlineInMs },
    { now: Date.now, sleep: async () => {}, ...deps },
  );
  const all = Object.values(sections);
  const first = all[0]!;
  if (first.ok) throw new Error('the cluster was read');
  expect(all.every((section) => !section.ok && section.detail === first.detail)).toBe(true);
  expect(first.detail).not.toMatch(/\n/);
  expect(JSON.stringify(sections)).not.toContain(PASSWORD);
  return first;
}

describe('a way to the brokers that is blocked', () => {
  it('is told as refused', async () => {
    const fault = await faultOf(['127.0.0.1:1']);
    expect(fault).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringMatching(/^127\.0\.0\.1:1: connection refused/),
    });
    expect(fault.fix).toContain('9098');
  });

  it('is told as an unknown host', async () => {
    expect(await faultOf(['no-such-host.invalid:9092'])).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('the host name does not resolve'),
      fix: expect.stringContaining('DNS'),
    });
  });

  it('says most by the broker that answered', async () => {
    const fault = await faultOf(['127.0.0.1:1', await saying(Buffer.from('15030300020228', 'hex'), true)]);
    expect(fault.detail).toContain('expects TLS');
  });

  it('is told as a time-out when nothing is answered', async () => {
    const silent = await listen(net.createServer(() => {}));
    const { value: fault } = await inFastTime(() => faultOf([silent], { kind: 'none' }, 900));
    expect(fault).toMatchObject({ reason: 'timed-out' });
  });

  it('is told as a time-out when a TLS greeting is not answered', async () => {
    const silent = await listen(net.createServer(() => {}));
    const { value: fault } = await inFastTime(() => faultOf([silent], { kind: 'tls' }, 900));
    expect(fault.detail).toMatch(/time/);
  });
});

it('is told without what a broker calls its own host, where that is none', async () => {
  const cluster = await startFakeCluster(1);
  closers.push(() => void cluster.stop());
  cluster.topics = [topic('a', [1, 2])];
  const host = `x<script>\u001b[31m PASSWORD=${PASSWORD} ${'y'.repeat(5_000)}`;
  const [own = '', port] = cluster.brokers[0]!.split(':');
  const brokers = [
    { id: 1, host: own, port: Number(port), rack: null },
    { id: 2, host, port: 9092, rack: null },
  ];
  const { topics } = cluster;
  const answer = { brokers, clusterId: 'c', controllerId: 1, topics, mayDescribeCluster: true };
  cluster.onRequest = (key, _id, _body, version) => (key === 3 ? metadataAnswer(version, answer) : null);
  const { kafkaOffsets } = await collectFrom(cluster);
  const told = /broker 2 \((\S*): /.exec(partial(kafkaOffsets))![1]!;
  expect(told).toMatch(/^x\?script\?[\w.:[\]?-]+$/);
  expect(told).toHaveLength(255);
});

describe('a port that speaks something else', () => {
  it.each([
    ['TLS, to plaintext', Buffer.from('15030300020228', 'hex'), true, /expects TLS/],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', false, /does not speak Kafka/],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', false, /does not speak Kafka/],
    ['a negative size', Buffer.from('fffffff0aaaaaaaa', 'hex'), false, /does not speak Kafka/],
    ['a size of zero', Buffer.from('00000000', 'hex'), false, /does not speak Kafka/],
  ])('is named: %s', async (_name, bytes, hangsUp, detail) => {
    expect((await faultOf([await saying(bytes, hangsUp)])).detail).toMatch(detail);
  });

  it('is named: plaintext, to TLS', async () => {
    const ending = await listen(net.createServer((socket) => socket.end()));
    expect((await faultOf([ending], { kind: 'tls' })).detail).toMatch(/does not speak TLS|closed the connection/);
    const closing = await listen(net.createServer((socket) => socket.once('data', () => socket.destroy())));
    expect((await faultOf([closing], { kind: 'tls' })).detail).toContain('does not speak TLS');
    expect((await faultOf([await saying('HTTP/1.1 400 Bad Request\r\n\r\n', true)], { kind: 'tls' })).detail).toContain(
      'does not speak TLS',
    );
  });
});

describe('TLS', () => {
  it('tells a certificate that is not trusted', async () => {
    const server = await listen(tls.createServer({ cert, key }).on('tlsClientError', () => {}));
    expect(await faultOf([server], { kind: 'tls' })).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('certificate is not trusted'),
      fix: expect.stringContaining('MSK_CHECKUP_KAFKA_CA_FILE'),
    });
  });

  const login = { username: 'reader', password: PASSWORD, tls: true };
  const credentials = async () => ({ accessKeyId: 'id', secretAccessKey: PASSWORD });
  it.each<[string, KafkaAuth]>([
    ['TLS alone', { kind: 'tls', ca: cert }],
    ['mutual TLS', { kind: 'mtls', cert, key, ca: cert }],
    ['SCRAM', { kind: 'scram', ...login, ca: cert }],
    ['PLAIN', { kind: 'plain', ...login, ca: cert }],
    ['IAM', { kind: 'iam', region: 'eu-west-1', credentials, ca: cert }],
  ])('trusts an authority of the user’s own, with %s', async (_name, auth) => {
    const talkative = tls.createServer({ cert, key }, (socket) => {
      socket.on('error', () => {}).once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    expect((await faultOf([await listen(talkative)], auth)).detail).toContain('does not speak Kafka');
  });

  it('tells a client certificate that the broker refuses', async () => {
    const strict = { cert, key, requestCert: true, rejectUnauthorized: true, ca: [] as string[] };
    const server = await listen(tls.createServer(strict).on('tlsClientError', () => {}));
    const fault = await faultOf([server], { kind: 'mtls', cert, key, ca: cert });
    expect(fault.detail).toMatch(/refused our client certificate|closed the connection/);
  });

  it('tells PEM text that cannot be used, without quoting it', async () => {
    const fault = await faultOf(['127.0.0.1:1'], { kind: 'mtls', cert: PASSWORD, key: PASSWORD });
    expect(fault).toMatchObject({ reason: 'not-permitted', detail: expect.stringContaining('cannot be used') });
  });
});

describe('authentication', () => {
  let cluster: FakeCluster;
  afterEach(() => cluster.stop());

  async function answering(answers: Record<number, Misdeed>, brokers = 1, secure = false): Promise<string[]> {
    cluster = await startFakeCluster(brokers, MODERN, secure ? { cert, key } : null);
    cluster.onRequest = (asked) => answers[asked] ?? null;
    return cluster.brokers;
  }

  it('is told as wanted when a listener hangs up on the first question', async () => {
    const fault = await faultOf(await answering({ 3: 'hang up' }));
    expect(fault).toMatchObject({ reason: 'not-permitted', detail: expect.stringContaining('wants authentication') });
  });

  it('is told as not wanted', async () => {
    expect((await faultOf(await answering({ 17: handshake(34, []) }), scram)).detail).toContain(
      'takes no SASL authentication',
    );
  });

  it('names the mechanism a listener does not offer', async () => {
    const brokers = await answering({ 17: handshake(33, ['PLAIN']) });
    expect((await faultOf(brokers, scram)).detail).toContain('does not offer SCRAM-SHA-512');
  });

  it('that is rejected is told once, without what the broker said', async () => {
    const refusal = { 17: handshake(0, ['SCRAM-SHA-512']), 36: authenticated(58, `bad ${PASSWORD}`) };
    const fault = await faultOf(await answering(refusal, 3), scram);
    expect(fault).toMatchObject({
      reason: 'not-permitted',
      detail: expect.stringContaining('SCRAM-SHA-512 was rejected'),
    });
    expect(cluster.requests.filter((request) => request.startsWith('36/'))).toHaveLength(1);
  });

  it('is not taken for accepted where kafkajs would not know what it was told', async () => {
    const lessThanNone = Buffer.from('0000fffffff0', 'hex');
    expect((await faultOf(await answering({ 17: lessThanNone }), scram)).detail).toContain(
      'does not follow the Kafka protocol',
    );
  });

  describe('by an IAM token', () => {
    const credentials = async () => ({ accessKeyId: 'id', secretAccessKey: PASSWORD });
    const iam: KafkaAuth = { kind: 'iam', region: 'eu-west-1', credentials, ca: cert };
    const bearer = handshake(0, ['OAUTHBEARER']);
    const challenge = authenticated(0, null, '{"status":"invalid_token"}');

    // A broker answers a bad token with a challenge, or takes it and refuses what follows: kafkajs calls both connected.
    it.each<[string, Record<number, Misdeed>, RegExp]>([
      ['answered with a challenge', { 17: bearer, 36: challenge }, /authentication by IAM was rejected/],
      ['taken, and hung up on at the first question', { 17: bearer, 36: authenticated(0), 3: 'hang up' }, /closed/],
      ['taken, and not answered', { 17: bearer, 36: authenticated(0), 3: 'silent' }, /time/],
      ['hung up on', { 17: bearer, 36: 'hang up' }, /closed/],
    ])('that is %s, is never called connected, and nothing counts as read', async (_name, answers, detail) => {
      const told: string[] = [];
      const brokers = await answering(answers, 1, true);
      const progress = (_section: string, state: string): void => void told.push(state);
      const { value: fault } = await inFastTime(() => faultOf(brokers, iam, 1_200, { progress }));
      expect(fault.detail).toMatch(detail);
      expect(fault.detail).not.toMatch(/\bconnected\b/);
      expect(new Set(told)).toEqual(new Set(['reading', 'missing']));
      const asked = new Set(cluster.requests.map((request) => Number(request.split('/')[0])));
      expect([...asked].every((key) => [18, 17, 36, 3].includes(key))).toBe(true);
    });

    it('that is accepted counts from the first answer on', async () => {
      const brokers = await answering({ 17: bearer, 36: authenticated(0) }, 2, true);
      const sections = await collectFrom(cluster, { brokers, auth: iam });
      expect(sections.kafkaBrokers.ok).toBe(true);
      expect(cluster.requests.filter((request) => request.startsWith('36/'))).toEqual(['36/1', '36/2']);
    });
  });
});
