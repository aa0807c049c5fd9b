// The one CloudWatch call of the product, as a narrow interface that a test can stand in for.
import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

export interface CloudWatchReader {
  /** Rejects with the SDK's own error. */
  getMetricData(input: GetMetricDataInput, signal: AbortSignal): Promise<GetMetricDataOutput>;
}

/** 100,800 points take seconds to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A reader over the real API; the SDK is loaded on first use. */
export async function createCloudWatchReader(access: AwsAccess): Promise<CloudWatchReader> {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const client = new sdk.CloudWatchClient(awsClientConfig(access, REQUEST_TIMEOUT_MS));
  return {
    getMetricData: (input, abortSignal) => client.send(new sdk.GetMetricDataCommand(input), { abortSignal }),
  };
}
