// How the command line introduces itself to the brokers: what the listener wants, from the environment, files or a secret of AWS.
import { clientCertificateOf, passwordOf, readSecret, SecretError } from '../collect/auth-secret.ts';
import { type KafkaAuth, trustOf } from '../collect/kafka/kafka-auth.ts';
import { parseClusterArn } from '../collect/msk/cluster-arn.ts';
import type { CliSettings } from '../settings.ts';
import { findAwsCredentials } from './aws-credentials.ts';
import { UsageError } from './errors.ts';
import { type Auth, readInput, type SourceOptions } from './source.ts';

/**
 * The way to introduce ourselves that the cluster's listener wants.
 * @throws UsageError naming what is missing; CollectError when AWS does not give the secret
 */
export async function kafkaAuth(kind: Auth, options: SourceOptions, settings: CliSettings): Promise<KafkaAuth> {
  if (kind === 'none') return { kind };
  const trust = trustOf({ ca: await ownAuthority(settings) });
  switch (kind) {
    case 'tls':
      return { kind, ...trust };
    case 'iam':
      return { ...iamAuth(options, settings), ...trust };
    case 'scram':
    case 'plain': {
      const secret = await secretText(options, settings);
      const password = secret === null ? passwordFrom(kind, settings) : parsed(secret, passwordOf);
      return { kind, ...password, tls: options.tls, ...trust };
    }
    case 'mtls': {
      const secret = await secretText(options, settings);
      const certificate = secret === null ? await certificateFrom(settings) : parsed(secret, clientCertificateOf);
      return { kind, ...trust, ...certificate };
    }
  }
}

async function ownAuthority({ kafka }: CliSettings): Promise<string | undefined> {
  if (kafka.caFile === null) return undefined;
  const ca = await readInput(kafka.caFile, 'authority');
  // Node takes a file without a certificate for an authority that has signed nothing.
  if (!ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`${kafka.caFile} (MSK_CHECKUP_KAFKA_CA_FILE) holds no certificate in PEM`);
  return ca;
}

function passwordFrom(kind: string, { kafka }: CliSettings): { username: string; password: string } {
  const { username, password } = kafka;
  const instead = 'or --auth-secret';
  if (username === null)
    throw new UsageError(`--auth ${kind} needs the environment variable MSK_CHECKUP_KAFKA_USERNAME, ${instead}`);
  if (password === null)
    throw new UsageError(`--auth ${kind} needs the environment variable MSK_CHECKUP_KAFKA_PASSWORD, ${instead}`);
  return { username, password };
}

async function certificateFrom({ kafka }: CliSettings): Promise<{ cert: string; key: string }> {
  const { certFile, keyFile } = kafka;
  const instead = 'or --auth-secret';
  if (certFile === null)
    throw new UsageError(`--auth mtls needs the environment variable MSK_CHECKUP_KAFKA_CERT_FILE, ${instead}`);
  if (keyFile === null)
    throw new UsageError(`--auth mtls needs the environment variable MSK_CHECKUP_KAFKA_KEY_FILE, ${instead}`);
  return { cert: await readInput(certFile, 'client certificate'), key: await readInput(keyFile, 'client key') };
}

/** The text of `--auth-secret`, or null without that option. */
async function secretText(options: SourceOptions, settings: CliSettings): Promise<string | null> {
  const { authSecret } = options;
  if (authSecret === undefined) return null;
  const region = authSecret.startsWith('arn:') ? authSecret.split(':')[3] : regionOf(options, settings);
  if (region === undefined || region === null)
    throw new UsageError('--auth-secret needs --region where it is a name: an ARN holds its own');
  const access = { region, profile: options.profile, roleArn: options.roleArn };
  return await readSecret(access, authSecret).catch(asUsageError);
}

function parsed<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    return asUsageError(error);
  }
}

function asUsageError(error: unknown): never {
  throw error instanceof SecretError ? new UsageError(`--auth-secret: ${error.message}`) : error;
}

function iamAuth(options: SourceOptions, settings: CliSettings): Extract<KafkaAuth, { kind: 'iam' }> {
  const region = regionOf(options, settings);
  if (region === null) throw new UsageError('--auth iam needs --region: it is part of the signature');
  const access = { region, profile: options.profile, roleArn: options.roleArn };
  return { kind: 'iam', region, credentials: () => findAwsCredentials(access) };
}

function regionOf(options: SourceOptions, settings: CliSettings): string | null {
  return options.cluster === undefined ? (options.region ?? settings.region) : parseClusterArn(options.cluster).region;
}
