// Where the nodes of one run listen and keep their data: ports, properties files, formatted folders, proxies.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import type { KafkaArtifacts } from './artifacts.ts';
import { isProxied, isTls, type Listener, type ListenerSecrets, listenersOf } from './listeners.ts';
import { placeFormattedDir, randomClusterId } from './prepared.ts';
import { BrokerProxy } from './proxy/proxy.ts';
import {
  type BrokerAddress,
  brokerProperties,
  brokerRacks,
  controllerId,
  controllerProperties,
  type NodeAddress,
} from './settings.ts';
import type { ClusterShape } from './shape.ts';
import { createTestCa } from './test-ca.ts';

export interface Node extends NodeAddress {
  jmxPort: number;
}

export interface BrokerNode extends Node, BrokerAddress {
  proxy: BrokerProxy | null;
}

export interface Layout {
  clusterId: string;
  controller: Node;
  brokers: BrokerNode[];
  secrets: ListenerSecrets;
}

export async function layOut(
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
  const secrets = await makeSecrets(folder, shape);
  const brokers = [];
  for (const id of [...brokerRacks.keys()].slice(0, shape.brokers)) {
    const proxy = shape.proxied === true ? new BrokerProxy(id) : null;
    const broker = { ...(await place(id)), proxy, listeners: await openListeners(shape, proxy) };
    const properties = brokerProperties(artifacts.version, broker, controller.port, shape, secrets);
    writeFileSync(propertiesFile(folder, broker), properties, { mode: 0o600 });
    brokers.push(broker);
  }
  return { clusterId, controller, brokers, secrets };
}

/** Keys and certificates that no other run knows. */
async function makeSecrets(folder: string, shape: ClusterShape): Promise<ListenerSecrets> {
  const users = shape.users ?? {};
  if (shape.everyListener !== true) return { users, tls: null };
  const ca = await createTestCa(join(folder, 'tls'));
  const iam = {
    region: 'us-east-1',
    accessKeyId: `SANDBOX${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('hex'),
  };
  return { users, tls: { ca, serverFile: await ca.issueServer(), iam } };
}

async function openListeners(shape: ClusterShape, proxy: BrokerProxy | null): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const kind of listenersOf(shape)) {
    const port = await freePort();
    const advertisedPort = proxy !== null && isProxied(kind) ? await proxy.listen(port, !isTls(kind)) : port;
    listeners.push({ kind, port, advertisedPort });
  }
  return listeners;
}

export function propertiesFile(folder: string, node: NodeAddress): string {
  return join(folder, `${nodeName(node)}.properties`);
}

export function nodeName(node: NodeAddress): string {
  return node.id === controllerId ? 'controller' : `broker-${node.id}`;
}
