// The busiest five minutes of each broker against what its size sustains (K09): Equation 1 of AWS's right-sizing advice on Standard brokers,
// the published quota on Express and Serverless.
import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { findHourly, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { growthOf } from '../../analysis/throughput.ts';
import { type ThroughputUse, throughputUse } from '../../analysis/throughput-limits.ts';
import { isRising } from '../../analysis/trend.ts';
import { usualReplication } from '../../analysis/usual-replication.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Impact, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { PASSING_LOAD, QUOTAS_PAGE } from '../shared/load-words.ts';
import { compareLoads } from '../shared/metric-command.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { brokerSeries, expectedBrokers, metricGap, trafficGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { CHEAPER_FIRST, sizeUp } from '../shared/size-up.ts';
import { windowHours } from '../shared/wording.ts';

const NAMES: Readonly<Record<ThroughputUse['dimension'], string>> = {
  volume: 'writes to the volume',
  'ebs-network': 'the way from instance to volume',
  'ec2-network': 'the network of the instance',
  'quota-in': 'the quota on bytes in',
  'quota-out': 'the quota on bytes out',
};
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'throughput-near-limit',
  area: 'performance',
  title: { pass: 'Throughput has room', fail: 'Throughput near its limit' },
  why: 'At the limit brokers queue or throttle, lag cannot be caught up, and the load of a lost zone has nowhere to go.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html', QUOTAS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'What brokers outside MSK sustain is not known.' },
  needs: ['metrics', 'cluster'],
  mayUse: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs', 'prices'],
  evaluate({ metrics, cluster, ...more }, thresholds, run) {
    const { limitPercent, minCoveragePercent } = thresholds;
    const described = { ok: true as const, value: cluster, asOfMs: run.takenAtMs };
    const replication = usualReplication(more.kafkaTopics, { ...more, cluster: described });
    const isServerless = cluster.kind === 'serverless';
    if (replication === null && !isServerless)
      return { kind: 'no-data', because: 'Not measured: the replication factor of the topics is not known.' };
    const uses = throughputUse(metrics, cluster, { rf: replication?.rf ?? 1 });
    if (uses === null)
      return { kind: 'no-data', because: 'Not measured: what brokers of this size and volume sustain is not known.' };
    const gap = isServerless
      ? trafficGap(uses, minCoveragePercent)
      : firstGap(
          replication?.isAssumed === true ? 'the replication factor of the topics was not read' : null,
          ...[METRICS.bytesIn, METRICS.bytesOut].map((definition) =>
            metricGap(
              metrics,
              definition,
              brokerSeries(metrics, definition, run, { masked: false }),
              expectedBrokers(more.nodes, more.kafkaBrokers),
              minCoveragePercent,
            ),
          ),
        );
    const worstOfEach = [...Map.groupBy(uses, ({ brokerId }) => brokerId).values()].map(([first]) => first!);
    const [worst] = worstOfEach;
    const zones = cluster.kind === 'serverless' ? 1 : cluster.azCount;
    const findings = worstOfEach
      .filter(({ share }) => 100 * share >= limitPercent)
      .map(
        ({ brokerId, dimension, share }): FindingDraft => ({
          scope: brokerId === null ? 'cluster' : 'broker',
          resource: brokerId ?? run.clusterName,
          severity: severityFor(run, ['high', 'medium', 'low']),
          measured: 100 * share,
          limit: limitPercent,
          unit: 'percent',
          note: [`bound by ${NAMES[dimension]}`, ...untilFull(metrics, brokerId, share)].join('; '),
          confidence: 1,
        }),
      );
    return conclude({
      findings,
      gap,
      evidence: [
        {
          title: 'Busiest five minutes against the limit',
          columns: [
            { key: 'broker', label: 'Broker', as: 'name' },
            { key: 'dimension', label: 'Limit of', as: 'name' },
            { key: 'p99', label: 'p99', as: 'bytesPerSec' },
            { key: 'limit', label: 'Limit', as: 'bytesPerSec' },
            { key: 'share', label: 'Share', as: 'percent' },
            { key: 'zoneLost', label: 'With one zone lost', as: 'percent' },
          ],
          rows: uses.map(({ brokerId, dimension, bytesPerSec, limitBytesPerSec, share }) => ({
            broker: brokerId ?? 'all',
            dimension: NAMES[dimension],
            p99: bytesPerSec,
            limit: limitBytesPerSec,
            share: 100 * share,
            zoneLost: zones < 2 ? null : (100 * share * zones) / (zones - 1),
          })),
          source: `CloudWatch BytesInPerSec and BytesOutPerSec, last ${windowHours(run)} h${replication === null ? '' : `; replication factor ${replication.rf}, ${replication.source}`}`,
        },
      ],
      pass:
        worst === undefined
          ? ''
          : `The highest use is ${percent(100 * worst.share)} of ${NAMES[worst.dimension]}${worst.brokerId === null ? '' : ` of broker ${worst.brokerId}`} (limit ${percent(limitPercent)}).`,
      fail: ({ resource, scope, measured }) =>
        `${scope === 'broker' ? `Broker ${resource}` : 'The cluster'} used ${percent(measured!)} of ${NAMES[worst!.dimension]} in its busiest five minutes (limit ${percent(limitPercent)}).`,
      recommend: (_, { length }) => recommend(cluster, worst!, length < worstOfEach.length, more.prices, run),
    });
  },
});

/** When the growth of the last weeks reaches the limit, as a clause; none without a trend. */
function untilFull(metrics: SectionValue<'metrics'>, brokerId: string | null, share: number): string[] {
  if (brokerId === null) return [];
  const hourly: TrustedSeries[] = findHourly(metrics, METRICS.bytesIn, { 'Broker ID': brokerId }).map((series) =>
    trustedPoints(series, { dropLast: 0 }),
  );
  const trend = hourly[0] === undefined ? null : growthOf(hourly[0]);
  if (trend === null || !isRising(trend) || trend.level <= 0 || share >= 1) return [];
  const days = (1 / share - 1) / (trend.slopePerDay / trend.level);
  return [`full in about ${formatQuantity(days, 'days')} at the growth of the last weeks`];
}

function recommend(
  cluster: SectionValue<'cluster'>,
  worst: ThroughputUse,
  uneven: boolean,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  const common = { confirmFirst: PASSING_LOAD, effort: 'rollingRestart' as const, cheaperFirst: CHEAPER_FIRST };
  if (cluster.kind === 'serverless')
    return {
      ...common,
      action: 'Compress at the producers, spread clients over more clusters, or move to provisioned brokers',
      commands: [],
      risk: 'Moving to another cluster is a migration of every client.',
      expectedEffect:
        'MSK Serverless throttles above its quota, which cannot be raised; below it clients are not held back.',
      verifyAfter: 'The sum of BytesInPerSec and BytesOutPerSec stays below the limit over a full day.',
      effort: 'migration',
      impact: { kind: 'unknown', because: 'it depends on which of the steps is taken' },
    };
  const wanted = cluster.brokerCount + cluster.azCount;
  const steps = [
    'Compress at the producers',
    ...(uneven ? ['spread leaders and traffic evenly'] : []),
    ...(worst.dimension === 'ec2-network' || worst.dimension === 'quota-out'
      ? ['let readers fetch from their own zone']
      : []),
    ...(worst.dimension === 'volume' ? ['provision storage throughput'] : []),
  ];
  const larger = sizeUp({ ok: true, value: cluster, asOfMs: run.takenAtMs });
  return {
    ...common,
    action: `${steps.join(', ')}; only then go from ${cluster.instanceType} to ${larger?.to ?? 'a larger size'}, or add ${cluster.azCount} brokers`,
    commands: [
      ...compareLoads(run, worst.dimension === 'quota-out' ? METRICS.bytesOut : METRICS.bytesIn),
      ...awsKafka(run, 'update-broker-count', {
        purpose: `Go from ${cluster.brokerCount} to ${wanted} brokers, a multiple of the zones`,
        effect: 'change',
        args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-number-of-broker-nodes', String(wanted)],
      }),
    ],
    risk:
      cluster.kind === 'provisioned-express'
        ? 'Until partitions are spread over the new brokers the old ones carry the load; intelligent rebalancing does that where it is on.'
        : 'New Standard brokers stay empty until partitions are reassigned to them, and the reassignment itself is load.',
    expectedEffect: `With ${wanted} evenly loaded brokers the highest use falls from ${percent(100 * worst.share)} to about ${percent((100 * worst.share * cluster.brokerCount) / wanted)}.`,
    verifyAfter: 'The busiest five minutes of every broker stay below the limit over a full day.',
    impact: brokersCost(cluster, prices),
  };
}

function brokersCost(
  cluster: Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>,
  prices: Collected<SectionValue<'prices'>>,
): Impact {
  const price = priceOf(prices, `broker/${cluster.instanceType}`);
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost(
    `${cluster.azCount} more ${cluster.instanceType}, without their storage`,
    cluster.azCount * HOURS_PER_MONTH,
    'broker-hours',
    price.usd,
  );
}
