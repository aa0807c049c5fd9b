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
