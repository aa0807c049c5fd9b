// A real cluster in which as much as possible is wrong at once, and the same one put right.
import type { Admin } from 'kafkajs';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { runKafkaTool } from '../../sandbox/kafka/tools.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';
import { makeCareful, makeCareless, setOnBroker } from './live-checks-brokers.ts';
import { at, commits, startEndlessRebalance, startLopsidedRange, startMember } from './live-checks-groups.ts';
import { ago, CALM, CARELESS_STREAMS, DRIP, QUIET, STEADY, some } from './live-checks-streams.ts';
import { makeOddTopics, mendOddTopics } from './live-checks-topics.ts';
import {
  noise,
  openTransaction,
  repeated,
  type Stoppable,
  sendOnce,
  startFailing,
  startHammering,
  startPolling,
  startReconnecting,
  startStreams,
} from './live-checks-traffic.ts';

const DAY_MS = 86_400_000;
const JOBS = 301;
const WIDE = 270;
const THROTTLED = 'throttled';
/** More than half of a broker's heap, which the cleaner takes at once. */
const DEDUPE_BYTES = 215 * 1024 ** 2;

/** Several times the request handlers of a broker here, so that whoever fetches waits behind them. */
const PACKERS = 12;

/** Longer than a member is waited for that left without a word. */
const PATIENCE_MS = 90_000;

function untilDone(what: string, act: () => Promise<unknown>): Promise<void> {
  return waitUntil(what, PATIENCE_MS, () => act().then(() => true));
}

export class OddCluster {
  private readonly sandbox: Sandbox;
  private readonly admin: Admin;
  private running: Stoppable[] = [];
  private calm: Stoppable[] = [];

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.admin = kafkaClient(sandbox.cluster.bootstrap, 'live-checks').admin();
  }

  /** With calm traffic, which goes on in every state. */
  static async start(sandbox: Sandbox): Promise<OddCluster> {
    const odd = new OddCluster(sandbox);
    await odd.admin.connect();
    await odd.admin.createTopics({
      waitForLeaders: true,
      topics: [
        { topic: 'calm', numPartitions: 3, replicationFactor: 3 },
        { topic: 'quiet', numPartitions: 3, replicationFactor: 3 },
        { topic: 'pair', replicaAssignment: [{ partition: 0, replicas: [3, 1] }] },
      ],
    });
    await odd.calmDown();
    return odd;
  }

  private async calmDown(): Promise<void> {
    const { cluster } = this.sandbox;
    this.calm = await Promise.all([
      startStreams(cluster, 'calm', [CALM, QUIET], true),
      startMember(cluster, { groupId: 'calm-reader', topic: 'quiet' }),
    ]);
  }

  private async stopCalm(): Promise<void> {
    await Promise.all(this.calm.splice(0).map((part) => part.stop()));
  }

  async stop(): Promise<void> {
    await this.stopClients();
    await this.stopCalm();
    await this.admin.disconnect();
  }

  private async stopClients(): Promise<void> {
    await Promise.all(this.running.splice(0).map((part) => part.stop()));
  }

  async breakAll(): Promise<void> {
    const { sandbox, admin } = this;
    const { cluster } = sandbox;
    // Whoever waits for all replicas would hide that the others do not.
    await this.stopCalm();
    await makeCareless(sandbox);
    await makeOddTopics(admin);
    await setOnBroker(admin, 1, { 'num.replica.fetchers': '2' });
    await sendOnce(cluster, [
      ...some(20, () => ({
        topic: 'archive',
        messages: some(5, () => ({ value: noise(100_000), timestamp: ago(10 * DAY_MS) })),
      })),
      { topic: 'emptied', messages: some(50, () => ({ value: 'old', timestamp: ago(40 * DAY_MS) })) },
      { topic: 'waiting', messages: some(2_000, () => ({ value: 'unread', timestamp: ago(8 * DAY_MS) })) },
      { topic: 'risky', messages: some(1_000, () => ({ value: 'unread' })) },
      { topic: 'slow', messages: some(12_000, (i) => ({ value: 'late', partition: i % 6 })) },
      { topic: 'late', messages: some(6_000, () => ({ value: 'late', partition: 0 })) },
      { topic: 'wide', messages: some(WIDE, (i) => ({ value: 'one', partition: i })) },
    ]);
    await Promise.all([
      // Refused for as long as the followers have not got that far.
      untilDone('records are deleted', () =>
        admin.deleteTopicRecords({ topic: 'risky', partitions: [{ partition: 0, offset: '400' }] }),
      ),
      commits(cluster, [
        at('archive-reader', 'archive', 100),
        at('left-behind', 'waiting', 0),
        at('rewinder', 'waiting', 1_500),
        at('risky-reader', 'risky', 450),
        at('future-reader', 'future', 0),
        at('named:badly', 'future', 0),
        at('soon-gone-reader', 'soon-gone', 0),
        at('endless', 'slow', 0, 0, 0, 0, 0, 0),
        ...some(JOBS, (i) => at(`job-${i}`, 'risky', 1_000)),
      ]),
      this.quota('--add-config', 'producer_byte_rate=1024'),
    ]);
    this.running.push(
      startReconnecting(cluster.brokers[0]!),
      repeated(500, () => commits(cluster, [at('chatty', 'wide', ...some(WIDE, () => 0))])),
      ...(await Promise.all([
        startStreams(cluster, 'careless', [...CARELESS_STREAMS, STEADY, ...DRIP], false),
        startStreams(
          cluster,
          THROTTLED,
          [{ topic: 'one-in-sync', everyMs: 500, messages: () => [{ value: noise(4_000) }] }],
          false,
        ),
        openTransaction(cluster, 'transactions'),
        startFailing(cluster, 'wide', WIDE),
        startMember(cluster, { groupId: 'slow-reader', topic: 'slow', recordMs: () => 500 }),
        startMember(cluster, {
          groupId: 'one-late',
          topic: 'late',
          recordMs: (partition) => (partition === 0 ? 200 : 0),
        }),
        startPolling(cluster.brokers[1]!, 'connect-offsets'),
        startMember(cluster, {
          groupId: 'lane-reader',
          topic: 'one-lane',
          config: { maxBytesPerPartition: 1024 ** 2 },
        }),
        startEndlessRebalance(cluster, 'slow'),
      ])),
      ...(await startLopsidedRange(cluster, 'wide', 4)),
      ...(await Promise.all(some(5, () => startMember(cluster, { groupId: 'crowd', topic: 'single-copy' })))),
    );
    await this.untilEmptied();
  }

  /** Brokers look for what is too old every five seconds, once they have been up for some. */
  private async untilEmptied(): Promise<void> {
    await waitUntil('retention has emptied a log', 45_000, async () => {
      const offsets = await this.admin.fetchTopicOffsets('emptied');
      return offsets.every(({ low, high }) => low === high);
    });
  }

  /** While the looks at the offsets go on: a group goes back. */
  async rewind(): Promise<void> {
    await commits(this.sandbox.cluster, [at('rewinder', 'waiting', 200)]);
  }

  async mendAll(): Promise<void> {
    const { sandbox, admin } = this;
    const { cluster } = sandbox;
    await Promise.all([this.stopClients(), this.quota('--delete-config', 'producer_byte_rate')]);
    await setOnBroker(admin, 1, {});
    await mendOddTopics(admin);
    await this.deleteGroups();
    await makeCareful(sandbox);
    await this.calmDown();
    this.running.push(
      ...(await Promise.all([
        startStreams(cluster, 'careful', [...DRIP, STEADY], true),
        // Some times as fast as its topic: the backlog that is left shows how fast it is.
        startMember(cluster, { groupId: 'slow-reader', topic: 'slow', recordMs: () => 10 }),
      ])),
    );
    await this.preferredLeaders();
  }

  /** All but one, whose backlog is worked off. A group is deleted once its last member is out. */
  private async deleteGroups(): Promise<void> {
    await waitUntil('the groups are deleted', PATIENCE_MS, async () => {
      const { groups } = await this.admin.listGroups();
      const odd = groups
        .map(({ groupId }) => groupId)
        .filter((groupId) => !['slow-reader', 'calm-reader'].includes(groupId));
      if (odd.length === 0) return true;
      // One that still has a member fails the call, and the others are gone all the same.
      await this.admin.deleteGroups(odd).catch(() => {});
      throw new Error(`still there: ${odd.slice(0, 5).join(', ')}`);
    });
  }

  private async preferredLeaders(): Promise<void> {
    const topics = ['calm', 'quiet', 'slow'];
    await waitUntil('the leaders are back', PATIENCE_MS, async () => {
      const found = await this.admin.fetchTopicMetadata({ topics });
      return found.topics.every(({ partitions }) => partitions.every(({ leader, replicas }) => leader === replicas[0]));
    });
  }

  /** One broker packs, at the highest level, all that it can take in. */
  async load(): Promise<void> {
    const { sandbox, admin } = this;
    const { cluster } = sandbox;
    const configs = { 'compression.type': 'gzip', 'compression.gzip.level': '9' };
    await admin.createTopics({
      topics: [
        {
          topic: 'packed',
          replicaAssignment: some(PACKERS, (partition) => ({ partition, replicas: [1] })),
          configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    // Its counters and averages begin anew, so that they need not be waited for.
    await cluster.killBroker(1);
    await cluster.startBroker(1);
    this.running.push(await startHammering(cluster.brokers[0]!, 'packed', PACKERS));
  }

  async unload(): Promise<void> {
    await this.stopClients();
    await this.admin.deleteTopics({ topics: ['packed'] });
    await untilDone('the group is deleted', () => this.admin.deleteGroups(['slow-reader']));
    // Its averages of the last minutes are gone with it.
    await this.sandbox.cluster.killBroker(1);
    await this.sandbox.cluster.startBroker(1);
    await this.preferredLeaders();
  }

  async lose(): Promise<void> {
    const { cluster } = this.sandbox;
    this.running.push(await openTransaction(cluster, 'calm'));
    await setOnBroker(this.admin, 1, { 'log.cleaner.dedupe.buffer.size': String(DEDUPE_BYTES) });
    await this.sandbox.cluster.killBroker(3);
    await waitUntil('the broker is missed', PATIENCE_MS, async () => {
      const { topics } = await this.admin.fetchTopicMetadata({ topics: ['calm'] });
      return topics[0]!.partitions.every(({ isr }) => isr.length < 3);
    });
    await this.sandbox.cluster.killController();
  }

  async find(): Promise<void> {
    const { cluster } = this.sandbox;
    await cluster.startController();
    await cluster.startBroker(3);
    await waitUntil('all replicas are in sync', 60_000, async () => {
      const { topics } = await this.admin.fetchTopicMetadata();
      return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length));
    });
    await this.stopClients();
    await this.admin.deleteTopics({ topics: ['pair'] });
    await setOnBroker(this.admin, 1, {});
    await cluster.killBroker(1);
    await cluster.startBroker(1);
    await this.preferredLeaders();
    this.running.push(
      await startStreams(cluster, 'careful', [...DRIP.filter(({ topic }) => topic !== 'pair'), STEADY], true),
      await startMember(cluster, { groupId: 'calm-reader', topic: 'quiet' }),
    );
  }

  private async quota(...change: string[]): Promise<void> {
    const client = ['--entity-type', 'clients', '--entity-name', THROTTLED];
    await runKafkaTool(this.sandbox.cluster, 'kafka-configs', ['--alter', ...client, ...change]);
  }
}
