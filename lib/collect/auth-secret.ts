// Credentials for the brokers from AWS Secrets Manager, where MSK itself keeps those of SCRAM (secrets named AmazonMSK_*).
// The text of a secret is in no message, not even where it is not what it should be.
import { type Missing, missing } from '../snapshot/collected.ts';
import { safeText } from '../text/sanitize.ts';
import { type AwsAccess, awsClientConfig } from './aws-clients.ts';
import { CollectError, type CollectErrorCode, missingFrom } from './aws-errors.ts';
import { classifyAwsError } from './classify-aws-error.ts';

/** The secret cannot be used as it is named or as it is written: its owner must change something. */
export class SecretError extends Error {
  override name = 'SecretError';
}

export interface Password {
  username: string;
  password: string;
}

export interface ClientCertificate {
  cert: string;
  key: string;
  ca?: string;
}

/** What the text of a secret must be, by the way of authentication. */
export const SECRET_SHAPES = {
  scram: '{"username": "...", "password": "..."}',
  mtls: '{"cert": "...", "key": "...", "ca": "..."} with PEM text, ca only for an authority of your own',
} as const;

const CALL = 'secretsmanager:GetSecretValue';
const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;

/**
 * Reads the text of a secret for a run that cannot go on without it.
 * @param secretId ARN or name
 * @throws SecretError when there is no such text; CollectError when AWS does not give it
 */
export async function readSecret(access: AwsAccess, secretId: string): Promise<string> {
  try {
    return await fetchSecret(access, secretId);
  } catch (error) {
    throw refusal(error, access.region, secretId);
  }
}

/** The text of a secret; the SDK is loaded on first use. Rejects with SecretError, or with the SDK's own error. */
export async function fetchSecret(access: AwsAccess, secretId: string, abortSignal?: AbortSignal): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient(awsClientConfig(access));
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString } = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
    if (SecretString === undefined) throw new SecretError(`the secret ${safeText(secretId)} holds bytes, not text`);
    return SecretString;
  } finally {
    client.destroy();
  }
}

/** Why what hangs on the secret is missing, from the SDK's own error; `not-enabled` where there is no secret to read. */
export function missingSecret(error: unknown, region: string, secretId: string): Missing {
  const secret = safeText(secretId);
  const failure = classifyAwsError(error);
  if (failure.kind === 'not-found') return missing('not-enabled', `there is no secret ${secret} in ${region}`);
  if (failure.kind === 'bad-request' || failure.name === 'InvalidRequestException') {
    const detail = `the secret ${secret} cannot be read (${failure.name}): it may be marked for deletion`;
    return missing('not-enabled', detail);
  }
  const { reason, detail, fix } = missingFrom(failure, { action: CALL, resource: secret, region });
  // A customer key is compulsory for MSK's own secrets, and a grant on the secret alone is then not enough.
  const key = failure.kind === 'not-permitted' ? ', and kms:Decrypt on its key' : '';
  return missing(reason, detail, fix === undefined ? undefined : `${fix}${key}`);
}

function refusal(error: unknown, region: string, secretId: string): Error {
  if (error instanceof SecretError) return error;
  const { reason, detail, fix } = missingSecret(error, region, secretId);
  if (reason === 'not-enabled') return new SecretError(detail);
  const codes: Partial<Record<typeof reason, CollectErrorCode>> = {
    'not-permitted': 'not-permitted',
    throttled: 'throttled',
    'timed-out': 'timed-out',
    unreachable: 'unreachable',
  };
  return new CollectError(codes[reason] ?? 'aws-failed', fix === undefined ? detail : `${detail}; ${fix}`);
}

/** As MSK wants its secrets: `{"username": "...", "password": "..."}`. @throws SecretError */
export function passwordOf(text: string): Password {
  const { username, password } = fieldsOf(text);
  if (!isText(username) || !isText(password)) {
    throw new SecretError(`the secret is not usable: it must be JSON like ${SECRET_SHAPES.scram}`);
  }
  return { username, password };
}

/** `{"cert": "...", "key": "...", "ca": "..."}` with PEM text; `ca` may be left out. @throws SecretError */
export function clientCertificateOf(text: string): ClientCertificate {
  const { cert, key, ca } = fieldsOf(text);
  const isUsable =
    isText(cert) && CERTIFICATE.test(cert) && isText(key) && PRIVATE_KEY.test(key) && (ca === undefined || isText(ca));
  if (!isUsable) {
    throw new SecretError(`the secret is not usable: it must be JSON like ${SECRET_SHAPES.mtls}`);
  }
  return { cert, key, ...(ca === undefined ? {} : { ca }) };
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {}; // the parser's message quotes the text
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
