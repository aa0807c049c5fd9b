import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../paths.ts';
import { freePort } from '../ports.ts';
import { spawnOwned } from '../processes.ts';
import type { KafkaArtifacts } from './artifacts.ts';
import { beginEntry, finishEntry } from './cache-entry.ts';
import { nodeArchive, nodeJvmArgs, recordArchiveFlags, toolJvmArgs } from './jvm.ts';
import { waitForLogLine } from './readiness.ts';
import {
  brokerProperties,
  controllerId,
  controllerProperties,
  type NodeAddress,
  trainingProperties,
} from './settings.ts';
import { runKafkaTool } from './tools.ts';

/** As Kafka writes ids: 16 random bytes, base64url without padding. A leading dash would read as an option. */
export function randomClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? randomClusterId() : id;
}

/**
 * Puts a freshly formatted data directory at `node.logDir`. Kafka's own StorageTool formats each node once; later runs copy
 * the result (milliseconds instead of seconds) and only give it the cluster id of this run.
 */
export function placeFormattedDir(templates: string, node: NodeAddress, clusterId: string): void {
  cpSync(join(templates, String(node.id)), node.logDir, { recursive: true });
  const file = join(node.logDir, 'meta.properties');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^cluster\.id=.*$/m, `cluster.id=${clusterId}`));
}

/** Formatted data directories of the controller and the brokers, one sub-folder per node id. */
export async function ensureFormattedTemplates(
  artifacts: KafkaArtifacts,
  brokerIds: number[],
  log: (line: string) => void,
): Promise<string> {
  const templates = join(cacheDir, `formatted-${artifacts.version}-${artifacts.fingerprint}`);
  if (existsSync(templates)) return templates;
  log(`Kafka ${artifacts.version}: formatting data directories (once)`);
  const part = beginEntry(templates);
  mkdirSync(part, { recursive: true });
  const clusterId = randomClusterId();
  for (const id of [controllerId, ...brokerIds]) {
    const node = { id, port: 9092, logDir: join(part, String(id)) };
    const properties =
      id === controllerId
        ? controllerProperties(node)
        : brokerProperties(artifacts.version, { ...node, listeners: [] }, 9093);
    await formatDir(artifacts, join(part, `${id}.properties`), properties, clusterId);
  }
  finishEntry(part, templates);
  return templates;
}

/**
 * The class archive (AppCDS) of a Kafka node: without it each of four JVMs parses some 6,000 classes at every start. It is
 * written when a node ends in an orderly way, so one combined node is started for that alone.
 */
export async function ensureClassArchive(artifacts: KafkaArtifacts, log: (line: string) => void): Promise<void> {
  const archive = nodeArchive(artifacts);
  if (existsSync(archive)) return;
  log(`Kafka ${artifacts.version}: recording a class archive (once)`);
  const folder = beginEntry(join(cacheDir, `training-${artifacts.version}`));
  mkdirSync(folder, { recursive: true });
  const node = { id: 1, port: await freePort(), logDir: join(folder, 'data') };
  const properties = join(folder, 'server.properties');
  await formatDir(
    artifacts,
    properties,
    trainingProperties(artifacts.version, node, await freePort()),
    randomClusterId(),
  );
  const part = beginEntry(archive);
  const logFile = join(folder, 'server.log');
  const args = [...recordArchiveFlags(part), ...nodeJvmArgs(artifacts), 'kafka.Kafka', properties];
  const kafka = spawnOwned({ name: 'kafka-training', command: artifacts.java.command, args, logFile });
  await waitForLogLine(logFile, 'Kafka Server started', kafka, 60_000);
  await exercise(artifacts.version, node.port);
  process.kill(kafka.pid, 'SIGTERM');
  const impatient = setTimeout(() => void kafka.stop(), 60_000);
  await kafka.exited;
  clearTimeout(impatient);
  if (existsSync(part)) finishEntry(part, archive);
  else log(`Kafka ${artifacts.version}: no class archive was written; starts will take longer`);
  rmSync(folder, { recursive: true, force: true });
}

/** A few records and a group, so that the classes which only traffic loads are in the archive as well. */
async function exercise(version: string, port: number): Promise<void> {
  const node = { version, bootstrap: `127.0.0.1:${port}` };
  const producerProps = [
    '--producer-props',
    `bootstrap.servers=${node.bootstrap}`,
    'acks=all',
    'compression.type=gzip',
  ];
  await runKafkaTool(node, 'kafka-topics', ['--create', '--topic', 'training', '--partitions', '1']);
  const records = ['--num-records', '200', '--record-size', '512', '--throughput', '-1'];
  await runKafkaTool(node, 'kafka-producer-perf-test', ['--topic', 'training', ...records, ...producerProps]);
  const members = [
    ['--consumer-property', 'group.protocol=consumer', '--group', 'new'],
    ['--group', 'classic'],
  ];
  for (const member of members) {
    const read = ['--topic', 'training', '--from-beginning', '--max-messages', '200', '--timeout-ms', '10000'];
    await runKafkaTool(node, 'kafka-console-consumer', [...read, ...member]);
  }
}

async function formatDir(
  artifacts: KafkaArtifacts,
  file: string,
  properties: string,
  clusterId: string,
): Promise<void> {
  writeFileSync(file, properties);
  const args = [...toolJvmArgs(artifacts), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
  await promisify(execFile)(artifacts.java.command, args);
}
