// The clusters of one account in one region, with their tags where a filter needs them.
import type { Cluster } from '@aws-sdk/client-kafka';
import pMap from 'p-map';
import type { AwsCall } from '../aws-errors.ts';
import { parseClusterArn } from '../msk/cluster-arn.ts';
import { collectPages } from '../pages.ts';
import type { DiscoveredCluster, DiscoveredKind, TagFilter } from './discovery.ts';
import type { DiscoveryReader } from './discovery-reader.ts';

/** 5,000 clusters: the quota of an account counts brokers and allows for some dozens. */
const MAX_PAGES = 50;
const CONCURRENT_TAG_CALLS = 4;

export interface ListedClusters {
  clusters: DiscoveredCluster[];
  /** What of the answer is missing or was not understood, one line each. */
  notes: string[];
  /** Clusters for which the filter could not decide, since their tags could not be read. */
  undecided: { clusterArn: string; error: unknown }[];
}

export const LIST_CALL: Omit<AwsCall, 'region'> = { action: 'kafka:ListClustersV2', resource: '*' };
export const TAGS_ACTION = 'kafka:ListTagsForResource';

/** Rejects with the SDK's error, or with IncompleteAnswerError, when the list itself cannot be read. */
export async function listClusters(
  reader: DiscoveryReader,
  filters: readonly TagFilter[],
  signal: AbortSignal,
): Promise<ListedClusters> {
  const { items, isTruncated } = await collectPages(async (token) => {
    const page = await reader.listClusters(token, signal);
    return { items: page.ClusterInfoList, nextToken: page.NextToken };
  }, MAX_PAGES);
  const known = items.map(discovered);
  const notes = known.filter((each) => typeof each === 'string');
  if (isTruncated) notes.push('the list of clusters went on after its last page was due');
  const distinct = new Map(known.filter((each) => typeof each !== 'string').map((each) => [each.arn, each]));
  return { ...(await filtered(reader, [...distinct.values()], filters, signal)), notes };
}

/** The cluster, or why it cannot be listed. Account and region are those of its ARN: nothing else of the answer names them. */
function discovered(info: Cluster): DiscoveredCluster | string {
  if (info.ClusterArn === undefined) return 'a cluster came without its ARN';
  try {
    const { arn, name, region, accountId } = parseClusterArn(info.ClusterArn);
    const state = info.State ?? 'UNKNOWN';
    return {
      arn,
      name: info.ClusterName ?? name,
      kind: kindOf(info),
      state,
      region,
      accountId,
      tags: info.Tags ?? null,
    };
  } catch (error) {
    return `a cluster came with an ARN that is not understood: ${(error as Error).message}`;
  }
}

/** A cluster that is being created may lack the fields that tell; the prefix of the size is the only mark of Express. */
function kindOf(info: Cluster): DiscoveredKind {
  if (info.Serverless !== undefined || info.ClusterType === 'SERVERLESS') return 'serverless';
  const size = info.Provisioned?.BrokerNodeGroupInfo?.InstanceType;
  if (size === undefined) return 'unknown';
  return size.startsWith('express.') ? 'provisioned-express' : 'provisioned-standard';
}

async function filtered(
  reader: DiscoveryReader,
  clusters: readonly DiscoveredCluster[],
  filters: readonly TagFilter[],
  signal: AbortSignal,
): Promise<Pick<ListedClusters, 'clusters' | 'undecided'>> {
  if (filters.length === 0) return { clusters: [...clusters], undecided: [] };
  const undecided: ListedClusters['undecided'] = [];
  const judged = await pMap(
    clusters,
    async (cluster) => {
      try {
        const tags = cluster.tags ?? (await reader.listTags(cluster.arn, signal)).Tags ?? {};
        return hasAll(tags, filters) ? [{ ...cluster, tags }] : [];
      } catch (error) {
        undecided.push({ clusterArn: cluster.arn, error });
        return [];
      }
    },
    { concurrency: CONCURRENT_TAG_CALLS },
  );
  return { clusters: judged.flat(), undecided };
}

function hasAll(tags: Readonly<Record<string, string>>, filters: readonly TagFilter[]): boolean {
  return filters.every(({ key, value }) => Object.hasOwn(tags, key) && tags[key] === value);
}
