// The real outside world of the report function: AWS clients and the Kafka collector.
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClientConfig } from '../lib/collect/aws-clients.ts';
import { createCloudWatchReader } from '../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { collectSnapshot } from '../lib/collect/collect-snapshot.ts';
import { createFunctionInvoker, readThroughCollector } from '../lib/collect/invoke-collector.ts';
import type { KafkaAuth } from '../lib/collect/kafka/kafka-auth.ts';
import { reportPlan } from '../lib/collect/kafka/plan.ts';
import { kafkaMissing, type ReadKafka } from '../lib/collect/kafka-stage.ts';
import type { MskAuth } from '../lib/collect/msk/bootstrap.ts';
import { parseClusterArn } from '../lib/collect/msk/cluster-arn.ts';
import { createMskReader } from '../lib/collect/msk/msk-reader.ts';
import { presignGet } from '../lib/publish/presign.ts';
import { S3Store } from '../lib/publish/s3.ts';
import { publishToTopic } from '../lib/publish/sns.ts';
import type { ReporterSettings } from '../lib/settings.ts';
import { missing } from '../lib/snapshot/collected.ts';
import { TOOL_VERSION } from '../lib/version.ts';
import type { ReportRequest } from './report-event.ts';
import type { RunPorts } from './run-report.ts';

const WINDOW_HOURS = 24;
/** Judging, rendering and publishing after the collection. */
const AFTER_COLLECTION_MS = 20_000;
/** A person who asks on demand gets an answer within 45 s. */
const ON_DEMAND_COLLECTION_MS = 35_000;

export async function createPorts(
  settings: ReporterSettings,
  request: ReportRequest,
  remainingMs: number,
): Promise<RunPorts> {
  const store = new S3Store(new S3Client(awsClientConfig({ region: settings.region })), settings.bucket);
  const topic = new SNSClient(awsClientConfig({ region: settings.region }));
  const allowedMs = remainingMs - AFTER_COLLECTION_MS;
  const deadlineMs =
    Date.now() + (request.sampling === 'quick' ? Math.min(allowedMs, ON_DEMAND_COLLECTION_MS) : allowedMs);
  return {
    store,
    collect: async (wanted, sampling) => {
      const access = { region: parseClusterArn(wanted.clusterArn).region };
      return await collectSnapshot(
        {
          target: { kind: 'msk', clusterArn: wanted.clusterArn, auth: settings.kafkaAuth ?? undefined },
          windowHours: WINDOW_HOURS,
          nowMs: Date.now(),
          deadlineMs,
          toolVersion: TOOL_VERSION,
          kafkaPlan: reportPlan(sampling, sampling.readData),
        },
        {
          msk: await createMskReader(access),
          cloudwatch: await createCloudWatchReader(access),
          readKafka: await kafkaReader(settings, access.region),
        },
      );
    },
    publish: async (message) => await publishToTopic(topic, settings.reportTopicArn, message),
    now: () => Date.now(),
    locationOf: (key) => consoleLink(settings, key),
  };
}

async function kafkaReader({ collectorArn }: ReporterSettings, region: string): Promise<ReadKafka> {
  if (collectorArn === null) {
    const fix = 'Deploy the Kafka collector: add `collector:` to msk-checkup.deploy.yaml (docs/deploy.md)';
    return async ({ plan }) => kafkaMissing(plan, missing('not-requested', 'no Kafka collector is deployed', fix));
  }
  const invoker = await createFunctionInvoker({ region: collectorArn.split(':')[3] ?? region });
  return async (request) => {
    const auth = collectorAuth(request.auth, region);
    if (auth === null) {
      const detail = `the collector cannot authenticate by ${request.auth}`;
      return kafkaMissing(request.plan, missing('not-supported', detail, 'Enable IAM authentication on the cluster'));
    }
    return await readThroughCollector(invoker, { functionArn: collectorArn, region, auth })(request);
  };
}

/** The collector signs with its own role: no credentials travel for IAM. Null for ways that need a secret. */
function collectorAuth(kind: MskAuth | null, region: string): KafkaAuth | null {
  if (kind === 'none' || kind === 'tls') return { kind };
  if (kind !== 'iam') return null;
  return { kind, region, credentials: () => Promise.reject(new Error('the reporter never signs for the brokers')) };
}

/** A link that opens for fifteen minutes. */
export async function linkTo(settings: ReporterSettings, key: string, nowMs: number): Promise<string> {
  const client = new S3Client(awsClientConfig({ region: settings.region }));
  return await presignGet(client, settings.bucket, key, new Date(nowMs));
}

/** Asks for a sign-in, so it may stand in a mail that is kept and forwarded. */
function consoleLink({ region, bucket }: ReporterSettings, key: string): string {
  const host = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : `${region}.console.aws.amazon.com`;
  return `https://${host}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
}
