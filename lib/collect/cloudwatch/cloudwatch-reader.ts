// The one CloudWatch call of the product, as a narrow interface that a test can stand in for.
import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

export interface CloudWatchReader {
  /** Rejects with the SDK's own error. */
  getMetricData(input: GetMetricDataInput, signal: AbortSignal): Promise<GetMetricDataOutput>;
  /** CloudWatch's clock minus ours, from the Date of its latest answer; null before the first one. */
  clockOffsetMs?(): number | null;
}

/** 100,800 points take seconds to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A reader over the real API; the SDK is loaded on first use. */
export async function createCloudWatchReader(access: AwsAccess): Promise<CloudWatchReader> {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const client = new sdk.CloudWatchClient(awsClientConfig(access, REQUEST_TIMEOUT_MS));
  let hasAnswered = false;
  return {
    getMetricData: async (input, abortSignal) => {
      const output = await client.send(new sdk.GetMetricDataCommand(input), { abortSignal });
      hasAnswered = true;
      return output;
    },
    // The SDK measures it with every answer, to sign by the server's clock.
    clockOffsetMs: () => (hasAnswered ? client.config.systemClockOffset : null),
  };
}
