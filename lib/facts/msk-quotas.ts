// Quotas of Amazon MSK by their codes in Service Quotas. Codes, names and defaults: the table "Service quotas" of
// https://docs.aws.amazon.com/general/latest/gr/msk.html as copied in public repositories, read 2026-11-21.
// Which mode the quota "per cluster" is of: it has the 30 that https://docs.aws.amazon.com/msk/latest/developerguide/limits.html gives
// for ZooKeeper, and the other one says KRaft.

/** What the quotas limit that a check needs. */
export const QUOTA_LIMITS = [
  'brokers-per-account',
  'brokers-per-zookeeper-cluster',
  'brokers-per-kraft-cluster',
] as const;
type QuotaLimit = (typeof QUOTA_LIMITS)[number];

/** The same by the quota's code. */
export const MSK_QUOTA_LIMITS: Readonly<Record<string, QuotaLimit>> = {
  'L-EDD31C36': 'brokers-per-account', // Number of brokers per account, 90
  'L-FAB9E493': 'brokers-per-zookeeper-cluster', // Number of brokers per cluster, 30
  'L-03FD6822': 'brokers-per-kraft-cluster', // Number of brokers per KRaft cluster, 60
};

// Limits as https://docs.aws.amazon.com/msk/latest/developerguide/limits.html prints them, in copies of 2026. Brokers can be raised
// on request: an account's own value (Service Quotas) goes before these.

export const BROKER_QUOTAS = { perAccount: 90, perCluster: { zookeeper: 30, kraft: 60 } } as const;

export const MAX_VOLUME_GIB = 16_384;

/** New connections a second are not adjustable; the number of connections is, by `listener.name.client_iam.max.connections`. */
export const IAM_CONNECTIONS = { perBroker: 3000, newPerSec: 100, newPerSecT3: 4 } as const;

/** A gp2 volume from this size on sustains its 250 MiB/s: AWS's skill managing-amazon-msk, manage-storage.md, 2026-08-20. */
export const GP2_FULL_GIB = 334;

/**
 * A gp2 volume from this size on has a baseline (3 IOPS a GiB) not below its burst (3,000 IOPS): it spends no credit, and no balance is
 * published. https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html and using_cloudwatch_ebs.html ("1 TiB or larger").
 */
export const GP2_NO_BURST_GIB = 1000;

/** Storage throughput is provisioned from here on: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html. */
export const LEAST_PROVISIONED_MIB_PER_SEC = 250;

export const EXPRESS_PARTITION_MB_PER_SEC = 15;

export const SERVERLESS_QUOTAS = {
  inMBPerSec: 200,
  outMBPerSec: 400,
  partitionInMBPerSec: 5,
  partitionOutMBPerSec: 10,
  partitions: 2400,
  compactedPartitions: 120,
  consumerGroups: 500,
  connections: 3000,
  newConnectionsPerSec: 100,
  requestsPerSec: 15_000,
} as const;

/** Storage autoscaling: https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand-details.html. Any two expansions are so far apart. */
export const STORAGE_SCALING = { stepShare: 0.1, minStepGiB: 10, cooldownHours: 6 } as const;
