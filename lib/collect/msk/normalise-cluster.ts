// DescribeClusterV2's answer in the snapshot's words. Every field of the answer may be absent (SDK model, 3.1169.0).
import type { Provisioned, Cluster as SdkCluster } from '@aws-sdk/client-kafka';
import { metadataModeOf } from '../../facts/kafka-versions.ts';
import type { Cluster } from '../../snapshot/aws-sections.ts';
import type { ClusterArn } from './cluster-arn.ts';

/** The answer lacks a field without which nothing can be said about the cluster. */
export class IncompleteAnswerError extends Error {
  override readonly name = 'IncompleteAnswerError';
}

export interface NormalisedCluster {
  cluster: Cluster;
  /** What of the answer was not understood, one clause each. */
  notes: string[];
}

/** Throws IncompleteAnswerError when the kind, the size or the number of brokers is not in the answer. */
export function normaliseCluster(info: SdkCluster | undefined, arn: ClusterArn): NormalisedCluster {
  if (info === undefined) throw new IncompleteAnswerError('the answer holds no ClusterInfo');
  if (info.Provisioned !== undefined) return provisioned(info, info.Provisioned, arn);
  if (info.Serverless !== undefined || info.ClusterType === 'SERVERLESS') {
    return { cluster: { kind: 'serverless', ...common(info, arn) }, notes: [] };
  }
  throw new IncompleteAnswerError('the answer holds neither Provisioned nor Serverless');
}

function common(info: SdkCluster, arn: ClusterArn) {
  return {
    arn: arn.arn,
    uuid: arn.uuid,
    name: info.ClusterName ?? arn.name,
    region: arn.region,
    accountId: arn.accountId,
    state: info.State ?? 'UNKNOWN',
    currentVersion: info.CurrentVersion ?? null,
    createdAtMs: epochMsOf(info.CreationTime),
    activeOperationArn: info.ActiveOperationArn || null,
  };
}

function provisioned(info: SdkCluster, detail: Provisioned, arn: ClusterArn): NormalisedCluster {
  const notes: string[] = [];
  const shared = { ...common(info, arn), ...provisionedCommon(detail, notes) };
  // The prefix of the size is the only mark of an Express cluster in the API.
  if (shared.instanceType.startsWith('express.')) {
    return { cluster: { kind: 'provisioned-express', ...shared }, notes };
  }
  return { cluster: { kind: 'provisioned-standard', ...shared, ...storage(detail, notes) }, notes };
}

function provisionedCommon(detail: Provisioned, notes: string[]) {
  const software = detail.CurrentBrokerSoftwareInfo;
  const kafkaVersion = software?.KafkaVersion ?? null;
  return {
    kafkaVersion,
    metadataMode: metadataMode(detail, kafkaVersion),
    instanceType: required(detail.BrokerNodeGroupInfo?.InstanceType, 'InstanceType'),
    brokerCount: required(detail.NumberOfBrokerNodes, 'NumberOfBrokerNodes'),
    azCount: azCount(detail),
    enhancedMonitoring: enhancedMonitoring(detail.EnhancedMonitoring, notes),
    configuration: configuration(software?.ConfigurationArn, software?.ConfigurationRevision, notes),
    customerActionStatus: detail.CustomerActionStatus ?? null,
  };
}

function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new IncompleteAnswerError(`the answer holds no ${field}`);
  return value;
}

function metadataMode(detail: Provisioned, kafkaVersion: string | null): 'kraft' | 'zookeeper' | 'unknown' {
  if (detail.ZookeeperConnectString) return 'zookeeper';
  return (kafkaVersion === null ? null : metadataModeOf(kafkaVersion)) ?? 'unknown';
}

function azCount(detail: Provisioned): number {
  const group = detail.BrokerNodeGroupInfo;
  return new Set(required(group?.ClientSubnets ?? group?.ZoneIds, 'ClientSubnets')).size;
}

const MONITORING_LEVELS = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const;

function enhancedMonitoring(
  level: string | undefined,
  notes: string[],
): (typeof MONITORING_LEVELS)[number] | 'unknown' {
  const known = MONITORING_LEVELS.find((each) => each === level);
  if (known === undefined && level !== undefined) notes.push(`EnhancedMonitoring ${level} is not known`);
  return known ?? 'unknown';
}

function configuration(arn: string | undefined, revision: number | undefined, notes: string[]) {
  if (!arn) return null;
  if (revision === undefined) {
    notes.push('the configuration came without its revision');
    return null;
  }
  return { arn, revision };
}

function storage(detail: Provisioned, notes: string[]) {
  const mode = detail.StorageMode;
  if (mode !== undefined && mode !== 'LOCAL' && mode !== 'TIERED')
    notes.push(`StorageMode ${String(mode)} is not known`);
  const ebs = detail.BrokerNodeGroupInfo?.StorageInfo?.EbsStorageInfo;
  const throughput = ebs?.ProvisionedThroughput;
  return {
    // Absent means local: tiered storage has to be asked for (UpdateStorage).
    storageMode: mode === 'TIERED' ? ('TIERED' as const) : ('LOCAL' as const),
    volumeGiBPerBroker: ebs?.VolumeSize ?? null,
    provisionedThroughputMiBPerSec: throughput?.Enabled === true ? (throughput.VolumeThroughput ?? null) : null,
  };
}

/** Epoch milliseconds of a date of the SDK; null when absent or unreadable. */
export function epochMsOf(date: Date | undefined): number | null {
  const ms = date instanceof Date ? date.getTime() : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}
