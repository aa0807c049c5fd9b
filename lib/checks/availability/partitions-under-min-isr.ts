// Below min.insync.replicas the leader refuses producers with acks=all: data is safe, writing stops. Since 3.7 Kafka compares the ISR with
// min(min.insync.replicas, replicas); before, a topic with fewer replicas than the setting is never writable with acks=all.
import { beganWithOperation, isMasked } from '../../analysis/maintenance.ts';
import { maxByTimestamp, minutesWhere } from '../../analysis/series.ts';
import { boundsMinIsr, type PartitionHealth, partitionHealth } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, formatTime } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
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
import { worstFirst } from '../shared/severity.ts';
import { brokers, internalNote, listed, lookedAt, missingBecause, partitions } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'medium' };
const METRIC = METRICS.underMinIsr;
const LIST = listPartitions('List partitions below min.insync.replicas', '--under-min-isr-partitions');

export default defineCheck({
  id: 'partitions-under-min-isr',
  area: 'availability',
  title: { pass: 'Every partition has its minimum of in-sync replicas', fail: 'Partitions below min.insync.replicas' },
  why: 'Producers with acks=all get NotEnoughReplicas for these partitions until enough replicas are back in sync.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas',
    'https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'AWS keeps the replicas of MSK Serverless; their state is not shown.' },
  needs: [],
  mayUse: ['kafkaTopics', 'kafkaTopicConfigs', 'kafkaBrokers', 'cluster', 'nodes', 'metrics'],
  toleratesPartial: ['kafkaBrokers', 'cluster', 'nodes'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, kafkaBrokers, cluster, nodes, metrics }, thresholds, run) {
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null;
    const all = kafkaTopics.ok ? partitionHealth(kafkaTopics.value, configs, boundsMinIsr(cluster)) : null;
    // A partition without a leader takes no write at all: that is another check's finding, as Kafka's own count leaves it out.
    const below = all?.filter((partition) => partition.isUnderMinIsr === true && !partition.isOffline) ?? [];
    const masked = isMasked(run.maintenance, run.takenAtMs);

    const byBroker = metrics.ok ? brokerSeries(metrics.value, METRIC, run, { dropLast: 0 }) : new Map();
    const joined = maxByTimestamp([...byBroker.values()]);
    const minutes = minutesWhere(joined, isAny);
    const lasted = minutes >= thresholds.minMinutes && minutes > 0;
    const excused = masked && (!lasted || beganWithOperation(run, joined, isAny));

    const unknown = unknownBecause(all, kafkaTopics.ok ? unreadTopics(kafkaTopics.value) : []);
    const lookedNow = kafkaTopics.ok ? unknown : missingBecause('Kafka metadata', kafkaTopics);
    const evidence = [
      ...(below.length > 0 ? [partitionTable('Partitions below min.insync.replicas', below, LIST, run)] : []),
      ...(joined.count > 0
        ? [
            {
              title: 'Minutes with any partition below min.insync.replicas, outside maintenance',
              columns: [{ key: 'minutes', label: 'Minutes', as: 'minutes' as const }],
              rows: [{ minutes }],
              source: seriesSource(METRIC, [...byBroker.values()], run),
            },
          ]
        : []),
    ];
    const past = lasted
      ? [happened(joined, minutes, thresholds.minMinutes, all === null ? null : below.length, run)]
      : [];
    const findings = worstFirst(
      [...belowNow(below, { masked, excused }, run), ...(below.length > 0 && !excused ? [] : past)],
      'lower',
    );
    if (findings !== null) {
      const gone = goneBrokers(below, kafkaBrokers);
      const missing = missingByBroker(below).map(([id]) => id);
      return {
        kind: 'findings',
        summary: summaryOf(below, missing, gone, lasted ? minutes : 0, masked, run),
        findings,
        evidence,
        recommendation: recommend(gone.length > 0 ? gone : missing, run),
        ...(lookedNow === null ? {} : { partial: lookedNow }),
      };
    }
    // Only Standard brokers publish the count: their series can stand in for the metadata, elsewhere nothing can.
    const seesWindow = run.clusterKind === 'provisioned-standard';
    if (lookedNow !== null && (unknown !== null || !seesWindow)) {
      return { kind: 'no-data', because: `Not fully measured: ${lookedNow}.` };
    }
    if (all?.length === 0) return { kind: 'not-applicable', because: 'The cluster has no partitions.' };
    const now =
      all === null
        ? null
        : `${partitions(all.filter((each) => !each.isOffline).length)} with a leader have enough in-sync replicas ${lookedAt(run)}`;
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
    const window = formatQuantity(run.window.endMs - run.window.startMs, 'durationMs');
    const seen = minutes === 0 ? 'none was below it' : `only ${formatQuantity(minutes, 'minutes')} below it`;
    return { kind: 'pass', summary: `${now ?? 'Replicas were in sync'}; ${seen} in the last ${window}.`, evidence };
  },
});

/** What of the metadata gives no answer: topics without partitions, or an incomplete ISR whose minimum was not read. */
function unknownBecause(all: readonly PartitionHealth[] | null, hidden: readonly string[]): string | null {
  if (hidden.length > 0) return `the partitions of ${listed(hidden)} could not be read`;
  const open = [...new Set(all?.filter((each) => each.isUnderMinIsr === null).map((each) => each.topic))];
  return open.length === 0
    ? null
    : `min.insync.replicas of ${listed(open)} was not read, and their ISR is not complete`;
}

function isAny(value: number): boolean {
  return value >= 1;
}

function belowNow(
  below: readonly PartitionHealth[],
  { masked, excused }: { masked: boolean; excused: boolean },
  run: RunContext,
): FindingDraft[] {
  return [...Map.groupBy(below, (partition) => partition.topic)].map(([topic, its]) => {
    const fewest = its.reduce((a, b) => (b.isr.length < a.isr.length ? b : a));
    const internal = internalNote({ name: topic, internal: fewest.internal });
    const missing = brokers(missingByBroker(its).map(([id]) => id));
    const notes = [`${partitions(its.length)}, not in sync: ${missing}`, ...(internal ? [internal] : [])];
    if (masked) notes.push(excused ? 'during a cluster operation' : 'since before the cluster operation');
    return {
      scope: 'topic',
      resource: topic,
      severity: excused ? 'low' : SEVERITY[run.environment],
      measured: fewest.isr.length,
      limit: fewest.minIsrInForce,
      unit: 'count',
      note: notes.join('; '),
      confidence: 1,
    };
  });
}

function happened(
  joined: ReturnType<typeof maxByTimestamp>,
  minutes: number,
  limit: number,
  below: number | null,
  run: RunContext,
): FindingDraft {
  const last = joined.points.findLast((point) => isAny(point.value))!;
  return {
    scope: 'cluster',
    resource: run.clusterName,
    severity: SEVERITY[run.environment],
    measured: minutes,
    limit,
    unit: 'minutes',
    // Kafka's metadata is newer than the latest datapoint.
    now: below ?? joined.latest?.value ?? 0,
    note: `last at ${formatTime(last.atMs)}`,
    confidence: 1,
  };
}

function summaryOf(
  below: readonly PartitionHealth[],
  missing: readonly number[],
  gone: readonly number[],
  minutes: number,
  masked: boolean,
  run: RunContext,
): string {
  const past = `partitions were below it for ${formatQuantity(minutes, 'minutes')} of the window`;
  if (below.length === 0) return `No partition is known to be below min.insync.replicas now, but ${past}.`;
  const topics = [...new Set(below.map((partition) => partition.topic))];
  const who = gone.length > 0 ? `${brokers(gone)} not in the cluster` : `${brokers(missing)} out of sync`;
  const during = masked ? ' while a cluster operation runs' : '';
  return `${partitions(below.length)} of ${listed(topics)} below min.insync.replicas ${lookedAt(run)}${during}: ${who}${minutes > 0 ? `; ${past}` : ''}.`;
}

function recommend(ids: readonly number[], run: RunContext): Recommendation {
  const who = ids.length > 0 ? brokers(ids) : 'the broker that was missing';
  return {
    action: `Bring the replicas on ${who} back in sync, and leave min.insync.replicas as it is`,
    confirmFirst:
      'Rule out a running operation, and topics whose min.insync.replicas equals their replication factor: those stop at every restart.',
    commands: [LIST, ...listOperations(run)],
    risk: 'Lowering min.insync.replicas to unblock writing means acknowledged records that exist once: the next failure loses them.',
    expectedEffect: 'Producers with acks=all are accepted again without losing what was acknowledged.',
    verifyAfter: 'kafka-topics.sh --under-min-isr-partitions lists nothing, and UnderMinIsrPartitionCount stays 0.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
