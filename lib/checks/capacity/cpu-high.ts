// User plus system CPU of each broker, 95th percentile of five-minute averages. AWS keeps it below 60 %, so that the brokers left after a
// failure, or during the rolling restart of a patch, can carry the load. Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.
import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { longestRun, seriesQuantile, sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import { BROKER_SIZES, brokerSizeOf } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Impact,
  type Recommendation,
  type RunContext,
  type Severity,
} from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { milder, worstFirst } from '../shared/severity.ts';

const TAIL = 0.95;
/** How many steps milder than in production. */
const MILDER_BY = { production: 0, staging: 1, development: 2 } as const;
const percent = (value: number) => formatQuantity(value, 'percent');

type Thresholds = CheckThresholds['cpu-high'];

export default defineCheck({
  id: 'cpu-high',
  area: 'capacity',
  title: { pass: 'Brokers have CPU to spare', fail: 'Brokers short of CPU' },
  why: 'A busy broker answers late, falls behind with replication, and cannot carry the load of a neighbour that restarts.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no brokers to size.',
    kafka: 'CPU of brokers outside MSK is not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, thresholds, run) {
    const user = brokerSeries(metrics, METRICS.cpuUser, run, { masked: false });
    const system = brokerSeries(metrics, METRICS.cpuSystem, run, { masked: false });
    const all = new Map(
      [...user].flatMap(([id, series]) => (system.has(id) ? [[id, sumByTimestamp([series, system.get(id)!])]] : [])),
    );
    const rows = [...all].flatMap(([brokerId, series]) => {
      const p95 = seriesQuantile(series, TAIL);
      return p95 === null ? [] : [{ brokerId, series, p95, highest: series.highest ?? p95 }];
    });
    const gap = coverageGap(
      all,
      expectedBrokers(nodes, kafkaBrokers),
      'CpuUser + CpuSystem',
      thresholds.minCoveragePercent,
    );
    const evidence = [table(rows, run)];
    const findings = worstFirst(rows.flatMap((row) => finding(row, thresholds, run)));
    if (findings === null) {
      const worst = rows.reduce<(typeof rows)[number] | null>((a, b) => (a === null || b.p95 > a.p95 ? b : a), null);
      if (gap !== null || worst === null)
        return { kind: 'no-data', because: `Not measured: ${gap ?? 'no datapoints of CPU use'}.` };
      const peaks = worst.p95 > thresholds.mediumPercent ? ', in peaks too short to count' : '';
      const summary = `The busiest, broker ${worst.brokerId}, used ${percent(worst.p95)} at the 95th percentile${peaks} (limit ${percent(thresholds.mediumPercent)}).`;
      return { kind: 'pass', summary, evidence };
    }
    const [worst] = findings;
    return {
      kind: 'findings',
      summary: `Broker ${worst.resource} used ${percent(worst.measured!)} CPU at the 95th percentile (limit ${percent(worst.limit!)}); ${plural(findings.length, 'broker')} of ${rows.length} above ${percent(thresholds.mediumPercent)}.`,
      findings,
      evidence,
      recommendation: recommend(worst.measured!, findings.length < rows.length, cluster, prices, run),
      ...(gap === null ? {} : { partial: gap }),
    };
  },
});

interface Row {
  brokerId: string;
  series: TrustedSeries;
  p95: number;
  highest: number;
}

function finding({ brokerId, series, p95, highest }: Row, thresholds: Thresholds, run: RunContext): FindingDraft[] {
  const ladder: readonly [Severity, number][] = [
    ['critical', thresholds.criticalPercent],
    ['high', thresholds.highPercent],
    ['medium', thresholds.mediumPercent],
  ];
  const step = ladder.find(([, limit]) => p95 > limit && isSustained(series, limit, thresholds));
  if (step === undefined) return [];
  const [severity, limit] = step;
  return [
    {
      scope: 'broker',
      resource: brokerId,
      severity: milder(severity, MILDER_BY[run.environment]),
      measured: p95,
      limit,
      unit: 'percent',
      note: `highest five minutes ${percent(highest)}`,
      confidence: 1,
    },
  ];
}

function isSustained(
  series: TrustedSeries,
  limit: number,
  { minSustainedPeriods, minShareOfWindowPercent }: Thresholds,
): boolean {
  const above = series.measured.filter((value) => value > limit).length;
  const longest = longestRun(series, (value) => value > limit)?.periods ?? 0;
  return longest >= minSustainedPeriods && 100 * above >= minShareOfWindowPercent * series.expected;
}

function table(rows: readonly Row[], run: RunContext): Evidence {
  return {
    title: 'CpuUser + CpuSystem by broker',
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'p95', label: '95th percentile', as: 'percent' },
      { key: 'highest', label: 'Highest', as: 'percent' },
    ],
    rows: [...rows]
      .sort((a, b) => b.p95 - a.p95)
      .map(({ brokerId, p95, highest }) => ({ broker: brokerId, p95, highest })),
    source: seriesSource(
      { ...METRICS.cpuUser, name: 'CpuUser + CpuSystem' },
      rows.map(({ series }) => series),
      run,
    ),
  };
}

interface Upgrade {
  from: string;
  to: string;
  /** Share of the present CPU use that remains. */
  share: number;
  brokerCount: number;
}

/** The next size of the same family; a burstable broker goes to the smallest size that is not. Null when a size is unknown. */
function nextSize(cluster: Collected<SectionValue<'cluster'>>): Upgrade | null {
  if (!cluster.ok || cluster.value.kind === 'serverless') return null;
  const { instanceType: from, brokerCount } = cluster.value;
  const size = brokerSizeOf(from);
  if (size === null) return null;
  const family = from.startsWith('kafka.t3.') ? 'kafka.m7g.' : from.slice(0, from.lastIndexOf('.') + 1);
  const larger = Object.entries(BROKER_SIZES).filter(
    ([name, { vcpu, memoryGiB }]) => name.startsWith(family) && (vcpu > size.vcpu || memoryGiB > size.memoryGiB),
  );
  const next = larger.sort(([, a], [, b]) => a.vcpu - b.vcpu)[0];
  return next === undefined ? null : { from, to: next[0], share: size.vcpu / next[1].vcpu, brokerCount };
}

function recommend(
  p95: number,
  uneven: boolean,
  cluster: Collected<SectionValue<'cluster'>>,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  const upgrade = nextSize(cluster);
  const spread = uneven ? 'spread leaders and partitions evenly, ' : '';
  const last =
    upgrade === null
      ? 'only then add brokers or take a larger size'
      : `only then go from ${upgrade.from} to ${upgrade.to}`;
  return {
    action: `First ${spread}let producers send larger compressed batches and keep connections open; ${last}`,
    confirmFirst:
      'Rule out a passing cause: a replay, a reassignment, brokers restarting, consumers that poll in a tight loop.',
    commands:
      upgrade === null
        ? []
        : awsKafka(run, 'update-broker-type', {
            purpose: `Change all brokers to ${upgrade.to}, one after the other, off peak`,
            effect: 'change',
            args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--target-instance-type', upgrade.to],
          }),
    risk: 'The change restarts every broker in turn, and the others carry its load meanwhile: at high CPU that is itself a risk.',
    expectedEffect:
      upgrade === null
        ? 'CPU use falls with the number of requests and connections.'
        : upgrade.share === 1
          ? 'The brokers are no longer held back by CPU credits.'
          : `The larger size would bring the busiest broker from ${percent(p95)} to about ${percent(p95 * upgrade.share)}.`,
    verifyAfter: 'The 95th percentile of CpuUser + CpuSystem of every broker stays below the limit over a full day.',
    effort: 'rollingRestart',
    impact: impactOf(upgrade, prices),
  };
}

function impactOf(upgrade: Upgrade | null, prices: Collected<SectionValue<'prices'>>): Impact {
  if (upgrade === null) return { kind: 'unknown', because: 'no larger size of this broker type is known' };
  const [now, then] = [priceOf(prices, `broker/${upgrade.from}`), priceOf(prices, `broker/${upgrade.to}`)];
  if ('unknown' in now) return { kind: 'unknown', because: now.unknown };
  if ('unknown' in then) return { kind: 'unknown', because: then.unknown };
  const label = `${upgrade.to} instead of ${upgrade.from}`;
  return addedCost(label, upgrade.brokerCount * HOURS_PER_MONTH, 'broker-hours', then.usd - now.usd);
}
