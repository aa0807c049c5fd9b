// The read-only part of the MSK API that the product uses, as a narrow interface that a test can stand in for.
import type {
  DescribeClusterV2Response,
  DescribeConfigurationRevisionResponse,
  GetBootstrapBrokersResponse,
  ListClusterOperationsV2Response,
  ListNodesResponse,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-kafka';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

/** One method an API call; each rejects with the SDK's own error. */
export interface MskReader {
  describeCluster(clusterArn: string, signal: AbortSignal): Promise<DescribeClusterV2Response>;
  listNodes(clusterArn: string, nextToken: string | undefined, signal: AbortSignal): Promise<ListNodesResponse>;
  getBootstrapBrokers(clusterArn: string, signal: AbortSignal): Promise<GetBootstrapBrokersResponse>;
  describeConfigurationRevision(
    configurationArn: string,
    revision: number,
    signal: AbortSignal,
  ): Promise<DescribeConfigurationRevisionResponse>;
  listClusterOperations(
    clusterArn: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListClusterOperationsV2Response>;
  listTags(resourceArn: string, signal: AbortSignal): Promise<ListTagsForResourceResponse>;
}

const PAGE_SIZE = 100;

/** A reader over the real API. The SDK is loaded on first use: replaying a snapshot must not pay for it. */
export async function createMskReader(access: AwsAccess): Promise<MskReader> {
  const sdk = await import('@aws-sdk/client-kafka');
  const client = new sdk.KafkaClient(awsClientConfig(access));
  return {
    describeCluster: (ClusterArn, abortSignal) =>
      client.send(new sdk.DescribeClusterV2Command({ ClusterArn }), { abortSignal }),
    listNodes: (ClusterArn, NextToken, abortSignal) =>
      client.send(new sdk.ListNodesCommand({ ClusterArn, NextToken, MaxResults: PAGE_SIZE }), { abortSignal }),
    getBootstrapBrokers: (ClusterArn, abortSignal) =>
      client.send(new sdk.GetBootstrapBrokersCommand({ ClusterArn }), { abortSignal }),
    describeConfigurationRevision: (Arn, Revision, abortSignal) =>
      client.send(new sdk.DescribeConfigurationRevisionCommand({ Arn, Revision }), { abortSignal }),
    listClusterOperations: (ClusterArn, NextToken, abortSignal) =>
      client.send(new sdk.ListClusterOperationsV2Command({ ClusterArn, NextToken, MaxResults: PAGE_SIZE }), {
        abortSignal,
      }),
    listTags: (ResourceArn, abortSignal) =>
      client.send(new sdk.ListTagsForResourceCommand({ ResourceArn }), { abortSignal }),
  };
}
