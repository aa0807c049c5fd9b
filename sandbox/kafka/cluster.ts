import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { type OwnedProcess, spawnOwned } from '../processes.ts';
import { ensureKafkaArtifacts, type KafkaArtifacts, type KafkaVersion } from './artifacts.ts';
import { nodeJvmArgs } from './jvm.ts';
import { ensureClassArchive, ensureFormattedTemplates, placeFormattedDir, randomClusterId } from './prepared.ts';
import { waitForLogLine } from './readiness.ts';
import {
  brokerProperties,
  brokerRacks,
  type ClusterShape,
  controllerId,
  controllerProperties,
  type NodeAddress,
  usualShape,
} from './settings.ts';

export interface KafkaBroker {
  id: number;
  port: number;
  /** Of the SASL/PLAIN listener; null in a cluster without users. */
  saslPort: number | null;
  /** An AZ id, as MSK labels its brokers: `use1-az1`. */
  rack: string;
  /** HTTP on 127.0.0.1, path /metrics. */
  jmxPort: number;
  logDir: string;
  alive: boolean;
}

export interface KafkaCluster {
  version: string;
  clusterId: string;
  bootstrap: string;
  brokers: KafkaBroker[];
  controllerJmxPort: number;
  /** SIGKILL, as a lost machine; resolves once the process is gone. The others notice after three seconds. */
  killBroker(id: number): Promise<void>;
  /** Starts it again on the same port and data; resolves once it is up. */
  startBroker(id: number): Promise<void>;
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
  const layout = await layOut(artifacts, options.folder, templates, shape);
  const running = new Map<number, OwnedProcess>();
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((process) => process.stop()));
  };
  try {
    options.log(`Kafka ${options.version}: starting one controller and ${countWord(shape.brokers)}`);
    await Promise.all(
      [layout.controller, ...layout.brokers].map((node) => startNode(artifacts, options.folder, node, running)),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return clusterHandle(options, artifacts, layout, running, stop);
}

function countWord(brokers: number): string {
  return brokers === 1 ? 'one broker' : `${brokers === 2 ? 'two' : 'three'} brokers`;
}

interface Node extends NodeAddress {
  jmxPort: number;
}

interface Layout {
  clusterId: string;
  controller: Node;
  brokers: Node[];
}

async function layOut(
  artifacts: KafkaArtifacts,
  folder: string,
  templates: string,
  shape: ClusterShape,
): Promise<Layout> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const clusterId = randomClusterId();
  const place = async (id: number): Promise<Node> => {
    const node = { id, port: await freePort(), jmxPort: await freePort(), logDir: join(folder, 'data', String(id)) };
    placeFormattedDir(templates, node, clusterId);
    return node;
  };
  const controller = await place(controllerId);
  writeFileSync(propertiesFile(folder, controller), controllerProperties(controller, shape));
  const brokers = [];
  for (const id of [...brokerRacks.keys()].slice(0, shape.brokers)) {
    const broker: Node = { ...(await place(id)), ...(shape.users === null ? {} : { saslPort: await freePort() }) };
    writeFileSync(propertiesFile(folder, broker), brokerProperties(artifacts.version, broker, controller.port, shape));
    brokers.push(broker);
  }
  return { clusterId, controller, brokers };
}

function propertiesFile(folder: string, node: NodeAddress): string {
  return join(folder, `${nodeName(node)}.properties`);
}

function nodeName(node: NodeAddress): string {
  return node.id === controllerId ? 'controller' : `broker-${node.id}`;
}

async function startNode(
  artifacts: KafkaArtifacts,
  folder: string,
  node: Node,
  running: Map<number, OwnedProcess>,
): Promise<void> {
  const name = nodeName(node);
  const logFile = join(folder, `${name}.log`);
  const alreadyLogged = existsSync(logFile) ? statSync(logFile).size : 0;
  const exporter = { port: node.jmxPort, configFile: jmxConfigFile };
  const args = [...nodeJvmArgs(artifacts, exporter), 'kafka.Kafka', propertiesFile(folder, node)];
  const process = spawnOwned({ name, command: artifacts.java.command, args, logFile });
  running.set(node.id, process);
  await waitForLogLine(logFile, 'Kafka Server started', process, START_TIMEOUT_MS, alreadyLogged);
}

function clusterHandle(
  options: KafkaClusterOptions,
  artifacts: KafkaArtifacts,
  layout: Layout,
  running: Map<number, OwnedProcess>,
  stop: () => Promise<void>,
): KafkaCluster {
  const brokers = layout.brokers.map((node) => ({
    id: node.id,
    port: node.port,
    saslPort: node.saslPort ?? null,
    rack: brokerRacks.get(node.id) ?? '',
    jmxPort: node.jmxPort,
    logDir: node.logDir,
    alive: true,
  }));
  const find = (id: number): { broker: KafkaBroker; node: Node } => {
    const broker = brokers.find((candidate) => candidate.id === id);
    const node = layout.brokers.find((candidate) => candidate.id === id);
    if (broker === undefined || node === undefined) throw new Error(`there is no broker ${id}`);
    return { broker, node };
  };
  return {
    version: options.version,
    clusterId: layout.clusterId,
    bootstrap: brokers.map((broker) => `127.0.0.1:${broker.port}`).join(','),
    brokers,
    controllerJmxPort: layout.controller.jmxPort,
    killBroker: async (id) => {
      const { broker } = find(id);
      broker.alive = false;
      await running.get(id)?.stop();
    },
    startBroker: async (id) => {
      const { broker, node } = find(id);
      if (broker.alive) return;
      await startNode(artifacts, options.folder, node, running);
      broker.alive = true;
    },
    logSizeBytes: (id) => partitionLogBytes(find(id).node.logDir),
    stop,
    processes: () => [...running.values()].map(({ name, pid }) => ({ name, pid })),
  };
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
