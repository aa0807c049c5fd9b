// Everything the product asks to be allowed, by whom and why: the IAM policies of docs/permissions.md and of the deployment, and the
// Kafka requests on the wire, are held against this list by tests.
// Resource-level support: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html
// and list_apachekafkaapisforamazonmskclusters.html (action table of IAM access control), read 2026-11-20.

/** `cli`: who runs msk-checkup. `reporter`: the Lambda that calls AWS. `collector`: the Lambda inside the VPC that calls Kafka. */
export type Principal = 'cli' | 'reporter' | 'collector';

/** What a permission must cover. `any`: IAM knows no narrower resource for the action. */
export type PermissionResource =
  | 'any'
  | 'cluster'
  | 'configuration'
  | 'topic'
  | 'group'
  | 'bucket'
  | 'bucket-read-prefixes'
  | 'bucket-write-prefixes'
  | 'report-topics'
  | 'collector-function'
  | 'auth-secret'
  | 'auth-secret-key';

export interface Permission {
  action: string;
  usedBy: readonly Principal[];
  resource: PermissionResource;
  why: string;
  /** Given only by this choice of the user; without it the action is in no policy, and is denied where it reads records. */
  optIn?: keyof PermissionChoices;
}

/** What a user may allow beyond the default. */
export interface PermissionChoices {
  /** Reading headers of record batches and the producers of partitions, for which Kafka knows no right but that to read records. */
  readData?: boolean;
  /** Taking the credentials for SCRAM, PLAIN or mutual TLS from one secret of AWS Secrets Manager. */
  authSecret?: boolean;
}

const READERS = ['cli', 'reporter'] as const;
const KAFKA_CLIENTS = ['cli', 'collector'] as const;

export const PERMISSIONS: readonly Permission[] = [
  {
    action: 'kafka:DescribeClusterV2',
    usedBy: READERS,
    resource: 'cluster',
    why: 'kind, size, version, state and tags of the cluster',
  },
  { action: 'kafka:ListNodes', usedBy: READERS, resource: 'cluster', why: 'broker ids, which name the metrics' },
  {
    action: 'kafka:GetBootstrapBrokers',
    usedBy: READERS,
    resource: 'any',
    why: 'addresses to read the Kafka side from',
  },
  {
    action: 'kafka:DescribeConfigurationRevision',
    usedBy: READERS,
    resource: 'configuration',
    why: 'broker settings that differ from the defaults',
  },
  {
    action: 'kafka:ListClusterOperationsV2',
    usedBy: READERS,
    resource: 'cluster',
    why: 'maintenance, during which some metrics mean nothing',
  },
  {
    action: 'kafka:ListTagsForResource',
    usedBy: READERS,
    resource: 'cluster',
    why: 'environment and owner, where the description holds no tags',
  },
  { action: 'cloudwatch:GetMetricData', usedBy: READERS, resource: 'any', why: 'the metrics of the report window' },
  {
    action: 'lambda:InvokeFunction',
    usedBy: ['reporter'],
    resource: 'collector-function',
    why: "reads the Kafka side from inside the cluster's VPC",
  },
  {
    action: 's3:PutObject',
    usedBy: ['reporter'],
    resource: 'bucket-write-prefixes',
    why: 'stores reports, snapshots and what the next run compares with',
  },
  {
    action: 's3:GetObject',
    usedBy: ['reporter'],
    resource: 'bucket-read-prefixes',
    why: "reads the earlier run and the user's policy, and signs the link of a run on demand",
  },
  {
    action: 's3:ListBucket',
    usedBy: ['reporter'],
    resource: 'bucket',
    why: 'without it a missing object looks like a refused one',
  },
  {
    action: 'sns:Publish',
    usedBy: ['reporter'],
    resource: 'report-topics',
    why: 'sends the message that a report is there',
  },
  {
    action: 'kafka-cluster:Connect',
    usedBy: KAFKA_CLIENTS,
    resource: 'cluster',
    why: 'IAM authentication; every other Kafka request needs it',
  },
  {
    action: 'kafka-cluster:DescribeCluster',
    usedBy: KAFKA_CLIENTS,
    resource: 'cluster',
    why: 'lists all groups of the cluster; log directories, partitions being moved, state of the quorum',
  },
  {
    action: 'kafka-cluster:DescribeClusterDynamicConfiguration',
    usedBy: KAFKA_CLIENTS,
    resource: 'cluster',
    why: 'broker settings as the brokers run with them, and client quotas',
  },
  {
    action: 'kafka-cluster:DescribeTopic',
    usedBy: KAFKA_CLIENTS,
    resource: 'topic',
    why: 'partitions, leaders, ISR, log start and end offsets',
  },
  {
    action: 'kafka-cluster:DescribeTopicDynamicConfiguration',
    usedBy: KAFKA_CLIENTS,
    resource: 'topic',
    why: 'topic settings such as min.insync.replicas and retention',
  },
  {
    action: 'kafka-cluster:DescribeGroup',
    usedBy: KAFKA_CLIENTS,
    resource: 'group',
    why: 'state, members and committed offsets of groups',
  },
  {
    action: 'kafka-cluster:ReadData',
    usedBy: KAFKA_CLIENTS,
    resource: 'topic',
    why: 'opt-in: headers of record batches, producers and their transactions',
    optIn: 'readData',
  },
  {
    action: 'secretsmanager:GetSecretValue',
    usedBy: READERS,
    resource: 'auth-secret',
    why: 'opt-in: credentials for the brokers, from the one secret that you name',
    optIn: 'authSecret',
  },
  {
    action: 'kms:Decrypt',
    usedBy: READERS,
    resource: 'auth-secret-key',
    why: 'opt-in: the key of that secret where it is your own, and only by way of Secrets Manager',
    optIn: 'authSecret',
  },
];

/** Prefixes of the report bucket, as lib/publish/keys.ts lays it out. */
export const BUCKET_WRITE_PREFIXES = ['v1/reports/', 'v1/snapshots/', 'v1/latest/', 'runs/'] as const;
/** Under `v1/config/` lies the user's policy: read, never written. */
export const BUCKET_READ_PREFIXES = [...BUCKET_WRITE_PREFIXES, 'v1/config/'] as const;

/** What no policy may ever give to one of the principals, unless the user chose it: a deny beats every allow. */
export const DENIED_ACTIONS: Readonly<Record<Principal, readonly string[]>> = {
  cli: [
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData*',
    'kafka-cluster:Alter*',
    'kafka-cluster:Create*',
    'kafka-cluster:Delete*',
  ],
  reporter: [
    'kafka:Create*',
    'kafka:Update*',
    'kafka:Delete*',
    'kafka:Put*',
    'kafka:Reboot*',
    'kafka:Reject*',
    'kafka:BatchAssociate*',
    'kafka:BatchDisassociate*',
    'kafka:TagResource',
    'kafka:UntagResource',
    'kafka-cluster:*',
  ],
  collector: [
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData*',
    'kafka-cluster:Alter*',
    'kafka-cluster:Create*',
    'kafka-cluster:Delete*',
  ],
};

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

export function permissionsOf(principal: Principal, choices: PermissionChoices = {}): Permission[] {
  return PERMISSIONS.filter((permission) => permission.usedBy.includes(principal) && isGiven(permission, choices));
}

export function deniedActionsOf(principal: Principal, choices: PermissionChoices = {}): string[] {
  const chosen = permissionsOf(principal, choices).filter(({ optIn }) => optIn !== undefined);
  return DENIED_ACTIONS[principal].filter((denied) => chosen.every(({ action }) => action !== denied));
}

function isGiven({ optIn }: Permission, choices: PermissionChoices): boolean {
  return optIn === undefined || choices[optIn] === true;
}
