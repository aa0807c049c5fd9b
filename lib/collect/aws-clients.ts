// How every AWS client of the product is set up: bounded, adaptive retries and time limits on each request.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
import type { STSClient } from '@aws-sdk/client-sts';
import { markRole } from './classify-aws-error.ts';

type CredentialsProvider = STSClient['config']['credentials'];
type Credentials = Awaited<ReturnType<CredentialsProvider>>;

export interface AwsAccess {
  region: string;
  /** Named profile of the shared AWS configuration files. */
  profile?: string | undefined;
  /** Role to assume on top of the caller's own credentials. */
  roleArn?: string | undefined;
  /** What the trust policy of a role may ask for besides the caller's name. */
  externalId?: string | undefined;
}

const MAX_ATTEMPTS = 4;
const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** In the CloudTrail of the account whose role is assumed. */
const SESSION_NAME = 'msk-checkup';

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
    ...(access.roleArn === undefined ? {} : { credentials: roleSession(access, access.roleArn) }),
  };
}

/** The SDK asks for new credentials when these have less to live. */
const RENEWAL_MS = 300_000;
const sessions = new WeakMap<AwsAccess, () => Promise<Credentials>>();

/** One session for all clients of one access object: each would assume the role for itself. It is renewed before it expires. */
function roleSession(access: AwsAccess, roleArn: string): () => Promise<Credentials> {
  let session: Promise<Credentials> | undefined;
  let freshUntilMs = 0;
  const known = sessions.get(access);
  if (known !== undefined) return known;
  const renewed = async (): Promise<Credentials> => {
    try {
      const credentials = await assumeRole(access, roleArn);
      freshUntilMs = (credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - RENEWAL_MS;
      return credentials;
    } catch (error) {
      session = undefined;
      throw markRole(error, roleArn);
    }
  };
  const provider = (): Promise<Credentials> => {
    if (session === undefined || Date.now() >= freshUntilMs) {
      freshUntilMs = Number.POSITIVE_INFINITY;
      session = renewed();
    }
    return session;
  };
  sessions.set(access, provider);
  return provider;
}

async function assumeRole({ region, profile, externalId }: AwsAccess, roleArn: string): Promise<Credentials> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(awsClientConfig({ region, profile }));
  try {
    const request = { RoleArn: roleArn, RoleSessionName: SESSION_NAME, ExternalId: externalId };
    const { Credentials } = await sts.send(new AssumeRoleCommand(request));
    if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
      throw Object.assign(new Error('AssumeRole returned no credentials'), { name: 'CredentialsProviderError' });
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
      ...(Credentials.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
    };
  } finally {
    sts.destroy();
  }
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
