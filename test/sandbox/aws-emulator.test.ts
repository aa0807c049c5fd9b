import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { presignGet } from '../../lib/publish/presign.ts';
import { type SandboxAws, startAws } from '../../sandbox/aws/aws.ts';
import { clientFor, freshFolder, missing, paperCluster } from './support/aws-fixtures.ts';

const HANDLER = `
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  if (event.throw) throw new RangeError('planted');
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return { calls, event, own: process.env.OWN, endpoint: process.env.AWS_ENDPOINT_URL, leaked: process.env.LEAKED,
    arn: context.invokedFunctionArn, leftMs: context.getRemainingTimeInMillis() };
};
`;

describe.skipIf(missing('python3', ['-c', 'import venv, ensurepip'], 'the AWS emulator'))(
  'the emulator behind the front server',
  () => {
    let aws: SandboxAws;
    let config: ReturnType<typeof clientFor>;
    beforeAll(async () => {
      aws = await startAws({ cluster: paperCluster(), folder: freshFolder(), log: () => {}, scrape: false });
      config = clientFor(aws);
    });
    beforeEach(() => aws.clearFaults());
    afterAll(() => aws?.stop());

    test('S3 keeps the first of two conditional writes, so a run cannot publish twice', async () => {
      const s3 = new S3Client(config);
      await s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
      const put = (Body: string) =>
        s3.send(new PutObjectCommand({ Bucket: 'reports', Key: 'v1/run.json', Body, IfNoneMatch: '*' }));
      await put('first');
      await expect(put('second')).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'reports', Key: 'v1/run.json' }));
      expect(await Body?.transformToString()).toBe('first');
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'reports', Prefix: 'v1/' }));
      expect(Contents?.map(({ Key }) => Key)).toEqual(['v1/run.json']);
      const operations = aws.requests
        .filter(({ service }) => service === 's3')
        .map(({ operation, status }) => `${operation} ${status}`);
      expect(operations).toEqual([
        'CreateBucket 200',
        'PutObject 200',
        'PutObject 412',
        'GetObject 200',
        'ListObjectsV2 200',
      ]);
    });

    test('three megabytes go to S3 and come back unchanged', async () => {
      const s3 = new S3Client(config);
      await s3.send(
        new CreateBucketCommand({
          Bucket: 'large-objects',
        }),
      );
      const body = Buffer.from(Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, i) => (i * 31) % 251));
      await s3.send(new PutObjectCommand({ Bucket: 'large-objects', Key: 'ключ/π.bin', Body: body }));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'large-objects', Key: 'ключ/π.bin' }));
      expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    });

    test('a message published to SNS reaches the queue subscribed to it, with its attributes', async () => {
      const sns = new SNSClient(config);
      const sqs = new SQSClient(config);
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'reports' }));
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'reports' }));
      const attributes = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: attributes.Attributes?.QueueArn }));
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'cluster' } };
      await sns.send(new PublishCommand({ TopicArn, Subject: 'Checkup', Message: 'pass', MessageAttributes }));
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
      expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
        Subject: 'Checkup',
        Message: 'pass',
        MessageAttributes: { kind: { Type: 'String', Value: 'cluster' } },
      });
      expect(aws.requests.some(({ service, operation }) => service === 'sns' && operation === 'Publish')).toBe(true);
    });

    test('alarms are kept by the emulator although metrics are read from the bridge', async () => {
      const cloudWatch = new CloudWatchClient(config);
      const alarm = {
        Namespace: 'AWS/Kafka',
        MetricName: 'OfflinePartitionsCount',
        Statistic: 'Maximum',
        Period: 60,
      } as const;
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          ...alarm,
          AlarmName: 'offline',
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
      const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
      expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['offline']);
    });

    test('the caller is in the sandbox’s account', async () => {
      const { Account } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
      expect(Account).toBe(aws.account);
    });

    test('a fault hits what the emulator serves too', async () => {
      const s3 = new S3Client(config);
      aws.injectFault({ service: 's3', operation: 'PutObject', kind: '403', times: 1 });
      const put = () => s3.send(new PutObjectCommand({ Bucket: 'large-objects', Key: 'k', Body: 'x' }));
      await expect(put()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
      aws.injectFault({ service: 's3', operation: 'PutObject', kind: '429', times: 1 });
      await expect(put()).rejects.toMatchObject({ name: 'SlowDown' });
      aws.injectFault({ service: 's3', operation: 'PutObject', kind: 'cut', times: 1 });
      await expect(put()).rejects.toThrow();
      await expect(put()).resolves.toBeDefined();
      aws.injectFault({ service: 'sns', operation: 'Publish', kind: '403', times: 1 });
      const publish = new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:111122223333:reports', Message: 'x' });
      await expect(new SNSClient(config).send(publish)).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
    });

    test.skipIf(process.platform !== 'linux')(
      'a function runs in its own process: answers, errors, time-outs, and only its own environment',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-function-'));
        writeFileSync(join(folder, 'index.mjs'), HANDLER);
        process.env.LEAKED = 'the caller’s';
        await aws.deployLambda({ name: 'reporter', folder, env: { OWN: 'mine' }, timeoutSec: 2, memoryMb: 256 });
        delete process.env.LEAKED;
        const lambda = new LambdaClient(config);
        const invoke = async (event: unknown, FunctionName = 'reporter') => {
          const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
          return { error: answer.FunctionError, body: JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')) };
        };
        const first = await invoke({ hello: 1 });
        expect(first).toMatchObject({
          error: undefined,
          body: { calls: 1, event: { hello: 1 }, own: 'mine', endpoint: aws.endpoint },
        });
        expect(first.body.leaked).toBeUndefined();
        expect(first.body.leftMs).toBeGreaterThan(500);
        expect(first.body.leftMs).toBeLessThanOrEqual(2000);
        expect(await invoke({}, first.body.arn)).toMatchObject({ body: { calls: 2 } });
        expect(await invoke({ throw: true })).toMatchObject({
          error: 'Unhandled',
          body: { errorType: 'RangeError', errorMessage: 'planted' },
        });
        expect(await invoke({ hang: true })).toMatchObject({
          error: 'Unhandled',
          body: { errorType: 'Sandbox.Timedout' },
        });
        expect(await invoke({})).toMatchObject({ error: undefined, body: { calls: 1 } });
        await expect(invoke({}, 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      },
    );

    test('a presigned link opens without credentials and is known as a read of S3', async () => {
      const link = await presignGet(new S3Client(config), 'reports', 'v1/run.json', new Date());
      const answer = await fetch(link);
      expect(await answer.text()).toBe('first');
      expect(aws.requests.at(-1)).toMatchObject({ service: 's3', operation: 'GetObject', status: 200 });
    });

    test.skipIf(process.platform !== 'linux')('a function that cannot be loaded answers with the reason', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-function-'));
      writeFileSync(join(folder, 'index.mjs'), 'export const handler = 1;');
      await aws.deployLambda({ name: 'broken', folder });
      const answer = await new LambdaClient(config).send(new InvokeCommand({ FunctionName: 'broken', Payload: '{}' }));
      expect(answer.FunctionError).toBe('Unhandled');
      expect(Buffer.from(answer.Payload ?? []).toString('utf8')).toContain('index.handler is no function');
    });

    test.skipIf(process.platform !== 'linux')(
      'nothing of a function stays behind when it is stopped in the middle of an event',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-function-'));
        writeFileSync(
          join(folder, 'index.mjs'),
          `import { writeFileSync } from 'node:fs';
export const handler = async () => { writeFileSync(new URL('pid', import.meta.url), String(process.pid)); await new Promise((done) => setTimeout(done, 60_000)); };`,
        );
        const deployed = await aws.deployLambda({ name: 'hanging', folder });
        const lost = deployed.invoke('{}').catch(() => 'lost');
        await expect.poll(() => existsSync(join(folder, 'pid')), { timeout: 5_000 }).toBe(true);
        const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
        await deployed.stop();
        expect(await lost).toBe('lost');
        await expect.poll(() => isAlive(pid), { timeout: 3_000 }).toBe(false);
      },
    );

    test('what the sandbox does not serve is refused by name and not made up', async () => {
      const signed = {
        authorization:
          'AWS4-HMAC-SHA256 Credential=sandbox/20261121/us-east-1/pricing/aws4_request, SignedHeaders=host, Signature=0',
      };
      const answer = await fetch(aws.endpoint, {
        method: 'POST',
        headers: { ...signed, 'x-amz-target': 'AWSPriceListService.DescribeServices' },
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ __type: 'AccessDeniedException' });
    });
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
