// A healthy three-broker MSK cluster, and the ways in which a test makes it less so.
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import { type MissingReason, missing, present } from '../../lib/snapshot/collected.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import type { SectionName, Sections, SectionValue, Snapshot } from '../../lib/snapshot/schema.ts';

export const TAKEN_AT_MS = Date.UTC(2026, 10, 20, 6, 15);
export const WINDOW_START_MS = TAKEN_AT_MS - 24 * 3_600_000;
/** Four weeks of hours, up to the last one that was over. */
export const HISTORY_HOURS = 28 * 24;
export const HISTORY_END_MS = Math.floor(TAKEN_AT_MS / 3_600_000) * 3_600_000;
export const CLUSTER_NAME = 'orders';
export const CLUSTER_UUID = 'a1b2c3d4-1111-2222-3333-444455556666-5';
export const CLUSTER_ARN = `arn:aws:kafka:eu-west-1:111122223333:cluster/${CLUSTER_NAME}/${CLUSTER_UUID}`;

type Topic = SectionValue<'kafkaTopics'>[number];
type Partition = Topic['partitions'][number];
type Group = SectionValue<'kafkaGroups'>[number];
type TopicConfigs = SectionValue<'kafkaTopicConfigs'>[string];
type SampledBatch = SectionValue<'kafkaBatches'>[number]['batches'][number];

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

/** Round numbers of no real price list, so that a sum can be checked by hand. */
const PRICES: SectionValue<'prices'> = {
  source: 'offline',
  asOfDate: '2026-11-01',
  region: 'eu-west-1',
  currency: 'USD',
  items: {
    'broker/kafka.m7g.large': { usd: 0.2, unit: 'hours', source: 'test' },
    'storage/gp2': { usd: 0.1, unit: 'GiB-month', source: 'test' },
  },
};

export interface TopicShape {
  partitions?: number;
  replicationFactor?: number;
  internal?: boolean;
  /** Configuration values set on the topic itself. */
  configs?: Record<string, string>;
  /** Start and end offset of every partition, unless `offsets` gives them one by one. */
  start?: number;
  end?: number;
}

export interface GroupShape {
  type?: Group['type'];
  state?: string;
  /** Topic to committed offset per partition, one list per sample or one list for all samples. */
  commits: Record<string, readonly number[] | readonly (readonly number[])[]>;
  /** Members share the committed partitions round robin; 0 = none assigned. */
  members?: number;
}

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
    this.sections.cluster = present(standardCluster(), TAKEN_AT_MS);
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
    this.sections.nodes = present(
      this.brokerIds.map((brokerId) => ({
        brokerId,
        subnetId: `subnet-${((brokerId - 1) % 3) + 1}`,
        azId: `euw1-az${((brokerId - 1) % 3) + 1}`,
        instanceType: 'kafka.m7g.large',
        endpoints: [`b-${brokerId}.example.test`],
        kafkaVersion: '3.9.x.kraft',
      })),
      TAKEN_AT_MS,
    );
    this.sections.kafkaBrokers = present(
      {
        clusterId: 'kafka-cluster-id',
        controllerId: 1,
        brokers: this.brokerIds.map((id) => ({
          id,
          host: `b-${id}.example.test`,
          port: 9098,
          rack: `euw1-az${((id - 1) % 3) + 1}`,
        })),
      },
      TAKEN_AT_MS,
    );
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
    const standard = standardCluster();
    const { storageMode: _m, volumeGiBPerBroker: _v, provisionedThroughputMiBPerSec: _t, ...provisioned } = standard;
    const byKind: Record<typeof kind, Cluster> = {
      'provisioned-standard': standard,
      'provisioned-express': {
        ...provisioned,
        kind: 'provisioned-express',
        instanceType: 'express.m7g.large',
        rebalancing: 'ACTIVE',
      },
      serverless: {
        kind: 'serverless',
        arn: standard.arn,
        uuid: standard.uuid,
        name: standard.name,
        region: standard.region,
        accountId: standard.accountId,
        state: standard.state,
        stateInfo: null,
        currentVersion: standard.currentVersion,
        createdAtMs: standard.createdAtMs,
        activeOperationArn: null,
        networkType: 'IPV4',
      },
    };
    this.sections.cluster = present(byKind[kind], TAKEN_AT_MS);
    return this;
  }

  /** Changes fields of the described Standard cluster (version, state, volume, ...). */
  withCluster(fields: Partial<Extract<Cluster, { kind: 'provisioned-standard' }>>): this {
    Object.assign(this.value('cluster'), fields);
    return this;
  }

  /** Leaders round robin, replicas on the following brokers, all in sync. */
  withTopic(name: string, shape: TopicShape = {}): this {
    const { partitions = 3, replicationFactor = 3, internal = false, configs = {}, start = 0, end = 1000 } = shape;
    this.value('kafkaTopics').push({
      name,
      internal,
      error: null,
      partitions: Array.from({ length: partitions }, (_, partition) => {
        const replicas = Array.from(
          { length: replicationFactor },
          (_, r) => this.brokerIds[(partition + r) % this.brokerIds.length]!,
        );
        return { partition, leader: replicas[0]!, replicas, isr: [...replicas], offlineReplicas: [], error: null };
      }),
    });
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
    const { type = 'classic', state = 'Stable', commits, members = 1 } = shape;
    const samples = this.value('kafkaSamples');
    const assignments = Array.from({ length: members }, () => new Map<string, number[]>());
    let next = 0;
    for (const [topic, perSample] of Object.entries(commits)) {
      const rows: readonly (readonly number[])[] =
        typeof perSample[0] === 'number'
          ? samples.map(() => perSample as readonly number[])
          : (perSample as readonly (readonly number[])[]);
      rows[0]!.forEach((first, partition) => {
        const offset = String(first);
        this.value('kafkaOffsets').committed.push({ groupId, topic, partition, offset, error: null });
        samples.forEach((sample, i) => {
          sample.committed.push(String(rows[i]![partition]));
        });
        const owner = members > 0 ? assignments[next++ % members]! : null;
        owner?.set(topic, [...(owner.get(topic) ?? []), partition]);
      });
    }
    this.value('kafkaGroups').push({
      groupId,
      type,
      state,
      protocolType: 'consumer',
      coordinatorId: 1,
      assignor: 'range',
      members: assignments.map((assignment, i) => ({
        memberId: `${groupId}-member-${i}`,
        clientId: `${groupId}-client`,
        host: `/10.0.0.${i + 1}`,
        instanceId: null,
        rack: null,
        assignment: [...assignment].map(([topic, partitions]) => ({ topic, partitions })),
      })),
      error: null,
    });
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
    const dirs: SectionValue<'kafkaLogDirs'> = before?.ok
      ? before.value
      : this.brokerIds.map((brokerId) => ({
          brokerId,
          dirs: [{ error: null, totalBytes: 1e12, usableBytes: 7e11 }],
          topics: {},
        }));
    const partitions = this.value('kafkaTopics').find(({ name }) => name === topic)?.partitions ?? [];
    for (const { brokerId, topics } of dirs) {
      const own = partitions.filter(({ replicas }) => replicas.includes(brokerId));
      topics[topic] = own.map(({ partition }) => ({
        partition,
        sizeBytes: typeof bytes === 'number' ? bytes : bytes[partition]!,
        offsetLag: '0',
        isFuture: false,
      }));
    }
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
  withBatches(topic: string, batch: Partial<SampledBatch> = {}, count = 10): this {
    const before = this.sections.kafkaBatches;
    const made = {
      sizeBytes: 50_000,
      records: 50,
      codec: 'zstd' as const,
      baseTimestampMs: TAKEN_AT_MS - 1010,
      maxTimestampMs: TAKEN_AT_MS - 1000,
      isLogAppendTime: false,
      isTransactional: false,
      isIdempotent: true,
      ...batch,
    };
    const row = { topic, partition: 0, error: null, batches: Array.from({ length: count }, () => ({ ...made })) };
    return this.withSection('kafkaBatches', [...(before?.ok ? before.value : []), row]);
  }

  /** What MSK says of access, all of it as it should be but for the given parts. */
  withSecurity(fields: Partial<SectionValue<'security'>> = {}): this {
    return this.withSection('security', {
      authentication: { unauthenticated: false, iam: true, scram: false, tls: false },
      encryption: { clientBroker: 'TLS', inCluster: true, atRestKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
      publicAccess: 'DISABLED',
      vpcConnectivity: { iam: false, scram: false, tls: false },
      brokerLogs: { cloudWatch: true, firehose: false, s3: false },
      openMonitoring: { jmxExporter: false, nodeExporter: false },
      scramSecretNames: null,
      ...fields,
    });
  }

  /** Replaces the series of one metric. A broker metric takes `Broker ID`; a constant or one value per period. */
  withMetric(
    definition: MetricDefinition,
    dimensions: Record<string, string | number>,
    values: number | readonly (number | null)[],
  ): this {
    const all = { 'Cluster Name': CLUSTER_NAME, ...stringValues(dimensions) };
    const series = this.value('metrics').series;
    const same = (s: MetricSeries) => s.metric === definition.name && sameDimensions(s.dimensions, all);
    const periods = (TAKEN_AT_MS - WINDOW_START_MS) / 1000 / definition.periodSec;
    const made: MetricSeries = {
      metric: definition.name,
      statistic: definition.statistic,
      unit: definition.unit,
      dimensions: all,
      periodSec: definition.periodSec,
      startMs: WINDOW_START_MS,
      values: typeof values === 'number' ? Array.from({ length: periods }, () => values) : [...values],
    };
    this.value('metrics').series = [...series.filter((s) => !same(s)), made];
    return this;
  }

  /** The same value, or values, on every broker. */
  withMetricOfBrokers(
    definition: MetricDefinition,
    values: number | readonly (number | null)[],
    dimensions: Record<string, string> = {},
  ): this {
    for (const id of this.brokerIds) this.withMetric(definition, { 'Broker ID': id, ...dimensions }, values);
    return this;
  }

  /** Replaces the hourly history of one metric: a constant over four weeks, or one value an hour up to the last whole hour. */
  withHourly(
    definition: MetricDefinition,
    dimensions: Record<string, string | number>,
    values: number | readonly (number | null)[],
  ): this {
    const all = { 'Cluster Name': CLUSTER_NAME, ...stringValues(dimensions) };
    const metrics = this.value('metrics');
    const own = typeof values === 'number' ? Array.from({ length: HISTORY_HOURS }, () => values) : [...values];
    const made: MetricSeries = {
      metric: definition.name,
      statistic: definition.statistic,
      unit: definition.unit,
      dimensions: all,
      periodSec: 3600,
      startMs: HISTORY_END_MS - own.length * 3_600_000,
      values: own,
    };
    const others = (metrics.hourly ?? []).filter(
      (each) => each.metric !== definition.name || !sameDimensions(each.dimensions, all),
    );
    metrics.hourly = [...others, made];
    return this;
  }

  /** The same hourly history on every broker. */
  withHourlyOfBrokers(
    definition: MetricDefinition,
    values: number | readonly (number | null)[],
    dimensions: Record<string, string> = {},
  ): this {
    for (const id of this.brokerIds) this.withHourly(definition, { 'Broker ID': id, ...dimensions }, values);
    return this;
  }

  /** Takes the series of a metric away, also the hourly ones, as if it had not been asked for. */
  withoutMetric(definition: MetricDefinition, dimensions: Record<string, string | number> = {}): this {
    const metrics = this.value('metrics');
    const wanted = Object.entries(stringValues(dimensions));
    const keep = (each: MetricSeries) =>
      each.metric !== definition.name || !wanted.every(([key, value]) => each.dimensions[key] === value);
    metrics.series = metrics.series.filter(keep);
    if (metrics.hourly !== undefined) metrics.hourly = metrics.hourly.filter(keep);
    return this;
  }

  withHealthyMetrics(): this {
    this.withMetric(METRICS.offlinePartitions, {}, 0);
    for (const brokerId of this.brokerIds) {
      const broker = { 'Broker ID': brokerId };
      this.withMetric(METRICS.underReplicated, broker, 0)
        .withMetric(METRICS.underMinIsr, broker, 0)
        .withMetric(METRICS.leaderCount, broker, 40)
        .withMetric(METRICS.partitionCount, broker, 120)
        .withMetric(METRICS.cpuUser, broker, 20)
        .withMetric(METRICS.cpuSystem, broker, 5)
        .withMetric(METRICS.diskUsed, broker, 30)
        .withMetric(METRICS.produceTotalTimeMean, broker, 4)
        .withMetric(METRICS.bytesIn, broker, 2_000_000)
        .withMetric(METRICS.bytesOut, broker, 4_000_000);
    }
    return this;
  }

  /**
   * Degraded mode: no way to the brokers, and MSK's topic API tells the same topics. Call last.
   * @param told what the API says of settings: all in force, or those of the topic itself; `listedOnly` topics were not described
   */
  withTopicApi({ told = 'all', listedOnly = [] }: { told?: 'all' | 'own'; listedOnly?: readonly string[] } = {}): this {
    const configs = this.value('kafkaTopicConfigs');
    const topics = this.value('kafkaTopics').map(({ name, partitions }): SectionValue<'mskTopics'>[number] => {
      const settings = Object.entries(configs[name] ?? {}).filter(
        ([, { source }]) => told === 'all' || source === 'topic',
      );
      const isDescribed = !listedOnly.includes(name);
      return {
        name,
        replicationFactor: partitions[0]?.replicas.length ?? null,
        partitionCount: partitions.length,
        outOfSyncReplicaCount: partitions.reduce((sum, { isr, replicas }) => sum + replicas.length - isr.length, 0),
        configs: isDescribed ? Object.fromEntries(settings.map(([key, { value }]) => [key, value ?? ''])) : null,
        partitions: isDescribed
          ? partitions.map(({ partition, leader, replicas, isr }) => ({
              partition,
              leader: leader < 0 ? null : leader,
              replicas,
              isr,
            }))
          : null,
      };
    });
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
      window: { startMs: WINDOW_START_MS, endMs: TAKEN_AT_MS },
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

function standardCluster(): Extract<Cluster, { kind: 'provisioned-standard' }> {
  return {
    kind: 'provisioned-standard',
    arn: CLUSTER_ARN,
    uuid: CLUSTER_UUID,
    name: CLUSTER_NAME,
    region: 'eu-west-1',
    accountId: '111122223333',
    state: 'ACTIVE',
    stateInfo: null,
    currentVersion: 'K3P5ROKL5A1OLE',
    createdAtMs: Date.UTC(2025, 0, 1),
    activeOperationArn: null,
    networkType: 'IPV4',
    kafkaVersion: '3.9.x.kraft',
    metadataMode: 'kraft',
    instanceType: 'kafka.m7g.large',
    brokerCount: 3,
    azCount: 3,
    zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'],
    enhancedMonitoring: 'DEFAULT',
    configuration: { arn: `${CLUSTER_ARN}-config`, revision: 1 },
    customerActionStatus: 'NONE',
    storageMode: 'LOCAL',
    volumeGiBPerBroker: 1000,
    provisionedThroughputMiBPerSec: null,
  };
}

/** Sound values for every key the checks read; what a test sets is marked as set on the topic. */
function topicConfigs(set: Record<string, string>): TopicConfigs {
  const defaults: Record<string, string> = {
    'min.insync.replicas': '2',
    'unclean.leader.election.enable': 'false',
    'retention.ms': '604800000',
    'retention.bytes': '-1',
    'cleanup.policy': 'delete',
    'compression.type': 'producer',
  };
  return Object.fromEntries(
    Object.entries({ ...defaults, ...set }).map(([key, value]) => [
      key,
      { value, source: key in set ? ('topic' as const) : ('static-broker' as const) },
    ]),
  );
}

function stringValues(record: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}

function sameDimensions(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
