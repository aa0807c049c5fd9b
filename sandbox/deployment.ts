// What `cdk deploy` makes, made in the emulator by the SDK: bucket, topics, a mailbox, and both functions from the built bundles.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SandboxAws } from './aws/aws.ts';

const DIST = join(import.meta.dirname, '../dist/functions');
const BUCKET = 'msk-checkup-reports';
const POLICY_KEY = 'v1/config/msk-checkup.yaml';

export interface Deployment {
  bucket: string;
  /** Invokes the report function as Lambda would, under the emulator: the JSON reply, or the error a thrown fault becomes. */
  invokeReport(event: Record<string, unknown>): Promise<{ reply: ReportReply; failed: boolean; executionMs: number }>;
  putPolicy(yaml: string): Promise<void>;
  objectKeys(): Promise<string[]>;
  object(
    key: string,
  ): Promise<{ body: Uint8Array; contentType: string | undefined; contentEncoding: string | undefined }>;
  /** Messages that reached the queue subscribed to the report topic since the last call. */
  receivedMessages(): Promise<Message[]>;
}

/** The reply is functions/reply.ts's, as far as it is used here; a refusal has `error` instead. */
interface ReportReply {
  ok: boolean;
  reportKey: string;
  degraded: readonly string[];
  reportUrl?: string;
  error?: { code: string; message: string };
}

export interface DeployOptions {
  policy?: string;
  /** False leaves the Kafka collector out: the degraded deployment. */
  collector?: boolean;
}

/** Deploys into a running sandbox; the bundles must have been built. */
export async function deployCheckup(aws: SandboxAws, options: DeployOptions = {}): Promise<Deployment> {
  if (!existsSync(join(DIST, 'report/index.mjs')))
    throw new Error('dist/functions/report is missing: run `npm run build`');
  const clients = clientsFor(aws);
  await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const reportTopic = await clients.sns.send(new CreateTopicCommand({ Name: 'msk-checkup-reports' }));
  const opsTopic = await clients.sns.send(new CreateTopicCommand({ Name: 'msk-checkup-ops' }));
  const queueUrl = await subscribeQueue(clients, reportTopic.TopicArn!);
  const putPolicy = async (yaml: string): Promise<void> => {
    await clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: POLICY_KEY, Body: yaml }));
  };
  if (options.policy !== undefined) await putPolicy(options.policy);
  const collector =
    options.collector === false ? null : await deployFunction(aws, 'msk-checkup-collect-kafka', 'collect-kafka', {});
  await deployFunction(aws, 'msk-checkup-report', 'report', {
    MSK_CHECKUP_BUCKET: BUCKET,
    MSK_CHECKUP_REPORT_TOPIC_ARN: reportTopic.TopicArn!,
    MSK_CHECKUP_OPS_TOPIC_ARN: opsTopic.TopicArn!,
    MSK_CHECKUP_POLICY_KEY: POLICY_KEY,
    MSK_CHECKUP_SCHEDULE_TZ: 'America/New_York',
    ...(collector === null ? {} : { MSK_CHECKUP_COLLECTOR_ARN: collector.arn }),
  });
  return { bucket: BUCKET, putPolicy, ...access(aws, clients, queueUrl) };
}

interface Clients {
  s3: S3Client;
  sns: SNSClient;
  sqs: SQSClient;
}

function clientsFor(aws: SandboxAws): Clients {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = aws.env;
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' },
  };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}

async function subscribeQueue({ sns, sqs }: Clients, topicArn: string): Promise<string> {
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: 'msk-checkup-inbox' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue.QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes!.QueueArn }));
  return queue.QueueUrl!;
}

function deployFunction(aws: SandboxAws, name: string, folder: string, env: Record<string, string>) {
  return aws.deployLambda({
    name,
    folder: join(DIST, folder),
    env: { ...aws.env, ...env },
    timeoutSec: 240,
    memoryMb: 512,
  });
}

function access(aws: SandboxAws, { s3, sqs }: Clients, queueUrl: string): Omit<Deployment, 'bucket' | 'putPolicy'> {
  return {
    invokeReport: async (event) => {
      const result = await aws.invokeLambda('msk-checkup-report', event);
      const reply = JSON.parse(result.payload.toString('utf8')) as ReportReply;
      return { reply, failed: result.functionError !== undefined, executionMs: result.executionMs };
    },
    objectKeys: async () => {
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return (listed.Contents ?? []).map((object) => object.Key!).sort();
    },
    object: async (key) => {
      const found = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      const body = await found.Body!.transformToByteArray();
      return { body, contentType: found.ContentType, contentEncoding: found.ContentEncoding };
    },
    receivedMessages: async () => {
      const all: Message[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 1,
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) return all;
        all.push(...Messages);
        const Entries = Messages.map((message, i) => ({ Id: String(i), ReceiptHandle: message.ReceiptHandle! }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
  };
}
