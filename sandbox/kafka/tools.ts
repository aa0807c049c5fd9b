import { execFile } from 'node:child_process';
import type { KafkaArtifacts } from './artifacts.ts';
import { ensureKafkaArtifacts, knownKafkaVersions } from './artifacts.ts';
import { toolJvmArgs } from './jvm.ts';

const MAIN_CLASSES = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  // From 4.x on.
  'kafka-groups': 'org.apache.kafka.tools.GroupsCommand',
  'kafka-share-groups': 'org.apache.kafka.tools.consumer.group.ShareGroupCommand',
  'kafka-streams-groups': 'org.apache.kafka.tools.streams.StreamsGroupCommand',
  'kafka-console-share-consumer': 'org.apache.kafka.tools.consumer.ConsoleShareConsumer',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
  'kafka-dump-log': 'org.apache.kafka.tools.DumpLogSegments',
} as const;

export type KafkaTool = keyof typeof MAIN_CLASSES;

/** They take the brokers' addresses in another way, or read files. */
const WITHOUT_CLUSTER: readonly KafkaTool[] = ['kafka-producer-perf-test', 'kafka-dump-log'];

const IN_3: Partial<Record<KafkaTool, string>> = {
  'kafka-acls': 'kafka.admin.AclCommand',
  'kafka-console-producer': 'kafka.tools.ConsoleProducer',
  'kafka-dump-log': 'kafka.tools.DumpLogSegments',
};
const IN_3_6: Partial<Record<KafkaTool, string>> = {
  ...IN_3,
  'kafka-topics': 'kafka.admin.TopicCommand',
  'kafka-consumer-groups': 'kafka.admin.ConsumerGroupCommand',
  'kafka-get-offsets': 'kafka.tools.GetOffsetShell',
  'kafka-leader-election': 'kafka.admin.LeaderElectionCommand',
  'kafka-reassign-partitions': 'kafka.admin.ReassignPartitionsCommand',
  'kafka-console-consumer': 'kafka.tools.ConsoleConsumer',
};

function mainClass(version: string, tool: KafkaTool): string {
  const elsewhere = version.startsWith('3.6.') ? IN_3_6 : version.startsWith('3.') ? IN_3 : {};
  return elsewhere[tool] ?? MAIN_CLASSES[tool];
}

export interface ToolTarget {
  version: string;
  bootstrap: string;
}

/**
 * Runs one of Kafka's own command line tools against the cluster and answers its stdout. Tests use it as the independent
 * witness. Costs one to two seconds of JVM a call. A tool that ends with an error rejects with what it wrote.
 */
export async function runKafkaTool(
  cluster: ToolTarget,
  tool: KafkaTool,
  args: string[],
  timeoutMs = 60_000,
): Promise<string> {
  const { command, commandArgs } = toolCommand(await artifactsOf(cluster.version), tool, cluster.bootstrap, args);
  return new Promise((resolve, reject) => {
    execFile(command, commandArgs, { timeout: timeoutMs, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${tool} ${args.join(' ')} failed: ${(stderr || stdout).trim() || error.message}`));
    });
  });
}

/** The same as a command line, for a tool that runs until it is ended (a console consumer). */
export async function kafkaToolCommand(
  cluster: ToolTarget,
  tool: KafkaTool,
  args: string[],
): Promise<{ command: string; args: string[] }> {
  const { command, commandArgs } = toolCommand(await artifactsOf(cluster.version), tool, cluster.bootstrap, args);
  return { command, args: commandArgs };
}

function toolCommand(
  artifacts: KafkaArtifacts,
  tool: KafkaTool,
  bootstrap: string,
  args: string[],
): { command: string; commandArgs: string[] } {
  const connect = WITHOUT_CLUSTER.includes(tool) ? [] : ['--bootstrap-server', bootstrap];
  return {
    command: artifacts.java.command,
    commandArgs: [...toolJvmArgs(artifacts), mainClass(artifacts.version, tool), ...connect, ...args],
  };
}

function artifactsOf(version: string): Promise<KafkaArtifacts> {
  const known = knownKafkaVersions.find((candidate) => candidate === version);
  if (known === undefined) throw new Error(`Kafka ${version} is not one of ${knownKafkaVersions.join(', ')}`);
  return ensureKafkaArtifacts(known, () => {});
}
