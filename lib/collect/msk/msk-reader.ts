// The read-only part of the MSK API that the product uses, as a narrow interface that a test can stand in for.
import type {
  DescribeClusterOperationV2Response,
  DescribeClusterV2Response,
  DescribeConfigurationResponse,
  DescribeConfigurationRevisionResponse,
  DescribeTopicPartitionsResponse,
  DescribeTopicResponse,
  GetBootstrapBrokersResponse,
  GetCompatibleKafkaVersionsResponse,
  ListClusterOperationsV2Response,
  ListKafkaVersionsResponse,
  ListNodesResponse,
  ListScramSecretsResponse,
  ListTagsForResourceResponse,
  ListTopicsResponse,
} from '@aws-sdk/client-kafka';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';

/** One method an API call; each rejects with the SDK's own error. */
export interface MskReader {
  describeCluster(clusterArn: string, signal: AbortSignal): Promise<DescribeClusterV2Response>;
  listNodes(clusterArn: string, nextToken: string | undefined, signal: AbortSignal): Promise<ListNodesResponse>;
  getBootstrapBrokers(clusterArn: string, signal: AbortSignal): Promise<GetBootstrapBrokersResponse>;
  describeConfiguration(configurationArn: string, signal: AbortSignal): Promise<DescribeConfigurationResponse>;
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
  describeClusterOperation(operationArn: string, signal: AbortSignal): Promise<DescribeClusterOperationV2Response>;
  listScramSecrets(
    clusterArn: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<ListScramSecretsResponse>;
  listKafkaVersions(nextToken: string | undefined, signal: AbortSignal): Promise<ListKafkaVersionsResponse>;
  getCompatibleKafkaVersions(clusterArn: string, signal: AbortSignal): Promise<GetCompatibleKafkaVersionsResponse>;
  listTags(resourceArn: string, signal: AbortSignal): Promise<ListTagsForResourceResponse>;
  listTopics(clusterArn: string, nextToken: string | undefined, signal: AbortSignal): Promise<ListTopicsResponse>;
  describeTopic(clusterArn: string, topic: string, signal: AbortSignal): Promise<DescribeTopicResponse>;
  describeTopicPartitions(
    clusterArn: string,
    topic: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<DescribeTopicPartitionsResponse>;
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
    describeConfiguration: (Arn, abortSignal) =>
      client.send(new sdk.DescribeConfigurationCommand({ Arn }), { abortSignal }),
    describeConfigurationRevision: (Arn, Revision, abortSignal) =>
      client.send(new sdk.DescribeConfigurationRevisionCommand({ Arn, Revision }), { abortSignal }),
    listClusterOperations: (ClusterArn, NextToken, abortSignal) =>
      client.send(new sdk.ListClusterOperationsV2Command({ ClusterArn, NextToken, MaxResults: PAGE_SIZE }), {
        abortSignal,
      }),
    describeClusterOperation: (ClusterOperationArn, abortSignal) =>
      client.send(new sdk.DescribeClusterOperationV2Command({ ClusterOperationArn }), { abortSignal }),
    listScramSecrets: (ClusterArn, NextToken, abortSignal) =>
      client.send(new sdk.ListScramSecretsCommand({ ClusterArn, NextToken, MaxResults: PAGE_SIZE }), { abortSignal }),
    listKafkaVersions: (NextToken, abortSignal) =>
      client.send(new sdk.ListKafkaVersionsCommand({ NextToken, MaxResults: PAGE_SIZE }), { abortSignal }),
    getCompatibleKafkaVersions: (ClusterArn, abortSignal) =>
      client.send(new sdk.GetCompatibleKafkaVersionsCommand({ ClusterArn }), { abortSignal }),
    listTags: (ResourceArn, abortSignal) =>
      client.send(new sdk.ListTagsForResourceCommand({ ResourceArn }), { abortSignal }),
    listTopics: (ClusterArn, NextToken, abortSignal) =>
      client.send(new sdk.ListTopicsCommand({ ClusterArn, NextToken, MaxResults: PAGE_SIZE }), { abortSignal }),
    describeTopic: (ClusterArn, TopicName, abortSignal) =>
      client.send(new sdk.DescribeTopicCommand({ ClusterArn, TopicName }), { abortSignal }),
    describeTopicPartitions: (ClusterArn, TopicName, NextToken, abortSignal) =>
      client.send(new sdk.DescribeTopicPartitionsCommand({ ClusterArn, TopicName, NextToken, MaxResults: PAGE_SIZE }), {
        abortSignal,
      }),
  };
}
