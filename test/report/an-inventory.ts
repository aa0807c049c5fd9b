// What a cluster is made of and carries, by hand: brokers, topics, groups, figures.
import type { Report } from '../../lib/report/report.ts';

export const NO_FIGURES: Report['figures'] = {
  messagesPerSec: null,
  bytesInPerSec: null,
  bytesOutPerSec: null,
  averageRecordBytes: null,
  readFanOut: null,
  activeGroups: null,
  members: null,
  topics: null,
  partitions: null,
  peakToMean: null,
  replicationExcess: null,
  usdPerGiBIngested: null,
};

const load = (mean: number) => ({ mean, p50: mean, p95: mean, p99: mean, max: 2 * mean, peakToMean: 2 });

export function anInventory(): Pick<Report, 'brokers' | 'topics' | 'groups' | 'figures'> {
  return {
    brokers: {
      rows: [
        {
          brokerId: 2,
          live: true,
          rack: 'euw1-az2',
          leaders: 610,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 93.4,
          bytesInPerSec: 5_242_880,
        },
        {
          brokerId: 1,
          live: true,
          rack: 'euw1-az1',
          leaders: 330,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 61.2,
          bytesInPerSec: 3_145_728,
        },
        {
          brokerId: 3,
          live: true,
          rack: 'euw1-az3',
          leaders: 320,
          replicas: 1260,
          cpuP95Percent: null,
          diskUsedPercent: 60.8,
          bytesInPerSec: null,
        },
      ],
      total: 3,
    },
    topics: {
      rows: [
        {
          topic: 'ledger',
          partitions: 12,
          replicationFactor: 3,
          minInSyncReplicas: 3,
          underReplicated: 0,
          offline: 0,
          retainedMessages: '184467440737',
        },
        {
          topic: 'payments',
          partitions: 24,
          replicationFactor: 3,
          minInSyncReplicas: 2,
          underReplicated: 0,
          offline: 0,
          retainedMessages: null,
        },
      ],
      total: 42,
    },
    groups: {
      rows: [
        {
          groupId: 'billing-export',
          type: 'classic',
          state: 'Stable',
          members: 3,
          status: 'STALLED',
          topics: 1,
          lag: '41200',
          lagPerSec: 340,
          retentionConsumedPercent: 41,
        },
        {
          groupId: 'search-indexer',
          type: 'consumer',
          state: 'Stable',
          members: 6,
          status: 'OK',
          topics: 4,
          lag: '12',
          lagPerSec: 0,
          retentionConsumedPercent: 0.02,
        },
      ],
      total: 17,
    },
    figures: {
      ...NO_FIGURES,
      messagesPerSec: load(4_000),
      bytesInPerSec: load(4_096_000),
      averageRecordBytes: 1_024,
      peakToMean: 2,
      activeGroups: 3,
      members: 12,
      usdPerGiBIngested: 0.071,
    },
  };
}
