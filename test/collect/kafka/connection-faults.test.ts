import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { collectKafka, type KafkaAuth } from '../../../lib/collect/kafka/collect-kafka.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const { cert, key } = selfSigned();
const PASSWORD = 'p4ssw0rd-never-shown';
const scram: KafkaAuth = { kind: 'scram', username: 'reader', password: PASSWORD, tls: false };

/** Made for this run: a private key, even a worthless one, does not belong into a repository. */
function selfSigned(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync(
    'openssl',
    [
      ...request,
      '-subj',
      '/CN=msk-checkup-test',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ],
    {
      stdio: 'pipe',
    },
  );
  const made = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

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

async function faultOf(brokers: string[], auth: KafkaAuth = { kind: 'none' }, deadlineInMs = 15_000) {
  const sections = await collectKafka(
    { brokers, auth, plan: { samples: 1, intervalSec: 1 }, deadlineMs: Date.now() + deadlineInMs },
    { now: Date.now, sleep: async () => {} },
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
    const fault = await faultOf([silent], { kind: 'none' }, 900);
    expect(fault).toMatchObject({ reason: 'timed-out' });
  });

  it('is told as a time-out when a TLS greeting is not answered', async () => {
    const silent = await listen(net.createServer(() => {}));
    expect((await faultOf([silent], { kind: 'tls' }, 900)).detail).toMatch(/time/);
  });
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
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
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

  const handshake = (errorCode: number, mechanisms: string[]): Buffer => {
    const parts = mechanisms.map((name) => Buffer.concat([Buffer.of(0, name.length), Buffer.from(name)]));
    const head = Buffer.alloc(6);
    head.writeInt16BE(errorCode);
    head.writeInt32BE(mechanisms.length, 2);
    return Buffer.concat([head, ...parts]);
  };
  const authenticated = (errorCode: number, message: string | null, bytes: string): Buffer => {
    const said =
      message === null ? Buffer.of(0xff, 0xff) : Buffer.concat([Buffer.of(0, message.length), Buffer.from(message)]);
    const head = Buffer.alloc(2);
    head.writeInt16BE(errorCode);
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes.length);
    return Buffer.concat([head, said, length, Buffer.from(bytes), Buffer.alloc(8)]);
  };

  async function answering(answers: Record<number, Buffer | 'hang up'>): Promise<string[]> {
    cluster = await startFakeCluster(1);
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
    const brokers = await answering({
      17: handshake(0, ['SCRAM-SHA-512']),
      36: authenticated(58, `bad ${PASSWORD}`, ''),
    });
    const fault = await faultOf([...brokers, ...brokers], scram);
    expect(fault).toMatchObject({
      reason: 'not-permitted',
      detail: expect.stringContaining('SCRAM-SHA-512 was rejected'),
    });
    expect(cluster.requests.filter((request) => request.startsWith('36/'))).toHaveLength(1);
  });
});
