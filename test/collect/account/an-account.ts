// The documented full answers about what lies around a cluster, and the way from an answer on the wire to a section.
import { onTestFinished, vi } from 'vitest';
import {
  type AccountReaders,
  collectAccount,
  createAccountReaders,
} from '../../../lib/collect/account/collect-account.ts';
import { parseClusterArn } from '../../../lib/collect/msk/cluster-arn.ts';
import { SectionRun } from '../../../lib/collect/section-run.ts';
import { present } from '../../../lib/snapshot/collected.ts';
import { connectOperation } from '../../../sandbox/aws/account/handlers.ts';
import { aSnapshot, CLUSTER_ARN, CLUSTER_NAME } from '../../builders/a-snapshot.ts';
import { type Answer, type Answers, type AwsFront, startAwsFront } from '../aws-front.ts';

export const ARN = parseClusterArn(CLUSTER_ARN);
export const ACCESS = { region: ARN.region };
export const SIGNAL = new AbortController().signal;

const DOMAIN = `${CLUSTER_NAME}.abc123.c3.kafka.eu-west-1.amazonaws.com`;
export const BOOTSTRAP = {
  saslIam: `b-1.${DOMAIN}:9098,b-2.${DOMAIN}:9098`,
  tls: `b-1.${DOMAIN}:9094,b-2.${DOMAIN}:9094`,
};

/** Epoch seconds, as JSON 1.1 writes times. */
const AT = 1_795_000_000;

export const SCALABLE_TARGET = {
  ServiceNamespace: 'kafka',
  ResourceId: CLUSTER_ARN,
  ScalableDimension: 'kafka:broker-storage:VolumeSize',
  MinCapacity: 100,
  MaxCapacity: 800,
  PredictedCapacity: 0,
  RoleARN: `arn:aws:iam::${ARN.accountId}:role/aws-service-role/kafka.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_KafkaCluster`,
  CreationTime: AT,
  SuspendedState: {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: false,
  },
  ScalableTargetARN: `arn:aws:application-autoscaling:eu-west-1:${ARN.accountId}:scalable-target/0ec5abcd`,
};

export const SCALING_POLICY = {
  PolicyARN: `arn:aws:autoscaling:eu-west-1:${ARN.accountId}:scalingPolicy:uuid:resource/kafka/${CLUSTER_ARN}:policyName/grow`,
  PolicyName: 'grow',
  ServiceNamespace: 'kafka',
  ResourceId: CLUSTER_ARN,
  ScalableDimension: 'kafka:broker-storage:VolumeSize',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 60,
    PredefinedMetricSpecification: { PredefinedMetricType: 'KafkaBrokerStorageUtilization', ResourceLabel: 'none' },
    ScaleOutCooldown: 21_600,
    ScaleInCooldown: 0,
    DisableScaleIn: true,
  },
  Alarms: [{ AlarmName: 'a', AlarmARN: `arn:aws:cloudwatch:eu-west-1:${ARN.accountId}:alarm:a` }],
  CreationTime: AT,
};

export const SCALING_ACTIVITY = {
  ActivityId: 'e6c5f7d1',
  ServiceNamespace: 'kafka',
  ResourceId: CLUSTER_ARN,
  ScalableDimension: 'kafka:broker-storage:VolumeSize',
  Description: 'Setting volume size to 110.',
  Cause: `monitor alarm TargetTracking-${CLUSTER_ARN}-AlarmHigh in state ALARM triggered policy grow`,
  StartTime: AT,
  EndTime: AT + 90,
  StatusCode: 'Successful',
  StatusMessage: 'Successfully set volume size to 110.',
  Details: '',
  NotScaledReasons: [{ Code: 'AutoScalingAnticipatedFlapping', MaxCapacity: 8, MinCapacity: 1, CurrentCapacity: 4 }],
};

export const ALARM = {
  AlarmName: 'orders-disk',
  AlarmArn: `arn:aws:cloudwatch:eu-west-1:${ARN.accountId}:alarm:orders-disk`,
  AlarmDescription: 'Call +49 30 1234',
  AlarmConfigurationUpdatedTimestamp: AT,
  ActionsEnabled: true,
  OKActions: [`arn:aws:sns:eu-west-1:${ARN.accountId}:on-call`],
  AlarmActions: [`arn:aws:sns:eu-west-1:${ARN.accountId}:on-call`],
  InsufficientDataActions: [],
  StateValue: 'ALARM',
  StateReason: 'Threshold crossed',
  StateReasonData: '{}',
  StateUpdatedTimestamp: AT,
  MetricName: 'KafkaDataLogsDiskUsed',
  Namespace: 'AWS/Kafka',
  Statistic: 'Maximum',
  Dimensions: [
    { Name: 'Cluster Name', Value: CLUSTER_NAME },
    { Name: 'Broker ID', Value: '2' },
  ],
  Period: 300,
  Unit: 'Percent',
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 85,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'missing',
  EvaluationState: 'PARTIAL_DATA',
  StateTransitionedTimestamp: AT,
};

/** An alarm on CpuUser + CpuSystem of broker 1. */
export const FORMULA_ALARM = {
  AlarmName: 'orders-cpu',
  ActionsEnabled: true,
  AlarmActions: [`arn:aws:sns:eu-west-1:${ARN.accountId}:on-call`],
  StateValue: 'OK',
  EvaluationPeriods: 1,
  Threshold: 60,
  ComparisonOperator: 'GreaterThanThreshold',
  Metrics: [
    { Id: 'busy', Expression: 'user + system', Label: 'busy', ReturnData: true, Period: 300 },
    ...['CpuUser', 'CpuSystem'].map((MetricName) => ({
      Id: MetricName === 'CpuUser' ? 'user' : 'system',
      ReturnData: false,
      AccountId: ARN.accountId,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Kafka',
          MetricName,
          Dimensions: [
            { Name: 'Cluster Name', Value: CLUSTER_NAME },
            { Name: 'Broker ID', Value: '1' },
          ],
        },
        Period: 300,
        Stat: 'Average',
      },
    })),
  ],
};

export const QUOTA = {
  ServiceCode: 'kafka',
  ServiceName: 'Amazon Managed Streaming for Kafka (MSK)',
  QuotaArn: `arn:aws:servicequotas:eu-west-1:${ARN.accountId}:kafka/L-EDD31C36`,
  QuotaCode: 'L-EDD31C36',
  QuotaName: 'Number of brokers per account',
  Value: 120,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
  UsageMetric: { MetricNamespace: 'AWS/Usage', MetricName: 'ResourceCount', MetricDimensions: { Service: 'MSK' } },
  Period: { PeriodValue: 1, PeriodUnit: 'SECOND' },
  ErrorReason: { ErrorCode: 'DEPENDENCY_ACCESS_DENIED_ERROR', ErrorMessage: 'm' },
  QuotaAppliedAtLevel: 'ACCOUNT',
  QuotaContext: { ContextScope: 'RESOURCE', ContextId: '*' },
};
export const KRAFT_QUOTA = { QuotaCode: 'L-03FD6822', QuotaName: 'Number of brokers per KRaft cluster', Value: 60 };
export const ZOOKEEPER_QUOTA = { QuotaCode: 'L-FAB9E493', QuotaName: 'Number of brokers per cluster', Value: 30 };

export const CONNECTOR = {
  capacity: {
    autoScaling: {
      maxWorkerCount: 4,
      mcuCount: 2,
      minWorkerCount: 1,
      scaleInPolicy: { cpuUtilizationPercentage: 20 },
      scaleOutPolicy: { cpuUtilizationPercentage: 80 },
      maxAutoscalingTaskCount: 8,
    },
    provisionedCapacity: { mcuCount: 1, workerCount: 3 },
  },
  connectorArn: `arn:aws:kafkaconnect:eu-west-1:${ARN.accountId}:connector/to-lake/uuid-2`,
  connectorDescription: 'password hunter2',
  connectorName: 'to-lake',
  connectorState: 'RUNNING',
  creationTime: '2026-11-01T00:00:00.000Z',
  currentVersion: 'K3',
  kafkaCluster: {
    apacheKafkaCluster: {
      bootstrapServers: `b-3.${DOMAIN}:9098`,
      vpc: { securityGroups: ['sg-1'], subnets: ['subnet-1'] },
    },
  },
  kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
  kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
  kafkaConnectVersion: '3.7.x',
  logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk' } } },
  networkType: 'IPV4',
  plugins: [{ customPlugin: { customPluginArn: 'arn:plugin', revision: 1 } }],
  serviceExecutionRoleArn: `arn:aws:iam::${ARN.accountId}:role/connect`,
  workerConfiguration: { revision: 1, workerConfigurationArn: 'arn:worker' },
};

/** Every answer as AWS documents it. */
export const FULL: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  'application-autoscaling': {
    DescribeScalableTargets: { ScalableTargets: [SCALABLE_TARGET] },
    DescribeScalingPolicies: { ScalingPolicies: [SCALING_POLICY] },
    DescribeScalingActivities: { ScalingActivities: [SCALING_ACTIVITY] },
  },
  monitoring: { DescribeAlarms: { MetricAlarms: [ALARM, FORMULA_ALARM], CompositeAlarms: [] } },
  servicequotas: { ListServiceQuotas: { Quotas: [QUOTA, KRAFT_QUOTA, ZOOKEEPER_QUOTA] } },
  kafkaconnect: { ListConnectors: { connectors: [CONNECTOR] } },
};

/** The front with the full answers, those of `changed` services replaced; the environment leads the clients to it. */
export async function accountFront(changed: Answers = {}): Promise<AwsFront> {
  const front = await startAwsFront({ ...FULL, ...changed }, (service, method, url) =>
    service === 'kafkaconnect' ? connectOperation(method, url) : undefined,
  );
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  return front;
}

type Kind = 'provisioned-standard' | 'provisioned-express' | 'serverless';

/** For a reading of its own; nothing of it takes so long. */
export function aRun(timeMs = 60_000): SectionRun {
  const run = new SectionRun(Date.now() + timeMs, { now: Date.now, progress: () => {} });
  onTestFinished(() => run.release());
  return run;
}

/** The sections as a collection of that kind of cluster makes them. */
export async function collected({
  kind = 'provisioned-standard' as Kind,
  bootstrap = BOOTSTRAP as Record<string, string>,
  timeMs = 60_000,
  readers = createAccountReaders(ACCESS) as AccountReaders,
} = {}) {
  const { cluster } = aSnapshot().withKind(kind).build().sections;
  return collectAccount(readers, cluster!, present(bootstrap, 0), ARN, aRun(timeMs));
}

/** The same JSON without one of its fields or items, for each of them; the path names what is left out. */
export function omissions<T extends object>(full: T, path = ''): { path: string; without: T }[] {
  return Object.entries(full).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const rest = Array.isArray(full)
      ? full.filter((_, index) => String(index) !== key)
      : Object.fromEntries(Object.entries(full).filter(([each]) => each !== key));
    const inner = typeof value === 'object' && value !== null ? omissions(value as object, here) : [];
    const put = (changed: object): T =>
      (Array.isArray(full)
        ? full.map((each, index) => (String(index) === key ? changed : each))
        : { ...full, [key]: changed }) as T;
    return [
      { path: here, without: rest as T },
      ...inner.map((each) => ({ path: each.path, without: put(each.without) })),
    ];
  });
}
