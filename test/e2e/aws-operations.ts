// Read-only on the wire: what the command line and the functions really ask of AWS, held against lib/permissions.ts; and what only the
// real S3 protocol can show of publishing.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Principal, permissionsOf } from '../../lib/permissions.ts';
import { S3Store } from '../../lib/publish/s3.ts';
import type { Report } from '../../lib/report/report.ts';
import { type Deployment, deployCheckup } from '../../sandbox/deployment.ts';
import { REPORT_RUN_BYTES } from '../../scripts/build/run-bytes.ts';
import type { AwsWorld } from './aws-world.ts';
import { QUICK_POLICY, ROOT } from './live.ts';

const REPORT_FUNCTION = join(ROOT, 'dist/functions/report');

/** IAM's name of an operation where it is another one. HeadObject is allowed by GetObject. */
const ACTIONS: Readonly<Record<string, string>> = {
  'monitoring:GetMetricData': 'cloudwatch:GetMetricData',
  'monitoring:DescribeAlarms': 'cloudwatch:DescribeAlarms',
  's3:ListObjectsV2': 's3:ListBucket',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:HeadObject': 's3:GetObject',
  'sns:Publish': 'sns:Publish',
};

/** What a healthy cluster that can be reached gives no occasion for; test/collect/aws-faults.test.ts asks for all of it. */
const WITHOUT_OCCASION: readonly string[] = [
  // Volumes that scale.
  'application-autoscaling:DescribeScalingActivities',
  'application-autoscaling:DescribeScalingPolicies',
  // Brokers that do not tell their zone or their topics.
  'ec2:DescribeSubnets',
  'kafka:DescribeTopic',
  'kafka:DescribeTopicPartitions',
  'kafka:ListTopics',
  // Operations that changed the cluster; SCRAM.
  'kafka:DescribeClusterOperationV2',
  'kafka:ListScramSecrets',
  // Quotas that the account's own list leaves out.
  'servicequotas:ListAWSDefaultServiceQuotas',
];

export function awsOperations(world: () => AwsWorld): void {
  const actionsSoFar = () => {
    const { requests } = world().aws;
    const actions = requests.map(({ service, operation }) => `${service}:${operation}`);
    return [...new Set(actions.map((name) => ACTIONS[name] ?? name))].sort();
  };
  const listed = (principal: Principal) =>
    permissionsOf(principal)
      .map(({ action }) => action)
      .filter((action) => !action.startsWith('kafka-cluster:') && !WITHOUT_OCCASION.includes(action))
      .sort();

  test('the command line asks AWS for exactly what its policy allows', async () => {
    const { aws, run } = world();
    aws.requests.length = 0;
    expect((await run()).status).toBe(0);
    // Tags are asked for only where the description of the cluster does not hold them.
    aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: '403' });
    expect((await run()).status).toBe(0);
    expect(actionsSoFar()).toEqual(listed('cli'));
  });

  describe('deployed', () => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await deployCheckup(world().aws, { policy: QUICK_POLICY });
    });

    test('the functions ask AWS for exactly what the reporter’s policy allows', async () => {
      const { aws } = world();
      aws.requests.length = 0;
      const event = { clusterArn: aws.clusterArn, scheduledTime: '2026-11-20T06:15:00Z' };
      expect((await deployment.invokeReport(event)).reply.ok).toBe(true);
      aws.injectFault({ service: 'kafka', operation: 'DescribeClusterV2', kind: '403' });
      expect((await deployment.invokeReport({ clusterArn: aws.clusterArn })).reply.ok).toBe(true);
      expect(actionsSoFar()).toEqual(listed('reporter'));
    });

    test('the link of a run on demand opens without credentials, the bare address does not sign anything', async () => {
      const { reply } = await deployment.invokeReport({ clusterArn: world().aws.clusterArn });
      const answer = await fetch(reply.reportUrl!);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await answer.text()).toContain('<html');
      expect(reply.reportUrl).toMatch(/X-Amz-Expires=900&/);
    });

    test('S3 itself decides who writes a key first', async () => {
      const { endpoint, region } = world().aws;
      const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
      const store = new S3Store(new S3Client({ endpoint, region, credentials }), deployment.bucket);
      const options = { contentType: 'application/json' };
      expect(await store.exists('v1/once.json')).toBe(false);
      expect(await store.get('v1/once.json')).toBeNull();
      const outcomes = await Promise.all(['1', '2', '3'].map((body) => store.putOnce('v1/once.json', body, options)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await store.putOnce('v1/once.json', '4', options)).toBe(false);
      expect(String.fromCharCode(...(await store.get('v1/once.json'))!)).toBe(String(outcomes.indexOf(true) + 1));
    });

    const redeployReport = (collectorArn: string, timeoutSec: number, more: Record<string, string>) =>
      world().aws.deployLambda({
        name: 'msk-checkup-report',
        folder: REPORT_FUNCTION,
        timeoutSec,
        env: {
          MSK_CHECKUP_BUCKET: deployment.bucket,
          MSK_CHECKUP_REPORT_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:msk-checkup-reports',
          MSK_CHECKUP_POLICY_KEY: 'v1/config/msk-checkup.yaml',
          MSK_CHECKUP_COLLECTOR_ARN: collectorArn,
          ...more,
        },
      });

    test('a scheduled run with a policy of its own loads no more than the budget of the bundle', async () => {
      const { aws, place } = world();
      const loaded = join(place.folder, 'loaded.txt');
      const hook = place.file('hook.mjs', recordLoads(loaded));
      await redeployReport(`arn:aws:lambda:us-east-1:${aws.account}:function:msk-checkup-collect-kafka`, 240, {
        NODE_OPTIONS: `--import ${hook}`,
      });
      const event = { clusterArn: aws.clusterArn, scheduledTime: '2026-11-21T06:15:00Z' };
      expect((await deployment.invokeReport(event)).reply.degraded).toEqual([]);
      const files = new Set(
        readFileSync(loaded, 'utf8')
          .split('\n')
          .filter((path) => path.startsWith(REPORT_FUNCTION)),
      );
      const bytes = [...files].reduce((sum, path) => sum + statSync(path).size, 0);
      expect(files.size).toBeGreaterThan(3);
      expect(bytes).toBeLessThanOrEqual(REPORT_RUN_BYTES);
      expect([...files].join(' ')).not.toMatch(/load-policy/);
    });

    test('a collector that hangs costs its own sections, not the metrics, nor the deadline', async () => {
      const { aws, place } = world();
      const folder = join(place.folder, 'hanging');
      mkdirSync(folder);
      place.file('hanging/index.mjs', 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));');
      const { arn } = await aws.deployLambda({ name: 'msk-checkup-collect-kafka', folder, timeoutSec: 60 });
      await redeployReport(arn, 36, {});
      const { reply, failed } = await deployment.invokeReport({ clusterArn: aws.clusterArn });
      expect(failed, JSON.stringify(reply)).toBe(false);
      const stored = await deployment.object(reply.reportKey.replace(/html$/, 'json'));
      const { gaps } = JSON.parse(Buffer.from(stored.body).toString('utf8')) as Report;
      expect(gaps.find(({ section }) => section === 'kafkaGroups')).toMatchObject({ reason: 'timed-out' });
      expect(gaps.map(({ section }) => section)).not.toContain('metrics');
    });
  });

  afterAll(() => world().aws.clearFaults());
}

/** Node writes down every module it loads: the build's own count of a daily run rests on what it takes to be lazy. */
function recordLoads(file: string): string {
  return `import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
registerHooks({ load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(${JSON.stringify(file)}, fileURLToPath(url) + '\\n');
  return next(url, context);
} });`;
}
