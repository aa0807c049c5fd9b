import { afterEach, describe, expect, it } from 'vitest';
import { BrokerPatience } from '../../../lib/collect/kafka/broker-patience.ts';
import { RunClock } from '../../../lib/collect/kafka/run-clock.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, sleep, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

describe('the time a run waits for one broker', () => {
  let nowMs = 0;
  const clocks: RunClock[] = [];
  afterEach(() => {
    for (const clock of clocks.splice(0)) clock.release();
  });

  /** Patience of a run of 30 s, and so of 10 s with each broker. */
  function patienceAmong(living: number): BrokerPatience<string> {
    nowMs = 1_000_000;
    const clock = new RunClock(nowMs + 30_250, { now: () => nowMs, sleep: async () => {} });
    clocks.push(clock);
    return new BrokerPatience(clock, () => living);
  }

  /** Waits for these brokers, and gives what each has been waited for too long when it is asked again. */
  function wait(patience: BrokerPatience<string>, brokers: string[], ms: number): (number | null)[] {
    for (const broker of brokers) patience.asks(broker);
    nowMs += ms;
    for (const broker of brokers) patience.hears(broker);
    expect(brokers.map((broker) => patience.overspentMs(broker))).toEqual(brokers.map(() => null));
    return brokers.map((broker) => {
      patience.asks(broker);
      const overspentMs = patience.overspentMs(broker);
      patience.hears(broker);
      return overspentMs;
    });
  }

  it('is a third of the run, over all its answers', () => {
    const patience = patienceAmong(3);
    expect(wait(patience, ['slow'], 6_000)).toEqual([null]);
    nowMs += 5_000; // nobody is waited for
    expect(wait(patience, ['slow'], 4_000)).toEqual([null]);
    expect(wait(patience, ['slow'], 1)).toEqual([10_001]);
  });

  it('counts once, however many of its answers are awaited', () => {
    expect(wait(patienceAmong(3), ['slow', 'slow', 'slow'], 9_000)).toEqual([null, null, null]);
  });

  it('ends also what it still owes', () => {
    const patience = patienceAmong(3);
    patience.asks('slow');
    patience.asks('slow');
    nowMs += 11_000;
    patience.hears('slow');
    expect(patience.overspentMs('slow')).toBe(11_000);
  });

  it('does not count while most brokers are waited for: then the cluster is slow', () => {
    expect(wait(patienceAmong(3), ['one', 'two'], 20_000)).toEqual([null, null]);
    expect(wait(patienceAmong(4), ['one', 'two'], 20_000)).toEqual([20_000, 20_000]);
  });

  it('has no end where there is nobody else', () => {
    expect(wait(patienceAmong(1), ['only'], 29_000)).toEqual([null]);
  });
});

describe('a broker whose answers are each in time', () => {
  let cluster: FakeCluster;
  afterEach(() => cluster.stop());

  /** Thirty looks within a minute; these brokers take a second for each answer. */
  async function collectWithSlow(ids: readonly number[]) {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1, 2, 3])];
    cluster.onRequest = (_key, id) => (ids.includes(id) ? { delayMs: 1_000 } : null);
    const plan = { samples: 30, intervalSec: 0 };
    const { value: sections } = await inFastTime(() =>
      collectFrom(cluster, { deadlineMs: Date.now() + 60_000, plan }, { sleep }),
    );
    return sections;
  }

  it('is not asked any more when they have taken a third of the run together, and the others are', async () => {
    const sections = await collectWithSlow([2]);
    expect(partial(sections.kafkaSamples)).toMatch(/answers too slowly: .*\(waited 20 s\)/);
    const samples = value(sections.kafkaSamples);
    expect(samples).toHaveLength(30);
    expect(samples[0]!.end.a).toEqual(['1000', '1001', '1002']);
    expect(samples.at(-1)!.end.a).toEqual(['1000', null, '1002']);
  });

  it('is asked to the end where most others are no faster', async () => {
    const sections = await collectWithSlow([2, 3]);
    expect(partial(sections.kafkaSamples)).toBe('');
    expect(value(sections.kafkaSamples).at(-1)!.end.a).toEqual(['1000', '1001', '1002']);
  });
});
