// What passes to and from each volume against what the volume, its provisioned throughput and the instance allow (K30).
import { heldLevel } from '../../analysis/held-level.ts';
import { mapped } from '../../analysis/scales.ts';
import { sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import {
  gp2LimitMiBPerSec,
  measuredMiBPerSec,
  type StorageUse,
  storageLimit,
  storageUse,
  writeDemandMiBPerSec,
} from '../../analysis/storage-limits.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { usualReplication } from '../../analysis/usual-replication.ts';
import { brokerSizeOf } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { GP2_FULL_GIB, LEAST_PROVISIONED_MIB_PER_SEC } from '../../facts/msk-quotas.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Impact, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { EXPAND_RISK, type Expansion, expandCommands, expandImpact } from '../shared/expand-storage.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { brokerSeries, coverageGap, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { brokers } from '../shared/wording.ts';

const PROXY = 0.6;
const percent = (value: number) => formatQuantity(value, 'percent');
type Standard = Extract<SectionValue<'cluster'>, { kind: 'provisioned-standard' }>;

const WAITS = 'of the CPU time waits for the disk';

export default defineCheck({
  id: 'ebs-throughput-near-limit',
  area: 'capacity',
  title: { pass: 'Volumes have throughput to spare', fail: 'Volumes near their throughput' },
  why: 'At its limit a volume queues: producers with acks=all wait, followers leave the ISR, and late readers make it worse.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html',
    BEST_PRACTICES,
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    ...NOT_SEEN_ELSEWHERE,
    'provisioned-express': 'Express brokers have no volumes of their own to fill.',
  },
  needs: ['metrics', 'cluster'],
  mayUse: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  evaluate({ metrics, cluster, nodes, kafkaBrokers, prices, ...more }, thresholds, run) {
    if (cluster.kind !== 'provisioned-standard')
      return { kind: 'not-applicable', because: 'Only Standard brokers have volumes.' };
    const { limitPercent, minMinutes, maxIoWaitPercent, minCoveragePercent } = thresholds;
    const of = (definition: typeof METRICS.volumeReadBytes) =>
      brokerSeries(metrics, definition, run, { masked: false });
    const described = { ok: true as const, value: cluster, asOfMs: run.takenAtMs };
    const replication = usualReplication(more.kafkaTopics, { ...more, cluster: described });
    const limit = storageLimit(cluster);
    const uses = storageUse(metrics, cluster, { rf: replication?.rf ?? 1 }) ?? [];
    const [reads, writes, ioWait, queue] = [
      of(METRICS.volumeReadBytes),
      of(METRICS.volumeWriteBytes),
      of(METRICS.cpuIoWait),
      of(METRICS.volumeQueueLength),
    ];
    const queueOf = quantileOf(queue, 0.95);
    const moved = (id: string) => {
      const parts = [reads.get(id), writes.get(id)].filter((series) => series !== undefined);
      return parts.length < 2 ? null : sumByTimestamp(parts);
    };
    const bytesIn = of(METRICS.bytesIn);
    /** Percent that was held for the minutes that count; null where the datapoints do not last for so long. */
    const heldPercent = (id: string) => {
      const isMeasured = uses.find(({ brokerId }) => brokerId === id)?.basis === 'measured';
      const series = isMeasured ? moved(id) : bytesIn.get(id);
      if (series === null || series === undefined || limit === null) return null;
      const rateOf = isMeasured
        ? (bytes: number) => measuredMiBPerSec({ read: 0, write: bytes }, series.periodSec)
        : (bytesPerSec: number) => writeDemandMiBPerSec(bytesPerSec / MIB, replication?.rf ?? 1);
      return heldLevel(
        mapped(series, (value) => (100 * rateOf(value)) / limit.miBPerSec),
        minMinutes,
      );
    };
    const isAt = (use: StorageUse | undefined) => use !== undefined && 100 * use.share >= limitPercent;
    const severity = severityFor(run, ['high', 'medium', 'low']);
    const findings = [...new Set([...uses.map(({ brokerId }) => brokerId), ...ioWait.keys()])].flatMap(
      (id): FindingDraft[] => {
        const use = uses.find(({ brokerId }) => brokerId === id);
        const common = { scope: 'broker', resource: id, severity, unit: 'percent' } as const;
        const waiting = queueOf(id);
        const queued = waiting === null ? '' : `; ${formatQuantity(waiting, 'count')} operations wait`;
        const isNear = isAt(use) && (heldPercent(id) ?? 0) >= limitPercent;
        if (isNear && use?.basis === 'measured')
          return [
            {
              ...common,
              measured: 100 * use.share,
              limit: limitPercent,
              note: `of ${mibs(limit!.miBPerSec)}${queued}`,
              confidence: 1,
            },
          ];
        // Where the volumes publish nothing, what producers ask for and CPU that waits for the disk stand in.
        if (isNear && use?.basis === 'demand' && replication !== null)
          return [
            {
              ...common,
              measured: 100 * use.share,
              limit: limitPercent,
              note: `of ${mibs(limit!.miBPerSec)}, reckoned from bytes in times ${replication.rf} copies`,
              confidence: PROXY,
            },
          ];
        const wait = ioWait.get(id);
        if (use?.basis === 'measured' || wait === undefined) return [];
        if (!isSustained(wait, (value) => value > maxIoWaitPercent, thresholds)) return [];
        return [
          {
            ...common,
            measured: quantileOf(ioWait, 0.95)(id),
            limit: maxIoWaitPercent,
            note: WAITS,
            confidence: PROXY,
          },
        ];
      },
    );
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const isPublished = cluster.enhancedMonitoring !== 'DEFAULT';
    const gapOf = (definition: typeof METRICS.cpuIoWait, all: ReadonlyMap<string, TrustedSeries>) =>
      metricGap(metrics, definition, all, expected, minCoveragePercent);
    const gap = isPublished
      ? (gapOf(METRICS.volumeWriteBytes, writes) ?? gapOf(METRICS.volumeReadBytes, reads))
      : (gapOf(METRICS.cpuIoWait, ioWait) ?? coverageGap(bytesIn, expected, 'BytesInPerSec', minCoveragePercent));
    const [busiest] = uses;
    const broken = uses
      .filter((use) => isAt(use) && heldPercent(use.brokerId) === null)
      .map(({ brokerId }) => brokerId);
    return conclude({
      findings,
      gap:
        gap ??
        (limit === null
          ? 'what volumes of this size and brokers of this type allow is not known'
          : !isPublished && replication === null
            ? 'the replication factor of the topics is not known'
            : broken.length > 0
              ? `datapoints of ${brokers(broken)} break off too often to tell whether the load lasted`
              : null),
      evidence: [
        brokerTable(
          `Throughput of the volumes${limit === null ? '' : ` against ${mibs(limit.miBPerSec)}, set by the ${limit.by}`}`,
          uses.map(({ brokerId }) => brokerId),
          [
            ['p99', 'p99', 'bytesPerSec', (id) => rateOf(uses, id)],
            ['share', 'Of the limit', 'percent', (id) => shareOf(uses, id)],
            ['held', `Held for ${formatQuantity(minMinutes, 'minutes')}`, 'percent', (id) => heldPercent(id)],
            ['read', 'Read in 5 min, p95', 'bytes', quantileOf(reads, 0.95)],
            ['written', 'Written in 5 min, p95', 'bytes', quantileOf(writes, 0.95)],
            ['queue', 'Queue, p95', 'count', queueOf],
            ['ioWait', 'CPU waiting, p95', 'percent', quantileOf(ioWait, 0.95)],
          ],
          {
            source: isPublished
              ? seriesSource(
                  { ...METRICS.volumeWriteBytes, name: 'VolumeReadBytes + VolumeWriteBytes' },
                  [...writes.values()],
                  run,
                )
              : `${seriesSource(METRICS.cpuIoWait, [...ioWait.values()], run)}; writes reckoned from BytesInPerSec`,
            ...(busiest === undefined ? {} : showMetric(run, METRICS.volumeWriteBytes, busiest.brokerId)),
          },
        ),
      ],
      pass:
        busiest === undefined
          ? 'No CPU waits for the disk.'
          : `The busiest volume, of broker ${busiest.brokerId}, moved ${percent(100 * busiest.share)} of what it can (limit ${percent(limitPercent)})${busiest.basis === 'demand' ? ', reckoned from bytes in; no CPU waits for it' : ''}.`,
      fail: ({ resource, measured, limit: at, note }) =>
        `The volume of broker ${resource} is at ${percent(measured!)} ${note} (limit ${percent(at!)}).`,
      recommend: ({ note }, { length }) => ({
        ...recommend(cluster, prices, run),
        // A single broker that waits without moving much: its volume may be sick.
        ...(length === 1 && note === WAITS ? { causedBy: ['broker-slow'] } : {}),
      }),
    });
  },
});

function mibs(miBPerSec: number): string {
  return formatQuantity(miBPerSec * MIB, 'bytesPerSec');
}

function rateOf(uses: readonly StorageUse[], id: string): number | null {
  const use = uses.find(({ brokerId }) => brokerId === id);
  return use === undefined ? null : use.miBPerSec * MIB;
}

function shareOf(uses: readonly StorageUse[], id: string): number | null {
  const use = uses.find(({ brokerId }) => brokerId === id);
  return use === undefined ? null : 100 * use.share;
}

function recommend(cluster: Standard, prices: Collected<SectionValue<'prices'>>, run: RunContext): Recommendation {
  const most = brokerSizeOf(cluster.instanceType)?.maxProvisionedMiBPerSec ?? null;
  const now = cluster.provisionedThroughputMiBPerSec ?? LEAST_PROVISIONED_MIB_PER_SEC;
  const wanted = most === null || most <= now ? null : Math.min(Math.floor(most), now + LEAST_PROVISIONED_MIB_PER_SEC);
  const { volumeGiBPerBroker: volumeGiB } = cluster;
  const size = volumeToGrow(cluster);
  const last =
    wanted === null
      ? 'only then take a larger size or add brokers'
      : `${size === null ? '' : 'only '}then provision ${mibs(wanted)} with num.replica.fetchers for it`;
  const grow =
    size === null
      ? ''
      : `grow the volumes to ${size.gib} GiB, which lifts them to ${mibs(gp2LimitMiBPerSec(size.gib))}; `;
  return {
    action: `First compress at the producers, spread leaders evenly and let late readers catch up off peak; ${grow}${last}`,
    confirmFirst: PASSING_LOAD,
    commands: [
      ...compareLoads(run, METRICS.bytesIn),
      ...expandCommands(size, run),
      ...(size !== null || wanted === null || volumeGiB === null
        ? []
        : awsKafka(run, 'update-storage', {
            purpose: `Provision ${wanted} MiB/s for every volume`,
            effect: 'change',
            args: [
              '--current-version',
              { variable: 'CURRENT_VERSION' },
              '--provisioned-throughput',
              `{"Enabled":true,"VolumeThroughput":${wanted}}`,
              '--volume-size-gb',
              String(volumeGiB),
            ],
          })),
    ],
    risk:
      size === null
        ? 'It takes up to 24 hours to be in force, and until then no other change of the storage is possible.'
        : EXPAND_RISK,
    expectedEffect: 'Operations no longer queue at the volume: produce times and replication lag fall.',
    verifyAfter:
      'VolumeReadBytes + VolumeWriteBytes stay below the limit and VolumeQueueLength below 1 over a full day.',
    effort: 'setting',
    impact: size === null ? impactOf(cluster, wanted, prices) : expandImpact(size, prices),
  };
}

/** A gp2 volume that is slower than its broker gets faster by growing; null where it is not the volume, or it is as fast as it gets. */
function volumeToGrow(cluster: Standard): Expansion | null {
  const { volumeGiBPerBroker: nowGiB, brokerCount } = cluster;
  if (storageLimit(cluster)?.by !== 'volume' || nowGiB === null || nowGiB >= GP2_FULL_GIB) return null;
  return { nowGiB, gib: GP2_FULL_GIB, brokerCount };
}

function impactOf(cluster: Standard, wanted: number | null, prices: Collected<SectionValue<'prices'>>): Impact {
  if (wanted === null)
    return { kind: 'unknown', because: `no throughput can be provisioned for ${cluster.instanceType}` };
  const price = priceOf(prices, 'throughput/provisioned');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  const more = wanted - (cluster.provisionedThroughputMiBPerSec ?? 0);
  return addedCost('Provisioned throughput, all of it billed', more * cluster.brokerCount, 'MiB/s-month', price.usd);
}
