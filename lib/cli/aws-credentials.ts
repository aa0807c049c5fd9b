// Credentials as the SDK's own provider chain finds them, for signing the MSK IAM token.
import { type AwsAccess, awsClientConfig } from '../collect/aws-clients.ts';
import type { AwsCredentials } from '../collect/kafka/iam-token.ts';

/** The SDK is loaded on first use. @throws the SDK's error when there are none */
export async function findAwsCredentials(access: AwsAccess): Promise<AwsCredentials> {
  const { KafkaClient } = await import('@aws-sdk/client-kafka');
  return await new KafkaClient(awsClientConfig(access)).config.credentials();
}
