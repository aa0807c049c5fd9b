import { afterEach, describe, expect, it } from 'vitest';
import { ClusterSession } from '../../../lib/collect/kafka/cluster-session.ts';
import { ledPartitions } from '../../../lib/collect/kafka/collect-offsets.ts';
import { readTimeLags, type TimeLagCore } from '../../../lib/collect/kafka/collect-time-lag.ts';
import { Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import { RunClock } from '../../../lib/collect/kafka/run-clock.ts';
import { missing, present } from '../../../lib/snapshot/collected.ts';
import { inFastTime } from '../fast-time.ts';
import { listOffsetsAnswer } from './answer-writers.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

const NOW_MS = 1_800_000_000_000;
/** One record a minute for two days, the last one now. */
const END = 2880;

let cluster: FakeCluster;
let session: ClusterSession;
let clock: RunClock;
afterEach(async () => {
  session.close();
  clock.release();
  await cluster.stop();
});

interface Asked {
  broker: number;
  partitions: { topic: string; partition: number; timestampMs: number }[];
}
/** ListOffsets by time, in the order of arrival. */
let asked: Asked[];

interface Trouble {
  /** Kafka's error code for a partition. */
  errorOf?: (topic: string, partition: number) => number;
  /** How long a broker takes over each answer. */
  delayMs?: (broker: number) => number;
  /** Whether a broker answers its nth request. */
  answers?: (broker: number, nth: number) => boolean;
}

/** Partitions of `t` by leader; all brokers hold the same records. */
async function connect(
  leaders: number[],
  { errorOf = () => 0, answers = () => true, delayMs = () => 0 }: Trouble = {},
  deadlineMs = 20_000,
) {
  cluster = await startFakeCluster(3);
  cluster.topics = [topic('t', leaders), topic('u', [1])];
  asked = [];
  cluster.onRequest = (key, broker, body) => {
    if (key !== 2) return null;
    const questions = readQuestions(body);
    asked.push({ broker, partitions: questions });
    if (!answers(broker, asked.filter((each) => each.broker === broker).length)) return 'hang up';
    const rows = questions.map((question) => ({
      topic: question.topic,
      partitions: [answerTo(question, errorOf(question.topic, question.partition))],
    }));
    const answer = listOffsetsAnswer(7, rows);
    return delayMs(broker) > 0 ? { delayMs: delayMs(broker), answer } : answer;
  };
  clock = new RunClock(Date.now() + deadlineMs, { now: Date.now, sleep: async () => {} });
  session = new ClusterSession({ kind: 'none' }, clock);
  await session.open(cluster.brokers);
}

function readQuestions(body: Buffer): Asked['partitions'] {
  const reader = new Reader(body, true);
  reader.tags();
  reader.int32();
  reader.int8();
  const topics = reader.array(3, () => {
    const name = reader.string();
    const partitions = reader.array(12, () => {
      const partition = reader.int32();
      reader.int32();
      const timestampMs = Number(reader.int64());
      reader.tags();
      return { topic: name, partition, timestampMs };
    });
    reader.tags();
    return partitions;
  });
  return topics.flat();
}

function answerTo({ partition, timestampMs }: Asked['partitions'][number], errorCode: number) {
  const offset = Math.max(0, END - 1 - Math.floor((NOW_MS - timestampMs) / 60_000));
  if (errorCode !== 0 || timestampMs > NOW_MS) return { partition, errorCode, offset: '-1', timestampMs: -1 };
  return { partition, errorCode, offset: String(offset), timestampMs: NOW_MS - (END - 1 - offset) * 60_000 };
}

/** Each group's committed offset in each partition of `t`. */
function core(groups: Record<string, number[]>): TimeLagCore {
  const partitionsOf = (count: number) =>
    Array.from({ length: count }, (_, partition) => ({ partition, start: '0', end: String(END), error: null }));
  const committed = Object.entries(groups).flatMap(([groupId, offsets]) =>
    offsets.map((offset, partition) => ({ groupId, topic: 't', partition, offset: String(offset), error: null })),
  );
  const config = { value: 'delete', source: 'default' as const };
  return {
    offsets: { topics: { t: partitionsOf(cluster.topics[0]!.partitions.length), u: partitionsOf(1) }, committed },
    configs: present({ t: { 'cleanup.policy': config } }, NOW_MS),
    led: ledPartitions(session.metadata),
    atMs: NOW_MS,
  };
}

describe('requests', () => {
  it('are none when nothing waits', async () => {
    await connect([1, 2, 3]);
    const timeLags = await readTimeLags(session, core({ g: [END, END, END] }), 'exact');
    expect(timeLags).toEqual({ atMs: NOW_MS, lowSec: [0, 0, 0], highSec: [0, 0, 0], untrusted: [] });
    expect(asked).toEqual([]);
  });

  it('are one a step to each leader with an open partition, whatever the number of groups', async () => {
    await connect([1, 2, 3, 1]);
    // Minutes behind: 30 and 4 on broker 1, 10 on broker 2, none on broker 3.
    const groups = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`g${i}`, [2849, 2869, END, 2875]]));
    const timeLags = await readTimeLags(session, core(groups), 'brackets');
    expect(timeLags.lowSec.slice(0, 4)).toEqual([900, 300, 0, 60]);
    // The first record of the last hour, 15 and 5 minutes, all at or before the committed offsets.
    expect(timeLags.highSec.slice(0, 4)).toEqual([3600, 900, 0, 300]);
    const steps = asked.map(
      ({ broker, partitions }) => `${broker}: ${partitions.map(({ partition }) => partition).join()}`,
    );
    expect(steps.sort()).toEqual(['1: 0', '1: 0', '1: 0,3', '1: 0,3', '1: 0,3', '2: 1', '2: 1', '2: 1', '2: 1']);
  });

  it('ask each partition for its own time and never twice in one', async () => {
    await connect([1, 1, 1]);
    const groups = { a: [100, 1500, END], b: [END, 900, END], c: [END, END, 2000] };
    const timeLags = await readTimeLags(session, core(groups), 'exact');
    for (const { partitions } of asked)
      expect(new Set(partitions.map(({ partition }) => partition)).size).toBe(partitions.length);
    expect(asked.some(({ partitions }) => new Set(partitions.map(({ timestampMs }) => timestampMs)).size > 1)).toBe(
      true,
    );
    expect(asked.length).toBeLessThanOrEqual(8 + 12);
    const worst = (END - 1 - 100) * 60;
    expect(timeLags.lowSec[0]).toBeLessThanOrEqual(worst);
    expect(timeLags.highSec[0]).toBeGreaterThanOrEqual(worst);
    expect(timeLags.highSec[0]! - timeLags.lowSec[0]!).toBeLessThanOrEqual(0.01 * worst);
  });
});

describe('with faults', () => {
  it('a partition whose leader moved loses its own age only', async () => {
    await connect([1, 2], { errorOf: (_topic, partition) => (partition === 1 ? 6 : 0) });
    const timeLags = await readTimeLags(session, core({ g: [2849, 2849] }), 'brackets');
    expect([timeLags.lowSec, timeLags.highSec]).toEqual([
      [900, null],
      [3600, null],
    ]);
  });

  it('a broker that hangs up half way leaves what it had told', async () => {
    await connect([1, 2], { answers: (broker, count) => broker === 1 || count < 3 });
    const timeLags = await readTimeLags(session, core({ g: [2849, 2849] }), 'brackets');
    // The oldest record beyond the offset that was seen, and no upper bound.
    expect([timeLags.lowSec[1], timeLags.highSec]).toEqual([60, [3600, null]]);
  });

  it('a leader that takes long over a step is not asked again, and the others are asked to the end', async () => {
    const { value: timeLags, tookMs } = await inFastTime(async () => {
      await connect([1, 2], { delayMs: (broker) => (broker === 2 ? 1_100 : 0) });
      return readTimeLags(session, core({ g: [2849, 2849] }), 'brackets');
    });
    expect(tookMs).toBeLessThan(2_000);
    expect(asked.filter(({ broker }) => broker === 2)).toHaveLength(1);
    expect([timeLags.lowSec[0], timeLags.highSec[0]]).toEqual([900, 3600]);
  });

  it('a partition without a leader is not asked of anyone', async () => {
    await connect([1, -2]);
    const timeLags = await readTimeLags(session, core({ g: [2849, 2849] }), 'brackets');
    expect(timeLags.lowSec).toEqual([900, null]);
    expect(asked.flatMap(({ partitions }) => partitions).some(({ partition }) => partition === 1)).toBe(false);
  });

  it('no step is begun that could not end before the deadline', async () => {
    await connect([1], {}, 2_000);
    const timeLags = await readTimeLags(session, core({ g: [2849] }), 'exact');
    expect(timeLags.lowSec).toEqual([null]);
    expect(asked).toEqual([]);
  });
});

it('compaction is expected where the topic’s settings were not read', async () => {
  await connect([1]);
  const given = { ...core({ g: [2849] }), atMs: NOW_MS + 30_000 };
  const known = await readTimeLags(session, given, 'brackets');
  const unknown = await readTimeLags(session, { ...given, configs: missing('not-permitted', 'no') }, 'brackets');
  // The first record of the last 15 minutes is 14.5 minutes old, and the next one should that at the offset be gone.
  expect([known.lowSec, unknown.lowSec]).toEqual([[900], [870]]);
  expect(known.highSec).toEqual(unknown.highSec);
});

it('tiered topics are not searched', async () => {
  await connect([1]);
  const given = core({ g: [2849] });
  const configs = present({ t: { 'remote.storage.enable': { value: 'true', source: 'topic' as const } } }, NOW_MS);
  const timeLags = await readTimeLags(session, { ...given, configs }, 'exact');
  expect([timeLags.lowSec, asked]).toEqual([[null], []]);
});
