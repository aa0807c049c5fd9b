// DescribeClusterV2's answer in the snapshot's words. Every field of the answer may be absent (SDK model, 3.1169.0).
import type { Provisioned, Cluster as SdkCluster } from '@aws-sdk/client-kafka';
import { metadataModeOf } from '../../facts/kafka-versions.ts';
import {
  type Cluster,
  CUSTOMER_ACTION_STATUSES,
  MONITORING_LEVELS,
  REBALANCING_STATUSES,
  STORAGE_MODES,
} from '../../snapshot/aws-sections.ts';
import { safeLabel } from '../../text/sanitize.ts';
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

/** A sentence of AWS in a snapshot is no longer than this. */
export const MAX_TEXT_LENGTH = 300;

/** Throws IncompleteAnswerError when the kind, the size, the number of brokers or the zones are not in the answer. */
export function normaliseCluster(info: SdkCluster | undefined, arn: ClusterArn): NormalisedCluster {
  if (info === undefined) throw new IncompleteAnswerError('the answer holds no ClusterInfo');
  const notes = info.State === undefined ? ['the answer holds no State'] : [];
  if (info.Provisioned !== undefined) return provisioned(info, info.Provisioned, arn, notes);
  if (info.Serverless !== undefined || info.ClusterType === 'SERVERLESS') {
    const networkType = info.Serverless?.ConnectivityInfo?.NetworkType ?? null;
    return { cluster: { kind: 'serverless', ...common(info, arn), networkType }, notes };
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
    stateInfo: stateInfo(info),
    currentVersion: info.CurrentVersion ?? null,
    createdAtMs: epochMsOf(info.CreationTime),
    activeOperationArn: info.ActiveOperationArn || null,
  };
}

function stateInfo({ StateInfo: told }: SdkCluster): Cluster['stateInfo'] {
  if (!told?.Code && !told?.Message) return null;
  return { code: safeOrNull(told.Code), message: safeOrNull(told.Message) };
}

/** Text of AWS, short and safe to show; null when it is absent or empty. */
export function safeOrNull(text: string | undefined): string | null {
  return text ? safeLabel(text, MAX_TEXT_LENGTH) : null;
}

function provisioned(info: SdkCluster, detail: Provisioned, arn: ClusterArn, notes: string[]): NormalisedCluster {
  const shared = { ...common(info, arn), ...provisionedCommon(detail, notes) };
  // The prefix of the size is the only mark of an Express cluster in the API.
  if (shared.instanceType.startsWith('express.')) {
    const rebalancing = oneOf(REBALANCING_STATUSES, detail.Rebalancing?.Status, 'Rebalancing', notes);
    return { cluster: { kind: 'provisioned-express', ...shared, rebalancing }, notes };
  }
  return { cluster: { kind: 'provisioned-standard', ...shared, ...storage(detail, notes) }, notes };
}

function provisionedCommon(detail: Provisioned, notes: string[]) {
  const group = detail.BrokerNodeGroupInfo;
  const software = detail.CurrentBrokerSoftwareInfo;
  const kafkaVersion = software?.KafkaVersion || null;
  return {
    networkType: group?.ConnectivityInfo?.NetworkType ?? null,
    kafkaVersion,
    metadataMode: metadataMode(detail, kafkaVersion),
    instanceType: required(group?.InstanceType, 'InstanceType'),
    brokerCount: required(detail.NumberOfBrokerNodes, 'NumberOfBrokerNodes'),
    azCount: azCount(detail),
    zoneIds: distinct(group?.ZoneIds).sort(),
    enhancedMonitoring:
      oneOf(MONITORING_LEVELS, detail.EnhancedMonitoring, 'EnhancedMonitoring', notes) ?? ('unknown' as const),
    configuration: configuration(software?.ConfigurationArn, software?.ConfigurationRevision, notes),
    customerActionStatus: oneOf(CUSTOMER_ACTION_STATUSES, detail.CustomerActionStatus, 'CustomerActionStatus', notes),
  };
}

function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new IncompleteAnswerError(`the answer holds no ${field}`);
  return value;
}

/** Null when the answer does not tell it; `unknown`, with a note, for a word that AWS added later. */
function oneOf<T extends string>(
  known: readonly T[],
  told: string | undefined,
  field: string,
  notes: string[],
): T | 'unknown' | null {
  if (told === undefined || told === '') return null;
  const found = known.find((each) => each === told);
  if (found === undefined) notes.push(`${field} ${safeLabel(told, 40)} is not known`);
  return found ?? 'unknown';
}

function metadataMode(detail: Provisioned, kafkaVersion: string | null): 'kraft' | 'zookeeper' | 'unknown' {
  if (detail.ZookeeperConnectString || detail.ZookeeperConnectStringTls) return 'zookeeper';
  return (kafkaVersion === null ? null : metadataModeOf(kafkaVersion)) ?? 'unknown';
}

/** MSK takes one subnet a zone. */
function azCount({ BrokerNodeGroupInfo: group }: Provisioned): number {
  return (
    distinct(group?.ClientSubnets).length || required(distinct(group?.ZoneIds).length || undefined, 'ClientSubnets')
  );
}

function distinct(values: readonly string[] | undefined): string[] {
  return [...new Set(values ?? [])];
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
  const ebs = detail.BrokerNodeGroupInfo?.StorageInfo?.EbsStorageInfo;
  const throughput = ebs?.ProvisionedThroughput;
  const isProvisioned = throughput?.Enabled === true;
  if (isProvisioned && throughput.VolumeThroughput === undefined) {
    notes.push('throughput is provisioned, but the answer does not say how much');
  }
  return {
    // Absent means local: tiered storage has to be asked for (UpdateStorage).
    storageMode: oneOf(STORAGE_MODES, detail.StorageMode, 'StorageMode', notes) ?? ('LOCAL' as const),
    volumeGiBPerBroker: ebs?.VolumeSize ?? null,
    provisionedThroughputMiBPerSec: isProvisioned ? (throughput.VolumeThroughput ?? null) : null,
  };
}

/** Epoch milliseconds of a date of the SDK; null when absent or unreadable. */
export function epochMsOf(date: Date | undefined): number | null {
  const ms = date instanceof Date ? date.getTime() : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}
