// Every action that a policy allows, by whom it is used and why (lib/permissions.ts answers for a principal).
// Resource-level support: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html
// and list_apachekafkaapisforamazonmskclusters.html (action table of IAM access control), read 2026-11-20.
import type { Permission } from './permission-types.ts';

const READERS = ['cli', 'reporter'] as const;
const KAFKA_CLIENTS = ['cli', 'collector'] as const;
/** MSK's topic API wants from who calls it what Kafka would want, too: no broker is called by it. */
const TOPIC_READERS = ['cli', 'reporter', 'collector'] as const;

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
    action: 'kafka:DescribeConfiguration',
    usedBy: READERS,
    resource: 'configuration',
    why: 'the newest revision of the configuration, which the cluster may not have yet',
  },
  {
    action: 'kafka:DescribeConfigurationRevision',
    usedBy: READERS,
    resource: 'configuration',
    why: 'broker settings that differ from the defaults',
  },
  // What these three are checked against is not documented; what they tell is bounded by the kafka-cluster actions beside them.
  {
    action: 'kafka:ListTopics',
    usedBy: READERS,
    resource: 'any',
    why: 'topics and replicas out of sync, only where the brokers could not be read',
  },
  {
    action: 'kafka:DescribeTopic',
    usedBy: READERS,
    resource: 'any',
    why: 'settings of topics, only where the brokers could not be read',
  },
  {
    action: 'kafka:DescribeTopicPartitions',
    usedBy: READERS,
    resource: 'any',
    why: 'leaders, replicas and ISR, only where the brokers could not be read',
  },
  {
    action: 'kafka:ListClusterOperationsV2',
    usedBy: READERS,
    resource: 'cluster',
    why: 'maintenance, during which some metrics mean nothing',
  },
  {
    action: 'kafka:DescribeClusterOperationV2',
    usedBy: READERS,
    resource: 'any',
    why: 'what an operation changed, and why one failed',
  },
  {
    action: 'kafka:ListScramSecrets',
    usedBy: READERS,
    resource: 'cluster',
    why: 'names of the SCRAM secrets, only where SCRAM is on; never what they hold',
  },
  {
    action: 'kafka:ListKafkaVersions',
    usedBy: READERS,
    resource: 'any',
    why: "whether MSK still offers the cluster's version",
  },
  {
    action: 'kafka:GetCompatibleKafkaVersions',
    usedBy: READERS,
    resource: 'any',
    why: 'versions that the cluster can be upgraded to',
  },
  {
    action: 'kafka:ListTagsForResource',
    usedBy: READERS,
    resource: 'cluster',
    why: 'environment and owner, where the description holds no tags',
  },
  { action: 'cloudwatch:GetMetricData', usedBy: READERS, resource: 'any', why: 'the metrics of the report window' },
  {
    action: 'cloudwatch:DescribeAlarms',
    usedBy: READERS,
    resource: 'any',
    why: 'which alarms watch the cluster, and which of them ring',
  },
  {
    action: 'application-autoscaling:DescribeScalableTargets',
    usedBy: READERS,
    resource: 'any',
    why: 'whether the volumes of Standard brokers grow by themselves, and how far',
  },
  {
    action: 'application-autoscaling:DescribeScalingPolicies',
    usedBy: READERS,
    resource: 'any',
    why: 'from what disk use on they grow; asked only where there is a target',
  },
  {
    action: 'application-autoscaling:DescribeScalingActivities',
    usedBy: READERS,
    resource: 'any',
    why: 'when they last did; asked only where there is a target',
  },
  {
    action: 'servicequotas:ListServiceQuotas',
    usedBy: READERS,
    resource: 'any',
    why: 'how many brokers the account and the cluster may have',
  },
  {
    action: 'servicequotas:ListAWSDefaultServiceQuotas',
    usedBy: READERS,
    resource: 'any',
    why: 'the same where AWS does not tell the value of the account',
  },
  {
    action: 'kafkaconnect:ListConnectors',
    usedBy: READERS,
    resource: 'any',
    why: 'cost and consumer groups of connectors on the cluster; never their configuration',
  },
  {
    action: 'ec2:DescribeSubnets',
    usedBy: READERS,
    resource: 'any',
    why: "the zones of the brokers, where Kafka's own racks do not tell",
  },
  {
    action: 'pricing:GetProducts',
    usedBy: READERS,
    resource: 'any',
    why: 'list prices of the region, about once a week; without it a dated table is counted with',
  },
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
    why: 'lists the hours that earlier runs left; without it a missing object looks like a refused one',
  },
  {
    action: 'sns:Publish',
    usedBy: ['reporter'],
    resource: 'report-topics',
    why: 'sends the message that a report is there',
  },
  {
    action: 'kafka-cluster:Connect',
    usedBy: TOPIC_READERS,
    resource: 'cluster',
    why: "IAM authentication; every other Kafka request needs it, and MSK's topic API",
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
    usedBy: TOPIC_READERS,
    resource: 'topic',
    why: "partitions, leaders, ISR, log start and end offsets; MSK's topic API",
  },
  {
    action: 'kafka-cluster:DescribeTopicDynamicConfiguration',
    usedBy: TOPIC_READERS,
    resource: 'topic',
    why: "topic settings such as min.insync.replicas and retention; MSK's topic API",
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
    action: 'ce:GetCostAndUsage',
    usedBy: READERS,
    resource: 'any',
    why: 'opt-in: what the account paid for MSK in the region, to hold the cost model against; 0.01 USD a page',
    optIn: 'bill',
  },
  {
    action: 'kafka:ListClustersV2',
    usedBy: ['cli'],
    resource: 'any',
    why: 'opt-in: finds the clusters of an account in a region, for msk-checkup clusters',
    optIn: 'discovery',
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
