// One fetcher thread copies from one leader at a time. Provisioned storage throughput is paid for and stays unused while the followers cannot
// fetch as fast: https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html.
import { seriesQuantile, type TrustedSeries } from '../../analysis/series.ts';
import { recommendedThreads } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import { bothOf } from '../shared/both-of.ts';
import { numberOf, readSettings, settingsTable } from '../shared/broker-settings.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { setThreads } from '../shared/overrides.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { brokers, missingBecause } from '../shared/wording.ts';

const KEY = 'num.replica.fetchers';
const TAIL = 0.95;
/** The parts of a produce request that are not the wait for followers. */
const OWN_PARTS = [
  METRICS.produceRequestQueueTimeMean,
  METRICS.produceLocalTimeMean,
  METRICS.produceResponseQueueTimeMean,
  METRICS.produceResponseSendTimeMean,
];

type Metrics = SectionValue<'metrics'>;
type Thresholds = CheckThresholds['replica-fetchers-low'];

export default defineCheck({
  id: 'replica-fetchers-low',
  area: 'broker-config',
  title: { pass: 'Followers fetch with enough threads', fail: 'Too few threads for replication' },
  why: 'Writes with acks=all wait for followers that could fetch faster, and provisioned throughput is paid for in vain.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_num.replica.fetchers',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'AWS fixes the replication of Express brokers.',
    serverless: 'MSK Serverless has no broker settings.',
    kafka: 'How long brokers outside MSK wait for followers is not visible through the Kafka protocol.',
  },
  needs: ['cluster'],
  mayUse: ['configuration', 'kafkaBrokerConfigs', 'metrics', 'nodes', 'kafkaBrokers'],
  toleratesPartial: ['configuration', 'nodes', 'kafkaBrokers'],
  evaluate({ cluster, metrics, nodes, kafkaBrokers, ...sections }, thresholds, run) {
    if (cluster.kind !== 'provisioned-standard') return { kind: 'not-applicable', because: 'Only Standard brokers.' };
    const inputs = { ...sections, cluster: { ok: true, value: cluster, asOfMs: run.takenAtMs } as const };
    const { found, gap } = readSettings([KEY], inputs);
    const fetchers = numberOf(found.get(KEY));
    if (fetchers === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const wanted = recommendedThreads(cluster.instanceType)?.replicaFetchers ?? null;
    const pst = cluster.provisionedThroughputMiBPerSec;
    const waits = metrics.ok ? waitsOf(metrics.value, run) : new Map<string, Wait>();
    const slow = [...waits].filter(([, wait]) => isSlow(wait, fetchers, thresholds));
    const unsure = [...waits].filter(([, wait]) => waitsLong(wait, thresholds) && isPartlyKnown(wait));
    const confidence = found.get(KEY)!.confidence;
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const isShort = pst !== null && wanted !== null && fetchers < wanted;
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const target = wanted ?? 2 * fetchers;
    const findings: FindingDraft[] = isShort
      ? [
          {
            scope: 'cluster',
            resource: run.clusterName,
            severity,
            measured: fetchers,
            limit: wanted,
            unit: 'count',
            note: `${pst} MiB/s of storage throughput are provisioned for each broker (${cluster.instanceType})`,
            confidence,
          },
        ]
      : slow
          .filter(() => wanted === null || fetchers < wanted)
          .map(([id, { remoteMs, share }]) => ({
            scope: 'broker',
            resource: id,
            severity,
            measured: share * 100,
            limit: thresholds.minRemoteSharePercent,
            unit: 'percent',
            note: `share of a produce request that waits for followers: ${formatQuantity(remoteMs, 'durationMs')} on the mean`,
            confidence: Math.min(confidence, 0.6),
          }));
    return conclude({
      findings,
      worse: isShort ? 'lower' : 'higher',
      gap: firstGap(
        gap,
        pst !== null && wanted === null ? `no number of fetchers is published for ${cluster.instanceType}` : null,
        unsure.length > 0 ? `why writes on ${brokers(unsure.map(([id]) => id))} wait for followers is not known` : null,
        metrics.ok
          ? coverageGap(
              new Map([...waits].map(([id, { series }]) => [id, series])),
              expected,
              'the parts of ProduceTotalTimeMsMean',
              thresholds.minCoveragePercent,
            )
          : missingBecause('CloudWatch', metrics),
      ),
      evidence: [
        settingsTable('Replica fetchers', [...found.values()]),
        ...(metrics.ok && waits.size > 0 ? [table(metrics.value, waits, run)] : []),
      ],
      pass: `${KEY} is ${fetchers}${pst === null ? ', and no storage throughput is provisioned' : ` with ${pst} MiB/s provisioned`}; writes do not wait for followers.`,
      fail: (worst) =>
        isShort
          ? `${KEY} is ${fetchers}, where AWS gives ${wanted} for ${cluster.instanceType} with provisioned storage throughput.`
          : `Writes on broker ${worst.resource} spend ${formatQuantity(worst.measured, 'percent')} of their time waiting for followers, with ${fetchers} fetchers.`,
      recommend: () => ({
        action: `Raise ${KEY} to ${target}`,
        confirmFirst: `Rule out a follower that is slow by itself (its volume, its CPU) and replicas that catch up after a restart. ${CONFIRM_CONFIG}`,
        commands: [
          ...setThreads('Raise it', KEY, target, found.get(KEY), sections.kafkaBrokerConfigs),
          ...applyConfiguration([`${KEY}=${target}`], sections.configuration, run),
        ],
        risk: `Every fetcher costs CPU on both sides. ${RESTART_RISK}`,
        expectedEffect: 'Followers keep up at the pace of the volume, and writes with acks=all return sooner.',
        verifyAfter: 'ReplicationBytesInPerSec rises at peaks, and produce times without queue and local time fall.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

interface Wait {
  series: TrustedSeries;
  /** Medians of the window. */
  totalMs: number;
  remoteMs: number;
  share: number;
  followerQueueMs: number | null;
  /** 95th percentile of what it fetches from other leaders. */
  replicationBytesPerSec: number | null;
  cpuPercent: number | null;
}

/** Brokers of which all parts are known. */
function waitsOf(metrics: Metrics, run: RunContext): Map<string, Wait> {
  const median = (definition: typeof METRICS.produceTotalTimeMean) =>
    quantileOf(brokerSeries(metrics, definition, run), 0.5);
  const parts = OWN_PARTS.map(median);
  const replication = quantileOf(brokerSeries(metrics, METRICS.replicationBytesIn, run), TAIL);
  const queue = median(METRICS.fetchFollowerRequestQueueTimeMean);
  const cpu = quantileOf(
    bothOf(brokerSeries(metrics, METRICS.cpuUser, run), brokerSeries(metrics, METRICS.cpuSystem, run)),
    TAIL,
  );
  return new Map(
    [...brokerSeries(metrics, METRICS.produceTotalTimeMean, run)].flatMap(([id, series]): [string, Wait][] => {
      const totalMs = seriesQuantile(series, 0.5);
      const own = parts.map((part) => part(id));
      if (totalMs === null || own.includes(null)) return [];
      const remoteMs = Math.max(0, totalMs - own.reduce<number>((sum, ms) => sum + ms!, 0));
      return [
        [
          id,
          {
            series,
            totalMs,
            remoteMs,
            share: totalMs > 0 ? remoteMs / totalMs : 0,
            followerQueueMs: queue(id),
            replicationBytesPerSec: replication(id),
            cpuPercent: cpu(id),
          },
        ],
      ];
    }),
  );
}

function waitsLong({ remoteMs, share }: Wait, thresholds: Thresholds): boolean {
  return share * 100 > thresholds.minRemoteSharePercent && remoteMs > thresholds.minRemoteMs;
}

function isPartlyKnown({ followerQueueMs, replicationBytesPerSec, cpuPercent }: Wait): boolean {
  return followerQueueMs === null || replicationBytesPerSec === null || cpuPercent === null;
}

/** The wait for followers dominates, each fetcher has much to fetch, and neither a queue nor the CPU explains it. */
function isSlow(wait: Wait, fetchers: number, thresholds: Thresholds): boolean {
  const { followerQueueMs, replicationBytesPerSec, cpuPercent } = wait;
  return (
    waitsLong(wait, thresholds) &&
    replicationBytesPerSec !== null &&
    replicationBytesPerSec >= thresholds.minBytesPerSecPerFetcher * fetchers &&
    followerQueueMs !== null &&
    followerQueueMs <= thresholds.maxFollowerQueueMs &&
    cpuPercent !== null &&
    cpuPercent < thresholds.maxCpuPercent
  );
}

function table(metrics: Metrics, waits: ReadonlyMap<string, Wait>, run: RunContext) {
  return brokerTable(
    'Produce requests by broker, medians',
    waits.keys(),
    [
      ['total', 'Mean time', 'durationMs', (id) => waits.get(id)?.totalMs ?? null],
      ['remote', 'Waiting for followers', 'durationMs', (id) => waits.get(id)?.remoteMs ?? null],
      ['queue', 'Follower fetch in the queue', 'durationMs', (id) => waits.get(id)?.followerQueueMs ?? null],
      ['cpu', 'CPU, 95th percentile', 'percent', (id) => waits.get(id)?.cpuPercent ?? null],
      [
        'replicationIn',
        'Replication in',
        'bytesPerSec',
        quantileOf(brokerSeries(metrics, METRICS.replicationBytesIn, run), 0.5),
      ],
    ],
    {
      source: seriesSource(
        METRICS.produceTotalTimeMean,
        [...waits.values()].map(({ series }) => series),
        run,
      ),
    },
  );
}
