// The part of Cost Explorer that the product uses, as a narrow interface.
import type { GetCostAndUsageRequest, GetCostAndUsageResponse } from '@aws-sdk/client-cost-explorer';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import { classifyAwsError } from '../classify-aws-error.ts';

/** One page, which AWS charges for; rejects with the SDK's own error. */
export interface BillReader {
  getCostAndUsage(request: GetCostAndUsageRequest, signal: AbortSignal): Promise<GetCostAndUsageResponse>;
}

/** Cost Explorer is one service for all regions of a partition. */
export async function createBillReader(access: AwsAccess, endpointRegion: string): Promise<BillReader> {
  const sdk = await import('@aws-sdk/client-cost-explorer');
  // One try: a request that failed late may have been charged. But for a clock that is off, the first one is always refused.
  const client = new sdk.CostExplorerClient({
    ...awsClientConfig(access),
    region: endpointRegion,
    maxAttempts: 1,
  });
  return {
    getCostAndUsage: async (request, abortSignal) => {
      const send = () => client.send(new sdk.GetCostAndUsageCommand(request), { abortSignal });
      try {
        return await send();
      } catch (error) {
        // Refused before it was looked at, so not charged; the client now knows AWS's time by that answer, and signs by it.
        if (client.config.systemClockOffset === 0 || classifyAwsError(error).kind !== 'refused-credentials')
          throw error;
        return await send();
      }
    },
  };
}

/** Where Cost Explorer of a region's partition is asked; null where it cannot be: https://docs.aws.amazon.com/general/latest/gr/billing.html */
export function billEndpointOf(clusterRegion: string): string | null {
  if (clusterRegion.startsWith('cn-')) return 'cn-northwest-1';
  // The charges of a GovCloud account are on the bill of the standard account that it belongs to.
  return /^(us-gov-|us-iso|eusc-)/.test(clusterRegion) ? null : 'us-east-1';
}
