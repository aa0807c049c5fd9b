// The real outside world of the report function: AWS clients and the Kafka collector.
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { createAccountReaders } from '../lib/collect/account/collect-account.ts';
import { type AwsAccess, awsClientConfig } from '../lib/collect/aws-clients.ts';
import { createCloudWatchReader } from '../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { REPORT_WINDOW_HOURS } from '../lib/collect/collect-job.ts';
import { collectSnapshot } from '../lib/collect/collect-snapshot.ts';
import { reportPlan } from '../lib/collect/kafka/plan.ts';
import { parseClusterArn } from '../lib/collect/msk/cluster-arn.ts';
import { createMskReader } from '../lib/collect/msk/msk-reader.ts';
import { loadHourly, storeHourly } from '../lib/publish/hourly.ts';
import { ListedS3Store } from '../lib/publish/hourly-s3.ts';
import { presignGet } from '../lib/publish/presign.ts';
import { createPriceCache } from '../lib/publish/price-cache.ts';
import { publishToTopic } from '../lib/publish/sns.ts';
import { createWeeklyStore } from '../lib/publish/weekly.ts';
import type { ReporterSettings } from '../lib/settings.ts';
import { TOOL_VERSION } from '../lib/version.ts';
import { kafkaReader } from './kafka-reader.ts';
import type { ReportRequest } from './report-event.ts';
import type { RunPorts } from './run-report.ts';

/** Judging, rendering and publishing after the collection. */
const AFTER_COLLECTION_MS = 20_000;
/** A person who asks on demand gets an answer within 45 s. */
const ON_DEMAND_COLLECTION_MS = 35_000;

export async function createPorts(
  settings: ReporterSettings,
  request: ReportRequest,
  remainingMs: number,
): Promise<RunPorts> {
  const store = new ListedS3Store(new S3Client(awsClientConfig({ region: settings.region })), settings.bucket);
  const topic = new SNSClient(awsClientConfig({ region: settings.region }));
  const allowedMs = remainingMs - AFTER_COLLECTION_MS;
  const deadlineMs =
    Date.now() + (request.sampling === 'quick' ? Math.min(allowedMs, ON_DEMAND_COLLECTION_MS) : allowedMs);
  return {
    store,
    collect: async (wanted, sampling) => {
      const { accountId, name, region, uuid } = parseClusterArn(wanted.clusterArn);
      const access = { region };
      const cluster = { accountId, name, region, identity: uuid };
      const takenAtMs = Date.now();
      return await collectSnapshot(
        {
          target: { kind: 'msk', clusterArn: wanted.clusterArn, auth: settings.kafkaAuth ?? undefined },
          windowHours: REPORT_WINDOW_HOURS,
          nowMs: takenAtMs,
          deadlineMs,
          toolVersion: TOOL_VERSION,
          kafkaPlan: reportPlan(sampling),
        },
        {
          msk: await createMskReader(access),
          cloudwatch: await createCloudWatchReader(access),
          account: createAccountReaders(access),
          subnetZones: async (subnetIds, signal) => {
            const { azIdsByEc2 } = await import('../lib/collect/account/subnet-zones.ts');
            return await azIdsByEc2(access)(subnetIds, signal);
          },
          prices: { openReader: (endpoint) => openPrices(access, endpoint), cache: createPriceCache(store) },
          ...(settings.readBill ? { openBill: (endpoint: string) => openBill(access, endpoint) } : {}),
          hours: {
            load: () => loadHourly(store, cluster, takenAtMs),
            store: (added) => storeHourly(store, cluster, { id: wanted.runId, takenAtMs }, added),
          },
          weekly: createWeeklyStore(store, cluster),
          readKafka: await kafkaReader(settings, access.region),
        },
      );
    },
    publish: async (message) => await publishToTopic(topic, settings.reportTopicArn, message),
    now: () => Date.now(),
    locationOf: (key) => consoleLink(settings, key),
  };
}

/** Once a week: the other days do not load it. */
async function openPrices(access: AwsAccess, endpoint: string) {
  const { createPriceReader } = await import('../lib/collect/prices/price-reader.ts');
  return await createPriceReader(access, endpoint);
}

async function openBill(access: AwsAccess, endpoint: string) {
  const { createBillReader } = await import('../lib/collect/prices/bill-reader.ts');
  return await createBillReader(access, endpoint);
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
