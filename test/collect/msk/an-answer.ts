// Answers of the MSK API as the SDK gives them, and a reader that returns them. Shapes: @aws-sdk/client-kafka 3.1169.0.
import type { Cluster } from '@aws-sdk/client-kafka';
import { parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';
import type { MskReader } from '../../../lib/collect/msk/msk-reader.ts';

export const ARN = parseClusterArn(
  'arn:aws:kafka:us-east-1:111122223333:cluster/orders/0f0e7c1a-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7',
);
export const CONFIGURATION_ARN =
  'arn:aws:kafka:us-east-1:111122223333:configuration/orders/aaaaaaaa-7e4a-4b1c-9a6e-2f1d0a2b3c4d-7';

/** A Standard cluster with every field that the product reads. A fresh copy each time. */
export function standardCluster(): Cluster {
  return {
    ActiveOperationArn: 'arn:aws:kafka:us-east-1:111122223333:cluster-operation/orders/x/y',
    ClusterType: 'PROVISIONED',
    ClusterArn: ARN.arn,
    ClusterName: 'orders',
    CreationTime: new Date('2026-01-02T03:04:05Z'),
    CurrentVersion: 'K3P5ROKL5A1OLE',
    State: 'ACTIVE',
    Tags: { Environment: 'production' },
    Provisioned: {
      BrokerNodeGroupInfo: {
        ClientSubnets: ['subnet-a', 'subnet-b', 'subnet-c'],
        InstanceType: 'kafka.m7g.large',
        StorageInfo: {
          EbsStorageInfo: { VolumeSize: 500, ProvisionedThroughput: { Enabled: true, VolumeThroughput: 300 } },
        },
        ZoneIds: ['use1-az1', 'use1-az2', 'use1-az3'],
      },
      CurrentBrokerSoftwareInfo: {
        ConfigurationArn: CONFIGURATION_ARN,
        ConfigurationRevision: 4,
        KafkaVersion: '3.9.x.kraft',
      },
      EnhancedMonitoring: 'PER_BROKER',
      NumberOfBrokerNodes: 3,
      StorageMode: 'TIERED',
      CustomerActionStatus: 'NONE',
    },
  };
}

/** A reader that answers everything; a test replaces what it is about. */
export function aReader(changes: Partial<MskReader> = {}): MskReader {
  return {
    describeCluster: async () => ({ ClusterInfo: standardCluster() }),
    listNodes: async () => ({ NodeInfoList: [1, 2, 3].map(brokerNode) }),
    getBootstrapBrokers: async () => ({ BootstrapBrokerStringSaslIam: 'b-1.x:9098,b-2.x:9098' }),
    describeConfigurationRevision: async () => ({
      ServerProperties: new TextEncoder().encode('min.insync.replicas=2\nlisteners=SASL_SSL://secret\n'),
    }),
    describeConfiguration: async () => ({ Arn: CONFIGURATION_ARN, State: 'ACTIVE', LatestRevision: latestRevision() }),
    listClusterOperations: async () => ({ ClusterOperationInfoList: [] }),
    describeClusterOperation: async () => ({ ClusterOperationInfo: {} }),
    listScramSecrets: async () => ({ SecretArnList: [] }),
    listKafkaVersions: async () => ({ KafkaVersions: [{ Version: '3.9.x.kraft', Status: 'ACTIVE' }] }),
    getCompatibleKafkaVersions: async () => ({
      CompatibleKafkaVersions: [{ SourceVersion: '3.9.x.kraft', TargetVersions: ['4.0.x.kraft'] }],
    }),
    listTags: async () => ({ Tags: { Environment: 'staging' } }),
    listTopics: async () => ({ Topics: [] }),
    describeTopic: async () => ({}),
    describeTopicPartitions: async () => ({ Partitions: [] }),
    ...changes,
  };
}

function latestRevision() {
  return { Revision: 4, CreationTime: new Date('2026-01-02T03:04:05Z') };
}

export function brokerNode(id: number) {
  return {
    InstanceType: 'm7g.large',
    NodeType: 'BROKER' as const,
    BrokerNodeInfo: { BrokerId: id, ClientSubnet: `subnet-${id}`, Endpoints: [`b-${id}.x`] },
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'text of AWS', httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
