// How far behind groups are in time, on logs whose records were given their timestamps: true ages are known, and Kafka's own tool
// looks the same moments up.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BRACKETS_SEC } from '../../lib/analysis/time-lag-search.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets, kafkaClient } from '../../sandbox/workload/client.ts';
import { readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { Witness } from '../sandbox/support/witness.ts';
import { cannotRun, isFull, KAFKA_VERSIONS } from './live.ts';

const LIST_OFFSETS = 2;
const BROKERS = 3;
const SEC = 1_000;
const HOUR = 3600 * SEC;
const DAY = 24 * HOUR;

/** Ages in milliseconds at the start of the test, by offset. */
const LOGS: Record<string, { configs?: Record<string, string>; ages: number[][] }> = {
  // A record a minute for ten hours; one every ten seconds for ten minutes; none; three days in seven records.
  ordered: { ages: [every(600, 60 * SEC), every(60, 10 * SEC), [], [9, 8, 7, 6, 5, 3, 1].map((days) => days * DAY)] },
  // Event times: a batch of yesterday among those of the last hours.
  shuffled: { ages: [[5, 4, 20, 3, 22, 2.5, 21, 2, 1].map((hours) => hours * HOUR)] },
  future: {
    configs: { 'message.timestamp.after.max.ms': '9223372036854775807' },
    ages: [[3 * HOUR, 2 * HOUR, -5 * DAY, 1.5 * HOUR, HOUR]],
  },
  appended: { configs: { 'message.timestamp.type': 'LogAppendTime' }, ages: [[9 * DAY, 9 * DAY, 9 * DAY]] },
  purged: { ages: [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((hours) => hours * HOUR)] },
};
const PURGED_TO = 6;
/** Group to committed offsets by topic and partition. */
const COMMITS: Record<string, Record<string, number[]>> = {
  slow: { ordered: [17, 2, 0, 1], shuffled: [4], future: [1], appended: [1], purged: [8] },
  // Its worst shares a partition with the group above.
  slower: { ordered: [400, 55, 0, 7], future: [3] },
  slowest: { ordered: [300], purged: [2] },
  // To the end and beyond it.
  done: { ordered: [600, 60, 0, 9], shuffled: [9] },
};

function every(count: number, stepMs: number): number[] {
  return Array.from({ length: count }, (_, i) => (count - 1 - i) * stepMs + 30 * SEC);
}

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let witness: Witness;
  /** The moment that ages in `LOGS` count from, and when the records of `appended` were appended. */
  const startMs = Date.now();
  const appendedMs: [number, number] = [0, 0];
  let timeLags: { lowSec: (number | null)[]; highSec: (number | null)[]; untrusted: number[]; atMs: number };
  let committed: { groupId: string; topic: string; partition: number; offset: string | null }[];
  let requests: { brokerId: number }[];

  async function read(timestamps: 'brackets' | 'exact') {
    const { proxies } = sandbox.cluster;
    for (const proxy of proxies) proxy.forgetRequests();
    const { snapshot, report } = await readPlainly(sandbox.cluster.bootstrapOf('proxied'), {
      sections: [],
      timestamps,
    });
    const offsets = sectionOf(snapshot, 'kafkaOffsets');
    if (offsets.timeLags === undefined) throw new Error('no time lags were read');
    const asked = proxies.flatMap((proxy) => proxy.requests.filter(({ apiKey }) => apiKey === LIST_OFFSETS));
    return { committed: offsets.committed, timeLags: offsets.timeLags, requests: asked, report };
  }

  async function createTopic(topic: string, partitions: number, configs: Record<string, string>): Promise<void> {
    const admin = kafkaClient(sandbox.cluster.bootstrap, 'test').admin();
    await admin.connect();
    const configEntries = Object.entries({ 'retention.ms': '-1', ...configs }).map(([name, value]) => ({
      name,
      value,
    }));
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitions, replicationFactor: 3, configEntries }],
    });
    await admin.disconnect();
  }

  async function produce(topic: string, partition: number, records: { key?: string; ageMs: number }[]): Promise<void> {
    const producer = kafkaClient(sandbox.cluster.bootstrap, 'test').producer();
    await producer.connect();
    const messages = records.map(({ key, ageMs }) => ({
      partition,
      key: key ?? null,
      value: 'v',
      timestamp: String(startMs - ageMs),
    }));
    if (messages.length > 0) await producer.send({ topic, messages, acks: -1 });
    await producer.disconnect();
  }

  beforeAll(async () => {
    const shape = { brokers: BROKERS, users: null, proxied: true };
    sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: false, log: () => {}, shape });
    witness = new Witness(sandbox.cluster);
    for (const [topic, { configs = {}, ages }] of Object.entries(LOGS)) {
      await createTopic(topic, ages.length, configs);
      appendedMs[0] = topic === 'appended' ? Date.now() : appendedMs[0];
      for (const [partition, list] of ages.entries())
        await produce(
          topic,
          partition,
          list.map((ageMs) => ({ ageMs })),
        );
      appendedMs[1] = topic === 'appended' ? Date.now() : appendedMs[1];
    }
    const admin = kafkaClient(sandbox.cluster.bootstrap, 'test').admin();
    await admin.connect();
    // kafkajs deletes only where it has met the topic before.
    await admin.fetchTopicOffsets('purged');
    await admin.deleteTopicRecords({ topic: 'purged', partitions: [{ partition: 0, offset: String(PURGED_TO) }] });
    await admin.disconnect();
    const commits = Object.entries(COMMITS).flatMap(([groupId, topics]) =>
      Object.entries(topics).map(([topic, offsets]) => ({
        groupId,
        topic,
        offsets: new Map(offsets.map((offset, partition) => [partition, BigInt(offset)])),
      })),
    );
    await commitOffsets(sandbox.cluster.bootstrap, commits);
    // Older than the first bracket: the ten seconds that the records of `appended` need.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, appendedMs[1] + 11 * SEC - Date.now())));
    ({ timeLags, committed, requests } = await read('exact'));
  });
  afterAll(() => sandbox?.stop());

  /** The first offset that is not older, as `kafka-get-offsets` finds it; null when there is none. */
  async function offsetAt(topic: string, partition: number, timestampMs: number): Promise<number | null> {
    const out = await witness.run(
      'kafka-get-offsets',
      '--topic',
      topic,
      '--partitions',
      String(partition),
      '--time',
      String(timestampMs),
    );
    const offset = new RegExp(`^${topic}:${partition}:(\\d+)$`, 'm').exec(out)?.[1];
    return offset === undefined ? null : Number(offset);
  }

  const boundsOf = (group: string, topic: string, partition = 0) => {
    const at = committed.findIndex(
      (row) => row.groupId === group && row.topic === topic && row.partition === partition,
    );
    return {
      low: timeLags.lowSec[at] ?? null,
      high: timeLags.highSec[at] ?? null,
      isUntrusted: timeLags.untrusted.includes(at),
    };
  };
  /** Seconds, at the moment of the reading. */
  const ageOf = (topic: string, partition: number, offset: number) =>
    (timeLags.atMs - startMs + LOGS[topic]!.ages[partition]![offset]!) / SEC;

  test('ordered records: the true age of the next one lies within the bounds', () => {
    const rows = committed.filter(({ topic }) => topic === 'ordered');
    expect(rows).toHaveLength(13);
    for (const { groupId, partition, offset } of rows) {
      const { low, high, isUntrusted } = boundsOf(groupId, 'ordered', partition);
      const isCaughtUp = Number(offset) >= LOGS.ordered!.ages[partition]!.length;
      const age = isCaughtUp ? 0 : ageOf('ordered', partition, Number(offset));
      expect(
        [low! <= age && age <= high!, isUntrusted],
        `${groupId} ${partition}: ${low} <= ${age} <= ${high}`,
      ).toEqual([true, false]);
    }
    const width = (group: string, partition: number) => {
      const { low, high } = boundsOf(group, 'ordered', partition);
      return (high! - low!) / low!;
    };
    expect(width('slow', 3)).toBeLessThanOrEqual(0.01);
    // Two groups whose worst is on one partition take turns.
    expect(Math.max(width('slower', 0), width('slowest', 0))).toBeLessThanOrEqual(0.1);
  });

  test('nothing waits in an empty partition, at the log end and beyond it', () => {
    const none = { low: 0, high: 0, isUntrusted: false };
    for (const partition of [0, 1, 2, 3]) expect(boundsOf('done', 'ordered', partition)).toEqual(none);
    expect(boundsOf('done', 'shuffled')).toEqual(none);
  });

  test('shuffled records: the age of the youngest up to the offset', () => {
    // 3 hours at offset 3, although the next record is 22 hours old.
    const { low, high } = boundsOf('slow', 'shuffled');
    const age = ageOf('shuffled', 0, 3);
    expect(low! <= age && age <= high!).toBe(true);
  });

  test('a record from the future hides the ages behind it, not those before it', () => {
    expect(boundsOf('slower', 'future')).toEqual({ low: 0, high: null, isUntrusted: true });
    const { low, high, isUntrusted } = boundsOf('slow', 'future');
    const age = ageOf('future', 0, 1);
    expect([low! <= age && age <= high!, isUntrusted]).toEqual([true, false]);
  });

  test('LogAppendTime: the moment of the append, whatever the producer said', () => {
    const { low, high } = boundsOf('slow', 'appended');
    expect(low! * SEC).toBeLessThanOrEqual(timeLags.atMs - appendedMs[0]);
    expect(high! * SEC).toBeGreaterThanOrEqual(timeLags.atMs - appendedMs[1]);
    expect(low).toBeGreaterThanOrEqual(BRACKETS_SEC[0]!);
  });

  test('deleted records: at least as old as the oldest one left', () => {
    const { low, high } = boundsOf('slowest', 'purged');
    expect(high).toBeNull();
    expect(low).toBeCloseTo(ageOf('purged', 0, PURGED_TO), 2);
    expect(boundsOf('slow', 'purged').low).toBeLessThanOrEqual(ageOf('purged', 0, 8));
    expect(boundsOf('slow', 'purged').high).toBeGreaterThanOrEqual(ageOf('purged', 0, 8));
  });

  test('Kafka’s own tool finds the same: beyond the offset just after the lower bound, before it at the upper one', async () => {
    for (const [group, topic, partition] of [
      ['slow', 'ordered', 0],
      ['slowest', 'ordered', 0],
      ['slow', 'shuffled', 0],
    ] as const) {
      const offset = Number(
        committed.find((row) => row.groupId === group && row.topic === topic && row.partition === partition)!.offset,
      );
      const { low, high } = boundsOf(group, topic, partition);
      const found = (ageSec: number) => offsetAt(topic, partition, timeLags.atMs - Math.round(ageSec * SEC));
      expect((await found(high!)) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(offset);
      expect((await found(low! - 0.001)) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(offset);
    }
  });

  test('a request for each leader and step, none of them more often than the plan says', async () => {
    const perBroker = (asked: { brokerId: number }[]) =>
      [...Map.groupBy(asked, ({ brokerId }) => brokerId).values()].map((its) => its.length);
    // Beside log start and log end.
    expect(Math.max(...perBroker(requests))).toBeLessThanOrEqual(2 + 8 + 12);
    const brackets = await read('brackets');
    expect(Math.max(...perBroker(brackets.requests))).toBeLessThanOrEqual(2 + 8);
    expect(brackets.requests.length).toBeLessThan(requests.length);
  });

  test('the report says where the number comes from', async () => {
    const { report } = await read('exact');
    expect(JSON.stringify(report)).toContain('offsets looked up by time, one look');
  });

  // The cleaner needs a quarter of a minute.
  test.runIf(isFull)('compaction: the next record that is left counts', async () => {
    // The cleaner leaves the newest of each key; every record begins a segment, because time has passed since the one before.
    const configs = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01', 'segment.ms': '1000' };
    await createTopic('compacted', 1, configs);
    const records = [
      { key: 'kept', ageMs: 10 * DAY },
      ...Array.from({ length: 20 }, (_, i) => ({ key: 'updated', ageMs: 9 * DAY - i * HOUR })),
      { key: 'updated', ageMs: 2 * HOUR },
      { key: 'young', ageMs: HOUR },
      { key: 'active', ageMs: 0 },
    ];
    for (const record of records) await produce('compacted', 0, [record]);
    await waitUntil('the cleaner has been there', 90_000, async () => {
      return (await offsetAt('compacted', 0, startMs - 9 * DAY)) === 21;
    });
    await commitOffsets(sandbox.cluster.bootstrap, [
      { groupId: 'slow', topic: 'compacted', offsets: new Map([[0, 10n]]) },
    ]);
    ({ timeLags, committed } = await read('exact'));
    const { low, high } = boundsOf('slow', 'compacted');
    expect(low).toBeCloseTo((timeLags.atMs - startMs + 2 * HOUR) / SEC, 2);
    expect(high).toBeGreaterThanOrEqual(low!);
  });
});
