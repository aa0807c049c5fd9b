import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { runKafkaTool } from '../../sandbox/kafka/tools.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets, endOffsets, hostileGroupIds } from '../../sandbox/workload/client.ts';
import { groupShapes, topicShapes } from '../../sandbox/workload/shapes.ts';
import { missing } from './support/aws-fixtures.ts';

const isFull = process.env.MSK_CHECKUP_TEST_FULL === '1';

// In the short suite test/e2e/figures.test.ts holds the same cluster against the tools, and aws-live.test.ts reads the beans.
describe.skipIf(!isFull || missing('java', ['-version'], 'a real cluster')).each(kafkaVersions)(
  'an idle cluster, Kafka %s',
  (kafka) => {
    let sandbox: Sandbox;
    const tool = (...args: [Parameters<typeof runKafkaTool>[1], ...string[]]): Promise<string> =>
      runKafkaTool(sandbox.cluster, args[0], args.slice(1));

    beforeAll(async () => {
      sandbox = await startSandbox({ kafka, profile: 'idle', aws: false, log: () => {} });
    });
    afterAll(() => sandbox?.stop());

    test('has every topic of the workload with the partitions and replicas it should have', async () => {
      const described = await tool('kafka-topics', '--describe');
      for (const { name, partitions, replicationFactor } of topicShapes(sandbox.runId)) {
        const head = described
          .split('\n')
          .find((line) => line.includes(`Topic: ${name}\t`) && line.includes('PartitionCount'));
        expect(head).toContain(`PartitionCount: ${partitions}\tReplicationFactor: ${replicationFactor}`);
      }
    });

    test('stands still: offsets and log sizes are the same at two looks, and are those of the tools', async () => {
      const look = async (): Promise<[number[], bigint[]]> => [
        await Promise.all(sandbox.cluster.brokers.map(({ id }) => sandbox.cluster.logSizeBytes(id))),
        [...(await endOffsets(sandbox.cluster.bootstrap, 'orders')).values()],
      ];
      const first = await look();
      const groups = await tool('kafka-consumer-groups', '--describe', '--all-groups', '--offsets');
      expect(await look()).toEqual(first);
      for (const { id } of groupShapes('idle', sandbox.runId)) expect(groups).toContain(id);

      const answer = await tool('kafka-log-dirs', '--describe');
      const dirs = JSON.parse(answer.split('\n').find((line) => line.startsWith('{'))!) as {
        brokers: { broker: number; logDirs: { partitions: { size: number }[] }[] }[];
      };
      const sizes = dirs.brokers
        .sort((a, b) => a.broker - b.broker)
        .map(({ logDirs }) =>
          logDirs.flatMap((dir) => dir.partitions).reduce((sum, partition) => sum + partition.size, 0),
        );
      expect(first[0]).toEqual(sizes);
    });

    test('exports the beans that the bridge needs, and leader counts that are those of the tools', async () => {
      const described = await tool('kafka-topics', '--describe');
      for (const { id, jmxPort } of sandbox.cluster.brokers) {
        const metrics = await (await fetch(`http://127.0.0.1:${jmxPort}/metrics`)).text();
        for (const name of brokerBeans) expect(metrics).toContain(name);
        const leaders = described.split('\n').filter((line) => line.includes(`\tLeader: ${id}\t`)).length;
        expect(metrics).toContain(`kafka_server_ReplicaManager_Value{name="LeaderCount"} ${leaders}.0`);
      }
      const controller = await (await fetch(`http://127.0.0.1:${sandbox.cluster.controllerJmxPort}/metrics`)).text();
      for (const name of [
        'ActiveControllerCount',
        'OfflinePartitionsCount',
        'GlobalTopicCount',
        'GlobalPartitionCount',
      ]) {
        expect(controller).toContain(`kafka_controller_KafkaController_Value{name="${name}"}`);
      }
    });

    test('takes group ids that a report must survive', async () => {
      const offsets = new Map([[0, 1n]]);
      await commitOffsets(
        sandbox.cluster.bootstrap,
        hostileGroupIds.map((groupId) => ({ groupId, topic: 'orders', offsets })),
      );
      const listed = await tool('kafka-consumer-groups', '--list');
      for (const id of hostileGroupIds) expect(listed).toContain(id);
    });

    test('refuses faults that need traffic, and names that are no fault', async () => {
      await expect(sandbox.inject('stall-consumer')).rejects.toThrow(/needs a workload with traffic; profile idle/);
      await expect(sandbox.inject('no-such')).rejects.toThrow(/there is no fault "no-such"; faults: kill-broker, /);
      expect(sandbox.activeFaults()).toEqual([]);
    });
  },
);

const brokerBeans = [
  'java_lang_OperatingSystem_CpuLoad',
  'java_lang_OperatingSystem_ProcessCpuLoad',
  'java_lang_OperatingSystem_TotalMemorySize',
  'java_lang_OperatingSystem_FreeMemorySize',
  'java_lang_Memory_HeapMemoryUsage_used',
  'jvm_memory_pool_collection_used_bytes',
  'kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesInPerSec"}',
  'kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesInPerSec",topic="orders"}',
  'kafka_server_BrokerTopicMetrics_OneMinuteRate{name="BytesOutPerSec"}',
  'kafka_server_BrokerTopicMetrics_OneMinuteRate{name="MessagesInPerSec"}',
  'kafka_server_BrokerTopicMetrics_OneMinuteRate{name="ReplicationBytesInPerSec"}',
  'kafka_network_RequestMetrics_Mean{name="TotalTimeMs",request="Produce"}',
  'kafka_network_RequestMetrics_99thPercentile{name="TotalTimeMs",request="FetchConsumer"}',
  'kafka_server_ReplicaManager_Value{name="PartitionCount"}',
  'kafka_server_ReplicaManager_Value{name="UnderReplicatedPartitions"}',
  'kafka_server_ReplicaManager_Value{name="UnderMinIsrPartitionCount"}',
  'kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"}',
  'kafka_network_SocketServer_Value{name="NetworkProcessorAvgIdlePercent"}',
  'kafka_server_socket_server_metrics_connection_count',
];
