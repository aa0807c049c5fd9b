// Where a command reads AWS: every client is made, and its SDK loaded, only when the cluster is named by its ARN.
import type { CollectSources, HourStore } from '../collect/collect-job.ts';
import { type ClusterArn, parseClusterArn } from '../collect/msk/cluster-arn.ts';
import type { CliSettings } from '../settings.ts';
import type { SourceOptions } from './source.ts';

/** Sources of an MSK cluster; none for any other Kafka. */
export async function awsSources(
  options: SourceOptions,
  settings: CliSettings,
  nowMs: number,
): Promise<Partial<CollectSources>> {
  if (options.cluster === undefined) return {};
  const arn = parseClusterArn(options.cluster);
  const access = { region: arn.region, profile: options.profile, roleArn: options.roleArn };
  const [{ createMskReader }, { createCloudWatchReader }, { createAccountReaders }, { azIdsByEc2 }, prices] =
    await Promise.all([
      import('../collect/msk/msk-reader.ts'),
      import('../collect/cloudwatch/cloudwatch-reader.ts'),
      import('../collect/account/collect-account.ts'),
      import('../collect/account/subnet-zones.ts'),
      priceSources(access, settings),
    ]);
  const { createBillReader } = await import('../collect/prices/bill-reader.ts');
  return {
    msk: await createMskReader(access),
    cloudwatch: await createCloudWatchReader(access),
    account: createAccountReaders(access),
    subnetZones: azIdsByEc2(access),
    prices,
    ...(options.bill === true ? { openBill: (endpoint: string) => createBillReader(access, endpoint) } : {}),
    ...(await keptBetweenRuns(options.history ?? settings.cacheDirectory, arn, nowMs)),
  };
}

async function priceSources(access: { region: string }, { cacheDirectory }: CliSettings) {
  const { createPriceReader } = await import('../collect/prices/price-reader.ts');
  const openReader = (endpoint: string) => createPriceReader(access, endpoint);
  if (cacheDirectory === null) return { openReader };
  const { createPriceCache } = await import('../publish/price-cache.ts');
  const { DirectoryStore } = await import('../publish/directory.ts');
  return { openReader, cache: createPriceCache(new DirectoryStore(cacheDirectory)) };
}

/** In the history of the reports where there is one, else in the user's cache; with neither the last weeks are asked for in each run. */
async function keptBetweenRuns(directory: string | null, arn: ClusterArn, nowMs: number) {
  if (directory === null) {
    const hours: HourStore = { load: async () => ({ history: new Map(), notices: [] }), store: async () => {} };
    return { hours };
  }
  const { loadHourly, storeHourly } = await import('../publish/hourly.ts');
  const { ListedDirectoryStore } = await import('../publish/hourly-directory.ts');
  const { createWeeklyStore } = await import('../publish/weekly.ts');
  const store = new ListedDirectoryStore(directory);
  const cluster = { accountId: arn.accountId, name: arn.name, region: arn.region, identity: arn.uuid };
  const run = { id: `manual-${crypto.randomUUID()}`, takenAtMs: nowMs };
  const hours: HourStore = {
    load: () => loadHourly(store, cluster, nowMs),
    store: (added) => storeHourly(store, cluster, run, added),
  };
  return { hours, weekly: createWeeklyStore(store, cluster) };
}
