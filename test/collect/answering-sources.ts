// Sources of a snapshot that answer every question, and the question itself.
import type { GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import type { CollectSources } from '../../lib/collect/collect-job.ts';
import type { KafkaSections } from '../../lib/collect/kafka/collect-kafka.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { present } from '../../lib/snapshot/collected.ts';
import { SECTION_NAMES } from '../../lib/snapshot/schema.ts';
import { ARN, aReader, awsError } from './msk/an-answer.ts';

export const PLAN = reportPlan({ samples: 1, intervalSec: 0, readData: true, openMonitoring: true });
/** Only asked for where Kafka's own topology is missing. */
export const DAILY_SECTIONS = SECTION_NAMES.filter((name) => name !== 'mskTopics');
export const NOW = Date.UTC(2026, 10, 20, 10, 37, 42);

export function options(changes: object = {}) {
  return {
    target: { kind: 'msk' as const, clusterArn: ARN.arn },
    windowHours: 24,
    nowMs: NOW,
    deadlineMs: Date.now() + 5_000,
    toolVersion: '0.1.0',
    kafkaPlan: PLAN,
    ...changes,
  };
}

export function kafkaSections(): KafkaSections {
  return {
    kafkaBrokers: present(
      { clusterId: 'abc', controllerId: 1, brokers: [{ id: 7, host: 'h', port: 1, rack: null }] },
      NOW,
    ),
    kafkaTopics: present([], NOW),
    kafkaTopicConfigs: present({}, NOW),
    kafkaBrokerConfigs: present({}, NOW),
    kafkaGroups: present([], NOW),
    kafkaOffsets: present(
      {
        topics: { t: [{ partition: 0, start: '0', end: '9', error: null }] },
        committed: [{ groupId: 'g', topic: 't', partition: 0, offset: '4', error: null }],
      },
      NOW,
    ),
    kafkaSamples: present([], NOW),
    kafkaLogDirs: present([], NOW),
    kafkaReassignments: present([], NOW),
    kafkaQuorum: present({ leaderId: 1, leaderEpoch: 1, highWatermark: '1', voters: [], observers: [] }, NOW),
    kafkaQuotas: present([], NOW),
    kafkaProducers: present([], NOW),
    kafkaBatches: present([], NOW),
    openMonitoring: present({ spanSec: 20, brokers: [] }, NOW),
  };
}

export const cloudwatch = {
  getMetricData: async (input: { MetricDataQueries?: { Id?: string | undefined }[] | undefined }) =>
    ({
      MetricDataResults: input.MetricDataQueries!.map(({ Id }) => ({
        Id,
        StatusCode: 'Complete',
        Timestamps: [],
        Values: [],
      })),
    }) as unknown as GetMetricDataOutput,
};

export function sources(changes: Partial<CollectSources> = {}): CollectSources {
  const account = {
    storageScaling: async () => ({
      describeTargets: async () => ({ ScalableTargets: [] }),
      describePolicies: async () => ({ ScalingPolicies: [] }),
      describeActivities: async () => ({ ScalingActivities: [] }),
    }),
    alarms: async () => ({ describeAlarms: async () => ({ MetricAlarms: [] }) }),
    quotas: async () => ({ listApplied: async () => ({ Quotas: [] }), listDefaults: async () => ({ Quotas: [] }) }),
    connectors: async () => ({ listConnectors: async () => ({ connectors: [] }) }),
  };
  const openBill = async () => ({ getCostAndUsage: async () => ({ ResultsByTime: [] }) });
  return { msk: aReader(), cloudwatch, account, openBill, readKafka: async () => kafkaSections(), ...changes };
}

export const DENIED = async () => Promise.reject(awsError('ForbiddenException', '', 403));
