// The sections of MSK's control plane that need one plain call. Each function resolves to the section's value and what of it is missing,
// or rejects with the SDK's error; who calls it turns that into a missing section.
import { bootstrapRecord } from './bootstrap.ts';
import type { ClusterArn } from './cluster-arn.ts';
import { type Read, told } from './cluster-reading.ts';
import type { MskReader } from './msk-reader.ts';
import { type NormalisedCluster, normaliseCluster } from './normalise-cluster.ts';
import { normaliseSecurity, type Security } from './normalise-security.ts';

export type { Read } from './cluster-reading.ts';

export interface DescribedCluster extends NormalisedCluster {
  /** Null when the answer does not hold them: that is not the same as none. */
  tags: Record<string, string> | null;
  security: Security;
}

/** Cluster, its security and, where the answer holds them, its tags. */
export async function readCluster(reader: MskReader, arn: ClusterArn, signal: AbortSignal): Promise<DescribedCluster> {
  const { ClusterInfo } = await reader.describeCluster(arn.arn, signal);
  const normalised = normaliseCluster(ClusterInfo, arn);
  return { ...normalised, tags: ClusterInfo?.Tags ?? null, security: normaliseSecurity(ClusterInfo ?? {}) };
}

export async function readBootstrap(
  reader: MskReader,
  arn: ClusterArn,
  signal: AbortSignal,
): Promise<Read<Record<string, string>>> {
  return { value: bootstrapRecord(await reader.getBootstrapBrokers(arn.arn, signal)) };
}

/** For an answer of DescribeClusterV2 without tags. */
export async function readTags(
  reader: MskReader,
  arn: ClusterArn,
  signal: AbortSignal,
): Promise<Read<Record<string, string>>> {
  return { value: told((await reader.listTags(arn.arn, signal)).Tags, 'Tags') };
}
