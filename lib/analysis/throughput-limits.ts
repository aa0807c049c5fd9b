// How much a broker or a cluster can take in, by what AWS publishes, and how much of it is used.

import type { MaskedInterval } from '../checks/check.ts';
import { brokerSizeOf } from '../facts/broker-sizes.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { SERVERLESS_QUOTAS } from '../facts/msk-quotas.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { scaled } from './scales.ts';
import { findSeries, perMinute, seriesQuantile, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import { storageLimit } from './storage-limits.ts';

export const MIB = 1024 ** 2;
const MB = 1_000_000;

/** Limits of one broker in MiB/s. */
export interface BrokerLimits {
  /** Of the volume. */
  storageMiBPerSec: number;
  /** Between instance and volume. */
  ebsMiBPerSec: number;
  networkMiBPerSec: number;
}

export const TERM_NAMES = ['storage', 'ebs-network', 'ec2-network'] as const;
export type Bottleneck = (typeof TERM_NAMES)[number];

/**
 * What a cluster can take in for ever, in MiB/s, by Equation 1 of AWS's "Best practices for right-sizing your Apache Kafka clusters"
 * (https://aws.amazon.com/blogs/big-data/, 2022-03-17): every byte is written `rf` times and sent to `fanOut` readers and `rf` - 1
 * followers. AWS advises to stay at 80 % of it.
 * @param fanOut groups that read everything from the log's end, or bytes out over bytes in where measured
 */
export function equation1({
  brokers,
  rf,
  fanOut,
  ...limits
}: BrokerLimits & { brokers: number; rf: number; fanOut: number }): {
  terms: [number, number, number];
  limit: number;
  bottleneck: Bottleneck;
} {
  const terms: [number, number, number] = [
    (limits.storageMiBPerSec * brokers) / rf,
    (limits.ebsMiBPerSec * brokers) / rf,
    // A cluster of one copy that nobody reads sends nothing.
    fanOut + rf > 1 ? (limits.networkMiBPerSec * brokers) / (fanOut + rf - 1) : Number.POSITIVE_INFINITY,
  ];
  const limit = Math.min(...terms);
  return { terms, limit, bottleneck: TERM_NAMES[terms.indexOf(limit)]! };
}

/** Shares of a cluster's limit that stays when one of its zones is lost. */
export function limitOneAzDown(limit: number, azs: number): number {
  return (limit * (azs - 1)) / azs;
}

/**
 * AWS's MSK sizing workbook: what one Standard broker takes in, in MiB/s, with room for lagging readers, rebalancing and one lost zone;
 * before the workbook's own utilisation of 0.5. Constants: scripts/msk_sizing.py of AWS's skill managing-amazon-msk, 2026-08-20.
 */
export function workbookIngress(broker: {
  ebsMiBPerSec: number;
  networkMiBPerSec: number;
  fanOut: number;
  azs: number;
  isTiered?: boolean;
}): number {
  const tiered = broker.isTiered === true ? 1.5 : 0;
  const storageFactor = 6.5 + tiered;
  const networkFactor = broker.fanOut * (broker.azs / (broker.azs - 1)) + 5.7 + tiered;
  return Math.min(broker.ebsMiBPerSec / storageFactor, broker.networkMiBPerSec / networkFactor);
}

/** What the workbook uses of a Standard broker. */
export const WORKBOOK_UTILISATION = 0.5;

/** Shares of Express quotas that a broker's peaks use; all in MB/s, as AWS prints the quotas. */
export function expressUse(
  peak: { inMBPerSec: number; outMBPerSec: number },
  sustained: { inMBPerSec: number; outMBPerSec: number },
  max: { inMBPerSec: number; outMBPerSec: number },
): { inOfSustained: number; outOfSustained: number; inOfMax: number; outOfMax: number } {
  return {
    inOfSustained: peak.inMBPerSec / sustained.inMBPerSec,
    outOfSustained: peak.outMBPerSec / sustained.outMBPerSec,
    inOfMax: peak.inMBPerSec / max.inMBPerSec,
    outOfMax: peak.outMBPerSec / max.outMBPerSec,
  };
}

export interface ThroughputUse {
  /** Null: of the whole cluster (Serverless). */
  brokerId: string | null;
  dimension: 'volume' | 'ebs-network' | 'ec2-network' | 'quota-in' | 'quota-out';
  /** p99 of the window. */
  bytesPerSec: number;
  limitBytesPerSec: number;
  share: number;
  /** 0..1 of the datapoints; 0 where none of late is there: what was low until then may not be now. */
  coverage: number;
  /** How long CloudWatch has told nothing, where it is no longer only late; else 0. */
  silentSec: number;
}

/**
 * Use of each broker's sustainable throughput, the highest share first: Standard by the terms of Equation 1, Express by the sustained
 * quota, Serverless by the cluster's. Null when the limits of this size, or the volume, are not known; empty without series.
 * @param rf of the topics that carry the traffic
 */
export function throughputUse(
  metrics: SectionValue<'metrics'>,
  cluster: Cluster,
  { rf, masked = [] }: { rf: number; masked?: readonly MaskedInterval[] },
): ThroughputUse[] | null {
  const read = (definition: typeof METRICS.bytesIn) =>
    findSeries(metrics, definition).map((series) => trustedPoints(series, { masked }));
  const uses = cluster.kind === 'serverless' ? serverlessUse(read) : brokersUse(read, cluster, rf);
  return uses?.sort((a, b) => b.share - a.share) ?? null;
}

type Read = (definition: typeof METRICS.bytesIn) => TrustedSeries[];

function serverlessUse(read: Read): ThroughputUse[] {
  return (['in', 'out'] as const).flatMap((way) => {
    const topics = read(way === 'in' ? METRICS.serverlessBytesIn : METRICS.serverlessBytesOut).map(perMinute);
    const limit = way === 'in' ? SERVERLESS_QUOTAS.inMBPerSec : SERVERLESS_QUOTAS.outMBPerSec;
    // A topic without traffic has no points, which is no gap of the sum.
    return useOf(null, `quota-${way}`, sumByTimestamp(topics, { silentAfterSec: 0 }), limit * MB);
  });
}

function brokersUse(read: Read, cluster: Exclude<Cluster, { kind: 'serverless' }>, rf: number): ThroughputUse[] | null {
  const size = brokerSizeOf(cluster.instanceType);
  const outs = new Map(read(METRICS.bytesOut).map((series) => [series.dimensions['Broker ID'], series]));
  const each = (uses: (brokerId: string, bytesIn: TrustedSeries, bytesOut: TrustedSeries | null) => ThroughputUse[]) =>
    read(METRICS.bytesIn).flatMap((bytesIn) => {
      const brokerId = bytesIn.dimensions['Broker ID'] ?? '';
      return uses(brokerId, bytesIn, outs.get(brokerId) ?? null);
    });
  if (size === null) return null;
  if (size.quota !== null) {
    const { inMBPerSec, outMBPerSec } = size.quota.sustained;
    return each((brokerId, bytesIn, bytesOut) => [
      ...useOf(brokerId, 'quota-in', bytesIn, inMBPerSec * MB),
      ...(bytesOut === null ? [] : useOf(brokerId, 'quota-out', bytesOut, outMBPerSec * MB)),
    ]);
  }
  const { ebsMiBPerSec, networkMiBPerSec } = size;
  const volume = cluster.kind === 'provisioned-standard' ? storageLimit(cluster) : null;
  if (volume === null || ebsMiBPerSec === null || networkMiBPerSec === null) return null;
  return each((brokerId, bytesIn, bytesOut) => [
    ...useOf(
      brokerId,
      volume.by === 'instance' ? 'ebs-network' : 'volume',
      scaled(bytesIn, rf),
      volume.miBPerSec * MIB,
    ),
    ...(bytesOut === null
      ? []
      : useOf(brokerId, 'ec2-network', sumByTimestamp([bytesOut, scaled(bytesIn, rf - 1)]), networkMiBPerSec * MIB)),
  ]);
}

function useOf(
  brokerId: string | null,
  dimension: ThroughputUse['dimension'],
  series: TrustedSeries,
  limitBytesPerSec: number,
): ThroughputUse[] {
  const bytesPerSec = seriesQuantile(series, 0.99);
  if (bytesPerSec === null) return [];
  return [
    {
      brokerId,
      dimension,
      bytesPerSec,
      limitBytesPerSec,
      share: bytesPerSec / limitBytesPerSec,
      coverage: series.endsEarly ? 0 : series.coverage,
      silentSec: series.endsEarly ? series.silentSec : 0,
    },
  ];
}
