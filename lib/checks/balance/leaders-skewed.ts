// Leaders do the work: they take all writes and, by default, all reads. One broker with a quarter more of them than the mean is full while
// the others have room. A broker that is down leads nothing by necessity: that is no skew, and is judged after it is back.
import { isMasked } from '../../analysis/maintenance.ts';
import { maxByTimestamp, runsWhere, sumByTimestamp, TrustedSeries } from '../../analysis/series.ts';
import { skewMeasures } from '../../analysis/skew.ts';
import { leadersByBroker, replicasByBroker } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, formatTime } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { awsKafka, kafkaTool } from '../shared/commands.ts';
import { goneBrokers } from '../shared/partition-evidence.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { worstFirst } from '../shared/severity.ts';
import { brokers, metadataSource, missingBecause } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'medium', staging: 'low', development: 'info' };
const METRIC = METRICS.leaderCount;
const ratio = (value: number) => formatQuantity(value, 'ratio');

export default defineCheck({
  id: 'leaders-skewed',
  area: 'balance',
  title: { pass: 'Leaders spread evenly over the brokers', fail: 'Leaders unevenly spread over the brokers' },
  why: 'The broker with the most leaders is full first: the capacity of the others cannot be used.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#basic_ops_leader_balancing',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'AWS places the partitions of MSK Serverless.' },
  needs: [],
  mayUse: ['metrics', 'nodes', 'kafkaTopics', 'kafkaBrokers'],
  toleratesPartial: ['nodes'],
  needsOwnMetadata: true,
  evaluate({ metrics, nodes, kafkaTopics, kafkaBrokers }, thresholds, run) {
    // A broker that nobody saw missing may be the one that leads nothing.
    if (kafkaTopics.ok && !kafkaBrokers.ok) {
      return { kind: 'no-data', because: `Not measured: ${missingBecause('the list of brokers', kafkaBrokers)}.` };
    }
    const live = kafkaBrokers.ok ? kafkaBrokers.value.brokers.map((broker) => broker.id) : [];
    const byBroker = metrics.ok ? brokerSeries(metrics.value, METRIC, run) : new Map<string, TrustedSeries>();
    const now = kafkaTopics.ok ? leadersByBroker(kafkaTopics.value, live) : latestLeaders(byBroker);
    const gone = kafkaTopics.ok
      ? goneBrokers([{ replicas: [...replicasByBroker(kafkaTopics.value).keys()] }], kafkaBrokers)
      : [];
    if (gone.length > 0) {
      return {
        kind: 'no-data',
        because: `Leaders are on the other brokers because ${brokers(gone)} ${gone.length === 1 ? 'is' : 'are'} not in the cluster; judged after the return.`,
      };
    }
    const measures = now === null ? null : skewMeasures([...now.values()]);
    if (now === null) {
      const because = kafkaTopics.ok
        ? 'no partition has a leader'
        : `${missingBecause('Kafka metadata', kafkaTopics)}, and CloudWatch has no latest ${METRIC.name} of every broker`;
      return { kind: 'no-data', because: `Not measured: ${because}.` };
    }
    if (now.size < 2) return { kind: 'not-applicable', because: 'The cluster has one broker.' };
    if (measures === null || measures.mean < thresholds.minLeadersPerBroker) {
      return {
        kind: 'not-applicable',
        because: `With ${ratio(measures?.mean ?? 0)} leaders per broker one more or less already looks like skew (judged from ${thresholds.minLeadersPerBroker}).`,
      };
    }

    const past = skewOverTime([...byBroker.values()]);
    const when = kafkaTopics.ok ? 'now' : `in CloudWatch at ${formatTime(latestMs(byBroker))}`;
    const evidence = [table(now, when, kafkaTopics.ok ? kafkaTopics.value : null, [...byBroker.values()], run)];
    const { maxOverMean } = measures;
    const limit = ratio(thresholds.maxOverMean);
    if (maxOverMean <= thresholds.maxOverMean) {
      return {
        kind: 'pass',
        summary: `The broker with the most leaders has ${ratio(maxOverMean)} times the mean ${when} (limit ${limit}).`,
        evidence,
      };
    }
    if (isMasked(run.maintenance, run.takenAtMs)) {
      return { kind: 'no-data', because: `Leaders are uneven ${when}, during a cluster operation; judged after it.` };
    }
    const gap = metrics.ok
      ? coverageGap(byBroker, expectedBrokers(nodes, kafkaBrokers), METRIC.name, thresholds.minCoveragePercent)
      : missingBecause('CloudWatch', metrics);
    const minutes = minutesUntilNow(past, thresholds.maxOverMean);
    if (gap === null && minutes < thresholds.minMinutes) {
      const so = `${ratio(maxOverMean)} times the mean ${when}, for ${formatQuantity(minutes, 'minutes')} so far`;
      return {
        kind: 'pass',
        summary: `Uneven for a short time only: ${so} (judged from ${formatQuantity(thresholds.minMinutes, 'minutes')}).`,
        evidence,
      };
    }
    const lasting = minutes >= thresholds.minMinutes;
    const over = [...now].filter(([, leaders]) => leaders / measures.mean > thresholds.maxOverMean);
    const findings = worstFirst(
      over.map(
        ([id, leaders]): FindingDraft => ({
          scope: 'broker',
          resource: String(id),
          severity: SEVERITY[run.environment],
          measured: leaders / measures.mean,
          limit: thresholds.maxOverMean,
          unit: 'ratio',
          note: `${leaders} leaders against a mean of ${ratio(measures.mean)}${lasting ? '' : '; one look, not a series'}`,
          confidence: lasting ? 1 : 0.5,
        }),
      ),
    )!;
    const worst = findings[0];
    const lost = formatQuantity(measures.lostCapacity * 100, 'percent');
    return {
      kind: 'findings',
      summary: `Broker ${worst.resource} leads ${ratio(worst.measured!)} times the mean (limit ${limit}); ${lost} of the cluster's capacity cannot be used.`,
      findings,
      evidence,
      recommendation: recommend(kafkaTopics.ok ? kafkaTopics.value : null, live, thresholds.maxOverMean, run),
      // Off MSK there is no series to miss.
      ...(gap !== null && run.clusterKind !== 'kafka' ? { partial: gap } : {}),
    };
  },
});

/** Leaders at the latest datapoint; null when a broker has none there: it may be down, and its old count is no count. */
function latestLeaders(byBroker: ReadonlyMap<string, TrustedSeries>): Map<number, number> | null {
  const atMs = latestMs(byBroker);
  const latest = [...byBroker].map(([id, series]) => [Number(id), series.latest] as const);
  if (latest.length === 0 || latest.some(([, point]) => point?.atMs !== atMs)) return null;
  return new Map(latest.map(([id, point]) => [id, point!.value]));
}

function latestMs(byBroker: ReadonlyMap<string, TrustedSeries>): number {
  return Math.max(0, ...[...byBroker.values()].flatMap(({ latest }) => latest?.atMs ?? []));
}

/** Max over mean per timestamp; only where every broker has a point, so that a silent broker is never taken for an idle one. */
function skewOverTime(all: readonly TrustedSeries[]): TrustedSeries {
  // Both lie on the same grid, as they come from the same series.
  const total = sumByTimestamp(all);
  const largest = maxByTimestamp(all);
  const values = total.values.map((sum, i) => (sum > 0 ? (largest.values[i]! * all.length) / sum : Number.NaN));
  const { dimensions, periodSec, startMs, expected } = total;
  return new TrustedSeries({ dimensions, periodSec, startMs, values, expected });
}

/** Length of the stretch that reaches the latest point; 0 when the latest point is not above the limit. */
function minutesUntilNow(past: TrustedSeries, maxOverMean: number): number {
  const last = past.latest;
  const run = runsWhere(past, (value) => value > maxOverMean).at(-1);
  return last === null || run === undefined || run.endMs <= last.atMs ? 0 : run.minutes;
}

function preferredLeaders(topics: SectionValue<'kafkaTopics'>, live: readonly number[]): Map<number, number> {
  const count = new Map(live.map((id) => [id, 0]));
  for (const { partitions } of topics) {
    for (const { replicas } of partitions) {
      const first = replicas[0];
      if (first !== undefined) count.set(first, (count.get(first) ?? 0) + 1);
    }
  }
  return count;
}

function table(
  now: ReadonlyMap<number, number>,
  when: string,
  topics: SectionValue<'kafkaTopics'> | null,
  all: readonly TrustedSeries[],
  run: RunContext,
): Evidence {
  const preferred = topics === null ? null : preferredLeaders(topics, [...now.keys()]);
  return {
    title: 'Leaders by broker',
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'leaders', label: `Leaders ${when}`, as: 'count' },
      { key: 'preferred', label: 'Preferred leader of', as: 'count' },
    ],
    rows: [...now]
      .sort(([a, x], [b, y]) => y - x || a - b)
      .map(([id, leaders]) => ({ broker: String(id), leaders, preferred: preferred?.get(id) ?? null })),
    source: [
      ...(topics === null ? [] : [metadataSource(run)]),
      ...(all.length === 0 ? [] : [seriesSource(METRIC, all, run)]),
    ].join('; '),
    ...(topics === null
      ? {}
      : {
          reproduce: kafkaTool('kafka-topics.sh', {
            purpose: 'Show the leader of every partition',
            args: ['--describe'],
          }),
        }),
  };
}

function recommend(
  topics: SectionValue<'kafkaTopics'> | null,
  live: readonly number[],
  maxOverMean: number,
  run: RunContext,
): Recommendation {
  const after = topics === null ? null : skewMeasures([...preferredLeaders(topics, live).values()]);
  const electionHelps = after !== null && after.maxOverMean <= maxOverMean;
  const common = {
    confirmFirst:
      'Rule out a broker that restarted within the last minutes: Kafka moves leaders back by itself every five minutes.',
    verifyAfter: 'LeaderCount of all brokers is within the limit of their mean for an hour.',
    impact: { kind: 'none' },
  } as const;
  if (run.clusterKind === 'provisioned-express') {
    return {
      ...common,
      action: 'Check that intelligent rebalancing is active, and turn it on if it is paused',
      commands: awsKafka(run, 'describe-cluster-v2', { purpose: 'Show the rebalancing status of the cluster' }),
      risk: 'While it is active, Cruise Control and reassignments by hand must not run.',
      expectedEffect: 'MSK spreads partitions and leaders by itself.',
      effort: 'setting',
    };
  }
  if (electionHelps) {
    return {
      ...common,
      action: 'Give leadership back to the preferred replicas',
      commands: [
        kafkaTool('kafka-leader-election.sh', {
          purpose: 'Elect the preferred replica of every partition',
          effect: 'change',
          args: ['--election-type', 'preferred', '--all-topic-partitions'],
        }),
      ],
      risk: 'Clients of each moved partition refresh their metadata, which costs them some milliseconds.',
      expectedEffect: `The broker with the most leaders would have ${ratio(after.maxOverMean)} times the mean.`,
      effort: 'setting',
    };
  }
  return {
    ...common,
    action:
      'Change the replica order of partitions on the fullest broker, so that another broker is preferred, then elect the preferred leaders',
    commands: [
      kafkaTool('kafka-topics.sh', {
        purpose: 'Show leaders and replica order of every partition',
        args: ['--describe'],
      }),
    ],
    risk: 'Moving replicas copies data; changing only their order does not.',
    expectedEffect: 'Every broker takes its share of writes and reads.',
    effort: 'migration',
  };
}
