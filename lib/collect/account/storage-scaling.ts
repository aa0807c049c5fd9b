// Application Auto Scaling of the brokers' volumes: is there any, how far does it go, when did it last act.
// https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-msk.html
import type {
  DescribeScalableTargetsResponse,
  DescribeScalingActivitiesResponse,
  DescribeScalingPoliciesResponse,
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import type { AwsCall } from '../aws-errors.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';
import { asNote, attemptCall, partialOf, type Read, told } from '../msk/cluster-reading.ts';
import { epochMsOf } from '../msk/normalise-cluster.ts';
import { collectPages } from '../pages.ts';
import type { SectionRun } from '../section-run.ts';

/** The three lists about one cluster's volumes; each call rejects with the SDK's own error. */
export interface ScalingReader {
  describeTargets(
    clusterArn: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<DescribeScalableTargetsResponse>;
  describePolicies(
    clusterArn: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<DescribeScalingPoliciesResponse>;
  describeActivities(
    clusterArn: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<DescribeScalingActivitiesResponse>;
}

const VOLUMES = { ServiceNamespace: 'kafka', ScalableDimension: 'kafka:broker-storage:VolumeSize' } as const;
/** A cluster has one target and a policy or two; AWS may send empty pages all the same. */
const MAX_PAGES = 3;
/** One step in six hours at most, kept for six weeks: 168 activities, 50 a page. */
const MAX_ACTIVITY_PAGES = 4;

export async function createScalingReader(access: AwsAccess): Promise<ScalingReader> {
  const sdk = await import('@aws-sdk/client-application-auto-scaling');
  const client = new sdk.ApplicationAutoScalingClient(awsClientConfig(access));
  return {
    describeTargets: (arn, NextToken, abortSignal) =>
      client.send(new sdk.DescribeScalableTargetsCommand({ ...VOLUMES, ResourceIds: [arn], NextToken }), {
        abortSignal,
      }),
    describePolicies: (ResourceId, NextToken, abortSignal) =>
      client.send(new sdk.DescribeScalingPoliciesCommand({ ...VOLUMES, ResourceId, NextToken }), { abortSignal }),
    describeActivities: (ResourceId, NextToken, abortSignal) =>
      client.send(new sdk.DescribeScalingActivitiesCommand({ ...VOLUMES, ResourceId, NextToken }), { abortSignal }),
  };
}

/** @param operation of Application Auto Scaling. Its Describe actions know no resources. */
export function scalingCall(operation: string, region: string): AwsCall {
  return { action: `application-autoscaling:${operation}`, resource: '*', region };
}

type StorageScaling = SectionValue<'storageScaling'>;

/** Targets by one call; where there is a target, its policies and its last activity by two more, which may fail each by itself. */
export async function readStorageScaling(
  reader: ScalingReader,
  arn: ClusterArn,
  run: SectionRun,
): Promise<Read<StorageScaling>> {
  const targets = await targetsOf(reader, arn, run.signal);
  const cut = targets.isTruncated ? 'the list of scalable targets went on after its last page was due' : null;
  if (targets.items.length === 0) {
    return { value: { targets: [], policies: [], lastActivity: null }, partial: partialOf([cut]) };
  }
  const [policies, activities] = await Promise.all([
    attemptCall(run, scalingCall('DescribeScalingPolicies', arn.region), (signal) => policiesOf(reader, arn, signal)),
    attemptCall(run, scalingCall('DescribeScalingActivities', arn.region), (signal) =>
      activitiesOf(reader, arn, signal),
    ),
  ]);
  return {
    value: {
      targets: targets.items.map(target),
      policies: policies.ok ? policies.value.items.map(policy) : null,
      lastActivity: activities.ok ? newest(activities.value.items) : null,
    },
    partial: partialOf([
      cut,
      policies.ok ? null : asNote(policies.missing),
      policies.ok && policies.value.isTruncated ? 'the list of scaling policies went on' : null,
      activities.ok ? null : asNote(activities.missing),
      activities.ok && activities.value.isTruncated ? 'the list of scaling activities went on' : null,
    ]),
  };
}

function targetsOf(reader: ScalingReader, { arn }: ClusterArn, signal: AbortSignal) {
  return collectPages(async (token) => {
    const page = await reader.describeTargets(arn, token, signal);
    return { items: told(page.ScalableTargets, 'ScalableTargets'), nextToken: page.NextToken };
  }, MAX_PAGES);
}

function policiesOf(reader: ScalingReader, { arn }: ClusterArn, signal: AbortSignal) {
  return collectPages(async (token) => {
    const page = await reader.describePolicies(arn, token, signal);
    return { items: told(page.ScalingPolicies, 'ScalingPolicies'), nextToken: page.NextToken };
  }, MAX_PAGES);
}

function activitiesOf(reader: ScalingReader, { arn }: ClusterArn, signal: AbortSignal) {
  return collectPages(async (token) => {
    const page = await reader.describeActivities(arn, token, signal);
    return { items: told(page.ScalingActivities, 'ScalingActivities'), nextToken: page.NextToken };
  }, MAX_ACTIVITY_PAGES);
}

function target({ MinCapacity, MaxCapacity, SuspendedState }: ScalableTarget): StorageScaling['targets'][number] {
  return {
    minGiB: MinCapacity ?? null,
    maxGiB: MaxCapacity ?? null,
    isScaleOutSuspended: SuspendedState?.DynamicScalingOutSuspended ?? null,
  };
}

/** Names and ARNs of policies stay out: they repeat the cluster's ARN, and no check needs them. */
function policy({
  TargetTrackingScalingPolicyConfiguration: tracking,
}: ScalingPolicy): NonNullable<StorageScaling['policies']>[number] {
  return {
    metric: tracking?.PredefinedMetricSpecification?.PredefinedMetricType ?? null,
    targetPercent: tracking?.TargetValue ?? null,
    isScaleInDisabled: tracking?.DisableScaleIn ?? null,
  };
}

/** AWS promises no order. */
function newest(activities: readonly ScalingActivity[]): StorageScaling['lastActivity'] {
  const [last] = activities
    .map(({ StartTime, EndTime, StatusCode }) => ({
      startMs: epochMsOf(StartTime),
      endMs: epochMsOf(EndTime),
      status: StatusCode ?? null,
    }))
    .sort((a, b) => (b.startMs ?? 0) - (a.startMs ?? 0));
  return last ?? null;
}
