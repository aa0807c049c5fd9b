// Two fake brokers that know the opt-in requests, a session on them, and what a collection has found by then.
import type { KnownTraffic } from '../../../lib/collect/kafka/busiest-partitions.ts';
import { ClusterSession } from '../../../lib/collect/kafka/cluster-session.ts';
import { ledPartitions } from '../../../lib/collect/kafka/collect-offsets.ts';
import type { BrokerVersions } from '../../../lib/collect/kafka/protocol/api.ts';
import { RunClock } from '../../../lib/collect/kafka/run-clock.ts';
import { type FakeCluster, KAFKA_3_7, startFakeCluster, topic } from './fake-cluster.ts';

export const FETCH = 1;
export const DESCRIBE_PRODUCERS = 61;

const WITH_DATA_APIS = new Map([...KAFKA_3_7, [FETCH, { min: 0, max: 16 }], [DESCRIBE_PRODUCERS, { min: 0, max: 0 }]]);

interface GivenPartition {
  start?: string | null;
  /** Log ends at the first and, ten seconds later, the last look. */
  ends?: [string, string];
  sizeBytes?: number;
}

/** By topic; partition p is led by broker `leaders[p]`. */
type GivenTopics = Record<string, { leaders: number[]; partitions: GivenPartition[] }>;

export const moving = (perSec: number, given: GivenPartition = {}): GivenPartition => ({
  ends: ['100000', String(100_000 + 10 * perSec)],
  ...given,
});

export class DataCluster {
  readonly fake: FakeCluster;
  session: ClusterSession;
  private readonly clock = new RunClock(Date.now() + 10_000, { now: Date.now, sleep: async () => {} });

  private constructor(fake: FakeCluster) {
    this.fake = fake;
    this.session = new ClusterSession({ kind: 'none' }, this.clock);
  }

  static async start(versions: BrokerVersions = WITH_DATA_APIS): Promise<DataCluster> {
    return new DataCluster(await startFakeCluster(2, versions));
  }

  /** Opens the session, whose send door is open for the opt-in requests unless told otherwise. */
  async know(topics: GivenTopics, readData = true): Promise<KnownTraffic> {
    this.fake.topics = Object.entries(topics).map(([name, { leaders }]) => topic(name, leaders));
    this.session = new ClusterSession({ kind: 'none' }, this.clock, readData);
    await this.session.open(this.fake.brokers);
    return { ...offsetsOf(topics), logDirs: logDirsOf(topics), led: ledPartitions(this.session.metadata) };
  }

  /** How often each broker was asked: `1/2` is a Fetch at broker 2. */
  requests(key: number): string[] {
    return this.fake.requests.filter((request) => request.startsWith(`${key}/`)).sort();
  }

  async stop(): Promise<void> {
    this.session.close();
    this.clock.release();
    await this.fake.stop();
  }
}

function offsetsOf(topics: GivenTopics): Pick<KnownTraffic, 'offsets' | 'samples'> {
  const byTopic = <T>(value: (given: GivenPartition, partition: number) => T) =>
    Object.fromEntries(Object.entries(topics).map(([name, { partitions }]) => [name, partitions.map(value)]));
  const endOf = ({ ends = ['1000', '1000'] }: GivenPartition, look: 0 | 1) => ends[look];
  const startOf = ({ start }: GivenPartition) => (start === undefined ? '0' : start);
  return {
    offsets: {
      topics: byTopic((given, partition) => ({ partition, start: startOf(given), end: endOf(given, 0), error: null })),
      committed: [],
    },
    samples: ([0, 1] as const).map((look) => ({
      atMs: look * 10_000,
      end: byTopic((given) => endOf(given, look)),
      committed: [],
    })),
  };
}

function logDirsOf(topics: GivenTopics): KnownTraffic['logDirs'] {
  return Object.entries(topics).flatMap(([name, { leaders, partitions }]) =>
    partitions.flatMap(({ sizeBytes }, partition) => {
      if (sizeBytes === undefined) return [];
      const replica = { partition, sizeBytes, offsetLag: '0', isFuture: false };
      return [{ brokerId: leaders[partition]!, dirs: [], topics: { [name]: [replica] } }];
    }),
  );
}
