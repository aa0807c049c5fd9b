import { existsSync, readdirSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type OwnedProcess, spawnOwned } from '../processes.ts';
import { ensureKafkaArtifacts, type KafkaArtifacts, type KafkaVersion } from './artifacts.ts';
import { compiledJar } from './java-program.ts';
import { nodeJvmArgs } from './jvm.ts';
import { type BrokerNode, type Layout, layOut, type Node, nodeName, propertiesFile } from './layout.ts';
import { type IamIdentity, iamValidatorSource, type ListenerKind } from './listeners.ts';
import { ensureClassArchive, ensureFormattedTemplates } from './prepared.ts';
import type { BrokerProxy } from './proxy/proxy.ts';
import { waitForLogLine } from './readiness.ts';
import { addScramUsers } from './scram-users.ts';
import { brokerRacks } from './settings.ts';
import { type ClusterShape, usualShape } from './shape.ts';
import type { TestCa } from './test-ca.ts';

export interface KafkaBroker {
  id: number;
  port: number;
  /** Of the SASL listener; null in a cluster without users. */
  saslPort: number | null;
  /** An AZ id, as MSK labels its brokers: `use1-az1`. */
  rack: string;
  /** HTTP on 127.0.0.1, path /metrics. */
  jmxPort: number;
  logDir: string;
  alive: boolean;
}

export interface KafkaCluster {
  version: KafkaVersion;
  clusterId: string;
  bootstrap: string;
  /** Of another listener that the shape asked for. */
  bootstrapOf(kind: ListenerKind): string;
  brokers: KafkaBroker[];
  /** One a broker, in the same order; none unless the shape asked for them. */
  proxies: BrokerProxy[];
  /** Whose certificates the TLS listeners carry and believe; null without them. */
  ca: TestCa | null;
  /** Whom the IAM listener lets in, as `User:<access key id>`; null without it. */
  iam: IamIdentity | null;
  controllerJmxPort: number;
  /** SIGKILL, as a lost machine; resolves once the process is gone. The others notice after three seconds. */
  killBroker(id: number): Promise<void>;
  /** Starts it again on the same port and data; resolves once it is up. */
  startBroker(id: number): Promise<void>;
  /** SIGKILL of the one controller: the brokers go on serving, and nothing about the cluster can change. */
  killController(): Promise<void>;
  /** Resolves once it is up again. */
  startController(): Promise<void>;
  /** Bytes of the broker's partition logs: the sum that kafka-log-dirs reports. */
  logSizeBytes(id: number): Promise<number>;
  stop(): Promise<void>;
  /** Every process of the cluster, for the state file and for proofs that none is left. */
  processes(): { name: string; pid: number }[];
}

export interface KafkaClusterOptions {
  version: KafkaVersion;
  /** Data, properties and logs of this run; created, and emptied first. */
  folder: string;
  shape?: ClusterShape;
  log: (line: string) => void;
}

const START_TIMEOUT_MS = 90_000;
const jmxConfigFile = join(import.meta.dirname, 'jmx-exporter.yml');

/** One KRaft controller and three brokers, as MSK lays a cluster out over three AZs, or as many as the shape says. */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const shape = options.shape ?? usualShape;
  const artifacts = await ensureKafkaArtifacts(options.version, options.log);
  const templates = await ensureFormattedTemplates(artifacts, [...brokerRacks.keys()], options.log);
  await ensureClassArchive(artifacts, options.log);
  const extraJars = shape.everyListener === true ? [await compiledJar(artifacts, iamValidatorSource)] : [];
  const layout = await layOut(artifacts, options.folder, templates, shape);
  const running = new Map<number, OwnedProcess>();
  const start: StartNode = (node) => startNode({ artifacts, folder: options.folder, extraJars, running }, node);
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((process) => process.stop()));
    await Promise.all(layout.brokers.map(async ({ proxy }) => proxy?.close()));
  };
  try {
    options.log(`Kafka ${options.version}: starting one controller and ${countWord(shape.brokers)}`);
    await Promise.all([layout.controller, ...layout.brokers].map(start));
    if (shape.users !== null)
      await addScramUsers(
        layout.brokers.map(({ port }) => port),
        shape.users,
      );
  } catch (error) {
    await stop();
    throw error;
  }
  return clusterHandle({ version: options.version, layout, running, start, stop });
}

function countWord(brokers: number): string {
  return brokers === 1 ? 'one broker' : `${brokers === 2 ? 'two' : 'three'} brokers`;
}

type StartNode = (node: Node) => Promise<void>;

interface NodeStart {
  artifacts: KafkaArtifacts;
  folder: string;
  extraJars: string[];
  running: Map<number, OwnedProcess>;
}

async function startNode({ artifacts, folder, extraJars, running }: NodeStart, node: Node): Promise<void> {
  const name = nodeName(node);
  const logFile = join(folder, `${name}.log`);
  const alreadyLogged = existsSync(logFile) ? statSync(logFile).size : 0;
  const exporter = { port: node.jmxPort, configFile: jmxConfigFile };
  const args = [...nodeJvmArgs(artifacts, exporter, extraJars), 'kafka.Kafka', propertiesFile(folder, node)];
  const process = spawnOwned({ name, command: artifacts.java.command, args, logFile });
  running.set(node.id, process);
  await waitForLogLine(logFile, 'Kafka Server started', process, START_TIMEOUT_MS, alreadyLogged);
}

interface StartedCluster {
  version: KafkaVersion;
  layout: Layout;
  running: Map<number, OwnedProcess>;
  start: StartNode;
  stop: () => Promise<void>;
}

function clusterHandle({ version, layout, running, start, stop }: StartedCluster): KafkaCluster {
  const brokers = layout.brokers.map((node) => ({
    id: node.id,
    port: node.port,
    saslPort: node.listeners.find(({ kind }) => kind === 'sasl')?.port ?? null,
    rack: brokerRacks.get(node.id) ?? '',
    jmxPort: node.jmxPort,
    logDir: node.logDir,
    alive: true,
  }));
  const find = (id: number): { broker: KafkaBroker; node: BrokerNode } => {
    const broker = brokers.find((candidate) => candidate.id === id);
    const node = layout.brokers.find((candidate) => candidate.id === id);
    if (broker === undefined || node === undefined) throw new Error(`there is no broker ${id}`);
    return { broker, node };
  };
  return {
    version,
    clusterId: layout.clusterId,
    bootstrap: brokers.map((broker) => `127.0.0.1:${broker.port}`).join(','),
    bootstrapOf: (kind) => bootstrapOf(layout, kind),
    brokers,
    proxies: layout.brokers.flatMap(({ proxy }) => proxy ?? []),
    ca: layout.secrets.tls?.ca ?? null,
    iam: layout.secrets.tls?.iam ?? null,
    controllerJmxPort: layout.controller.jmxPort,
    killBroker: async (id) => {
      const { broker, node } = find(id);
      broker.alive = false;
      await running.get(id)?.stop();
      await node.proxy?.brokerIs('down');
    },
    startBroker: async (id) => {
      const { broker, node } = find(id);
      if (broker.alive) return;
      await start(node);
      await node.proxy?.brokerIs('up');
      broker.alive = true;
    },
    killController: async () => await running.get(layout.controller.id)?.stop(),
    startController: () => start(layout.controller),
    logSizeBytes: (id) => partitionLogBytes(find(id).node.logDir),
    stop,
    processes: () => [...running.values()].map(({ name, pid }) => ({ name, pid })),
  };
}

function bootstrapOf({ brokers }: Layout, kind: ListenerKind): string {
  const ports = brokers.flatMap(({ listeners }) => listeners.filter((listener) => listener.kind === kind));
  if (ports.length === 0) throw new Error(`the shape of this cluster has no listener ${kind}`);
  return ports.map(({ advertisedPort }) => `127.0.0.1:${advertisedPort}`).join(',');
}

async function partitionLogBytes(logDir: string): Promise<number> {
  let bytes = 0;
  for (const folder of readdirSync(logDir, { withFileTypes: true })) {
    if (!folder.isDirectory() || folder.name.startsWith('__cluster_metadata')) continue;
    // Kafka deletes segments while we look.
    const files = await Promise.all(
      segmentFiles(join(logDir, folder.name)).map((file) =>
        stat(file)
          .then((found) => found.size)
          .catch(() => 0),
      ),
    );
    bytes += files.reduce((sum, size) => sum + size, 0);
  }
  return bytes;
}

function segmentFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .map((file) => join(folder, file));
  } catch {
    return [];
  }
}
