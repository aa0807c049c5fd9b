// The only Kafka requests the product may send. The send door (transport.ts) refuses every other key, so that
// "read-only" does not rest on the codecs that happen to exist.

/** API key to Kafka's own name, and what the report needs it for. */
export const ALLOWED_API_KEYS = {
  2: { name: 'ListOffsets', why: 'log start and log end offset of each partition, and offsets by time' },
  3: { name: 'Metadata', why: 'brokers, topics, leaders, replicas, ISR' },
  9: { name: 'OffsetFetch', why: 'committed offsets of groups' },
  15: { name: 'DescribeGroups', why: 'state and members of classic groups' },
  16: { name: 'ListGroups', why: 'groups with type and state, and their coordinator' },
  17: { name: 'SaslHandshake', why: 'authentication' },
  18: { name: 'ApiVersions', why: 'which versions the brokers speak' },
  32: { name: 'DescribeConfigs', why: 'configuration of topics and brokers' },
  35: { name: 'DescribeLogDirs', why: 'bytes of each replica, and what is left of the volumes' },
  36: { name: 'SaslAuthenticate', why: 'authentication' },
  46: { name: 'ListPartitionReassignments', why: 'partitions that are being moved' },
  48: { name: 'DescribeClientQuotas', why: 'client quotas' },
  55: { name: 'DescribeQuorum', why: 'state of the KRaft quorum' },
  69: { name: 'ConsumerGroupDescribe', why: 'state and members of KIP-848 groups' },
  77: { name: 'ShareGroupDescribe', why: 'state and members of share groups' },
  89: { name: 'StreamsGroupDescribe', why: 'state and members of Streams groups' },
} as const satisfies Record<number, { name: string; why: string }>;

/** Sent only where the user asked to read data: these need READ on the topics. */
export const OPT_IN_API_KEYS = {
  1: { name: 'Fetch', why: 'headers of record batches near the log ends of the busiest topics' },
  61: { name: 'DescribeProducers', why: 'idempotent and transactional producers' },
} as const satisfies Record<number, { name: string; why: string }>;

export type ApiKey = keyof typeof ALLOWED_API_KEYS | keyof typeof OPT_IN_API_KEYS;

/** @param readData whether the connection was opened with permission to read data */
export function isAllowedApiKey(key: number, { readData }: { readData: boolean } = { readData: false }): key is ApiKey {
  return Object.hasOwn(ALLOWED_API_KEYS, key) || (readData && Object.hasOwn(OPT_IN_API_KEYS, key));
}
