// Where a command reads from: a cluster's ARN, the addresses of any Kafka, or a recorded snapshot. Exactly one of them.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Command } from 'commander';
import type { KafkaAuth } from '../collect/kafka/kafka-auth.ts';
import { MSK_AUTHS } from '../collect/msk/bootstrap.ts';
import { assertRegion, parseClusterArn } from '../collect/msk/cluster-arn.ts';
import type { CliSettings } from '../settings.ts';
import { loadSnapshot } from '../snapshot/load.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import { findAwsCredentials } from './aws-credentials.ts';
import { UsageError } from './errors.ts';
import { brokerList, instant, oneOf, region, roleArn, wholeNumber } from './parse.ts';

export const AUTHS = [...MSK_AUTHS, 'plain'] as const;
export type Auth = (typeof AUTHS)[number];

export interface SourceOptions {
  cluster?: string;
  bootstrap?: string[];
  snapshot?: string;
  region?: string;
  profile?: string;
  roleArn?: string;
  auth?: Auth;
  tls: boolean;
  samples?: number;
  sampleInterval?: number;
  now?: number;
}

export function addLiveSourceOptions(command: Command): Command {
  return command
    .option('--cluster <arn>', 'MSK cluster to read, by its ARN')
    .option('--bootstrap <host:port,..>', 'any Kafka cluster to read, without AWS', brokerList)
    .option('--region <region>', 'AWS Region; by default that of the ARN', region)
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--role-arn <arn>', 'IAM role to assume for reading', roleArn)
    .option('--auth <kind>', `how to introduce ourselves to the brokers: ${AUTHS.join(', ')}`, oneOf(AUTHS))
    .option('--no-tls', 'SASL without TLS (scram and plain with --bootstrap)')
    .option('--samples <n>', 'looks at the offsets within one run', wholeNumber(1, 20))
    .option('--sample-interval <seconds>', 'time between two looks', wholeNumber(1, 600))
    .option('--now <iso>', 'the time to take as now (replay and tests)', instant);
}

/** @throws UsageError unless exactly one source is named, with options that fit it */
export function checkSource(options: SourceOptions, allowed: readonly ('cluster' | 'bootstrap' | 'snapshot')[]): void {
  const named = allowed.filter((name) => options[name] !== undefined);
  const choices = allowed.map((name) => `--${name}`).join(' | ');
  if (named.length !== 1) {
    const found =
      named.length === 0
        ? 'no source is named'
        : `${named.map((name) => `--${name}`).join(' and ')} exclude each other`;
    throw new UsageError(`${found}; name exactly one of ${choices}`);
  }
  if (options.cluster !== undefined) {
    assertRegion(parseClusterArn(options.cluster), options.region);
    if (options.auth === 'plain')
      throw new UsageError(`no MSK listener takes --auth plain; allowed: ${MSK_AUTHS.join(', ')}`);
    if (!options.tls) throw new UsageError('--no-tls goes with --bootstrap only: SASL on MSK always uses TLS');
  }
  if (options.snapshot !== undefined) refuseLiveOptions(options);
}

function refuseLiveOptions(options: SourceOptions): void {
  const live = {
    region: '--region',
    profile: '--profile',
    roleArn: '--role-arn',
    auth: '--auth',
    samples: '--samples',
    sampleInterval: '--sample-interval',
  };
  for (const [key, flag] of Object.entries(live)) {
    if (options[key as keyof SourceOptions] !== undefined) {
      throw new UsageError(`${flag} has no effect on --snapshot: nothing is read from a cluster`);
    }
  }
}

/** @throws UsageError for a file that is missing, truncated, newer or contradicts itself */
export async function readSnapshotFile(path: string): Promise<Snapshot> {
  const loaded = loadSnapshot(await readInput(path, 'snapshot'));
  if (!loaded.ok) throw new UsageError(`${path}: ${loaded.message}`);
  return loaded.snapshot;
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  Z_BUF_ERROR: 'its gzip is truncated',
  Z_DATA_ERROR: 'its gzip is damaged',
};

/** The text of a file, unpacked where it is gzip, as snapshots in the bucket are. @throws UsageError when it cannot be read */
export async function readInput(path: string, what: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`cannot read the ${what} ${path}: ${WHY_UNREADABLE[code ?? ''] ?? code ?? 'unreadable'}`);
  }
}

/** The way to introduce ourselves that the cluster's listener wants. @throws UsageError naming what is missing */
export async function kafkaAuth(kind: Auth, options: SourceOptions, settings: CliSettings): Promise<KafkaAuth> {
  switch (kind) {
    case 'none':
    case 'tls':
      return { kind };
    case 'scram':
    case 'plain':
      return { kind, ...passwordOf(kind, settings), tls: options.tls };
    case 'mtls':
      return await clientCertificate(settings);
    case 'iam':
      return iamAuth(options, settings);
  }
}

function passwordOf(kind: string, { kafka }: CliSettings): { username: string; password: string } {
  const { username, password } = kafka;
  if (username === null)
    throw new UsageError(`--auth ${kind} needs the environment variable MSK_CHECKUP_KAFKA_USERNAME`);
  if (password === null)
    throw new UsageError(`--auth ${kind} needs the environment variable MSK_CHECKUP_KAFKA_PASSWORD`);
  return { username, password };
}

async function clientCertificate({ kafka }: CliSettings): Promise<KafkaAuth> {
  const { certFile, keyFile, caFile } = kafka;
  if (certFile === null) throw new UsageError('--auth mtls needs the environment variable MSK_CHECKUP_KAFKA_CERT_FILE');
  if (keyFile === null) throw new UsageError('--auth mtls needs the environment variable MSK_CHECKUP_KAFKA_KEY_FILE');
  const cert = await readInput(certFile, 'client certificate');
  const key = await readInput(keyFile, 'client key');
  return { kind: 'mtls', cert, key, ...(caFile === null ? {} : { ca: await readInput(caFile, 'authority') }) };
}

function iamAuth(options: SourceOptions, settings: CliSettings): KafkaAuth {
  const region =
    options.cluster === undefined ? (options.region ?? settings.region) : parseClusterArn(options.cluster).region;
  if (region === null || region === undefined)
    throw new UsageError('--auth iam needs --region: it is part of the signature');
  const access = { region, profile: options.profile, roleArn: options.roleArn };
  return { kind: 'iam', region, credentials: () => findAwsCredentials(access) };
}
