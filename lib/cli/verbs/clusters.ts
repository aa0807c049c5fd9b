// `msk-checkup clusters`: which MSK clusters there are in the given accounts and regions, to name one of them to the other commands.
import { type Command, InvalidArgumentError } from 'commander';
import type { DiscoveredCluster, Discovery, DiscoveryProblem, TagFilter } from '../../collect/discover/discovery.ts';
import { readCliSettings } from '../../settings.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { EXIT, oneLine, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { region } from '../parse.ts';

interface ClustersOptions {
  regions?: string[];
  accounts?: string[];
  roleName?: string;
  tag?: TagFilter[];
  profile?: string;
  json?: boolean;
}

/** For all accounts and regions together. */
const SEARCH_MS = 120_000;

export function addClustersCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('clusters')
    .description('list the MSK clusters of accounts and regions')
    .option('--regions <list>', 'AWS Regions to look in; by default the one that the environment names', regions)
    .option('--accounts <list>', "AWS accounts to look in; by default the caller's own", accounts)
    .option('--role-name <name>', 'IAM role to assume in every account that is not your own', roleName)
    .option('--tag <key=value>', 'only clusters with this tag; given several times, with all of them', tag)
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--json', 'as JSON, with what could not be read')
    .action(async (options: ClustersOptions) => finish(await runClusters(options, io)));
}

async function runClusters(options: ClustersOptions, io: Io): Promise<number> {
  const settings = readCliSettings();
  const wanted = options.regions ?? (settings.region === null ? [] : [settings.region]);
  if (wanted.length === 0) throw new UsageError('no region is named; use --regions, or set AWS_REGION');
  if (options.roleName !== undefined && options.accounts === undefined)
    throw new UsageError('--role-name goes with --accounts: it is assumed in each of them');
  const { discoverClusters } = await import('../../collect/discover/discover-clusters.ts');
  const found = await discoverClusters(
    {
      regions: wanted,
      accounts: options.accounts,
      roleName: options.roleName,
      tags: options.tag,
      profile: options.profile ?? settings.profile ?? undefined,
      deadlineMs: Date.now() + SEARCH_MS,
    },
    { signal: io.signal },
  );
  io.out(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : table(found.clusters));
  for (const problem of found.problems) io.err(`msk-checkup: ${lineOf(problem)}\n`);
  if (found.clusters.length === 0 && found.lists.read > 0) io.err(`${nothingIn(found, options)}\n`);
  return found.lists.read > 0 ? EXIT.done : EXIT.nothingCollected;
}

function table(clusters: readonly DiscoveredCluster[]): string {
  const rows = clusters.map(({ name, kind, state, arn }) => [safeLabel(name), kind, safeLabel(state), arn]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

function lineOf({ accountId, detail, fix }: DiscoveryProblem): string {
  const where = accountId === null ? '' : `account ${accountId}: `;
  return oneLine(`${where}${detail}${fix === null ? '' : `. ${fix}`}`);
}

function nothingIn({ lists }: Discovery, { tag: filters }: ClustersOptions): string {
  const which = filters === undefined ? 'no MSK clusters' : 'no MSK clusters with these tags';
  return `${which} in the ${lists.read} ${lists.read === 1 ? 'list' : 'lists'} that could be read`;
}

function regions(text: string): string[] {
  return [...new Set(text.split(',').map((part) => region(part.trim())))];
}

function accounts(text: string): string[] {
  const ids = text.split(',').map((part) => part.trim());
  if (!ids.every((id) => /^\d{12}$/.test(id)))
    throw new InvalidArgumentError('Allowed: account ids of 12 digits, several separated by commas.');
  return [...new Set(ids)];
}

/** With its path, as https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html allows them. */
function roleName(text: string): string {
  if (!/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.test(text))
    throw new InvalidArgumentError('Allowed: the name of an IAM role, not its ARN.');
  return text;
}

function tag(text: string, before: readonly TagFilter[] = []): TagFilter[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Allowed: key=value.');
  const filter = { key: text.slice(0, at), value: text.slice(at + 1) };
  if (before.some(({ key }) => key === filter.key))
    throw new InvalidArgumentError(`A cluster has one value of each tag, and ${filter.key} is named twice.`);
  return [...before, filter];
}
