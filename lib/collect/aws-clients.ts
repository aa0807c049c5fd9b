// How every AWS client of the product is set up: bounded, adaptive retries and time limits on each request.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
import type { STSClient } from '@aws-sdk/client-sts';

type CredentialsProvider = STSClient['config']['credentials'];
type Credentials = Awaited<ReturnType<CredentialsProvider>>;

export interface AwsAccess {
  region: string;
  /** Named profile of the shared AWS configuration files. */
  profile?: string | undefined;
  /** Role to assume on top of the caller's own credentials. */
  roleArn?: string | undefined;
}

const MAX_ATTEMPTS = 4;
const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Settings for the constructor of any AWS SDK client. MSK's control plane publishes no rate limits: adaptive mode finds them. */
export function awsClientConfig(access: AwsAccess, requestTimeoutMs = REQUEST_TIMEOUT_MS) {
  return {
    region: access.region,
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      // Without it the handler only logs a warning and waits on.
      throwOnRequestTimeout: true,
    },
    ...(access.profile === undefined ? {} : { profile: access.profile }),
    ...(access.roleArn === undefined ? {} : { credentials: assumedRole(access, access.roleArn) }),
  };
}

/** The SDK caches what this returns until shortly before `expiration`. */
function assumedRole(access: AwsAccess, roleArn: string): () => Promise<Credentials> {
  return async (): Promise<Credentials> => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const sts = new STSClient(awsClientConfig({ region: access.region, profile: access.profile }));
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'msk-checkup' }));
    if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
      throw Object.assign(new Error('AssumeRole returned no credentials'), { name: 'CredentialsProviderError' });
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
      ...(Credentials.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
    };
  };
}

/**
 * The caller's credentials as the SDK finds them (profile, environment, container, instance), or those of the assumed role.
 * Rejects with the SDK's own error; classify-aws-error.ts reads it.
 */
export async function awsCredentials(access: AwsAccess): Promise<Credentials> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  // A client carries the default provider chain: no package of its own is needed for it.
  return new STSClient(awsClientConfig(access)).config.credentials();
}
