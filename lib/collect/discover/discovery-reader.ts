// The calls by which clusters are found, as a narrow interface; one reader for one account in one region.
import type { ListClustersV2Response, ListTagsForResourceResponse } from '@aws-sdk/client-kafka';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

/** One method an API call; each rejects with the SDK's own error. */
export interface DiscoveryReader {
  listClusters(nextToken: string | undefined, signal: AbortSignal): Promise<ListClustersV2Response>;
  listTags(clusterArn: string, signal: AbortSignal): Promise<ListTagsForResourceResponse>;
}

const PAGE_SIZE = 100;

/** A reader over the real API, and its end: many are made in one run. The SDK is loaded on first use. */
export async function createDiscoveryReader(access: AwsAccess): Promise<DiscoveryReader & { close(): void }> {
  const sdk = await import('@aws-sdk/client-kafka');
  const client = new sdk.KafkaClient(awsClientConfig(access));
  return {
    listClusters: (NextToken, abortSignal) =>
      client.send(new sdk.ListClustersV2Command({ NextToken, MaxResults: PAGE_SIZE }), { abortSignal }),
    listTags: (ResourceArn, abortSignal) =>
      client.send(new sdk.ListTagsForResourceCommand({ ResourceArn }), { abortSignal }),
    close: () => client.destroy(),
  };
}
