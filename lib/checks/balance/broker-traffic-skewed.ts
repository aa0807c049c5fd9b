// Bytes and CPU of each broker against the mean of all. The hottest broker sets what the cluster can carry; zones are held against each
// other as well, because one that is lost takes its share with it.
import { seriesQuantile, sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import { skewMeasures } from '../../analysis/skew.ts';
import { overMean } from '../../analysis/skew-over-time.ts';
import { mean } from '../../analysis/statistics.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { throughputUse } from '../../analysis/throughput-limits.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { type Command, optionArgs } from '../../text/command.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { bothOf } from '../shared/both-of.ts';
import { awsKafka, kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import {
  busiestPartitions,
  busiestTable,
  LOAD_SECTIONS,
  loadSource,
  type PartitionRow,
  readLoads,
} from '../shared/loads.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { severityFor, stepFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';
import { zonesByBroker } from '../shared/zones.ts';

const TAIL = 0.95;
const ratio = (value: number) => formatQuantity(value, 'ratio');

type Thresholds = CheckThresholds['broker-traffic-skewed'];
type ByKey = ReadonlyMap<string, TrustedSeries>;

export default defineCheck({
  id: 'broker-traffic-skewed',
  area: 'balance',
  title: { pass: 'Load spread evenly over the brokers', fail: 'Load unevenly spread over the brokers' },
  why: 'The hottest broker is full first: what the others have left cannot be used.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://github.com/linkedin/cruise-control/wiki/Overview',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'AWS places the partitions of MSK Serverless.',
    kafka: 'Bytes and CPU of brokers outside MSK are not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'kafkaGroups', ...LOAD_SECTIONS],
  // They name causes; the verdict rests on CloudWatch alone.
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'kafkaGroups', ...LOAD_SECTIONS],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, kafkaGroups, ...inputs }, thresholds, run) {
    const ins = brokerSeries(metrics, METRICS.bytesIn, run);
    const outs = brokerSeries(metrics, METRICS.bytesOut, run);
    const traffic = bothOf(ins, outs);
    const cpu = bothOf(brokerSeries(metrics, METRICS.cpuUser, run), brokerSeries(metrics, METRICS.cpuSystem, run));
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const gap = firstGap(
      coverageGap(traffic, expected, 'BytesInPerSec + BytesOutPerSec', thresholds.minCoveragePercent),
      coverageGap(cpu, expected, 'CpuUser + CpuSystem', thresholds.minCoveragePercent),
    );
    // While one broker is silent the others carry its partitions by necessity: that is no skew.
    if (gap !== null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    if (traffic.size < 2) return { kind: 'not-applicable', because: 'The cluster has one broker.' };
    const busy = mean([...traffic.values()].map((series) => seriesQuantile(series, TAIL) ?? 0))!;
    if (busy < thresholds.minBytesPerSecPerBroker) {
      const [now, floor] = [busy, thresholds.minBytesPerSecPerBroker].map((value) =>
        formatQuantity(value, 'bytesPerSec'),
      );
      return { kind: 'not-applicable', because: `Brokers carry ${now} on the mean (judged from ${floor}).` };
    }

    const zones = zonesByBroker(nodes, kafkaBrokers);
    const uses = cluster.ok
      ? throughputUse(metrics, cluster.value, { rf: copies(cluster.value), masked: run.maintenance })
      : null;
    const breached = (id: string) =>
      (quantileOf(cpu, TAIL)(id) ?? 0) > thresholds.breachCpuPercent ||
      (uses ?? []).some(({ brokerId, share }) => brokerId === id && share * 100 > thresholds.breachThroughputPercent);
    const hot = worstOfBoth(
      skewed(traffic, thresholds.maxOverMean, thresholds),
      skewed(cpu, thresholds.maxOverMean, thresholds, thresholds.minCpuPercent),
    );
    const findings = [
      ...hot.map(
        ({ key, over, what }): FindingDraft => ({
          scope: 'broker',
          resource: key,
          severity: breached(key) ? stepFor(run, 'high') : severityFor(run, ['medium', 'low', 'info']),
          measured: over,
          limit: thresholds.maxOverMean,
          unit: 'ratio',
          note: `${what}, 95th percentile over the mean of the brokers${breached(key) ? '; this broker is near its own limit' : ''}`,
          confidence: 1,
        }),
      ),
      ...zoneFindings(traffic, zones, thresholds, run),
    ];
    const measures = skewMeasures([...traffic.values()].map((series) => seriesQuantile(series, TAIL) ?? 0))!;
    const loads = readLoads(inputs, run);
    const hottest = hot[0]?.key ?? null;
    const top = hottest === null || loads.gap !== null ? [] : busiestPartitions(loads.topics, Number(hottest));
    return conclude({
      findings,
      gap: null,
      evidence: [
        brokerTable(
          'Load by broker, 95th percentile',
          [...traffic.keys()],
          [
            ['in', 'In', 'bytesPerSec', quantileOf(ins, TAIL)],
            ['out', 'Out', 'bytesPerSec', quantileOf(outs, TAIL)],
            ['cpu', 'CPU', 'percent', quantileOf(cpu, TAIL)],
          ],
          {
            source: seriesSource(
              { ...METRICS.bytesIn, name: 'BytesInPerSec, BytesOutPerSec, CpuUser, CpuSystem' },
              [...traffic.values()],
              run,
            ),
          },
        ),
        ...(top.length === 0 ? [] : [busiestTable(top, hottest!, loadSource(inputs))]),
      ],
      pass: `The busiest broker carries ${ratio(measures.maxOverMean)} times the mean (limit ${ratio(thresholds.maxOverMean)}).`,
      fail: (worst) =>
        `${worst.scope === 'broker' ? 'Broker' : 'Zone'} ${worst.resource} carries ${ratio(worst.measured!)} times the mean (limit ${ratio(worst.limit!)}); ${formatQuantity((1 - 1 / worst.measured!) * 100, 'percent')} of the cluster's capacity cannot be used.`,
      recommend: () => recommend(top, racksOf(kafkaGroups.ok ? kafkaGroups.value : []), expected, run),
    });
  },
});

/** Copies of a record on a cluster of so many zones, as AWS sets it up. */
function copies(cluster: { kind: string; azCount?: number }): number {
  return Math.min(3, cluster.azCount ?? 3);
}

interface Skewed {
  key: string;
  over: number;
  what: string;
}

/** Those whose p95 is above the limit times the mean, and that were above it for long enough. */
function skewed(all: ByKey, limit: number, thresholds: Thresholds, floor: number | null = null): Skewed[] {
  const levels = new Map([...all].map(([key, series]) => [key, seriesQuantile(series, TAIL) ?? 0]));
  const average = mean([...levels.values()]) ?? 0;
  return [...overMean(all)].flatMap(([key, over]) => {
    const level = levels.get(key)!;
    const isHot =
      level > limit * average && level >= (floor ?? 0) && isSustained(over, (value) => value > limit, thresholds);
    return isHot ? [{ key, over: level / average, what: floor === null ? 'bytes in and out' : 'CPU' }] : [];
  });
}

function worstOfBoth(...found: readonly (readonly Skewed[])[]): Skewed[] {
  const byKey = Map.groupBy(found.flat(), ({ key }) => key);
  return [...byKey.values()]
    .map((each) => each.reduce((a, b) => (b.over > a.over ? b : a)))
    .sort((a, b) => b.over - a.over);
}

/** Only where zones have several brokers: with one each, the zone would say again what its broker says. */
function zoneFindings(
  traffic: ByKey,
  zones: ReadonlyMap<string, string>,
  thresholds: Thresholds,
  run: RunContext,
): FindingDraft[] {
  const groups = Map.groupBy(
    [...traffic].filter(([id]) => zones.has(id)),
    ([id]) => zones.get(id)!,
  );
  const known = [...groups.values()].reduce((total, each) => total + each.length, 0);
  if (known < traffic.size || groups.size < 2 || groups.size === traffic.size) return [];
  const totals = new Map([...groups].map(([zone, own]) => [zone, sumByTimestamp(own.map(([, series]) => series))]));
  return skewed(totals, thresholds.maxZoneOverMean, thresholds).map(({ key, over }) => ({
    scope: 'cluster',
    resource: key,
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured: over,
    limit: thresholds.maxZoneOverMean,
    unit: 'ratio',
    note: `bytes of availability zone ${key} over the mean of ${groups.size} zones`,
    confidence: 1,
  }));
}

/** The one zone that all consumers that name theirs are in; null where they are in several or name none. */
function racksOf(groups: readonly { members: readonly { rack: string | null }[] | null }[]): string | null {
  const racks = new Set(groups.flatMap(({ members }) => (members ?? []).flatMap(({ rack }) => rack ?? [])));
  return racks.size === 1 ? [...racks][0]! : null;
}

function recommend(
  top: readonly PartitionRow[],
  oneRack: string | null,
  brokerIds: readonly string[],
  run: RunContext,
): Recommendation {
  const isExpress = run.clusterKind === 'provisioned-express';
  const topics = [...new Set(top.map(({ topic }) => topic))];
  const move = isExpress
    ? 'let intelligent rebalancing move partitions'
    : 'move its busiest leaders to other brokers, at most ten partitions at a time';
  const first =
    oneRack === null ? '' : `spread consumers over the zones (all that name one are in ${listed([oneRack])}), `;
  const show: Command[] = topics.map((topic) =>
    kafkaTool('kafka-topics.sh', {
      purpose: 'Show where the partitions of a busy topic are',
      args: ['--describe', ...optionArgs('--topic', topic)],
    }),
  );
  return {
    action: `First ${first}mend topics with a hot partition; then ${move}`,
    confirmFirst:
      'Rule out a replay, a bulk load or one test client that ran on this day alone, and brokers that came back during the window.',
    commands: [
      ...show,
      ...(isExpress
        ? awsKafka(run, 'describe-cluster-v2', { purpose: 'Show the rebalancing status of the cluster' })
        : [
            kafkaTool('kafka-reassign-partitions.sh', {
              purpose: 'Propose a placement for the topics that topics.json names, without moving anything',
              args: ['--topics-to-move-json-file', 'topics.json', '--broker-list', brokerIds.join(','), '--generate'],
            }),
          ]),
    ],
    risk: 'Moving replicas copies data between brokers; a throttle keeps it from slowing clients.',
    expectedEffect: 'The cluster carries as much more as the hottest broker was above the mean.',
    verifyAfter:
      'BytesInPerSec + BytesOutPerSec and CPU of every broker stay within the limit of their mean for a day.',
    effort: 'migration',
    impact: { kind: 'none' },
  };
}
