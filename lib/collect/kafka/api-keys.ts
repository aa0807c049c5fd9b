// The only Kafka requests the product may send. The send door (broker-connection.ts) refuses every other key, so that
// "read-only" does not rest on the codecs that happen to exist.

/** API key to Kafka's own name, and what the report needs it for. */
export const ALLOWED_API_KEYS = {
  2: { name: 'ListOffsets', why: 'log start and log end offset of each partition' },
  3: { name: 'Metadata', why: 'brokers, topics, leaders, replicas, ISR' },
  9: { name: 'OffsetFetch', why: 'committed offsets of groups' },
  15: { name: 'DescribeGroups', why: 'state and members of classic groups' },
  16: { name: 'ListGroups', why: 'groups with type and state, and their coordinator' },
  17: { name: 'SaslHandshake', why: 'authentication' },
  18: { name: 'ApiVersions', why: 'which versions the brokers speak' },
  32: { name: 'DescribeConfigs', why: 'topic configuration' },
  36: { name: 'SaslAuthenticate', why: 'authentication' },
  69: { name: 'ConsumerGroupDescribe', why: 'state and members of KIP-848 groups' },
} as const satisfies Record<number, { name: string; why: string }>;

export type ApiKey = keyof typeof ALLOWED_API_KEYS;

export function isAllowedApiKey(key: number): key is ApiKey {
  return Object.hasOwn(ALLOWED_API_KEYS, key);
}
