import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import { uuidFrom } from './cluster-identity.ts';
import { type Described, GIB, type MskState } from './state.ts';
import { mskVersion } from './versions.ts';

const BROKER_TYPE = 'kafka.m7g.large';
const KRAFT_CONTROLLERS = 3;

/**
 * `clusterInfo` of DescribeClusterV2 for a Standard cluster in KRaft mode with local storage. What such a cluster does not have is
 * left out, as MSK does: no ZooKeeper strings, no rebalancing, no serverless part, no active operation while there is none.
 */
export function clusterInfo(state: MskState): object {
  return merged(ownInfo(state), state.described);
}

function merged(own: object, changes: Described): object {
  const all: Record<string, unknown> = { ...own };
  for (const [field, change] of Object.entries(changes)) {
    const before = all[field];
    if (change === null) delete all[field];
    else if (isPart(change)) all[field] = merged(isPart(before) ? before : {}, change as Described);
    else all[field] = change;
  }
  return all;
}

function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownInfo(state: MskState): object {
  const active = state.operations.find(({ endTime }) => endTime === undefined);
  return {
    ...(active === undefined ? {} : { activeOperationArn: active.arn }),
    clusterType: 'PROVISIONED',
    clusterArn: state.identity.arn,
    clusterName: state.identity.name,
    creationTime: state.createdAt.toISOString(),
    currentVersion: 'K3P5ROKL5A1OLE',
    // A dead broker does not change it at once: MSK reports HEALING only after its own detection.
    state: active === undefined ? 'ACTIVE' : 'UPDATING',
    tags: state.tags,
    provisioned: provisioned(state),
  };
}

function provisioned(state: MskState): object {
  return {
    brokerNodeGroupInfo: {
      brokerAZDistribution: 'DEFAULT',
      clientSubnets: zones(state).map(subnetOf),
      instanceType: BROKER_TYPE,
      securityGroups: ['sg-0a1b2c3d4e5f60718'],
      // Provisioned throughput is left out when it is off.
      storageInfo: { ebsStorageInfo: { volumeSize: Math.max(1, Math.round(state.declaredVolumeBytes / GIB)) } },
      connectivityInfo: {
        publicAccess: { type: 'DISABLED' },
        vpcConnectivity: {
          clientAuthentication: {
            sasl: { scram: { enabled: false }, iam: { enabled: false } },
            tls: { enabled: false },
          },
        },
        networkType: 'IPV4',
      },
      zoneIds: zones(state),
    },
    currentBrokerSoftwareInfo: softwareInfo(state),
    clientAuthentication: {
      sasl: { scram: { enabled: false }, iam: { enabled: false } },
      tls: { certificateAuthorityArnList: [], enabled: false },
      unauthenticated: { enabled: true },
    },
    encryptionInfo: {
      encryptionAtRest: {
        dataVolumeKMSKeyId: `arn:aws:kms:${AWS_REGION}:${AWS_ACCOUNT}:key/${uuidFrom('volume key')}`,
      },
      encryptionInTransit: { clientBroker: 'PLAINTEXT', inCluster: false },
    },
    enhancedMonitoring: state.monitoring,
    openMonitoring: {
      prometheus: { jmxExporter: { enabledInBroker: false }, nodeExporter: { enabledInBroker: false } },
    },
    loggingInfo: {
      brokerLogs: { cloudWatchLogs: { enabled: false }, firehose: { enabled: false }, s3: { enabled: false } },
    },
    numberOfBrokerNodes: state.cluster.brokers.length,
    storageMode: 'LOCAL',
    customerActionStatus: 'NONE',
  };
}

function softwareInfo(state: MskState): object {
  return {
    configurationArn: state.identity.configurationArn,
    configurationRevision: 1,
    kafkaVersion: mskVersion(state.cluster.version),
  };
}

/** Brokers, and the KRaft controllers, which carry endpoints and nothing else. */
export function nodes(state: MskState): object[] {
  const brokers = state.cluster.brokers.map((broker) => ({
    addedToClusterTime: state.createdAt.toISOString(),
    brokerNodeInfo: {
      attachedENIId: `eni-${uuidFrom(`eni ${broker.id}`).slice(-12)}`,
      brokerId: broker.id,
      clientSubnet: subnetOf(broker.rack),
      clientVpcIpAddress: '127.0.0.1',
      currentBrokerSoftwareInfo: softwareInfo(state),
      endpoints: ['127.0.0.1'],
    },
    instanceType: BROKER_TYPE,
    nodeARN: `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:broker/${state.identity.name}/${state.identity.uuid}/${uuidFrom(`broker ${broker.id}`)}`,
    nodeType: 'BROKER',
  }));
  // MSK always shows three; the sandbox runs one.
  const controllers = Array.from({ length: KRAFT_CONTROLLERS }, (_, index) => ({
    controllerNodeInfo: { endpoints: [`c-${10_001 + index}.${state.identity.name}.kafka.${AWS_REGION}.amazonaws.com`] },
    nodeARN: `arn:aws:kafka:${AWS_REGION}:${AWS_ACCOUNT}:controller/${state.identity.name}/${state.identity.uuid}/${uuidFrom(`controller ${index}`)}`,
  }));
  return [...brokers, ...controllers];
}

export function bootstrapBrokers(state: MskState): object {
  return { bootstrapBrokerString: state.cluster.bootstrap };
}

/** Zone ids of the brokers, each once. */
export function zones(state: MskState): string[] {
  return [...new Set(state.cluster.brokers.map(({ rack }) => rack))];
}

/** The cluster's subnet in a zone. */
export function subnetOf(zone: string): string {
  return `subnet-${uuidFrom(zone).slice(-12)}`;
}
