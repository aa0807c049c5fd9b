// Some replica does not keep up: the copy that a failure would need is missing. A restart causes it for minutes and heals; what lasts, or
// comes and goes all day, does not. CloudWatch knows how long, Kafka's metadata knows which replicas on which broker.
import { beganWithOperation, isMasked } from '../../analysis/maintenance.ts';
import { missingReplicas } from '../../analysis/reassigning.ts';
import { longestRun, sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import { type PartitionHealth, partitionHealth } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type Severity,
  type SeverityByEnvironment,
} from '../check.ts';
import { listOperations } from '../shared/commands.ts';
import {
  goneBrokers,
  listPartitions,
  missingByBroker,
  partitionTable,
  unreadTopics,
} from '../shared/partition-evidence.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { milder, worstFirst } from '../shared/severity.ts';
import { slowFollowers } from '../shared/slow-followers.ts';
import { brokers, listed, lookedAt, missingBecause, partitions } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };
const METRIC = METRICS.underReplicated;
const LIST = listPartitions('List under-replicated partitions', '--under-replicated-partitions');
/** A broker that is down publishes nothing, while the leaders on the others count its missing replicas. */
const SILENT_AFTER_SEC = 300;

const CHURN = 'replicas fall out of sync and come back again and again';

type Thresholds = CheckThresholds['partitions-under-replicated'];

/** What the series say about the window. */
interface Past {
  minutes: number;
  transitions: number;
  wideMinutes: number;
  /** False when no series told anything. */
  seen: boolean;
  /** Out of sync for long, or again and again. */
  lasting: boolean;
  flapping: boolean;
  /** Nothing proves that what is behind now was so before the operation that runs. */
  excused: boolean;
}

export default defineCheck({
  id: 'partitions-under-replicated',
  area: 'availability',
  title: { pass: 'Replicas keep in sync', fail: 'Under-replicated partitions' },
  why: 'A partition without all its replicas in sync is one failure closer to being offline or losing records.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#monitoring',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'AWS keeps the replicas of MSK Serverless; their state is not shown.' },
  needs: [],
  mayUse: ['kafkaTopics', 'kafkaReassignments', 'kafkaBrokers', 'nodes', 'metrics'],
  toleratesPartial: ['kafkaReassignments', 'kafkaBrokers', 'nodes'],
  evaluate({ kafkaTopics, kafkaReassignments, kafkaBrokers, nodes, metrics }, thresholds, run) {
    const all = kafkaTopics.ok ? partitionHealth(kafkaTopics.value, null) : null;
    const missingOf = missingReplicas(kafkaReassignments);
    const behind = all?.filter((partition) => partition.isUnderReplicated && missingOf(partition).length > 0) ?? [];
    const gone = goneBrokers(behind, kafkaBrokers);

    const byBroker = metrics.ok ? brokerSeries(metrics.value, METRIC, run) : new Map<string, TrustedSeries>();
    const total = sumByTimestamp([...byBroker.values()], { silentAfterSec: SILENT_AFTER_SEC });
    const past = readPast(total, all?.length ?? leadersNow(metrics, run), thresholds, run);
    const evidence = [
      ...(behind.length > 0 ? [partitionTable('Under-replicated partitions', behind, LIST, run)] : []),
      ...(total.count > 0 ? [pastTable(past, [...byBroker.values()], run)] : []),
      ...(metrics.ok
        ? slowFollowers(
            missingByBroker(behind).map(([id]) => String(id)),
            metrics.value,
            run,
          )
        : []),
    ];

    const hidden = kafkaTopics.ok ? unreadTopics(kafkaTopics.value) : [];
    const unread = hidden.length > 0 ? `the partitions of ${listed(hidden)} could not be read` : null;
    const findings = worstFirst([
      ...behindNow(behind, gone, past, thresholds, run),
      ...(behind.length > 0 && !past.excused
        ? []
        : happened(past, all === null ? null : behind.length, thresholds, run)),
    ]);
    if (findings !== null) {
      const partial = kafkaTopics.ok
        ? unread
        : `${missingBecause('Kafka metadata', kafkaTopics)}, so that no replica can be named`;
      const missing = missingByBroker(behind).map(([id]) => id);
      return {
        kind: 'findings',
        summary: summaryOf(behind, all?.length ?? 0, missing, gone, past, thresholds, run),
        findings,
        evidence,
        recommendation: recommend(missing, gone, run),
        ...(partial === null ? {} : { partial }),
      };
    }
    const seesWindow = run.clusterKind === 'provisioned-standard';
    if (unread !== null) return { kind: 'no-data', because: `Not fully measured: ${unread}.` };
    if (!kafkaTopics.ok && !seesWindow) {
      return { kind: 'no-data', because: `Not measured: ${missingBecause('Kafka metadata', kafkaTopics)}.` };
    }
    if (all?.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };
    const now = all === null ? null : `All replicas of ${partitions(all.length)} are in sync ${lookedAt(run)}`;
    if (!seesWindow) return { kind: 'pass', summary: `${now}.`, evidence };
    const gap = metrics.ok
      ? coverageGap(byBroker, expectedBrokers(nodes, kafkaBrokers), METRIC.name, thresholds.minCoveragePercent)
      : missingBecause('CloudWatch', metrics);
    if (gap !== null) {
      return {
        kind: 'no-data',
        because: `${now ?? 'Kafka metadata was not read'}, but the time before could not be judged: ${gap}.`,
      };
    }
    const longest =
      past.minutes === 0 ? 'none' : `some, for ${formatQuantity(past.minutes, 'minutes')} on end at most,`;
    const window = formatQuantity(run.window.endMs - run.window.startMs, 'durationMs');
    return {
      kind: 'pass',
      summary: `${now ?? 'Replicas keep in sync'}; ${longest} fell out of sync in the last ${window}.`,
      evidence,
    };
  },
});

/** Leaders over all brokers at the latest datapoint: how many partitions there are, where the metadata could not be read. */
function leadersNow(metrics: Collected<SectionValue<'metrics'>>, run: RunContext): number {
  const all = metrics.ok ? [...brokerSeries(metrics.value, METRICS.leaderCount, run).values()] : [];
  return sumByTimestamp(all, { silentAfterSec: SILENT_AFTER_SEC }).latest?.value ?? 0;
}

function readPast(total: TrustedSeries, partitionCount: number, thresholds: Thresholds, run: RunContext): Past {
  const isBehind = (value: number) => value > 0;
  const isWide = (value: number) => partitionCount > 0 && (100 * value) / partitionCount > thresholds.criticalPercent;
  const behind = Array.from(total.measured, isBehind);
  const minutes = longestRun(total, isBehind)?.minutes ?? 0;
  const transitions = behind.filter((each, i) => i > 0 && each !== behind[i - 1]).length;
  const flapping = transitions >= thresholds.flappingTransitions;
  const lasting = minutes >= thresholds.minMinutes || flapping;
  return {
    seen: total.count > 0,
    minutes,
    wideMinutes: longestRun(total, isWide)?.minutes ?? 0,
    transitions,
    flapping,
    lasting,
    excused: isMasked(run.maintenance, run.takenAtMs) && (!lasting || beganWithOperation(run, total, isBehind)),
  };
}

/** One finding a broker whose replicas are missing: one sick broker and many look different at a glance. */
function behindNow(
  behind: readonly PartitionHealth[],
  gone: readonly number[],
  past: Past,
  thresholds: Thresholds,
  run: RunContext,
): FindingDraft[] {
  const masked = isMasked(run.maintenance, run.takenAtMs);
  const { lasting } = past;
  return missingByBroker(behind).map(([id, its]) => {
    const isGone = gone.includes(id);
    const notes = [
      `replicas of ${partitions(its.length)} not in sync`,
      isGone ? 'the broker is not in the cluster' : null,
    ];
    if (past.minutes > 0) notes.push(`for ${formatQuantity(past.minutes, 'minutes')}`);
    if (past.flapping) notes.push(CHURN);
    if (masked) notes.push(past.excused ? 'during a cluster operation' : 'since before the cluster operation');
    return {
      scope: 'broker',
      resource: String(id),
      severity: past.excused ? 'info' : severityOf(past, lasting, isGone, thresholds, run),
      measured: its.length,
      limit: 0,
      unit: 'count',
      note: notes.filter((note) => note !== null).join('; '),
      confidence: lasting || isGone ? 1 : 0.5,
    };
  });
}

function severityOf(past: Past, lasting: boolean, isGone: boolean, thresholds: Thresholds, run: RunContext): Severity {
  if (run.environment === 'production' && past.wideMinutes > thresholds.criticalMinutes) return 'critical';
  const full = SEVERITY[run.environment];
  if (lasting) return full;
  // Without a series nobody can wait: a broker that is gone is enough. With one, the minutes so far decide.
  return isGone && !past.seen ? full : milder(full, 1);
}

function happened(past: Past, behind: number | null, thresholds: Thresholds, run: RunContext): FindingDraft[] {
  const lasting = past.minutes >= thresholds.minMinutes && past.minutes > 0;
  const common = { scope: 'cluster', resource: run.clusterName, confidence: 1 } as const;
  const severity = severityOf(past, true, false, thresholds, run);
  if (lasting) {
    const note =
      behind === null
        ? 'which partitions is not known'
        : behind > 0
          ? 'before the operation that runs now'
          : 'all in sync again now';
    return [{ ...common, severity, measured: past.minutes, limit: thresholds.minMinutes, unit: 'minutes', note }];
  }
  if (!past.flapping) return [];
  const limit = thresholds.flappingTransitions;
  return [{ ...common, severity, measured: past.transitions, limit, unit: 'count', note: CHURN }];
}

function summaryOf(
  behind: readonly PartitionHealth[],
  total: number,
  missing: readonly number[],
  gone: readonly number[],
  past: Past,
  thresholds: Thresholds,
  run: RunContext,
): string {
  const minutes = formatQuantity(past.minutes, 'minutes');
  if (behind.length === 0 && past.minutes >= thresholds.minMinutes) {
    return `Partitions were under-replicated for ${minutes} on end in the window (limit ${formatQuantity(thresholds.minMinutes, 'minutes')}).`;
  }
  if (behind.length === 0) {
    return `Replicas fell out of sync or came back ${past.transitions} times in the window (limit ${thresholds.flappingTransitions}).`;
  }
  const who =
    gone.length > 0 ? `${brokers(gone)} not in the cluster` : `the missing replicas are on ${brokers(missing)}`;
  const since = past.minutes > 0 ? `; longest stretch in the window ${minutes}` : '';
  return `${behind.length} of ${partitions(total)} under-replicated ${lookedAt(run)}: ${who}${since}.`;
}

function pastTable(past: Past, all: readonly TrustedSeries[], run: RunContext) {
  return {
    title: 'Under-replicated partitions in the window, outside maintenance',
    columns: [
      { key: 'minutes', label: 'Longest stretch', as: 'minutes' as const },
      { key: 'wideMinutes', label: 'Longest stretch with many', as: 'minutes' as const },
      { key: 'transitions', label: 'Changes between in and out of sync', as: 'count' as const },
    ],
    rows: [{ minutes: past.minutes, wideMinutes: past.wideMinutes, transitions: past.transitions }],
    source: seriesSource(METRIC, all, run),
  };
}

function recommend(missing: readonly number[], gone: readonly number[], run: RunContext): Recommendation {
  const one = missing.length === 1;
  return {
    action:
      gone.length > 0
        ? `Bring ${brokers(gone)} back and let replication catch up by itself`
        : one
          ? `Find out what slows ${brokers(missing)} down (CPU, disk throughput, network) and let replication catch up`
          : 'Find out what all brokers wait for (CPU, disk throughput, replica fetchers) and let replication catch up',
    confirmFirst:
      'Rule out a restart, an upgrade and a running reassignment: each leaves partitions under-replicated for a while by design.',
    commands: [LIST, ...listOperations(run)],
    risk: 'Reassigning partitions or restarting brokers now adds replication traffic and can take the last in-sync replica away.',
    expectedEffect: 'Every partition has all its copies again and survives the next failure.',
    verifyAfter: 'kafka-topics.sh --under-replicated-partitions lists nothing, and UnderReplicatedPartitions stays 0.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
