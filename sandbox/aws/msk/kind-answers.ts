// The other answers of MSK about a cluster of each kind, as the API documents them.
import { AwsError } from '../http.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import { uuidFrom } from './cluster-identity.ts';
import {
  arnOf,
  brokerCountOf,
  type ClusterKind,
  configurationArnOf,
  type DescribedChanges,
  describedCluster,
  instanceTypeOf,
  kafkaVersionOf,
  SUBNETS,
} from './cluster-kinds.ts';
import { MSK_VERSIONS, upgradeTargets } from './versions.ts';

const DOMAIN = `c2.kafka.${AWS_REGION}.amazonaws.com`;

/** Operation of the API to its documented answer, for a cluster of this kind. */
export function kindAnswers(kind: ClusterKind, changes: DescribedChanges = {}) {
  return {
    DescribeClusterV2: { clusterInfo: describedCluster(kind, changes) },
    ListNodes: kind === 'serverless' ? badRequest() : { nodeInfoList: listedNodes(kind) },
    GetBootstrapBrokers: kind === 'serverless' ? serverlessBootstrap() : allBootstrapBrokers(kind),
    ListClusterOperationsV2: { clusterOperationInfoList: [operation(kind)].map(summaryOf) },
    DescribeClusterOperationV2: { clusterOperationInfo: operation(kind) },
    ListScramSecrets: { secretArnList: [secretArn('AmazonMSK_orders')] },
    ListKafkaVersions: { kafkaVersions: MSK_VERSIONS },
    GetCompatibleKafkaVersions: kind === 'serverless' ? badRequest() : { compatibleKafkaVersions: [compatible(kind)] },
    ListTagsForResource: { tags: { Environment: 'production' } },
    DescribeConfiguration: describedConfiguration(kind),
    DescribeConfigurationRevision: describedRevision(kind),
  };
}

/** Brokers, and the nodes that are none: ZooKeeper or KRaft controllers. Express shows neither. */
export function listedNodes(kind: Exclude<ClusterKind, 'serverless'>): object[] {
  const brokers = Array.from({ length: brokerCountOf(kind) }, (_, index) => listedBroker(kind, index + 1));
  if (kind === 'express') return brokers;
  const others = [1, 2, 3].map((id) =>
    kind === 'standard-zookeeper' ? zookeeperNode(kind, id) : controller(kind, id),
  );
  return [...brokers, ...others];
}

function listedBroker(kind: Exclude<ClusterKind, 'serverless'>, id: number): object {
  return {
    addedToClusterTime: '2026-01-02T03:04:05.000Z',
    brokerNodeInfo: {
      attachedENIId: `eni-${uuidFrom(`eni ${id}`).slice(-12)}`,
      brokerId: id,
      clientSubnet: SUBNETS[(id - 1) % SUBNETS.length],
      clientVpcIpAddress: `10.0.0.${id}`,
      currentBrokerSoftwareInfo: {
        configurationArn: configurationArnOf(kind),
        configurationRevision: 4,
        kafkaVersion: kafkaVersionOf(kind),
      },
      endpoints: [`b-${id}.${kind}.${DOMAIN}`],
    },
    instanceType: instanceTypeOf(kind),
    nodeARN: nodeArn('broker', kind, id),
    nodeType: 'BROKER',
  };
}

function zookeeperNode(kind: ClusterKind, id: number): object {
  return {
    addedToClusterTime: '2026-01-02T03:04:05.000Z',
    nodeARN: nodeArn('zookeeper', kind, id),
    zookeeperNodeInfo: {
      attachedENIId: `eni-${uuidFrom(`eni z${id}`).slice(-12)}`,
      clientVpcIpAddress: `10.0.1.${id}`,
      endpoints: [`z-${id}.${kind}.${DOMAIN}`],
      zookeeperId: id,
      zookeeperVersion: '3.8.4',
    },
  };
}

function controller(kind: ClusterKind, id: number): object {
  return {
    controllerNodeInfo: { endpoints: [`c-${10_000 + id}.${kind}.${DOMAIN}`] },
    nodeARN: nodeArn('controller', kind, id),
  };
}

function nodeArn(type: string, kind: ClusterKind, id: number): string {
  return `${arnOf(kind).replace(':cluster/', `:${type}/`)}/${uuidFrom(`${type} ${id}`)}`;
}

/** Suffix of each of the fourteen fields and the port of its listener. Ports: the developer guide's page "Port information". */
const LISTENERS: readonly (readonly [string, string, number])[] = [
  ['', 'b', 9092],
  ['Tls', 'b', 9094],
  ['SaslScram', 'b', 9096],
  ['SaslIam', 'b', 9098],
  ['PublicTls', 'b-public', 9194],
  ['PublicSaslScram', 'b-public', 9196],
  ['PublicSaslIam', 'b-public', 9198],
  ['VpcConnectivityTls', 'b-vpc', 14_001],
  ['VpcConnectivitySaslScram', 'b-vpc', 14_002],
  ['VpcConnectivitySaslIam', 'b-vpc', 14_003],
  ['Ipv6', 'b-v6', 20_092],
  ['TlsIpv6', 'b-v6', 20_094],
  ['SaslScramIpv6', 'b-v6', 20_096],
  ['SaslIamIpv6', 'b-v6', 20_098],
];

/** All fourteen strings; a real cluster has those of its listeners. */
export function allBootstrapBrokers(kind: ClusterKind): Record<string, string> {
  return Object.fromEntries(
    LISTENERS.map(([suffix, host, port]) => [
      `bootstrapBrokerString${suffix}`,
      [1, 2, 3].map((id) => `${host}-${id}.${kind}.${DOMAIN}:${port}`).join(','),
    ]),
  );
}

function serverlessBootstrap(): object {
  return { bootstrapBrokerStringSaslIam: `boot-x1.c2.kafka-serverless.${AWS_REGION}.amazonaws.com:9098` };
}

/** A volume that grew, with every field of an operation that is documented. */
export function operation(kind: ClusterKind) {
  return {
    clusterArn: arnOf(kind),
    clusterType: kind === 'serverless' ? 'SERVERLESS' : 'PROVISIONED',
    startTime: '2026-11-10T08:00:00.000Z',
    endTime: '2026-11-10T08:30:00.000Z',
    errorInfo: { errorCode: 'STORAGE_COOLDOWN', errorString: 'Wait six hours' },
    operationArn: `${arnOf(kind).replace(':cluster/', ':cluster-operation/')}/${uuidFrom('operation')}`,
    operationState: 'UPDATE_COMPLETE',
    operationType: 'UPDATE_BROKER_STORAGE',
    provisioned: {
      operationSteps: [{ stepName: 'INITIALIZE_UPDATE', stepInfo: { stepStatus: 'COMPLETED' } }],
      sourceClusterInfo: mutableInfo(400),
      targetClusterInfo: mutableInfo(500),
    },
  };
}

function mutableInfo(sizeGiB: number) {
  return {
    brokerEBSVolumeInfo: [
      {
        kafkaBrokerNodeId: 'All',
        volumeSizeGB: sizeGiB,
        provisionedThroughput: { enabled: true, volumeThroughput: 312 },
      },
    ],
    configurationInfo: { arn: configurationArnOf('standard-zookeeper'), revision: 4 },
    numberOfBrokerNodes: 3,
    enhancedMonitoring: 'PER_BROKER',
    kafkaVersion: '3.9.x',
    instanceType: 'kafka.m5.large',
    storageMode: 'LOCAL',
    rebalancing: { status: 'PAUSED' },
  };
}

export function summaryOf(one: ReturnType<typeof operation>): object {
  const { errorInfo: _error, provisioned: _provisioned, ...summary } = one;
  return summary;
}

function compatible(kind: Exclude<ClusterKind, 'serverless'>): object {
  const sourceVersion = kafkaVersionOf(kind);
  return { sourceVersion, targetVersions: upgradeTargets(sourceVersion) };
}

function describedConfiguration(kind: ClusterKind): object {
  return {
    arn: configurationArnOf(kind),
    creationTime: '2026-01-02T03:04:05.000Z',
    description: 'Broker settings',
    kafkaVersions: kind === 'serverless' ? [] : [kafkaVersionOf(kind)],
    latestRevision: { creationTime: '2026-01-02T03:04:05.000Z', description: 'Broker settings', revision: 4 },
    name: kind,
    state: 'ACTIVE',
  };
}

function describedRevision(kind: ClusterKind): object {
  return {
    arn: configurationArnOf(kind),
    creationTime: '2026-01-02T03:04:05.000Z',
    description: 'Broker settings',
    revision: 4,
    serverProperties: Buffer.from('min.insync.replicas=2\n').toString('base64'),
  };
}

/** Secrets Manager ends each ARN in six random characters. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${AWS_REGION}:${AWS_ACCOUNT}:secret:${name}-a1B2c3`;
}

/** How MSK refuses a call that the kind of cluster does not have; the words are ours. */
function badRequest(): AwsError {
  return new AwsError('BadRequestException', 'This operation cannot be performed on serverless clusters.', 400);
}
