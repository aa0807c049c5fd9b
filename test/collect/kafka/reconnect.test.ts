import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KafkaAuth } from '../../../lib/collect/kafka/collect-kafka.ts';
import { inFastTime } from '../fast-time.ts';
import { apiVersionsAnswer } from './answer-writers.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, KAFKA_2_4, type Misdeed, MODERN, startFakeCluster, topic } from './fake-cluster.ts';
import { authenticated, handshake } from './sasl-answers.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

/** Three brokers that lead and coordinate one of each. */
async function startThree(): Promise<void> {
  cluster = await startFakeCluster(3);
  cluster.topics = [topic('a', [1, 2, 3])];
  cluster.groups = [1, 2, 3].map((coordinator) => ({
    groupId: `g${coordinator}`,
    type: 'classic',
    coordinator,
    committed: [{ topic: 'a', partition: 0, offset: '7' }],
  }));
}

/** The misdeed for the first `times` requests that fit. */
function misdeed(deed: Misdeed, times: number, fits: (key: number, id: number) => boolean): void {
  let left = times;
  cluster.onRequest = (key, id) => (fits(key, id) && left-- > 0 ? deed : null);
}

/** What the sections say is missing. */
async function gaps(): Promise<string[]> {
  const sections = await collectFrom(cluster);
  return Object.values(sections).flatMap((section) => (section.ok ? (section.partial ?? []) : section.detail));
}

describe('a connection that breaks once costs nothing', () => {
  const DEEDS = ['hang up', 'reset', 'cut short'] as const;
  const KEYS = [18, 3, 16, 2, 32, 9, 15];
  it.each(DEEDS.flatMap((deed) => KEYS.map((key) => [deed, key] as const)))(
    'by %s at API key %i',
    async (deed, key) => {
      await startThree();
      misdeed(deed, 1, (asked) => asked === key);
      expect(await gaps()).toEqual([]);
      expect(cluster.connections).toBe(4);
      await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
    },
  );

  it.each([
    ['the listener’s greeting', 17, 2],
    ['the authentication', 36, 2],
    ['the first question of all', 3, 1],
  ])('not even twice, at %s', async (_name, key, id) => {
    await startThree();
    let left = 2;
    cluster.onRequest = (asked, of) => {
      if (asked === key && of === id && left-- > 0) return 'reset';
      if (asked === 17) return handshake(0, ['PLAIN']);
      return asked === 36 ? authenticated(0) : null;
    };
    const auth: KafkaAuth = { kind: 'plain', username: 'u', password: 'p', tls: false };
    const sections = await collectFrom(cluster, { auth, brokers: cluster.brokers.slice(0, 1) });
    expect(Object.values(sections).filter((section) => !section.ok || section.partial !== undefined)).toEqual([]);
  });

  it('while nothing is asked, between two samples', async () => {
    await startThree();
    const breakAll = async (): Promise<void> => {
      for (const socket of cluster.openSockets) socket.resetAndDestroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const sections = await collectFrom(
      cluster,
      { plan: { samples: 2, intervalSec: 60 }, deadlineMs: Date.now() + 200_000 },
      { sleep: breakAll },
    );
    expect(partial(sections.kafkaSamples)).toBe('');
    expect(cluster.connections).toBe(6);
  });

  it('with many requests on their way: they share one new connection', async () => {
    cluster = await startFakeCluster(1, KAFKA_2_4);
    cluster.topics = [topic('a', [1])];
    const offsets = Array.from({ length: 150 }, (_, i) => String(i));
    cluster.groups = offsets.map((offset, i) => ({
      groupId: `g${String(i).padStart(3, '0')}`,
      type: 'classic',
      coordinator: 1,
      committed: [{ topic: 'a', partition: 0, offset }],
    }));
    let fetched = 0;
    cluster.onRequest = (key) => (key === 9 && ++fetched === 70 ? 'reset' : null);
    const sections = await collectFrom(cluster);
    expect(value(sections.kafkaOffsets).committed.map(({ offset }) => offset)).toEqual(offsets);
    expect(cluster.connections).toBe(2);
  });
});

it('one request in a hundred that fails leaves hardly a gap in a hundred collections', async () => {
  await startThree();
  let state = 7;
  let failures = 0;
  cluster.onRequest = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const isBad = (state >> 8) % 100 === 0;
    if (isBad) failures++;
    return isBad ? 'cut short' : null;
  };
  let complete = 0;
  for (let run = 0; run < 100; run++) if ((await gaps()).length === 0) complete++;
  expect(failures).toBeGreaterThan(10);
  expect(complete).toBeGreaterThanOrEqual(97);
});

describe('a request on which a broker always hangs up', () => {
  it('is given up after the second time; those behind it are answered', async () => {
    await startThree();
    misdeed('hang up', Number.POSITIVE_INFINITY, (key, id) => key === 16 && id === 2);
    const sections = await collectFrom(cluster);
    expect(cluster.requests.filter((request) => request === '16/2')).toHaveLength(2);
    expect(partial(sections.kafkaGroups)).toMatch(/^groups coordinated by broker 2 .*closed the connection/);
    expect(partial(sections.kafkaTopicConfigs)).toBe('');
    const rows = value(sections.kafkaOffsets).topics.a?.map(({ start, end }) => `${start}-${end}`);
    expect(rows).toEqual(['10-1000', '10-1001', '10-1002']);
  });

  it('is named, and nobody is sent to look for other authentication', async () => {
    await startThree();
    misdeed('hang up', Number.POSITIVE_INFINITY, (key) => key === 32);
    const { kafkaTopicConfigs } = await collectFrom(cluster);
    expect(kafkaTopicConfigs).toMatchObject({
      detail: expect.stringContaining('without an answer (DescribeConfigs v'),
    });
    expect(kafkaTopicConfigs).toMatchObject({ fix: expect.stringMatching(/shutting down, or of another version/) });
    expect(kafkaTopicConfigs).toMatchObject({ fix: expect.not.stringContaining('authentication') });
  });

  it('of any kind ends the asking: a broker gets four new connections in a run', async () => {
    await startThree();
    misdeed('hang up', Number.POSITIVE_INFINITY, (key, id) => id === 2 && key !== 18);
    const sections = await collectFrom(cluster, { plan: { samples: 3, intervalSec: 1 } });
    expect(cluster.connections).toBe(2 + 1 + 4);
    expect(partial(sections.kafkaOffsets)).toMatch(/no answer from broker 2 .*closed the connection/);
    expect(value(sections.kafkaSamples)).toHaveLength(3);
  });
});

describe('in the middle of an upgrade', () => {
  const KAFKA_2_6 = new Map([...MODERN, [9, { min: 0, max: 7 }], [16, { min: 0, max: 4 }], [15, { min: 0, max: 5 }]]);
  KAFKA_2_6.delete(69);

  /** These brokers are older than the first: they say so when they are asked, and hang up on what they do not know. */
  function makeOlder(ids: readonly number[]): void {
    cluster.onRequest = (key, id, _body, version) => {
      if (!ids.includes(id)) return null;
      if (key === 18) return apiVersionsAnswer(0, KAFKA_2_6);
      return version > (KAFKA_2_6.get(key)?.max ?? -1) ? 'hang up' : null;
    };
  }

  it('the older brokers say what they speak when they have hung up once, and everything is read', async () => {
    await startThree();
    makeOlder([2, 3]);
    const sections = await collectFrom(cluster, { plan: { samples: 3 } });
    expect(Object.values(sections).filter((section) => !section.ok || partial(section) !== '')).toEqual([]);
    expect(value(sections.kafkaOffsets).committed).toHaveLength(3);
    expect(cluster.requests.filter((request) => request.startsWith('18/'))).toEqual(['18/1', '18/2', '18/3']);
    expect(cluster.connections).toBe(3 + 2);
  });

  it('nobody else is asked for versions', async () => {
    await startThree();
    expect(await gaps()).toEqual([]);
    expect(cluster.requests.filter((request) => request.startsWith('18/'))).toEqual(['18/1']);
  });
});

describe('a fault that another connection cannot mend', () => {
  it('is not followed by one: silence', async () => {
    await startThree();
    misdeed('silent', Number.POSITIVE_INFINITY, (key, id) => key === 2 && id === 2);
    await inFastTime(() => collectFrom(cluster, { deadlineMs: Date.now() + 800 }));
    expect(cluster.connections).toBe(3);
  });

  it('is told where it shows on the new one: credentials that are refused meanwhile, asked for once', async () => {
    await startThree();
    let isBroken = false;
    cluster.onRequest = (key, id) => {
      if (key === 17) return handshake(0, ['PLAIN']);
      if (key === 36) return authenticated(isBroken && id === 2 ? 58 : 0);
      if (key !== 2 || id !== 2) return null;
      isBroken = true;
      return 'reset';
    };
    const auth: KafkaAuth = { kind: 'plain', username: 'u', password: 'p', tls: false };
    const sections = await collectFrom(cluster, { auth });
    expect(partial(sections.kafkaOffsets)).toContain('authentication by PLAIN was rejected');
    expect(cluster.requests.filter((request) => request === '36/2')).toHaveLength(2);
  });
});
