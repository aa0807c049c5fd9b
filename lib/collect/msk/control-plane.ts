// The sections of MSK's control plane: the cluster first, since the rest depends on its kind and state, then all others at once.
import { whyUnreadable } from '../../facts/cluster-states.ts';
import type { Cluster, Configuration } from '../../snapshot/aws-sections.ts';
import { type Collected, type Missing, missing } from '../../snapshot/collected.ts';
import type { SectionName, SectionValue } from '../../snapshot/schema.ts';
import type { SectionRun } from '../section-run.ts';
import type { ClusterArn } from './cluster-arn.ts';
import { type ClusterReading, clusterCall, collectSection, partialOf } from './cluster-reading.ts';
import type { MskReader } from './msk-reader.ts';
import { readConfiguration } from './read-configuration.ts';
import { type DescribedCluster, readBootstrap, readCluster, readTags } from './read-control-plane.ts';
import { collectNodes } from './read-nodes.ts';
import { collectOperations } from './read-operations.ts';
import { collectSecurity } from './read-security.ts';
import { collectVersions } from './read-versions.ts';

export type ControlPlane = {
  [N in
    | 'cluster'
    | 'security'
    | 'nodes'
    | 'bootstrap'
    | 'configuration'
    | 'operations'
    | 'versions'
    | 'tags']: Collected<SectionValue<N>>;
};

export interface ControlPlaneOptions {
  /** Epoch milliseconds of the run; now when absent. */
  nowMs?: number | undefined;
}

/**
 * All sections of the control plane. `afterCluster` runs when the cluster's description was asked for, and may end the run by
 * throwing: bad credentials fail every further call the same way.
 */
export async function collectControlPlane(
  reader: MskReader,
  arn: ClusterArn,
  run: SectionRun,
  afterCluster: () => void,
  { nowMs = Date.now() }: ControlPlaneOptions = {},
): Promise<ControlPlane> {
  let described: DescribedCluster | null = null;
  const cluster = await run.read('cluster', clusterCall('DescribeClusterV2', arn), async (signal) => {
    described = await readCluster(reader, arn, signal);
    return { value: described.cluster, partial: partialOf(described.notes) };
  });
  afterCluster();
  const reading = { reader, arn, run, nowMs, isDescribed: cluster.ok };
  const [security, nodes, bootstrap, configuration, operations, versions, tags] = await Promise.all([
    collectSecurity(reading, cluster, (described as DescribedCluster | null)?.security ?? null),
    nodesSection(reading, cluster),
    bootstrapSection(reading, cluster),
    configurationSection(reading, cluster),
    operationsSection(reading, cluster),
    versionsSection(reading, cluster),
    tagsSection(reading, described),
  ]);
  return { cluster, security, nodes, bootstrap, configuration, operations, versions, tags };
}

/** Why a section is not worth a call to a cluster of this kind or state. */
function notAsked(cluster: Collected<Cluster>, section: SectionName, onServerless?: string): Missing | null {
  if (!cluster.ok) return null;
  const { kind, state } = cluster.value;
  if (kind === 'serverless' && onServerless !== undefined) return missing('not-supported', onServerless);
  const because = whyUnreadable(state, section);
  return because === null ? null : missing('not-supported', because);
}

async function nodesSection(reading: ClusterReading, cluster: Collected<Cluster>) {
  const unasked = notAsked(cluster, 'nodes', 'a serverless cluster has no brokers to list');
  if (unasked !== null) return reading.run.settle<SectionValue<'nodes'>>('nodes', unasked);
  const described = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value.brokerCount : null;
  return collectNodes(reading, described);
}

async function bootstrapSection(reading: ClusterReading, cluster: Collected<Cluster>) {
  const unasked = notAsked(cluster, 'bootstrap');
  if (unasked !== null) return reading.run.settle<SectionValue<'bootstrap'>>('bootstrap', unasked);
  const call = clusterCall('GetBootstrapBrokers', reading.arn, '*');
  return collectSection(reading, 'bootstrap', call, (signal) => readBootstrap(reading.reader, reading.arn, signal));
}

async function operationsSection(reading: ClusterReading, cluster: Collected<Cluster>) {
  const unasked = notAsked(cluster, 'operations');
  if (unasked !== null) return reading.run.settle<SectionValue<'operations'>>('operations', unasked);
  return collectOperations(reading);
}

async function versionsSection(reading: ClusterReading, cluster: Collected<Cluster>) {
  const unasked = notAsked(cluster, 'versions', 'a serverless cluster has no version of its own');
  if (unasked !== null) return reading.run.settle<SectionValue<'versions'>>('versions', unasked);
  const kafkaVersion = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value.kafkaVersion : null;
  return collectVersions(reading, kafkaVersion);
}

async function configurationSection(
  reading: ClusterReading,
  cluster: Collected<Cluster>,
): Promise<Collected<Configuration>> {
  const { arn, run } = reading;
  const section = 'configuration';
  if (!cluster.ok) {
    const detail = `which configuration is in use is not known: ${cluster.detail}`;
    return run.settle(section, missing(cluster.reason, detail, cluster.fix));
  }
  const unasked = notAsked(cluster, section, 'a serverless cluster has no broker configuration');
  if (unasked !== null) return run.settle(section, unasked);
  const configuration = cluster.value.kind === 'serverless' ? null : cluster.value.configuration;
  if (configuration === null) {
    const detail = "the cluster has no configuration of its own: MSK's defaults hold";
    return run.settle(section, missing('not-enabled', detail));
  }
  const call = clusterCall('DescribeConfigurationRevision', arn, configuration.arn);
  return run.read(section, call, (signal) => readConfiguration(reading, configuration, signal));
}

/** The cluster's description usually holds its tags; only when it does not they cost a call. */
async function tagsSection(reading: ClusterReading, described: DescribedCluster | null) {
  const { reader, arn, run } = reading;
  if (described !== null && described.tags !== null) return run.present('tags', described.tags);
  const call = clusterCall('ListTagsForResource', arn);
  return collectSection(reading, 'tags', call, (signal) => readTags(reader, arn, signal));
}
