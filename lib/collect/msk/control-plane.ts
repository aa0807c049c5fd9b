// The sections of MSK's control plane: the cluster first, since the rest depends on its kind, then all others at once.
import type { Cluster } from '../../snapshot/aws-sections.ts';
import { type Collected, missing } from '../../snapshot/collected.ts';
import type { AwsCall } from '../aws-errors.ts';
import type { SectionRun } from '../section-run.ts';
import type { ClusterArn } from './cluster-arn.ts';
import type { MskReader } from './msk-reader.ts';
import {
  type Configuration,
  type DescribedCluster,
  type Nodes,
  type Operations,
  readBootstrap,
  readCluster,
  readConfiguration,
  readNodes,
  readOperations,
  readTags,
} from './read-control-plane.ts';

export interface ControlPlane {
  cluster: Collected<Cluster>;
  nodes: Collected<Nodes>;
  bootstrap: Collected<Record<string, string>>;
  configuration: Collected<Configuration>;
  operations: Collected<Operations>;
  tags: Collected<Record<string, string>>;
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
): Promise<ControlPlane> {
  let described: DescribedCluster | null = null;
  const cluster = await run.read('cluster', clusterCall('DescribeClusterV2', arn), async (signal) => {
    described = await readCluster(reader, arn, signal);
    return { value: described.cluster, partial: described.notes.join('; ') || undefined };
  });
  afterCluster();
  const [nodes, bootstrap, configuration, operations, tags] = await Promise.all([
    collectNodes(reader, arn, run, cluster),
    run.read('bootstrap', { ...clusterCall('GetBootstrapBrokers', arn), resource: '*' }, (signal) =>
      readBootstrap(reader, arn, signal),
    ),
    collectConfiguration(reader, arn, run, cluster),
    run.read('operations', clusterCall('ListClusterOperationsV2', arn), (signal) =>
      readOperations(reader, arn, signal),
    ),
    collectTags(reader, arn, run, described),
  ]);
  return { cluster, nodes, bootstrap, configuration, operations, tags };
}

function clusterCall(operation: string, arn: ClusterArn): AwsCall {
  return { action: `kafka:${operation}`, resource: arn.arn, region: arn.region };
}

async function collectNodes(reader: MskReader, arn: ClusterArn, run: SectionRun, cluster: Collected<Cluster>) {
  if (cluster.ok && cluster.value.kind === 'serverless') {
    return run.settle<Nodes>('nodes', missing('not-supported', 'a serverless cluster has no brokers to list'));
  }
  return run.read('nodes', clusterCall('ListNodes', arn), (signal) => readNodes(reader, arn, signal));
}

async function collectConfiguration(
  reader: MskReader,
  arn: ClusterArn,
  run: SectionRun,
  cluster: Collected<Cluster>,
): Promise<Collected<Configuration>> {
  const section = 'configuration';
  if (!cluster.ok) {
    return run.settle(
      section,
      missing(cluster.reason, `which configuration is in use is not known: ${cluster.detail}`, cluster.fix),
    );
  }
  if (cluster.value.kind === 'serverless') {
    return run.settle(section, missing('not-supported', 'a serverless cluster has no broker configuration'));
  }
  const { configuration } = cluster.value;
  if (configuration === null) {
    return run.settle(
      section,
      missing('not-enabled', "the cluster has no configuration of its own: MSK's defaults hold"),
    );
  }
  const call = { action: 'kafka:DescribeConfigurationRevision', resource: configuration.arn, region: arn.region };
  return run.read(section, call, (signal) => readConfiguration(reader, configuration, signal));
}

/** The cluster's description usually holds its tags; only when it does not they cost a call. */
async function collectTags(reader: MskReader, arn: ClusterArn, run: SectionRun, described: DescribedCluster | null) {
  if (described !== null && described.tags !== null) return run.present('tags', described.tags);
  return run.read('tags', clusterCall('ListTagsForResource', arn), (signal) => readTags(reader, arn, signal));
}
