// How much room the volumes of a Standard cluster have, all brokers together.
import { GIB } from '../../analysis/topic-load.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { RunContext } from '../check.ts';
import { brokerSeries } from './series.ts';

/** Bytes until the fullest broker reaches the percent, times the brokers; null where volumes or their use are not known. */
export function roomBytes(
  cluster: Collected<SectionValue<'cluster'>>,
  metrics: Collected<SectionValue<'metrics'>>,
  percent: number,
  run: RunContext,
): number | null {
  if (!cluster.ok || cluster.value.kind !== 'provisioned-standard' || !metrics.ok) return null;
  const { volumeGiBPerBroker, brokerCount } = cluster.value;
  const used = [...brokerSeries(metrics.value, METRICS.diskUsed, run, { masked: false, dropLast: 0 }).values()].flatMap(
    ({ latest }) => latest?.value ?? [],
  );
  if (volumeGiBPerBroker === null || used.length === 0) return null;
  return ((percent - Math.max(...used)) / 100) * volumeGiBPerBroker * GIB * brokerCount;
}

/** The same outside MSK, by what the brokers tell of their directories; null where one of them does not. */
export function roomOfDirs(logDirs: Collected<SectionValue<'kafkaLogDirs'>>, percent: number): number | null {
  const dirs = logDirs.ok ? logDirs.value.flatMap((broker) => broker.dirs) : [];
  let total = 0;
  let fullest = 0;
  for (const { totalBytes, usableBytes } of dirs) {
    if (totalBytes === null || usableBytes === null || totalBytes === 0) return null;
    total += totalBytes;
    fullest = Math.max(fullest, 100 * (1 - usableBytes / totalBytes));
  }
  return total === 0 ? null : ((percent - fullest) / 100) * total;
}

/** The price key of stored data, and how many copies of a record are billed. */
export function storagePrice(run: RunContext, replicas: number): { key: string; copies: number } | null {
  switch (run.clusterKind) {
    case 'provisioned-standard':
      return { key: 'storage/gp2', copies: replicas };
    case 'provisioned-express':
      return { key: 'express/storage', copies: 1 };
    case 'serverless':
      return { key: 'serverless/storage', copies: 1 };
    default:
      return null;
  }
}
