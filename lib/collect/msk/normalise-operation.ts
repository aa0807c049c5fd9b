// One cluster operation in the snapshot's words: what it changed, from what to what, and why it failed.
import type { ClusterOperationV2, ClusterOperationV2Summary, MutableClusterInfo } from '@aws-sdk/client-kafka';
import type { SectionValue } from '../../snapshot/schema.ts';
import { epochMsOf, safeOrNull } from './normalise-cluster.ts';

export type Operation = SectionValue<'operations'>[number];
type Details = NonNullable<Operation['details']>;
type Mutable = NonNullable<Details['source']>;

/** Types and states are free strings in the API: kept as they come. */
export function normaliseOperation(summary: ClusterOperationV2Summary): Operation {
  return {
    arn: summary.OperationArn ?? '',
    type: summary.OperationType ?? 'UNKNOWN',
    state: summary.OperationState ?? 'UNKNOWN',
    startMs: epochMsOf(summary.StartTime),
    endMs: epochMsOf(summary.EndTime),
  };
}

export function normaliseDetails({ Provisioned: provisioned, ErrorInfo: error }: ClusterOperationV2): Details {
  return {
    source: mutableOrNull(provisioned?.SourceClusterInfo),
    target: mutableOrNull(provisioned?.TargetClusterInfo),
    error:
      error?.ErrorCode || error?.ErrorString
        ? { code: safeOrNull(error.ErrorCode), text: safeOrNull(error.ErrorString) }
        : null,
  };
}

function mutableOrNull(info: MutableClusterInfo | undefined): Mutable | null {
  return info === undefined ? null : mutable(info);
}

function mutable(info: MutableClusterInfo): Mutable {
  const configuration = info.ConfigurationInfo;
  return {
    volumes: volumes(info),
    brokerCount: info.NumberOfBrokerNodes ?? null,
    instanceType: info.InstanceType ?? null,
    kafkaVersion: info.KafkaVersion ?? null,
    configuration:
      configuration?.Arn === undefined || configuration.Revision === undefined
        ? null
        : { arn: configuration.Arn, revision: configuration.Revision },
    enhancedMonitoring: info.EnhancedMonitoring ?? null,
    storageMode: info.StorageMode ?? null,
    rebalancing: info.Rebalancing?.Status ?? null,
  };
}

function volumes({ BrokerEBSVolumeInfo: told }: MutableClusterInfo): Mutable['volumes'] {
  if (told === undefined || told.length === 0) return null;
  return told.map(({ KafkaBrokerNodeId, VolumeSizeGB, ProvisionedThroughput: throughput }) => ({
    // MSK writes `All` where every broker gets the same.
    broker: KafkaBrokerNodeId ?? 'All',
    sizeGiB: VolumeSizeGB ?? null,
    provisionedThroughputMiBPerSec: throughput?.Enabled === true ? (throughput.VolumeThroughput ?? null) : null,
  }));
}
