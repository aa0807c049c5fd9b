// A healthy three-broker MSK cluster, and the ways in which a test makes it less so.
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import { type MissingReason, missing, present } from '../../lib/snapshot/collected.ts';
import type { SectionName, Sections, SectionValue, Snapshot } from '../../lib/snapshot/schema.ts';
import { clusterOf, nodesOf, PRICES, soundSecurity, standardCluster } from './aws-sections.ts';
import {
  brokersOf,
  commitRows,
  emptyDisk,
  type GroupShape,
  groupOf,
  replicasOn,
  sampledBatch,
  type TopicShape,
  topicByApi,
  topicConfigs,
  topicOf,
} from './kafka-sections.ts';
import { type Dimensions, seriesOf, type Values, withoutSeries, withSeries } from './metric-series.ts';

export const TAKEN_AT_MS = Date.UTC(2026, 10, 20, 6, 15);
export const WINDOW_START_MS = TAKEN_AT_MS - 24 * 3_600_000;
/** Four weeks of hours, up to the last one that was over. */
export const HISTORY_HOURS = 28 * 24;
export const HISTORY_END_MS = Math.floor(TAKEN_AT_MS / 3_600_000) * 3_600_000;
export const CLUSTER_NAME = 'orders';
export const CLUSTER_UUID = 'a1b2c3d4-1111-2222-3333-444455556666-5';
export const CLUSTER_ARN = `arn:aws:kafka:eu-west-1:111122223333:cluster/${CLUSTER_NAME}/${CLUSTER_UUID}`;

const WINDOW = { startMs: WINDOW_START_MS, endMs: TAKEN_AT_MS };
const IDENTITY = { arn: CLUSTER_ARN, uuid: CLUSTER_UUID, name: CLUSTER_NAME };

type Partition = SectionValue<'kafkaTopics'>[number]['partitions'][number];
type Group = SectionValue<'kafkaGroups'>[number];

const AWS_SECTIONS = [
  'cluster',
  'nodes',
  'bootstrap',
  'operations',
  'tags',
  'configuration',
  'metrics',
  'prices',
] as const;

/** What a broker that has little to do publishes. */
const HEALTHY: readonly (readonly [MetricDefinition, number])[] = [
  [METRICS.underReplicated, 0],
  [METRICS.underMinIsr, 0],
  [METRICS.leaderCount, 40],
  [METRICS.partitionCount, 120],
  [METRICS.cpuUser, 20],
  [METRICS.cpuSystem, 5],
  [METRICS.diskUsed, 30],
  [METRICS.produceTotalTimeMean, 4],
  [METRICS.bytesIn, 2_000_000],
  [METRICS.bytesOut, 4_000_000],
];

export interface BrokerSettingShape {
  brokers?: readonly number[];
  source?: SectionValue<'kafkaBrokerConfigs'>[string][string]['source'];
}

export function aSnapshot(): SnapshotBuilder {
  return new SnapshotBuilder();
}

export class SnapshotBuilder {
  private readonly sections: Sections = {};
  private brokerIds: number[] = [1, 2, 3];
  private target: Snapshot['target'] = { kind: 'msk', clusterArn: CLUSTER_ARN };

  constructor() {
    this.sections.cluster = present(standardCluster(IDENTITY), TAKEN_AT_MS);
    this.sections.operations = present([], TAKEN_AT_MS);
    this.sections.tags = present({}, TAKEN_AT_MS);
    this.sections.bootstrap = present({ saslIam: 'b-1.example.test:9098,b-2.example.test:9098' }, TAKEN_AT_MS);
    this.sections.prices = present(PRICES, TAKEN_AT_MS);
    this.sections.configuration = present({ arn: `${CLUSTER_ARN}-config`, revision: 1, properties: {} }, TAKEN_AT_MS);
    this.sections.metrics = present(
      { series: [], messages: [], cost: { metricsRequested: 0, calls: 0, usd: 0 } },
      TAKEN_AT_MS,
    );
    this.sections.kafkaTopics = present([], TAKEN_AT_MS);
    this.sections.kafkaTopicConfigs = present({}, TAKEN_AT_MS);
    this.sections.kafkaGroups = present([], TAKEN_AT_MS);
    this.sections.kafkaOffsets = present({ topics: {}, committed: [] }, TAKEN_AT_MS);
    this.sections.kafkaSamples = present(
      [0, 1, 2].map((i) => ({ atMs: TAKEN_AT_MS + i * 60_000, end: {}, committed: [] })),
      TAKEN_AT_MS,
    );
    this.withBrokers(3).withHealthyMetrics();
  }

  /** Brokers 1..n in three racks; nodes and Kafka metadata agree. Call before topics. */
  withBrokers(count: number): this {
    this.brokerIds = Array.from({ length: count }, (_, i) => i + 1);
    this.sections.nodes = present(nodesOf(this.brokerIds), TAKEN_AT_MS);
    this.sections.kafkaBrokers = present(brokersOf(this.brokerIds), TAKEN_AT_MS);
    if (this.sections.cluster?.ok && this.sections.cluster.value.kind !== 'serverless') {
      this.sections.cluster.value.brokerCount = count;
    }
    return this;
  }

  /** A broker that is down: gone from Kafka's metadata, out of every ISR, leader of nothing. */
  withDeadBroker(brokerId: number): this {
    const brokers = this.value('kafkaBrokers');
    brokers.brokers = brokers.brokers.filter((broker) => broker.id !== brokerId);
    for (const topic of this.value('kafkaTopics')) {
      for (const partition of topic.partitions.filter((p) => p.replicas.includes(brokerId))) {
        partition.isr = partition.isr.filter((id) => id !== brokerId);
        partition.offlineReplicas = [brokerId];
        if (partition.leader === brokerId) partition.leader = partition.isr[0] ?? -1;
      }
    }
    return this;
  }

  withKind(kind: 'provisioned-standard' | 'provisioned-express' | 'serverless' | 'kafka'): this {
    if (kind === 'kafka') {
      this.target = { kind: 'kafka', name: CLUSTER_NAME };
      for (const name of AWS_SECTIONS) {
        delete this.sections[name];
      }
      return this;
    }
    this.sections.cluster = present(clusterOf(kind, IDENTITY), TAKEN_AT_MS);
    return this;
  }

  /** Changes fields of the described Standard cluster (version, state, volume, ...). */
  withCluster(fields: Partial<Extract<Cluster, { kind: 'provisioned-standard' }>>): this {
    Object.assign(this.value('cluster'), fields);
    return this;
  }

  /** Leaders round robin, replicas on the following brokers, all in sync. */
  withTopic(name: string, shape: TopicShape = {}): this {
    const { partitions = 3, configs = {}, start = 0, end = 1000 } = shape;
    this.value('kafkaTopics').push(topicOf(name, shape, this.brokerIds));
    this.value('kafkaTopicConfigs')[name] = topicConfigs(configs);
    return this.withOffsets(
      name,
      Array.from({ length: partitions }, () => [start, end] as const),
    );
  }

  /** [start, end] of each partition; the end stands still over the samples unless `endPerSample` moves it. */
  withOffsets(topic: string, offsets: readonly (readonly [number, number])[], endPerSample = 0): this {
    this.value('kafkaOffsets').topics[topic] = offsets.map(([start, end], partition) => ({
      partition,
      start: String(start),
      end: String(end),
      error: null,
    }));
    this.value('kafkaSamples').forEach((sample, i) => {
      sample.end[topic] = offsets.map(([, end]) => String(end + i * endPerSample));
    });
    return this;
  }

  /** Times of the samples, in seconds after the snapshot was taken. Call before offsets and groups. */
  withSampleTimes(secondsAfter: readonly number[]): this {
    this.sections.kafkaSamples = present(
      secondsAfter.map((s) => ({ atMs: TAKEN_AT_MS + s * 1000, end: {}, committed: [] })),
      TAKEN_AT_MS,
    );
    return this;
  }

  withPartition(topic: string, partition: number, fields: Partial<Partition>): this {
    const found = this.value('kafkaTopics').find((t) => t.name === topic)?.partitions[partition];
    if (!found) throw new Error(`no partition ${topic}-${partition} in this snapshot`);
    Object.assign(found, fields);
    return this;
  }

  withGroup(groupId: string, shape: GroupShape): this {
    const samples = this.value('kafkaSamples');
    for (const [topic, commits] of Object.entries(shape.commits)) {
      const rows = commitRows(commits, samples.length);
      rows[0]!.forEach((first, partition) => {
        const offset = String(first);
        this.value('kafkaOffsets').committed.push({ groupId, topic, partition, offset, error: null });
        samples.forEach((sample, i) => {
          sample.committed.push(String(rows[i]![partition]));
        });
      });
    }
    this.value('kafkaGroups').push(groupOf(groupId, shape));
    return this;
  }

  /** Changes what the coordinator says of a group: its assignor, its members, ... */
  withGroupFields(groupId: string, fields: Partial<Group> | ((group: Group) => Partial<Group>)): this {
    const group = this.value('kafkaGroups').find((each) => each.groupId === groupId);
    if (!group) throw new Error(`no group ${groupId} in this snapshot`);
    Object.assign(group, typeof fields === 'function' ? fields(group) : fields);
    return this;
  }

  /** Bounds on the age of each committed offset's next record, in the order of the groups and their commits. Call after groups. */
  withTimeLags(boundsSec: readonly (readonly [number | null, number | null])[], untrusted: number[] = []): this {
    this.value('kafkaOffsets').timeLags = {
      atMs: TAKEN_AT_MS,
      lowSec: boundsSec.map(([low]) => low),
      highSec: boundsSec.map(([, high]) => high),
      untrusted,
    };
    return this;
  }

  /** What the brokers answer about their settings, all of them or those named; earlier answers stay. */
  withBrokerSettings(
    values: Record<string, string | null>,
    { brokers = this.brokerIds, source = 'static-broker' as const }: BrokerSettingShape = {},
  ): this {
    const before = this.sections.kafkaBrokerConfigs;
    const all = before?.ok ? before.value : Object.fromEntries(this.brokerIds.map((id) => [String(id), {}]));
    for (const id of brokers) {
      const set = Object.entries(values).map(([key, value]) => [key, { value, source }]);
      all[String(id)] = { ...all[String(id)], ...Object.fromEntries(set) };
    }
    return this.withSection('kafkaBrokerConfigs', all);
  }

  /** Bytes of every replica of a topic, one number for all partitions or one each. Call after the topic. */
  withSizes(topic: string, bytes: number | readonly number[]): this {
    const before = this.sections.kafkaLogDirs;
    const dirs = before?.ok ? before.value : this.brokerIds.map(emptyDisk);
    const partitions = this.value('kafkaTopics').find(({ name }) => name === topic)?.partitions ?? [];
    for (const disk of dirs) disk.topics[topic] = replicasOn(disk.brokerId, partitions, bytes);
    return this.withSection('kafkaLogDirs', dirs);
  }

  /** Messages a second into each partition of a topic, by its log ends over the samples. Call after the topic. */
  withRates(topic: string, perSec: readonly number[]): this {
    this.value('kafkaSamples').forEach((sample, i, all) => {
      const seconds = (sample.atMs - all[0]!.atMs) / 1000;
      sample.end[topic] = (sample.end[topic] ?? []).map((_end, partition) => {
        const first = Number(all[0]!.end[topic]?.[partition] ?? 0);
        return String(Math.round(first + (i === 0 ? 0 : seconds * perSec[partition]!)));
      });
    });
    return this;
  }

  /** Sampled batches of a topic's first partition: `count` alike, of 50 kB of zstd by an idempotent producer unless said otherwise. */
  withBatches(topic: string, batch: Partial<ReturnType<typeof sampledBatch>> = {}, count = 10): this {
    const before = this.sections.kafkaBatches;
    const made = { ...sampledBatch(TAKEN_AT_MS), ...batch };
    const row = { topic, partition: 0, error: null, batches: Array.from({ length: count }, () => ({ ...made })) };
    return this.withSection('kafkaBatches', [...(before?.ok ? before.value : []), row]);
  }

  /** What MSK says of access, all of it as it should be but for the given parts. */
  withSecurity(fields: Partial<SectionValue<'security'>> = {}): this {
    return this.withSection('security', { ...soundSecurity(), ...fields });
  }

  /** Replaces the series of one metric. A broker metric takes `Broker ID`; a constant or one value per period. */
  withMetric(definition: MetricDefinition, dimensions: Dimensions, values: Values): this {
    const metrics = this.value('metrics');
    metrics.series = withSeries(metrics.series, seriesOf(definition, ofCluster(dimensions), values, WINDOW));
    return this;
  }

  /** The same value, or values, on every broker. */
  withMetricOfBrokers(definition: MetricDefinition, values: Values, dimensions: Record<string, string> = {}): this {
    for (const id of this.brokerIds) this.withMetric(definition, { 'Broker ID': id, ...dimensions }, values);
    return this;
  }

  /** Replaces the hourly history of one metric: a constant over four weeks, or one value an hour up to the last whole hour. */
  withHourly(definition: MetricDefinition, dimensions: Dimensions, values: Values): this {
    const hours = typeof values === 'number' ? HISTORY_HOURS : values.length;
    const window = { startMs: HISTORY_END_MS - hours * 3_600_000, endMs: HISTORY_END_MS };
    const hourly = { ...definition, periodSec: 3600 as const };
    const metrics = this.value('metrics');
    metrics.hourly = withSeries(metrics.hourly ?? [], seriesOf(hourly, ofCluster(dimensions), values, window));
    return this;
  }

  /** The same hourly history on every broker. */
  withHourlyOfBrokers(definition: MetricDefinition, values: Values, dimensions: Record<string, string> = {}): this {
    for (const id of this.brokerIds) this.withHourly(definition, { 'Broker ID': id, ...dimensions }, values);
    return this;
  }

  /** Takes the series of a metric away, also the hourly ones, as if it had not been asked for. */
  withoutMetric(definition: MetricDefinition, dimensions: Dimensions = {}): this {
    const metrics = this.value('metrics');
    metrics.series = withoutSeries(metrics.series, definition, dimensions);
    if (metrics.hourly !== undefined) metrics.hourly = withoutSeries(metrics.hourly, definition, dimensions);
    return this;
  }

  withHealthyMetrics(): this {
    this.withMetric(METRICS.offlinePartitions, {}, 0);
    for (const brokerId of this.brokerIds) {
      for (const [definition, value] of HEALTHY) this.withMetric(definition, { 'Broker ID': brokerId }, value);
    }
    return this;
  }

  /**
   * Degraded mode: no way to the brokers, and MSK's topic API tells the same topics. Call last.
   * @param told what the API says of settings: all in force, or those of the topic itself; `listedOnly` topics were not described
   */
  withTopicApi({ told = 'all', listedOnly = [] }: { told?: 'all' | 'own'; listedOnly?: readonly string[] } = {}): this {
    const configs = this.value('kafkaTopicConfigs');
    const topics = this.value('kafkaTopics').map((topic) =>
      topicByApi(topic, configs[topic.name] ?? {}, told, !listedOnly.includes(topic.name)),
    );
    const partial = `${listedOnly.length} of ${topics.length} topics listed, not described`;
    this.withSection('mskTopics', topics, listedOnly.length > 0 ? partial : undefined);
    for (const name of Object.keys(this.sections) as SectionName[]) {
      if (name.startsWith('kafka')) this.without(name, 'unreachable');
    }
    return this;
  }

  withOperation(type: string, startMs: number, endMs: number | null): this {
    const state = endMs === null ? 'UPDATE_IN_PROGRESS' : 'UPDATE_COMPLETE';
    this.value('operations').push({ arn: `${CLUSTER_ARN}-operation`, type, state, startMs, endMs });
    return this;
  }

  withSection<N extends SectionName>(name: N, value: SectionValue<N>, partial?: string): this {
    (this.sections as Record<string, unknown>)[name] = present(value, TAKEN_AT_MS, partial);
    return this;
  }

  withPartial(name: SectionName, partial: string): this {
    const section = this.sections[name];
    if (section?.ok) section.partial = partial;
    return this;
  }

  /** The section could not be read; without a reason it was not asked for. */
  without(name: SectionName, reason?: MissingReason): this {
    if (reason === undefined) delete this.sections[name];
    else (this.sections as Record<string, unknown>)[name] = missing(reason, `${name}: ${reason}`);
    return this;
  }

  build(): Snapshot {
    return structuredClone({
      schemaVersion: 1 as const,
      takenAtMs: TAKEN_AT_MS,
      tool: { name: 'msk-checkup' as const, version: '0.0.0-test' },
      target: this.target,
      window: WINDOW,
      redacted: false,
      sections: this.sections,
    });
  }

  private value<N extends SectionName>(name: N): SectionValue<N> {
    const section = this.sections[name];
    if (!section?.ok) throw new Error(`section ${name} has no value in this snapshot`);
    return section.value as SectionValue<N>;
  }
}

function ofCluster(dimensions: Dimensions): Dimensions {
  return { 'Cluster Name': CLUSTER_NAME, ...dimensions };
}
