import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeClusterV2Command,
  DescribeConfigurationRevisionCommand,
  DescribeTopicCommand,
  DescribeTopicPartitionsCommand,
  KafkaClient,
  ListTopicsCommand,
} from '@aws-sdk/client-kafka';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { type SandboxAws, startAws } from '../../sandbox/aws/aws.ts';
import { kafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { type KafkaCluster, startKafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { clientFor, freshFolder, missing } from './support/aws-fixtures.ts';

const MINUTE = 60_000;
const versions = process.env.MSK_CHECKUP_TEST_FULL === '1' ? kafkaVersions : kafkaVersions.slice(0, 1);
const VICTIM = 3;

/** Metrics that the product asks a Standard cluster for and that this one does not publish, with the reason. */
const NOT_MEASURED_HERE: Readonly<Record<string, readonly string[]>> = {
  'the JVM does not know it, and all brokers share one machine, its disk and its network': [
    'BurstBalance',
    'BwInAllowanceExceeded',
    'BwOutAllowanceExceeded',
    'CPUCreditBalance',
    'ConntrackAllowanceExceeded',
    'CpuIoWait',
    'KafkaMemoryMappedFilesUsagePercent',
    'MemoryBuffered',
    'MemoryCached',
    'NetworkRxDropped',
    'NetworkRxErrors',
    'NetworkRxPackets',
    'NetworkTxDropped',
    'NetworkTxErrors',
    'NetworkTxPackets',
    'PpsAllowanceExceeded',
    'TrafficShaping',
    'VolumeQueueLength',
    'VolumeReadBytes',
    'VolumeWriteBytes',
    'VolumeWriteOps',
  ],
  'nothing is throttled': [
    'FetchThrottleByteRate',
    'FetchThrottleTime',
    'ProduceThrottleByteRate',
    'ProduceThrottleTime',
    'RequestThrottleTime',
  ],
  'nobody authenticates with IAM': ['IAMTooManyConnections'],
  'the cluster has no ZooKeeper': ['ZooKeeperSessionState'],
  'the cluster has no tiered storage': [
    'RemoteCopyErrorsPerSec',
    'RemoteCopyLagBytes',
    'RemoteFetchBytesPerSec',
    'RemoteFetchErrorsPerSec',
    'RemoteLogSizeBytes',
  ],
  'the exporter of the sandbox leaves this bean out': ['RequestBytesMean'],
};

describe.skipIf(missing('java', ['-version'], 'a real cluster')).each(versions)(
  'the AWS side of a real Kafka %s',
  (version) => {
    let cluster: KafkaCluster;
    let aws: SandboxAws;
    let msk: KafkaClient;
    let cloudWatch: CloudWatchClient;
    /** Log end offsets of `orders`, as kafkajs reads them. */
    let ends: number[];
    const folder = freshFolder();

    beforeAll(async () => {
      cluster = await startKafkaCluster({ version, folder: join(folder, 'kafka'), log: () => {} });
      aws = await startAws({
        cluster,
        folder: join(folder, 'aws'),
        log: () => {},
        emulator: false,
        monitoring: 'PER_TOPIC_PER_BROKER',
        volumeBytes: 1024 ** 3,
      });
      msk = new KafkaClient(clientFor(aws));
      cloudWatch = new CloudWatchClient(clientFor(aws));
      ends = await traffic(cluster);
    });
    afterAll(async () => {
      await aws?.stop();
      await cluster?.stop();
    });

    /** The metric's newest recorded value: of this minute, or of the last one where the clock has just turned. */
    async function now(
      MetricName: string,
      Stat: string,
      dimensions: Record<string, string> = {},
    ): Promise<number | undefined> {
      const all = { 'Cluster Name': aws.clusterName, ...dimensions };
      const Dimensions = Object.entries(all).map(([Name, Value]) => ({ Name, Value }));
      const MetricStat = { Metric: { Namespace: 'AWS/Kafka', MetricName, Dimensions }, Period: 60, Stat };
      const { MetricDataResults } = await cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ Id: 'a', MetricStat }],
          StartTime: new Date(Math.max(aws.metrics.recordedFromMs, Math.floor(Date.now() / MINUTE - 1) * MINUTE)),
          EndTime: new Date(Date.now() + MINUTE),
        }),
      );
      return MetricDataResults?.[0]?.Values?.[0];
    }

    test('topics are those of the cluster, with their own settings', async () => {
      const { Topics } = await msk.send(new ListTopicsCommand({ ClusterArn: aws.clusterArn }));
      expect(Topics?.find(({ TopicName }) => TopicName === 'orders')).toMatchObject({
        PartitionCount: 6,
        ReplicationFactor: 3,
        OutOfSyncReplicaCount: 0,
      });
      const orders = await msk.send(new DescribeTopicCommand({ ClusterArn: aws.clusterArn, TopicName: 'orders' }));
      expect(JSON.parse(Buffer.from(orders.Configs ?? '', 'base64').toString('utf8'))).toEqual({
        'retention.ms': '3600000',
      });
      await expect(
        msk.send(new DescribeTopicCommand({ ClusterArn: aws.clusterArn, TopicName: 'no-such-topic' })),
      ).rejects.toMatchObject({ name: 'UnknownTopicOrPartitionException' });
    });

    test('the configuration is what the brokers really run with', async () => {
      const { ClusterInfo } = await msk.send(new DescribeClusterV2Command({ ClusterArn: aws.clusterArn }));
      const Arn = ClusterInfo?.Provisioned?.CurrentBrokerSoftwareInfo?.ConfigurationArn;
      const { ServerProperties } = await msk.send(new DescribeConfigurationRevisionCommand({ Arn, Revision: 1 }));
      const admin = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 4, name: '1' }],
      });
      await admin.disconnect();
      const real = new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
      const declared = Buffer.from(ServerProperties ?? [])
        .toString('utf8')
        .trim()
        .split('\n');
      expect(declared.length).toBeGreaterThan(5);
      for (const line of declared) {
        const [key = '', value] = line.split('=');
        expect([key, real.get(key)]).toEqual([key, value]);
      }
    });

    test('what the product asks for is published under the unit of its catalogue, but for what is not measured here', async () => {
      await aws.refreshMetrics();
      const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'AWS/Kafka' }));
      const rows: MetricDefinition[] = Object.values(METRICS);
      const wanted = rows.filter(({ need, kinds }) => need !== undefined && kinds.includes('provisioned-standard'));
      const unpublished = wanted.filter(({ name, dimensions, unit }) => {
        const found = Metrics.filter(({ MetricName }) => MetricName === name);
        const shapes = new Set(found.map(({ Dimensions }) => Dimensions?.map(({ Name }) => Name).join('+')));
        for (const series of aws.metrics.all().filter((one) => one.name === name))
          expect([name, series.unit]).toEqual([name, unit]);
        return !shapes.has(dimensions.join('+'));
      });
      expect(unpublished.map(({ name }) => name).sort()).toEqual(Object.values(NOT_MEASURED_HERE).flat().sort());
    });

    test('controller figures are true as Maximum and a third of it as Average', async () => {
      await aws.refreshMetrics();
      expect(await now('ActiveControllerCount', 'Maximum')).toBe(1);
      expect(await now('ActiveControllerCount', 'Average')).toBeCloseTo(1 / 3);
      // 6 of orders, 3 of single, 50 of the offsets topic.
      expect(await now('GlobalPartitionCount', 'Maximum')).toBe(59);
    });

    test('lag equals what the group has left to read', async () => {
      await aws.refreshMetrics();
      const billing = { 'Consumer Group': 'billing', Topic: 'orders' };
      expect(await now('SumOffsetLag', 'Maximum', billing)).toBe(ends.reduce((sum, end) => sum + end - 40, 0));
      expect(await now('MaxOffsetLag', 'Maximum', billing)).toBe(Math.max(...ends) - 40);
      expect(await now('SumOffsetLag', 'Maximum', { 'Consumer Group': 'with:colon', Topic: 'orders' })).toBeUndefined();
    });

    test('disk use is the real log over the declared volume, and follows a smaller one', async () => {
      await aws.refreshMetrics();
      const bytes = await cluster.logSizeBytes(1);
      expect(await now('KafkaDataLogsDiskUsed', 'Maximum', { 'Broker ID': '1' })).toBeCloseTo(
        (bytes / 1024 ** 3) * 100,
        1,
      );
      aws.setDeclaredVolume(bytes * 2);
      await aws.refreshMetrics();
      expect(await now('KafkaDataLogsDiskUsed', 'Maximum', { 'Broker ID': '1' })).toBeCloseTo(50, 0);
    });

    test('a dead broker falls silent, and what it led alone shows without a leader', async () => {
      await cluster.killBroker(VICTIM);
      await sleep(5_000);
      // What was published before the death in this very minute would stand until the next one.
      for (const series of aws.metrics.all()) series.recorded.clear();
      await aws.refreshMetrics();
      expect(await now('OfflinePartitionsCount', 'Maximum')).toBe(1);
      expect(await now('UnderReplicatedPartitions', 'Maximum', { 'Broker ID': '1' })).toBeGreaterThan(0);
      const { Partitions } = await msk.send(
        new DescribeTopicPartitionsCommand({ ClusterArn: aws.clusterArn, TopicName: 'single' }),
      );
      const orphan = Partitions?.find(({ Replicas }) => Replicas?.includes(VICTIM));
      expect(orphan).not.toHaveProperty('Leader');
      const { Topics } = await msk.send(
        new ListTopicsCommand({ ClusterArn: aws.clusterArn, TopicNameFilter: 'orders' }),
      );
      expect(Topics?.[0]?.OutOfSyncReplicaCount).toBe(6);
      expect(await now('LeaderCount', 'Average', { 'Broker ID': String(VICTIM) })).toBeUndefined();
      expect(await now('LeaderCount', 'Average', { 'Broker ID': '1' })).toBeGreaterThan(0);
    });
  },
);

async function traffic(cluster: KafkaCluster): Promise<number[]> {
  const kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const orders = {
    topic: 'orders',
    numPartitions: 6,
    replicationFactor: 3,
    configEntries: [{ name: 'retention.ms', value: '3600000' }],
  };
  // A young cluster answers with retriable errors for a moment, and kafkajs throws some of them.
  const topics = [orders, { topic: 'single', numPartitions: 3, replicationFactor: 1 }];
  await persistently(() => admin.createTopics({ topics, waitForLeaders: false }));
  await persistently(async () => {
    const { topics: known } = await admin.fetchTopicMetadata({ topics: ['orders', 'single'] });
    const led = known.flatMap(({ partitions }) => partitions).filter(({ leader }) => leader >= 0);
    if (led.length < 9) throw new Error(`${led.length} of 9 partitions have a leader`);
  });
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: 600 }, (_, i) => ({ partition: i % 6, value: 'x'.repeat(200) }));
  await persistently(() => producer.send({ topic: 'orders', messages }));
  await producer.disconnect();
  // Not simply 100 each: a producer that is not idempotent writes a batch again after a lost answer.
  const ends = (await admin.fetchTopicOffsets('orders')).sort((a, b) => a.partition - b.partition);
  const behind = ends.map(({ partition }) => ({ partition, offset: '40' }));
  await commit(admin, 'billing', behind);
  await commit(admin, 'with:colon', behind);
  // Nothing left to read: its time lag is known to be zero although nothing is produced.
  await commit(admin, 'shipping', ends);
  await admin.disconnect();
  return ends.map(({ offset }) => Number(offset));
}

/** The coordinator needs a moment after the offsets topic has come to be. */
async function commit(
  admin: Admin,
  groupId: string,
  partitions: { partition: number; offset: string }[],
): Promise<void> {
  await persistently(() => admin.setOffsets({ groupId, topic: 'orders', partitions }));
}

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries > 20) throw error;
      await sleep(500);
    }
  }
}
