// What DescribeClusterV2 documents for each kind of cluster that MSK sells: for tests, which need kinds that the sandbox cannot run.
// Shapes and which part a kind lacks: https://docs.aws.amazon.com/MSK/2.0/APIReference/v2-clusters-clusterarn.html.
import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import { uuidFrom } from './cluster-identity.ts';

export const CLUSTER_KINDS = [
  'standard-zookeeper',
  'standard-kraft',
  'tiered',
  'provisioned-throughput',
  'express',
  'serverless',
] as const;
export type ClusterKind = (typeof CLUSTER_KINDS)[number];

export const ZONE_IDS = ['use1-az1', 'use1-az2', 'use1-az4'];
export const SUBNETS = ['subnet-0a1', 'subnet-0b2', 'subnet-0c3'];

/** Facts in which the kinds differ. */
const KINDS: Readonly<Record<Exclude<ClusterKind, 'serverless'>, { version: string; size: string; brokers: number }>> =
  {
    'standard-zookeeper': { version: '3.9.x', size: 'kafka.m5.large', brokers: 3 },
    'standard-kraft': { version: '4.0.x.kraft', size: 'kafka.m7g.large', brokers: 3 },
    tiered: { version: '3.9.x.kraft', size: 'kafka.m7g.xlarge', brokers: 6 },
    'provisioned-throughput': { version: '3.9.x.kraft', size: 'kafka.m5.4xlarge', brokers: 3 },
    express: { version: '3.9.x.kraft', size: 'express.m7g.large', brokers: 3 },
  };

export function kafkaVersionOf(kind: Exclude<ClusterKind, 'serverless'>): string {
  return KINDS[kind].version;
}

export function brokerCountOf(kind: ClusterKind): number {
  return kind === 'serverless' ? 0 : KINDS[kind].brokers;
}

export function instanceTypeOf(kind: Exclude<ClusterKind, 'serverless'>): string {
  return KINDS[kind].size;
}

export function arnOf(kind: ClusterKind): string {
  const suffix = kind === 'serverless' ? 's1' : '7';
  return `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:cluster/${kind}/${uuidFrom(`cluster ${kind}`)}-${suffix}`;
}

export function configurationArnOf(kind: ClusterKind): string {
  return `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:configuration/${kind}/${uuidFrom(`configuration ${kind}`)}-7`;
}

export interface DescribedChanges {
  state?: string;
  enhancedMonitoring?: string;
}

/** `clusterInfo` of the kind, with every field that it documents for it. A fresh copy each time. */
export function describedCluster(kind: ClusterKind, changes: DescribedChanges = {}) {
  const { state = 'ACTIVE', enhancedMonitoring = 'PER_BROKER' } = changes;
  const common = {
    clusterArn: arnOf(kind),
    clusterName: kind,
    creationTime: '2026-01-02T03:04:05.000Z',
    currentVersion: 'K3P5ROKL5A1OLE',
    state,
    tags: { Environment: 'production' },
  };
  if (kind === 'serverless') return { ...common, clusterType: 'SERVERLESS', serverless: serverless() };
  return { ...common, clusterType: 'PROVISIONED', provisioned: provisioned(kind, enhancedMonitoring) };
}

/**
 * A Standard cluster with everything that the API documents at once, also what no one cluster has: an operation under way,
 * words on its state, tiered storage with provisioned throughput, ZooKeeper and rebalancing.
 */
export function fullDescription() {
  const described = describedCluster('standard-zookeeper') as ReturnType<typeof describedCluster> & {
    provisioned: ReturnType<typeof provisioned>;
  };
  return {
    ...described,
    activeOperationArn: `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:cluster-operation/standard-zookeeper/x/y`,
    stateInfo: { code: 'UNHEALTHY', message: 'A broker does not answer' },
    provisioned: {
      ...described.provisioned,
      brokerNodeGroupInfo: {
        ...described.provisioned.brokerNodeGroupInfo,
        storageInfo: { ebsStorageInfo: { volumeSize: 500, provisionedThroughput: throughput() } },
      },
      storageMode: 'TIERED',
      rebalancing: { status: 'PAUSED' },
    },
  };
}

function serverless() {
  return {
    vpcConfigs: [{ subnetIds: SUBNETS, securityGroupIds: ['sg-0a1b2c3d4e5f60718'] }],
    clientAuthentication: { sasl: { iam: { enabled: true } } },
    connectivityInfo: { networkType: 'IPV4' },
  };
}

function provisioned(kind: Exclude<ClusterKind, 'serverless'>, enhancedMonitoring: string) {
  const { version, size, brokers } = KINDS[kind];
  return {
    brokerNodeGroupInfo: brokerNodeGroup(kind, size),
    currentBrokerSoftwareInfo: {
      configurationArn: configurationArnOf(kind),
      configurationRevision: 4,
      kafkaVersion: version,
    },
    clientAuthentication: {
      sasl: { scram: { enabled: true }, iam: { enabled: true } },
      tls: { certificateAuthorityArnList: [], enabled: false },
      unauthenticated: { enabled: false },
    },
    encryptionInfo: {
      encryptionAtRest: {
        dataVolumeKMSKeyId: `arn:aws:kms:${AWS_REGION}:${AWS_ACCOUNT}:key/${uuidFrom('volume key')}`,
      },
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
    },
    enhancedMonitoring,
    openMonitoring: {
      prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: false } },
    },
    loggingInfo: {
      brokerLogs: {
        cloudWatchLogs: { enabled: true, logGroup: 'msk' },
        firehose: { enabled: false },
        s3: { enabled: false },
      },
    },
    numberOfBrokerNodes: brokers,
    customerActionStatus: 'NONE',
    ...(kind === 'express' ? { rebalancing: { status: 'ACTIVE' } } : { storageMode: storageModeOf(kind) }),
    ...(kind === 'standard-zookeeper' ? zookeeper() : {}),
  };
}

function brokerNodeGroup(kind: ClusterKind, instanceType: string) {
  const provisionedThroughput = kind === 'provisioned-throughput' ? { provisionedThroughput: throughput() } : {};
  return {
    brokerAZDistribution: 'DEFAULT',
    clientSubnets: SUBNETS,
    instanceType,
    securityGroups: ['sg-0a1b2c3d4e5f60718'],
    // An Express cluster has no volumes.
    ...(kind === 'express' ? {} : { storageInfo: { ebsStorageInfo: { volumeSize: 500, ...provisionedThroughput } } }),
    connectivityInfo: {
      publicAccess: { type: 'DISABLED' },
      vpcConnectivity: {
        clientAuthentication: {
          sasl: { scram: { enabled: false }, iam: { enabled: true } },
          tls: { enabled: false },
        },
      },
      networkType: 'IPV4',
    },
    zoneIds: ZONE_IDS,
  };
}

function storageModeOf(kind: ClusterKind): string {
  return kind === 'tiered' ? 'TIERED' : 'LOCAL';
}

function throughput() {
  return { enabled: true, volumeThroughput: 312 };
}

function zookeeper() {
  const hosts = [1, 2, 3].map((id) => `z-${id}.standard-zookeeper.c2.kafka.${AWS_REGION}.amazonaws.com`);
  return {
    zookeeperConnectString: hosts.map((host) => `${host}:2181`).join(','),
    zookeeperConnectStringTls: hosts.map((host) => `${host}:2182`).join(','),
  };
}
