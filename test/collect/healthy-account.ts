// One healthy cluster in one account, as AWS answers on the wire, operation by operation. A test spoils what it is about.

import { createAccountReaders } from '../../lib/collect/account/collect-account.ts';
import { azIdsByEc2 } from '../../lib/collect/account/subnet-zones.ts';
import type { AwsAccess } from '../../lib/collect/aws-clients.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import type { CollectOptions, CollectSources } from '../../lib/collect/collect-job.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { kafkaMissing } from '../../lib/collect/kafka-stage.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import { createBillReader } from '../../lib/collect/prices/bill-reader.ts';
import { createPriceReader } from '../../lib/collect/prices/price-reader.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { SectionName } from '../../lib/snapshot/schema.ts';
import { connectOperation } from '../../sandbox/aws/account/handlers.ts';
import { mskOperation } from '../../sandbox/aws/msk/routes.ts';
import type { Answer } from './aws-front.ts';
import { ARN, CONFIGURATION_ARN } from './msk/an-answer.ts';
import {
  alarm,
  clusterOnTheWire,
  connector,
  metricData,
  node,
  partition,
  products,
  quota,
  secret,
  subnets,
  topic,
  update,
  version,
} from './wire-answers.ts';

export interface Operation {
  /** As the signature names it. */
  service: string;
  operation: string;
  /** IAM's name of it. */
  action: string;
  /** The sections that are missing without it, and no others. */
  sections: readonly SectionName[];
  /** The section that without it is there in part, and says so. */
  part?: SectionName;
  answer: Answer;
  /** What the report's reader is told of a call that failed contains this; by default its action and region. */
  told?: string;
  /** A second try would cost money. */
  isAskedOnce?: true;
  /** Where the answer is a list: two pages of it, which together are the answer. */
  pages?: readonly [object, object];
  /** What an answer without any field is: the same as none, a part of a section, or a value like any other. */
  whenEmpty: 'as-none' | 'part' | 'value';
}

const SERVICE_OF_ACTION: Readonly<Record<string, string>> = { cloudwatch: 'monitoring' };

function row(
  action: string,
  sections: readonly SectionName[],
  more: Pick<Operation, 'answer'> & Partial<Operation>,
): Operation {
  const [prefix = '', operation = ''] = action.split(':');
  return { service: SERVICE_OF_ACTION[prefix] ?? prefix, operation, action, sections, whenEmpty: 'as-none', ...more };
}

/** All that a collection asks of AWS. A new operation joins by its row, and by its reader in `awsSources`. */
export const OPERATIONS: readonly Operation[] = [
  row('kafka:DescribeClusterV2', ['cluster', 'configuration', 'security', 'storageScaling'], {
    answer: { clusterInfo: clusterOnTheWire() },
  }),
  row('kafka:ListNodes', ['nodes'], {
    answer: { nodeInfoList: [1, 2, 3].map(node) },
    pages: [{ nodeInfoList: [node(3)] }, { nodeInfoList: [node(1), node(2)] }],
  }),
  row('kafka:GetBootstrapBrokers', ['bootstrap', 'connectors'], {
    answer: { bootstrapBrokerStringSaslIam: 'b-1.x:9098,b-2.x:9098' },
    whenEmpty: 'value',
  }),
  row('kafka:DescribeConfigurationRevision', ['configuration'], {
    answer: {
      arn: CONFIGURATION_ARN,
      revision: 4,
      serverProperties: Buffer.from('min.insync.replicas=2\n').toString('base64'),
    },
    whenEmpty: 'part',
  }),
  row('kafka:DescribeConfiguration', [], {
    part: 'configuration',
    answer: { arn: CONFIGURATION_ARN, state: 'ACTIVE', latestRevision: { revision: 4 } },
  }),
  row('kafka:ListClusterOperationsV2', ['operations'], {
    answer: { clusterOperationInfoList: [update(2), update(1)] },
    pages: [{ clusterOperationInfoList: [update(2)] }, { clusterOperationInfoList: [update(1)] }],
  }),
  row('kafka:DescribeClusterOperationV2', [], {
    part: 'operations',
    answer: { clusterOperationInfo: { provisioned: { sourceClusterInfo: { numberOfBrokerNodes: 2 } } } },
  }),
  row('kafka:ListKafkaVersions', [], {
    part: 'versions',
    answer: { kafkaVersions: [version('3.8.x'), version('3.9.x')] },
    pages: [{ kafkaVersions: [version('3.8.x')] }, { kafkaVersions: [version('3.9.x')] }],
  }),
  row('kafka:GetCompatibleKafkaVersions', [], {
    part: 'versions',
    answer: { compatibleKafkaVersions: [{ sourceVersion: '3.9.x', targetVersions: ['4.0.x'] }] },
  }),
  row('kafka:ListScramSecrets', [], {
    part: 'security',
    answer: { secretArnList: [secret('a'), secret('b')] },
    pages: [{ secretArnList: [secret('b')] }, { secretArnList: [secret('a')] }],
  }),
  row('kafka:ListTagsForResource', ['tags'], { answer: { tags: { Environment: 'staging' } } }),
  row('kafka:ListTopics', ['mskTopics'], {
    answer: { topics: [topic('audit'), topic('orders')] },
    pages: [{ topics: [topic('orders')] }, { topics: [topic('audit')] }],
  }),
  row('kafka:DescribeTopic', [], {
    part: 'mskTopics',
    told: '2 of 2 topics listed, not described',
    answer: { partitionCount: 2, replicationFactor: 3, configs: Buffer.from('{}').toString('base64') },
    whenEmpty: 'value',
  }),
  row('kafka:DescribeTopicPartitions', [], {
    part: 'mskTopics',
    told: '2 of 2 topics listed, not described',
    answer: { partitions: [0, 1].map(partition) },
  }),
  row('cloudwatch:GetMetricData', ['metrics'], { answer: metricData, whenEmpty: 'part' }),
  row('cloudwatch:DescribeAlarms', ['alarms'], {
    answer: { MetricAlarms: [alarm('a'), alarm('b')] },
    pages: [{ MetricAlarms: [alarm('b')] }, { MetricAlarms: [alarm('a')] }],
    whenEmpty: 'value',
  }),
  row('application-autoscaling:DescribeScalableTargets', ['storageScaling'], {
    answer: { ScalableTargets: [{ MinCapacity: 1, MaxCapacity: 2000 }] },
  }),
  row('application-autoscaling:DescribeScalingPolicies', [], {
    part: 'storageScaling',
    answer: { ScalingPolicies: [{ TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } }] },
  }),
  row('application-autoscaling:DescribeScalingActivities', [], {
    part: 'storageScaling',
    answer: { ScalingActivities: [{ StartTime: 1_795_000_000, StatusCode: 'Successful' }] },
  }),
  row('servicequotas:ListServiceQuotas', ['quotas'], {
    answer: { Quotas: [quota('L-03FD6822', 60), quota('L-EDD31C36', 120)] },
    pages: [{ Quotas: [quota('L-EDD31C36', 120)] }, { Quotas: [quota('L-03FD6822', 60)] }],
  }),
  row('servicequotas:ListAWSDefaultServiceQuotas', [], {
    part: 'quotas',
    answer: { Quotas: [quota('L-FAB9E493', 30)] },
  }),
  row('kafkaconnect:ListConnectors', ['connectors'], {
    answer: { connectors: [connector('a'), connector('b')] },
    pages: [{ connectors: [connector('b')] }, { connectors: [connector('a')] }],
  }),
  row('ec2:DescribeSubnets', [], { part: 'nodes', told: 'the zones of', answer: subnets }),
  row('pricing:GetProducts', [], { part: 'prices', told: '', answer: products }),
  row('ce:GetCostAndUsage', ['bill'], {
    answer: { ResultsByTime: [{ Estimated: false, Groups: [] }] },
    whenEmpty: 'value',
    isAskedOnce: true,
  }),
];

/** The name of an operation that no header tells, for `startAwsFront`. */
export function nameOperation(service: string | undefined, method: string, url: URL): string | undefined {
  if (service === 'kafka') return mskOperation(method, url);
  return service === 'kafkaconnect' ? connectOperation(method, url) : undefined;
}

/** Answers for `startAwsFront`; `changes` replaces those of single operations, by their name. */
export function answersOf(changes: Readonly<Record<string, Answer>> = {}) {
  const services: Record<string, Record<string, Answer>> = {};
  for (const { service, operation, answer } of OPERATIONS) {
    services[service] ??= {};
    services[service][operation] = changes[operation] ?? answer;
  }
  return services;
}

/** All sources of a collection over the real clients, but for the brokers: nobody can reach them. */
export async function awsSources(access: AwsAccess): Promise<CollectSources> {
  return {
    msk: await createMskReader(access),
    cloudwatch: await createCloudWatchReader(access),
    account: createAccountReaders(access),
    subnetZones: azIdsByEc2(access),
    prices: { openReader: (endpoint) => createPriceReader(access, endpoint) },
    openBill: (endpoint) => createBillReader(access, endpoint),
    readKafka: async ({ plan }) => kafkaMissing(plan, missing('unreachable', 'no way to the brokers')),
  };
}

export function collectOptions(deadlineMs: number): CollectOptions {
  return {
    target: { kind: 'msk', clusterArn: ARN.arn },
    windowHours: 24,
    nowMs: Date.now(),
    deadlineMs,
    toolVersion: '0.1.0',
    kafkaPlan: reportPlan({ samples: 1, intervalSec: 0 }),
  };
}
