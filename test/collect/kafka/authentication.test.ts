// What an authentication may not do to a run: outlast it, burn its CPU, end it with an exception, or pass for a wrong password.
import { afterEach, describe, expect, it } from 'vitest';
import type { KafkaAuth } from '../../../lib/collect/kafka/collect-kafka.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, sleep, value } from './collect-from.ts';
import { type FakeCluster, MODERN, startFakeCluster, topic } from './fake-cluster.ts';
import { authenticated, handshake } from './sasl-answers.ts';
import { selfSigned } from './self-signed.ts';

const { cert, key } = selfSigned();
const plain: KafkaAuth = { kind: 'plain', username: 'u', password: 'p', tls: false };
const scram: KafkaAuth = { ...plain, kind: 'scram' };

let cluster: FakeCluster;
afterEach(() => cluster.stop());

function asked(key: number): number {
  return cluster.requests.filter((request) => request.startsWith(`${key}/`)).length;
}

describe('AWS credentials that never come', () => {
  const never: KafkaAuth = { kind: 'iam', region: 'eu-west-1', ca: cert, credentials: () => new Promise(() => {}) };

  it.each([
    ['at the deadline', { deadlineInMs: 800, abortInMs: 60_000 }, 'the time for this collection ran out'],
    ['when the run is interrupted', { deadlineInMs: 60_000, abortInMs: 300 }, 'the collection was interrupted'],
  ])('are given up %s', async (_name, { deadlineInMs, abortInMs }, detail) => {
    cluster = await startFakeCluster(1, MODERN, { cert, key });
    cluster.onRequest = (key) => (key === 17 ? handshake(0, ['OAUTHBEARER']) : null);
    const abort = new AbortController();
    const { value: sections, tookMs } = await inFastTime(() => {
      setTimeout(() => abort.abort(), abortInMs);
      const deadlineMs = Date.now() + deadlineInMs;
      return collectFrom(cluster, { auth: never, deadlineMs }, { signal: abort.signal });
    });
    expect(tookMs).toBeLessThan(800);
    expect(sections.kafkaBrokers).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });

  it('for a session that is renewed end with the run, and what was read before stays', async () => {
    cluster = await startFakeCluster(1, MODERN, { cert, key });
    cluster.topics = [topic('a', [1])];
    cluster.onRequest = (key) => {
      if (key === 17) return handshake(0, ['OAUTHBEARER']);
      return key === 36 ? authenticated(0, null, '', 900) : null;
    };
    let calls = 0;
    const credentials = () =>
      calls++ === 0 ? Promise.resolve({ accessKeyId: 'a', secretAccessKey: 'b' }) : new Promise<never>(() => {});
    const plan = { samples: 2, intervalSec: 1 };
    const { value: sections } = await inFastTime(() => {
      const deadlineMs = Date.now() + 3_800;
      return collectFrom(cluster, { auth: { ...never, credentials }, deadlineMs, plan }, { sleep });
    });
    expect(calls).toBe(2);
    expect(value(sections.kafkaOffsets).topics.a?.[0]?.end).toBe('1000');
    expect(partial(sections.kafkaSamples)).toContain('the time for this collection ran out');
  });
});

describe('SCRAM', () => {
  async function detailFor(serverSays: (nonce: string) => string): Promise<string> {
    cluster = await startFakeCluster(1);
    cluster.onRequest = (key, _id, body) => {
      if (key === 17) return handshake(0, ['SCRAM-SHA-512']);
      return key === 36 ? authenticated(0, null, serverSays(/r=([^,]+)/.exec(body.toString('latin1'))![1]!)) : null;
    };
    const { kafkaBrokers } = await collectFrom(cluster, { auth: scram });
    return kafkaBrokers.ok ? '' : `${kafkaBrokers.reason} ${kafkaBrokers.detail}`;
  }

  it.each([100_001, 2_147_483_647, 9_999_999_999])(
    'with %i iterations is refused before they are computed',
    async (iterations) => {
      const before = process.cpuUsage();
      expect(await detailFor((nonce) => `r=${nonce}x,s=c2FsdA==,i=4096,i=${iterations}`)).toMatch(
        new RegExp(`^failed .*more SCRAM iterations than are computed here \\(${iterations}\\)$`),
      );
      expect(asked(36)).toBe(1);
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    },
  );

  it.each([
    ['no number', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=4096<script>`, /Kafka protocol \(SCRAM: iterations\)$/],
    ['too few', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=1`, /^failed .*could not be completed$/],
    ['another’s nonce', () => 'r=x,s=c2FsdA==,i=4096', /^failed .*could not be completed$/],
    ['a refusal', () => 'e=invalid-proof', /^not-permitted .*SCRAM-SHA-512 was rejected$/],
  ])('with %s is told as what it is', async (_name, serverSays, detail) => {
    expect(await detailFor(serverSays)).toMatch(detail);
  });

  it('with Kafka’s own iterations goes on', async () => {
    await detailFor((nonce) => `r=${nonce}x,s=c2FsdA==,i=16384`);
    expect(asked(36)).toBe(2);
  });
});

describe('a broker that cannot authenticate anybody', () => {
  it.each([
    ['UNKNOWN_SERVER_ERROR', -1],
    ['UNSUPPORTED_VERSION', 35],
    ['REQUEST_TIMED_OUT', 7],
  ])('with %s is not taken for one that refuses the password: the next one is asked', async (name, code) => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    cluster.onRequest = (key, id) => {
      if (key === 17) return handshake(0, ['PLAIN']);
      return key === 36 ? authenticated(id === 1 ? code : 0) : null;
    };
    const sections = await collectFrom(cluster, { auth: plain });
    expect(value(sections.kafkaOffsets).topics.a?.[1]?.end).toBe('1001');
    expect(partial(sections.kafkaOffsets)).toContain(`authentication by PLAIN could not be completed (${name})`);
    expect(asked(36)).toBe(2);
  });

  it('because it speaks no SASL request is a fault like others', async () => {
    cluster = await startFakeCluster(1, new Map([...MODERN].filter(([key]) => key !== 17)));
    const { kafkaBrokers } = await collectFrom(cluster, { auth: plain });
    expect(kafkaBrokers).toMatchObject({ reason: 'failed', detail: expect.stringContaining('could not be completed') });
  });

  it('because there are too many connections is told as that', async () => {
    cluster = await startFakeCluster(1);
    cluster.onRequest = (key) => {
      if (key === 17) return handshake(0, ['PLAIN']);
      return key === 36 ? authenticated(58, '[1234]: Too many connects') : null;
    };
    expect((await collectFrom(cluster, { auth: plain })).kafkaBrokers).toMatchObject({ reason: 'throttled' });
  });
});

describe('a session with an end', () => {
  /** Two looks, half a second apart, in sessions of so many milliseconds. */
  async function collectIn(sessionMs: number, second: (key: number) => Buffer | null = () => null) {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    const seen = new Map<string, number>();
    cluster.onRequest = (key, id) => {
      if (key !== 17 && key !== 36) return null;
      const times = (seen.get(`${key}/${id}`) ?? 0) + 1;
      seen.set(`${key}/${id}`, times);
      const usual = key === 17 ? handshake(0, ['PLAIN']) : authenticated(0, null, '', sessionMs);
      return (times > 1 ? second(key) : null) ?? usual;
    };
    const plan = { samples: 2, intervalSec: 0.5 };
    const { value: sections } = await inFastTime(() => collectFrom(cluster, { auth: plain, plan }, { sleep }));
    return sections;
  }

  it('of a few seconds is not renewed with every request', async () => {
    const sections = await collectIn(5_000);
    expect(partial(sections.kafkaSamples)).toBe('');
    expect([asked(17), asked(36)]).toEqual([2, 2]);
  });

  it('is renewed when it ends within the run', async () => {
    const sections = await collectIn(600);
    expect(partial(sections.kafkaSamples)).toBe('');
    expect([asked(17), asked(36)]).toEqual([4, 4]);
  });

  const ODD: [number, string][] = [
    [-1, 'could not be completed (UNKNOWN_SERVER_ERROR)'],
    [35, 'could not be completed (UNSUPPORTED_VERSION)'],
    [42, 'could not be completed (INVALID_REQUEST)'],
    [58, 'was rejected'],
  ];
  it.each(ODD.flatMap(([code, told]) => [17, 36].map((key) => [code, key, told] as const)))(
    'that cannot be renewed (%i to API key %i) costs what was still to come, and nothing that was read',
    async (code, key, told) => {
      const odd = (of: number): Buffer => (of === 17 ? handshake(code, ['PLAIN']) : authenticated(code));
      const sections = await collectIn(600, (of) => (of === key ? odd(of) : null));
      expect(partial(sections.kafkaOffsets)).toBe('');
      expect(value(sections.kafkaSamples)).toHaveLength(2);
      expect(partial(sections.kafkaSamples)).toContain(`authentication by PLAIN ${told}`);
    },
  );
});
