// What one partition can take in, where AWS publishes it.
import { EXPRESS_PARTITION_MB_PER_SEC, SERVERLESS_QUOTAS } from '../../facts/msk-quotas.ts';
import type { ClusterKind } from '../check.ts';

const BYTES_PER_MB = 1_000_000;

export interface PartitionCap {
  bytesPerSec: number;
  name: string;
}

/** Null where no limit is published: Standard brokers, and Kafka outside MSK. */
export function publishedPartitionCap(kind: ClusterKind): PartitionCap | null {
  if (kind === 'provisioned-express')
    return { bytesPerSec: EXPRESS_PARTITION_MB_PER_SEC * BYTES_PER_MB, name: 'quota of an Express partition' };
  if (kind === 'serverless')
    return {
      bytesPerSec: SERVERLESS_QUOTAS.partitionInMBPerSec * BYTES_PER_MB,
      name: 'quota of a Serverless partition',
    };
  return null;
}
