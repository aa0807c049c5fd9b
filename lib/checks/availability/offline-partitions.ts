// A partition without a leader takes no writes and gives no reads. Kafka's metadata says which ones lack a leader now; CloudWatch says
// for how many minutes of the window the controller counted any. Source: kafka.apache.org/documentation/#monitoring.
import { beganWithOperation, isMasked } from '../../analysis/maintenance.ts';
import { latestPoint, minutesWhere, type TrustedSeries } from '../../analysis/series.ts';
import { type PartitionHealth, partitionHealth } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, formatTime } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { awsKafka, listOperations } from '../shared/commands.ts';
import { goneBrokers, listPartitions, partitionTable, unreadTopics } from '../shared/partition-evidence.ts';
import { clusterSeries, isThin, percentSeen, seriesSource } from '../shared/series.ts';
import { worstFirst } from '../shared/severity.ts';
import { brokers, internalNote, listed, lookedAt, missingBecause, partitions } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'critical', development: 'high' };
const METRIC = METRICS.offlinePartitions;
const LIST = listPartitions('List partitions without a leader', '--unavailable-partitions');

export default defineCheck({
  id: 'offline-partitions',
  area: 'availability',
  title: { pass: 'Every partition has a leader', fail: 'Partitions without a leader' },
  why: 'Producers and consumers of a partition without a leader stop. If all of its in-sync replicas are gone, only their return brings it back without losing records.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html',
    'https://kafka.apache.org/documentation/#monitoring',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: [],
  mayUse: ['kafkaTopics', 'kafkaBrokers', 'metrics'],
  // A missing broker address or configuration cannot hide a partition's leader.
  toleratesPartial: ['kafkaBrokers'],
  evaluate({ kafkaTopics, kafkaBrokers, metrics }, { minCoveragePercent }, run) {
    const all = kafkaTopics.ok ? partitionHealth(kafkaTopics.value, null) : null;
    const offline = all?.filter((partition) => partition.isOffline) ?? [];
    // An unfinished minute cannot lower a maximum: the latest points count.
    const series = metrics.ok ? clusterSeries(metrics.value, METRIC, run, { dropLast: 0 }) : null;
    const minutes = series === null ? 0 : minutesWhere(series, isAny);

    const evidence = [
      ...(offline.length > 0 ? [partitionTable('Partitions without a leader', offline, LIST, run)] : []),
      ...(series ? [seriesTable(series, run)] : []),
    ];
    const masked = isMasked(run.maintenance, run.takenAtMs);
    const excused = beganWithOperation(run, series, isAny);
    const findings = worstFirst([
      ...offline.map((each) => offlineNow(each, { masked, excused }, run)),
      ...(offline.length > 0 && !excused ? [] : happened(series, minutes, all === null ? null : offline.length, run)),
    ]);
    const hidden = kafkaTopics.ok ? unreadTopics(kafkaTopics.value) : [];
    const unread = hidden.length > 0 ? `the partitions of ${listed(hidden)} could not be read` : null;

    if (findings !== null) {
      const gone = goneBrokers(offline, kafkaBrokers);
      const partial = kafkaTopics.ok
        ? unread
        : `${missingBecause('Kafka metadata', kafkaTopics)}, so that no partition can be named`;
      return {
        kind: 'findings',
        summary: summaryOf(offline, gone, minutes, masked, run),
        findings,
        evidence,
        recommendation: recommend(offline.length > 0, gone, run),
        ...(partial === null ? {} : { partial }),
      };
    }
    if (unread !== null) return { kind: 'no-data', because: `Not fully measured: ${unread}.` };
    if (all?.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };

    // Only Standard brokers publish the count; elsewhere the look at the metadata is all there is.
    const seesWindow = run.clusterKind === 'provisioned-standard';
    const now = all === null ? null : `All ${partitions(all.length)} have a leader ${lookedAt(run)}`;
    if (!seesWindow) {
      if (kafkaTopics.ok) return { kind: 'pass', summary: `${now}.`, evidence };
      return { kind: 'no-data', because: `Not measured: ${missingBecause('Kafka metadata', kafkaTopics)}.` };
    }
    if (isThin(series, minCoveragePercent)) {
      const because = metrics.ok
        ? `CloudWatch has ${percentSeen(series)} of the datapoints of ${METRIC.name} outside maintenance`
        : missingBecause('CloudWatch', metrics);
      return {
        kind: 'no-data',
        because: `${now ?? 'Kafka metadata was not read'}, but the time before could not be judged: ${because}.`,
      };
    }
    const window = formatQuantity(run.window.endMs - run.window.startMs, 'durationMs');
    return {
      kind: 'pass',
      summary: `${now ?? 'No partition was offline'}, and none was without one in the last ${window}.`,
      evidence,
    };
  },
});

function isAny(value: number): boolean {
  return value >= 1;
}

function offlineNow(
  partition: PartitionHealth,
  { masked, excused }: { masked: boolean; excused: boolean },
  run: RunContext,
): FindingDraft {
  const internal = internalNote({ name: partition.topic, internal: partition.internal });
  const notes = [
    `replicas on ${brokers(partition.replicas)}`,
    ...(partition.replicas.length === 1 ? ['one replica only'] : []),
    ...(internal === undefined ? [] : [internal]),
    ...(masked ? [excused ? 'during a cluster operation' : 'since before the cluster operation'] : []),
  ];
  return {
    scope: 'partition',
    resource: `${partition.topic}-${partition.partition}`,
    // While MSK restarts brokers a partition with one replica goes offline and comes back: shown, not counted.
    severity: excused ? 'low' : SEVERITY[run.environment],
    measured: null,
    limit: null,
    unit: 'count',
    note: notes.join('; '),
    confidence: 1,
  };
}

function happened(
  series: TrustedSeries | null,
  minutes: number,
  offline: number | null,
  run: RunContext,
): FindingDraft[] {
  if (series === null || minutes === 0) return [];
  const last = series.points.findLast((point) => isAny(point.value))!;
  const most = series.highest!;
  const still =
    latestPoint(series)?.atMs === last.atMs ? 'still so at the latest datapoint' : `last at ${formatTime(last.atMs)}`;
  return [
    {
      scope: 'cluster',
      resource: run.clusterName,
      severity: SEVERITY[run.environment],
      measured: minutes,
      limit: 0,
      unit: 'minutes',
      // Kafka's metadata is newer than the latest datapoint.
      now: offline ?? latestPoint(series)?.value ?? 0,
      note: `up to ${partitions(most)} at once, ${still}`,
      confidence: 1,
    },
  ];
}

function summaryOf(
  offline: readonly PartitionHealth[],
  gone: readonly number[],
  minutes: number,
  masked: boolean,
  run: RunContext,
): string {
  const happenedFor = `partitions were without a leader for ${formatQuantity(minutes, 'minutes')} of the window`;
  if (offline.length === 0) return `No partition is known to lack a leader now, but ${happenedFor}.`;
  const names = listed(offline.map((partition) => `${partition.topic}-${partition.partition}`));
  const cause = gone.length > 0 ? `; ${brokers(gone)} ${gone.length === 1 ? 'is' : 'are'} not in the cluster` : '';
  const during = masked ? ' while a cluster operation runs' : '';
  return `${partitions(offline.length)} without a leader ${lookedAt(run)}${during}: ${names}${cause}${minutes > 0 ? `; ${happenedFor}` : ''}.`;
}

function seriesTable(series: TrustedSeries, run: RunContext): Evidence {
  return {
    title: 'Offline partitions counted by the controller, outside maintenance',
    columns: [
      { key: 'minutes', label: 'Minutes with any', as: 'minutes' },
      { key: 'most', label: 'Most at once', as: 'count' },
    ],
    rows: [
      {
        minutes: series.count > 0 ? minutesWhere(series, isAny) : null,
        most: series.highest,
      },
    ],
    source: seriesSource(METRIC, [series], run),
  };
}

function recommend(now: boolean, gone: readonly number[], run: RunContext): Recommendation {
  const target = gone.length > 0 ? brokers(gone) : 'the brokers that hold the replicas';
  const msk = run.clusterArn !== null;
  return {
    action: !now
      ? 'Find out which broker left at that time and why, before it happens again'
      : msk
        ? `Let MSK bring ${target} back, and open a support case if nothing moves within 15 minutes`
        : `Start ${target} again and leave all other brokers alone`,
    confirmFirst:
      'Rule out a running operation or a broker restart of your own; a topic with one replica goes offline at every restart of its broker.',
    commands: [
      LIST,
      ...listOperations(run),
      ...awsKafka(run, 'list-nodes', { purpose: 'Show the brokers as MSK sees them' }),
    ],
    risk: 'Do not reboot other brokers meanwhile. An unclean leader election would bring the partition back by dropping records that only the lost replicas hold.',
    expectedEffect: 'Writes to and reads from the partitions resume as soon as an in-sync replica is back.',
    verifyAfter: 'kafka-topics.sh --unavailable-partitions lists nothing, and OfflinePartitionsCount stays 0.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
