import * as v from 'valibot';
import { afterEach, expect, test, vi } from 'vitest';
import { createScalingReader, readStorageScaling } from '../../../lib/collect/account/storage-scaling.ts';
import { storageScalingSchema } from '../../../lib/snapshot/account-sections.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import type { Answer, AwsFront } from '../aws-front.ts';
import {
  ACCESS,
  ARN,
  accountFront,
  aRun,
  collected,
  FULL,
  omissions,
  SCALABLE_TARGET,
  SCALING_ACTIVITY,
  SCALING_POLICY,
} from './an-account.ts';

const FULL_SCALING = FULL['application-autoscaling']!;
let front: AwsFront;

async function scalingFrom(changed: Record<string, Answer> = {}) {
  front = await accountFront({ 'application-autoscaling': { ...FULL_SCALING, ...changed } });
  return (await collected()).storageScaling;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

test('target, policy and last activity of the volumes, and only this cluster is asked for', async () => {
  const asked: Record<string, unknown>[] = [];
  const noted = (operation: string): Answer => {
    return ({ input }) => {
      asked.push({ operation, ...input });
      return FULL_SCALING[operation] as object;
    };
  };
  const section = await scalingFrom(
    Object.fromEntries(Object.keys(FULL_SCALING).map((operation) => [operation, noted(operation)])),
  );
  expect(section).toMatchObject({
    ok: true,
    value: {
      targets: [{ minGiB: 100, maxGiB: 800, isScaleOutSuspended: false }],
      policies: [{ metric: 'KafkaBrokerStorageUtilization', targetPercent: 60, isScaleInDisabled: true }],
      lastActivity: { startMs: 1_795_000_000_000, endMs: 1_795_000_090_000, status: 'Successful' },
    },
  });
  expect(section).not.toHaveProperty('partial');
  const volumes = { ServiceNamespace: 'kafka', ScalableDimension: 'kafka:broker-storage:VolumeSize' };
  expect(asked).toHaveLength(3);
  expect(asked).toEqual(
    expect.arrayContaining([
      { operation: 'DescribeScalableTargets', ...volumes, ResourceIds: [ARN.arn] },
      { operation: 'DescribeScalingPolicies', ...volumes, ResourceId: ARN.arn },
      { operation: 'DescribeScalingActivities', ...volumes, ResourceId: ARN.arn },
    ]),
  );
  const calls = front.requests.filter(({ service }) => service === 'application-autoscaling');
  expect(calls.every(({ status }) => status === 200)).toBe(true);
});

test('no target: nothing scales the volumes, and nothing more is asked', async () => {
  const section = await scalingFrom({ DescribeScalableTargets: { ScalableTargets: [] } });
  expect(section).toMatchObject({ ok: true, value: { targets: [], policies: [], lastActivity: null } });
  expect(front.requests.filter(({ service }) => service === 'application-autoscaling')).toHaveLength(1);
});

test('an answer without the list of targets is a gap, not the absence of scaling', async () => {
  expect(await scalingFrom({ DescribeScalableTargets: {} })).toMatchObject({ ok: false, reason: 'failed' });
});

test('whatever field is left out, the section is read and fits its schema', async () => {
  const kinds = [
    ['DescribeScalableTargets', 'ScalableTargets', SCALABLE_TARGET],
    ['DescribeScalingPolicies', 'ScalingPolicies', SCALING_POLICY],
    ['DescribeScalingActivities', 'ScalingActivities', SCALING_ACTIVITY],
  ] as const;
  const cases = kinds.flatMap(([operation, key, item]) =>
    omissions<object>(item).map(({ path, without }) => ({ path, answer: { [operation]: { [key]: [without] } } })),
  );
  let answers: Record<string, Answer> = {};
  const now =
    (operation: string): Answer =>
    () =>
      (answers[operation] ?? FULL_SCALING[operation]) as object;
  front = await accountFront({
    'application-autoscaling': Object.fromEntries(Object.keys(FULL_SCALING).map((each) => [each, now(each)])),
  });
  const reader = await createScalingReader(ACCESS);
  const run = aRun();
  const seen = new Set<string>();
  for (const { path, answer } of cases) {
    answers = answer;
    const { value } = await readStorageScaling(reader, ARN, run);
    expect(v.is(storageScalingSchema, value), path).toBe(true);
    seen.add(JSON.stringify(value));
  }
  // All there; three fields of the target, three of the policy and their parent, three of the activity.
  expect(seen.size).toBe(11);
});

test.each([
  ['DescribeScalingPolicies', { policies: null }],
  ['DescribeScalingActivities', { lastActivity: null }],
])('%s refused: the rest is there, and the section says which action to allow', async (operation, value) => {
  const section = await scalingFrom({ [operation]: new AwsError('AccessDeniedException', 'no') });
  expect(section).toMatchObject({ ok: true, value });
  expect(section).toHaveProperty('value.targets.0.maxGiB', 800);
  expect(section).toHaveProperty(
    'partial',
    expect.stringContaining(`Allow application-autoscaling:${operation} on * for the caller`),
  );
});

test('a step-scaling policy, an unknown status and a paused target are kept as they are', async () => {
  const { TargetTrackingScalingPolicyConfiguration: _, ...step } = SCALING_POLICY;
  const section = await scalingFrom({
    DescribeScalableTargets: {
      ScalableTargets: [{ ...SCALABLE_TARGET, SuspendedState: { DynamicScalingOutSuspended: true } }],
    },
    DescribeScalingPolicies: { ScalingPolicies: [{ ...step, PolicyType: 'Astrology' }] },
    DescribeScalingActivities: { ScalingActivities: [{ ...SCALING_ACTIVITY, StatusCode: 'Postponed' }] },
  });
  expect(section).toMatchObject({
    ok: true,
    value: {
      targets: [{ isScaleOutSuspended: true }],
      policies: [{ metric: null, targetPercent: null, isScaleInDisabled: null }],
      lastActivity: { status: 'Postponed' },
    },
  });
});

test('the newest activity counts, on whatever page it is', async () => {
  const at = (StartTime: number) => ({ ...SCALING_ACTIVITY, StartTime });
  const section = await scalingFrom({
    DescribeScalingActivities: ({ input }) =>
      input.NextToken === undefined
        ? { ScalingActivities: [at(3), at(5)], NextToken: 'more' }
        : { ScalingActivities: [at(9), at(1)] },
  });
  expect(section).toHaveProperty('value.lastActivity.startMs', 9_000);
  expect(section).not.toHaveProperty('partial');
});

test.each([
  ['repeats its token', () => 'again', 2],
  ['never ends', (index: number) => `page ${index}`, 3],
])('a list of targets that %s ends, and is said to be cut', async (_, token, calls) => {
  const section = await scalingFrom({
    DescribeScalableTargets: ({ index }) => ({ ScalableTargets: [SCALABLE_TARGET], NextToken: token(index) }),
  });
  expect(section).toHaveProperty('partial', expect.stringContaining('went on'));
  expect(front.requests.filter(({ operation }) => operation === 'DescribeScalableTargets')).toHaveLength(calls);
});
