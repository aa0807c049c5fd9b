// The real outside world of the report function: AWS clients and the Kafka collector.
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClientConfig } from '../lib/collect/aws-clients.ts';
import { createCloudWatchReader } from '../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { collectSnapshot } from '../lib/collect/collect-snapshot.ts';
import { reportPlan } from '../lib/collect/kafka/plan.ts';
import { parseClusterArn } from '../lib/collect/msk/cluster-arn.ts';
import { createMskReader } from '../lib/collect/msk/msk-reader.ts';
import { presignGet } from '../lib/publish/presign.ts';
import { S3Store } from '../lib/publish/s3.ts';
import { publishToTopic } from '../lib/publish/sns.ts';
import type { ReporterSettings } from '../lib/settings.ts';
import { TOOL_VERSION } from '../lib/version.ts';
import { kafkaReader } from './kafka-reader.ts';
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
