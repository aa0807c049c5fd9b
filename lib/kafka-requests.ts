// What the product asks of brokers, and the right that each request needs under IAM.

/**
 * Kafka requests that the product sends (lib/collect/kafka/api-keys.ts refuses every other), with the rights each needs under IAM.
 * Kafka's own table of operations and resources (docs/security/authorization-and-acls.md of Kafka 4), by the ACLs that AWS names as
 * the equal of each action. ListGroups shows to one without DescribeCluster those groups that one may describe.
 */
export const KAFKA_REQUESTS: readonly { key: number; name: string; needs: readonly string[]; why: string }[] = [
  {
    key: 1,
    name: 'Fetch',
    needs: ['kafka-cluster:ReadData'],
    why: 'opt-in: headers of record batches near the log ends of the busiest topics',
  },
  {
    key: 2,
    name: 'ListOffsets',
    needs: ['kafka-cluster:DescribeTopic'],
    why: 'log start and log end offset of each partition, and offsets by time',
  },
  { key: 3, name: 'Metadata', needs: ['kafka-cluster:DescribeTopic'], why: 'brokers, topics, leaders, replicas, ISR' },
  {
    key: 9,
    name: 'OffsetFetch',
    needs: ['kafka-cluster:DescribeGroup', 'kafka-cluster:DescribeTopic'],
    why: 'committed offsets of groups',
  },
  {
    key: 15,
    name: 'DescribeGroups',
    needs: ['kafka-cluster:DescribeGroup'],
    why: 'state and members of classic groups',
  },
  {
    key: 16,
    name: 'ListGroups',
    needs: ['kafka-cluster:DescribeCluster'],
    why: 'groups with type and state, and their coordinator',
  },
  { key: 17, name: 'SaslHandshake', needs: [], why: 'authentication' },
  { key: 18, name: 'ApiVersions', needs: [], why: 'which versions the brokers speak' },
  {
    key: 32,
    name: 'DescribeConfigs',
    needs: ['kafka-cluster:DescribeTopicDynamicConfiguration', 'kafka-cluster:DescribeClusterDynamicConfiguration'],
    why: 'configuration of topics and brokers',
  },
  {
    key: 35,
    name: 'DescribeLogDirs',
    needs: ['kafka-cluster:DescribeCluster'],
    why: 'bytes of each replica, and what is left of the volumes',
  },
  { key: 36, name: 'SaslAuthenticate', needs: [], why: 'authentication' },
  {
    key: 46,
    name: 'ListPartitionReassignments',
    needs: ['kafka-cluster:DescribeCluster'],
    why: 'partitions that are being moved',
  },
  {
    key: 48,
    name: 'DescribeClientQuotas',
    needs: ['kafka-cluster:DescribeClusterDynamicConfiguration'],
    why: 'client quotas',
  },
  { key: 55, name: 'DescribeQuorum', needs: ['kafka-cluster:DescribeCluster'], why: 'state of the KRaft quorum' },
  {
    key: 61,
    name: 'DescribeProducers',
    needs: ['kafka-cluster:ReadData'],
    why: 'opt-in: idempotent and transactional producers',
  },
  {
    key: 69,
    name: 'ConsumerGroupDescribe',
    needs: ['kafka-cluster:DescribeGroup'],
    why: 'state and members of KIP-848 groups',
  },
  {
    key: 77,
    name: 'ShareGroupDescribe',
    needs: ['kafka-cluster:DescribeGroup'],
    why: 'state and members of share groups',
  },
  {
    key: 89,
    name: 'StreamsGroupDescribe',
    needs: ['kafka-cluster:DescribeGroup', 'kafka-cluster:DescribeTopic'],
    why: 'state and members of Streams groups',
  },
];
