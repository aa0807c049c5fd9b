// Where a command reads from: a cluster's ARN, the addresses of any Kafka, or a recorded snapshot. Exactly one of them.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { MSK_AUTHS } from '../collect/msk/bootstrap.ts';
import { assertRegion, parseClusterArn } from '../collect/msk/cluster-arn.ts';
import { loadSnapshot } from '../snapshot/load.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import { UsageError } from './errors.ts';
import { brokerList, instant, oneOf, region, roleArn, secretId, wholeNumber } from './parse.ts';

export const AUTHS = [...MSK_AUTHS, 'plain'] as const;
export type Auth = (typeof AUTHS)[number];

/** Ways that prove a secret; the others have nothing that could lie in one. */
const AUTHS_WITH_SECRET: readonly (Auth | undefined)[] = ['scram', 'plain', 'mtls'];

export interface SourceOptions {
  cluster?: string;
  bootstrap?: string[];
  snapshot?: string;
  region?: string;
  profile?: string;
  roleArn?: string;
  auth?: Auth;
  authSecret?: string;
  public?: boolean;
  tls: boolean;
  samples?: number;
  sampleInterval?: number;
  readData?: boolean;
  openMonitoring?: boolean;
  /** Cost Explorer is asked. */
  bill?: boolean;
  /** Directory with what earlier runs have left. */
  history?: string;
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
    .option(
      '--auth-secret <arn>',
      'ARN or name of the AWS secret with the credentials for scram, plain or mtls',
      secretId,
    )
    .option('--public', 'reach the brokers over the internet, by the public addresses of --cluster')
    .option('--no-tls', 'SASL without TLS (scram and plain with --bootstrap)')
    .option('--samples <n>', 'looks at the offsets within one run', wholeNumber(1, 20))
    .option('--sample-interval <seconds>', 'time between two looks', wholeNumber(1, 600))
    .option('--read-data', 'also read headers of record batches and producers (needs READ on the topics)')
    .option('--open-monitoring', "also scrape the brokers' Prometheus endpoints (ports 11001 and 11002), twice")
    .option('--bill', 'also read what the account paid for MSK from Cost Explorer (AWS charges for the question)')
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
  if (options.bootstrap !== undefined && options.public === true)
    throw new UsageError('--public goes with --cluster only: --bootstrap names the addresses itself');
  if (options.bootstrap !== undefined && options.bill === true)
    throw new UsageError('--bill goes with --cluster only: other clusters have no bill in AWS');
  if (options.snapshot !== undefined) refuseLiveOptions(options);
  if (options.authSecret !== undefined && !AUTHS_WITH_SECRET.includes(options.auth))
    throw new UsageError('--auth-secret goes with --auth scram, plain or mtls');
}

function refuseLiveOptions(options: SourceOptions): void {
  const live = {
    region: '--region',
    profile: '--profile',
    roleArn: '--role-arn',
    auth: '--auth',
    authSecret: '--auth-secret',
    public: '--public',
    samples: '--samples',
    sampleInterval: '--sample-interval',
    readData: '--read-data',
    openMonitoring: '--open-monitoring',
    bill: '--bill',
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

/**
 * The text of a file without a byte order mark, unpacked where it is gzip, as snapshots in the bucket are.
 * @throws UsageError when it cannot be read
 */
export async function readInput(path: string, what: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return new TextDecoder().decode(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`cannot read the ${what} ${path}: ${WHY_UNREADABLE[code ?? ''] ?? code ?? 'unreadable'}`);
  }
}
