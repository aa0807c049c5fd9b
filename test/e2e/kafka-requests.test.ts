// What a collection asks of the brokers, counted by proxies in front of them: the exact number, and nothing but reads.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KafkaAuth } from '../../lib/collect/kafka/collect-kafka.ts';
import { EXTRA_SECTIONS, reportPlan } from '../../lib/collect/kafka/plan.ts';
import { readOnlyAcls, setAcls } from '../../sandbox/kafka/acls.ts';
import { startShareMember, startStreamsMember } from '../../sandbox/kafka/live-groups.ts';
import type { OwnedProcess } from '../../sandbox/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets } from '../../sandbox/workload/client.ts';
import { commitSimpleGroups, hasNewKinds } from '../sandbox/support/every-kind.ts';
import { makeGroupAtEveryBroker } from '../sandbox/support/raw-members.ts';
import { placeTopic, writeRecords } from '../sandbox/support/topics.ts';
import {
  countsByKey,
  serialRoundTrips,
  type Watched,
  type WatchOptions,
  watch,
} from '../sandbox/support/watched-collection.ts';
import { requestCounts } from '../sandbox/support/witness.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';

const N = 3;
const TIMESTAMPS = 2;
const CORE = 2 + (4 + TIMESTAMPS) * N;
const PASSWORD = 'reader-secret';
const user = { username: 'reader', password: PASSWORD, tls: false };

/** Design §10, written out: what the product's own list says is no proof. */
const ALLOWED = [2, 3, 9, 15, 16, 17, 18, 32, 35, 36, 46, 48, 55, 69, 77, 89];
const OPT_IN = [1, 61];

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let empty: Watched;
  let core: Watched;
  /** Keys of everything that any collection of this file has sent. */
  const sent = new Set<number>();
  const members: OwnedProcess[] = [];

  const look = async (options: WatchOptions = {}): Promise<Watched> => {
    const watched = await watch(sandbox.cluster, options);
    for (const { apiKey } of watched.requests) sent.add(apiKey);
    const unread = Object.entries(watched.sections).filter(
      ([, section]) => !section.ok || section.partial !== undefined,
    );
    expect(unread, 'every section is read in full').toEqual([]);
    expect(watched.connections, 'connections to each broker').toEqual([1, 1, 1]);
    return watched;
  };
  const costOf = async (options: WatchOptions): Promise<number> => (await look(options)).requests.length - CORE;

  beforeAll(async () => {
    const shape = { brokers: N, users: { reader: PASSWORD }, proxied: true };
    sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: false, log: () => {}, shape });
    const { cluster } = sandbox;
    await setAcls(cluster, 'User:reader', readOnlyAcls);
    empty = await look();
    await placeTopic(cluster.bootstrap, { topic: 'quiet', replicas: [[1], [2], [3]] });
    await commitSimpleGroups(cluster.bootstrap, 'quiet', () => 0n);
    core = await look();
  });
  afterAll(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await sandbox?.stop();
  });

  test('where there are no groups, none is asked for', () => {
    expect(countsByKey(empty.requests)).toEqual({ 2: TIMESTAMPS * N, 3: 1, 16: N, 18: 1, 32: N });
  });

  test('the core is 2 + (4 + S)·N requests, and each broker counts the same', async () => {
    expect(core.requests).toHaveLength(CORE);
    expect(countsByKey(core.requests)).toEqual({ 2: TIMESTAMPS * N, 3: 1, 9: N, 15: N, 16: N, 18: 1, 32: N });
    const settled = () => new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = await requestCounts(sandbox.cluster);
    await look();
    await settled(); // counted when the answer has left, which is after we have it
    const after = await requestCounts(sandbox.cluster);
    const added = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
    // Followers fetch from leaders all the time.
    const asked = added.filter(([name, count]) => count > 0 && name !== 'Fetch' && name !== 'FetchFollower');
    expect(Object.fromEntries(asked)).toEqual({
      ApiVersions: 1,
      DescribeConfigs: N,
      DescribeGroups: N,
      ListGroups: N,
      ListOffsets: TIMESTAMPS * N,
      Metadata: 1,
      OffsetFetch: N,
    });
  });

  test('the core takes four round trips, however long one is', async () => {
    const delayMs = 20;
    await Promise.all(sandbox.cluster.proxies.map((proxy) => proxy.set({ delayMs })));
    const slow = await look();
    await Promise.all(sandbox.cluster.proxies.map((proxy) => proxy.heal()));
    expect(serialRoundTrips(slow.requests, delayMs)).toBe(4);
  });

  test('authentication costs two requests a broker, and one more where SCRAM proves itself', async () => {
    const listener = 'proxied-sasl';
    expect(await costOf({ listener, auth: { kind: 'plain', ...user } })).toBe(2 * N);
    expect(await costOf({ listener, auth: { kind: 'scram', ...user } })).toBe(3 * N);
  });

  test('log directories cost N; reassignments, quorum and quotas one each', async () => {
    expect(await costOf({ plan: { sections: ['kafkaLogDirs'] } })).toBe(N);
    expect(await costOf({ plan: { sections: ['kafkaReassignments'] } })).toBe(1);
    expect(await costOf({ plan: { sections: ['kafkaQuorum'] } })).toBe(1);
    expect(await costOf({ plan: { sections: ['kafkaQuotas'] } })).toBe(1);
    const { requests } = await look({ plan: { sections: EXTRA_SECTIONS } });
    expect(countsByKey(requests)).toMatchObject({ 35: N, 46: 1, 48: 1, 55: 1 });
    expect(requests).toHaveLength(CORE + N + 3);
  });

  test('a light sample costs 2·N', async () => {
    const { requests } = await look({ plan: { samples: 3, intervalSec: 0.2 } });
    expect(requests).toHaveLength(CORE + 2 * (2 * N));
    expect(countsByKey(requests)).toMatchObject({ 2: (TIMESTAMPS + 2) * N, 9: 3 * N });
  });

  test('looking offsets up by time costs N a timestamp, and nothing where nobody waits', async () => {
    const { bootstrap } = sandbox.cluster;
    /** Records of these ages on every leader, and a group that has read `read` of them. */
    const leaveBehind = async (topic: string, agesSec: readonly number[], read: bigint): Promise<void> => {
      await placeTopic(bootstrap, { topic, replicas: [[1], [2], [3]] });
      const records = agesSec.map((sec) => ({ timestampMs: Date.now() - sec * 1000 }));
      await writeRecords(bootstrap, topic, N, records);
      await commitOffsets(bootstrap, [{ groupId: 'behind', topic, offsets: new Map([0, 1, 2].map((p) => [p, read])) }]);
    };
    const lookUps = async (timestamps: 'brackets' | 'exact'): Promise<number> =>
      countsByKey((await look({ plan: { timestamps } })).requests)[2]! - TIMESTAMPS * N;

    expect(await lookUps('exact')).toBe(0);
    const everyTenSeconds = Array.from({ length: 22 }, (_, index) => 290 - 10 * index);
    await leaveBehind('minutes-old', everyTenSeconds, 11n);
    // 10 s, 1 min, 5 min: then it is known to lie between the last two, and can be narrowed down.
    expect(await lookUps('brackets')).toBe(3 * N);
    const steps = (await lookUps('exact')) / N - 3;
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(12);
    expect(Number.isInteger(steps)).toBe(true);
    await leaveBehind('days-old', [30 * 3600], 0n);
    // All seven brackets, and the oldest record.
    expect(await lookUps('brackets')).toBe(8 * N);
  });

  test('KIP-848 groups cost one request more at each broker that coordinates some', async () => {
    await makeGroupAtEveryBroker(sandbox.cluster, 'quiet');
    const { requests } = await look();
    expect(countsByKey(requests)[69]).toBe(N);
    expect(requests).toHaveLength(CORE + N);
  });

  test('all that was sent is on the allow-list; reading data adds Fetch and DescribeProducers, and nothing else', async () => {
    const { cluster, folder } = sandbox;
    if (hasNewKinds(version)) {
      members.push(await startShareMember(cluster, { group: 'live-share', topic: 'quiet', folder }));
      members.push(await startStreamsMember(cluster, { group: 'live-streams', topic: 'quiet', folder }));
    }
    const plan = reportPlan({ samples: 2, intervalSec: 0.2 });
    const ways: [WatchOptions['listener'], KafkaAuth][] = [
      ['proxied', { kind: 'none' }],
      ['proxied-sasl', { kind: 'scram', ...user }],
    ];
    for (const [listener, auth] of ways) await look({ plan, listener: listener!, auth });
    const newest = hasNewKinds(version) ? [] : [77, 89];
    expect([...sent].sort((a, b) => a - b)).toEqual(ALLOWED.filter((key) => !newest.includes(key)));

    const opted = await look({ plan: reportPlan({ samples: 2, intervalSec: 0.2, readData: true }) });
    const added = new Set(opted.requests.map(({ apiKey }) => apiKey).filter((key) => !ALLOWED.includes(key)));
    expect([...added].sort((a, b) => a - b)).toEqual(OPT_IN);
    expect(countsByKey(opted.requests)).toMatchObject({ 1: N, 61: N });
  });
});
