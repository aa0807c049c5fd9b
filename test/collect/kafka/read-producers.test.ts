import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProducers } from '../../../lib/collect/kafka/collect-producers.ts';
import type { ActiveProducer, DescribedProducers } from '../../../lib/collect/kafka/protocol/describe-producers.ts';
import { DataCluster, DESCRIBE_PRODUCERS, moving } from './data-cluster.ts';
import { describeProducersAnswer } from './extra-answer-writers.ts';

const TWO = { b: { leaders: [2], partitions: [moving(9)] }, a: { leaders: [1], partitions: [moving(900)] } };

let data: DataCluster;
beforeEach(async () => {
  data = await DataCluster.start();
});
afterEach(async () => {
  await data.stop();
});

/** Each broker answers with its own rows. */
function answerProducers(byBroker: Record<number, DescribedProducers[]>): void {
  data.fake.onRequest = (key, id) => (key === DESCRIBE_PRODUCERS ? describeProducersAnswer(byBroker[id] ?? []) : null);
}

function aProducer(producerId: string, given: Partial<ActiveProducer> = {}): ActiveProducer {
  const usual = { producerEpoch: 2, lastSequence: 41, lastTimestampMs: 5, coordinatorEpoch: 6 };
  return { producerId, ...usual, openTransactionStart: null, ...given };
}

const described = (topic: string, producers: ActiveProducer[], errorCode = 0): DescribedProducers[] => [
  { topic, partition: 0, errorCode, producers },
];

describe('producers are read', () => {
  it('of every partition of clients’ topics, one request to each leader', async () => {
    const known = await data.know({ ...TWO, __transaction_state: { leaders: [1], partitions: [moving(9)] } });
    const transactional = aProducer('4000', { openTransactionStart: '77' });
    const inNanoseconds = aProducer(String(2n ** 60n), { lastTimestampMs: 2 ** 61 });
    answerProducers({ 1: described('a', [transactional]), 2: described('b', [inNanoseconds]) });
    expect(await readProducers(data.session, known)).toEqual({
      ok: true,
      asOfMs: expect.any(Number),
      value: [
        { topic: 'a', partition: 0, error: null, producers: [transactional] },
        { topic: 'b', partition: 0, error: null, producers: [{ ...inNanoseconds, lastTimestampMs: -1 }] },
      ],
    });
    expect(data.requests(DESCRIBE_PRODUCERS)).toEqual(['61/1', '61/2']);
  });

  it('of partitions that nobody writes to as well, and of empty ones: a transaction hangs there too', async () => {
    const known = await data.know({
      busy: { leaders: [1], partitions: [moving(9)] },
      idle: { leaders: [2], partitions: [moving(0)] },
      empty: { leaders: [2], partitions: [{ start: '1000' }] },
      unread: { leaders: [2], partitions: [moving(9, { start: null })] },
      leaderless: { leaders: [-1], partitions: [moving(9)] },
      __consumer_offsets: { leaders: [1], partitions: [moving(9)] },
    });
    const hanging = aProducer('4000', { openTransactionStart: '77' });
    answerProducers({
      1: described('busy', []),
      2: ['empty', 'idle', 'unread'].flatMap((name) => described(name, name === 'idle' ? [hanging] : [])),
    });
    expect(await readProducers(data.session, known)).toEqual({
      ok: true,
      asOfMs: expect.any(Number),
      value: [
        { topic: 'busy', partition: 0, error: null, producers: [] },
        { topic: 'empty', partition: 0, error: null, producers: [] },
        { topic: 'idle', partition: 0, error: null, producers: [hanging] },
        { topic: 'unread', partition: 0, error: null, producers: [] },
      ],
    });
    expect(data.requests(DESCRIBE_PRODUCERS)).toEqual(['61/1', '61/2']);
  });

  it('of at most two hundred partitions: the busiest, then those that hold records, by name', async () => {
    const of = (count: number, partition: ReturnType<typeof moving>) => ({
      leaders: Array.from({ length: count }, () => 1),
      partitions: Array.from({ length: count }, () => partition),
    });
    const known = await data.know({
      'a-empty': of(30, { start: '1000' }),
      'b-idle': of(90, moving(0)),
      'c-idle': of(90, moving(0)),
      'd-busy': of(90, moving(1)),
    });
    answerProducers({});
    const section = await readProducers(data.session, known);
    const places = section.ok ? section.value.map(({ topic, partition }) => `${topic} ${partition}`) : [];
    const count = (topic: string) => places.filter((place) => place.startsWith(topic)).length;
    expect([count('a-empty'), count('b-idle'), count('c-idle'), count('d-busy')]).toEqual([0, 90, 20, 90]);
    expect(places).toContain('c-idle 19');
    expect(data.requests(DESCRIBE_PRODUCERS)).toEqual(['61/1']);
  });

  it('of at most two hundred partitions, the busiest', async () => {
    const leaders = Array.from({ length: 150 }, () => 1);
    const known = await data.know({
      slow: { leaders, partitions: leaders.map(() => moving(1)) },
      fast: { leaders, partitions: leaders.map(() => moving(2)) },
    });
    answerProducers({});
    const section = await readProducers(data.session, known);
    const topics = section.ok ? section.value.map((row) => row.topic) : [];
    expect([topics.length, topics.filter((name) => name === 'fast').length]).toEqual([200, 150]);
  });

  it('at most fifty of a partition, and none of the open transactions is cut off for an idle one', async () => {
    const known = await data.know({ a: { leaders: [1], partitions: [moving(9)] } });
    const idle = Array.from({ length: 80 }, (_, i) => aProducer(String(i), { lastTimestampMs: 1_000 + i }));
    const open = [20, 10].map((lastTimestampMs) =>
      aProducer(`90${lastTimestampMs}`, { lastTimestampMs, openTransactionStart: '0' }),
    );
    answerProducers({ 1: described('a', [...idle, ...open]) });
    const section = await readProducers(data.session, known);
    const ids = section.ok ? section.value[0]!.producers.map(({ producerId }) => producerId) : [];
    expect([ids.length, ...ids.slice(0, 4)]).toEqual([50, '9010', '9020', '79', '78']);
    expect(section).toMatchObject({
      partial: '1 partition with more than 50 producers, of which the newest were kept',
    });
  });
});

describe('producers are refused', () => {
  it('for every partition: not permitted, with the right that is missing', async () => {
    const known = await data.know(TWO);
    answerProducers({ 1: described('a', [], 29), 2: described('b', [], 29) });
    expect(await readProducers(data.session, known)).toEqual({
      ok: false,
      reason: 'not-permitted',
      detail: 'DescribeProducers was refused for 2 partitions: TOPIC_AUTHORIZATION_FAILED',
      fix: expect.stringContaining('allow Read on the topics'),
    });
  });

  it('for some: said of them, the rest is there', async () => {
    const known = await data.know(TWO);
    answerProducers({ 1: described('a', [aProducer('1')]), 2: described('b', [], 29) });
    expect(await readProducers(data.session, known)).toMatchObject({
      ok: true,
      value: [{ producers: [{ producerId: '1' }] }, { error: 'TOPIC_AUTHORIZATION_FAILED', producers: [] }],
      partial: 'producers of 1 partition not read: TOPIC_AUTHORIZATION_FAILED 1',
    });
  });
});
