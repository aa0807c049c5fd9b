// The brokers, topics and groups a reader looks up: worst first, at most fifty of each, the total beside them.

import { type GroupStatus, LAG_STATUSES } from '../../analysis/consumer-status.ts';
import { withTopology } from '../../analysis/msk-topology.ts';
import { logEnds } from '../../analysis/produce-rates.ts';
import { retentionExposures } from '../../analysis/retention-exposures.ts';
import { findSeries, latestPoint, seriesQuantile, sumByTimestamp, trustedPoints } from '../../analysis/series.ts';
import { configNumber, leadersByBroker, replicasByBroker, replicationFactor } from '../../analysis/topology.ts';
import type { RunContext } from '../../checks/check.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue, Snapshot } from '../../snapshot/schema.ts';
import type { BrokerRow, Capped, GroupRow, TopicRow } from '../report.ts';
import { sectionValue } from './cluster.ts';

const MAX_ROWS = 50;
const HOUR_MS = 3_600_000;

/** A worst-first order: each key descending (null last), then ascending by name. */
function worstFirst<T>(
  rows: readonly T[],
  keys: readonly ((row: T) => number | null)[],
  name: (row: T) => string | number,
): T[] {
  const keyed = rows.map((row) => ({
    row,
    name: name(row),
    keys: keys.map((key) => key(row) ?? Number.NEGATIVE_INFINITY),
  }));
  keyed.sort((a, b) => {
    const index = a.keys.findIndex((key, each) => key !== b.keys[each]);
    if (index >= 0) return (b.keys[index] ?? 0) > (a.keys[index] ?? 0) ? 1 : -1;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
  return keyed.map(({ row }) => row);
}

function capped<T>(rows: readonly T[]): Capped<T> {
  return { rows: rows.slice(0, MAX_ROWS), total: rows.length };
}

export function brokerRows(snapshot: Snapshot, run: RunContext): Capped<BrokerRow> {
  const live = sectionValue(snapshot, 'kafkaBrokers')?.brokers ?? null;
  const nodes = sectionValue(snapshot, 'nodes') ?? [];
  const topics = topologyOfAll(snapshot);
  const metrics = sectionValue(snapshot, 'metrics');
  const replicas = topics === null ? null : replicasByBroker(topics);
  const leaders = topics === null ? null : leadersByBroker(topics);
  const ids = new Set([
    ...(live ?? []).map(({ id }) => id),
    ...nodes.map(({ brokerId }) => brokerId),
    ...(replicas?.keys() ?? []),
  ]);
  const rows = [...ids].map((brokerId): BrokerRow => {
    const known = live?.find(({ id }) => id === brokerId);
    return {
      brokerId,
      live: live === null ? null : known !== undefined,
      rack: known?.rack ?? nodes.find((node) => node.brokerId === brokerId)?.azId ?? null,
      leaders: leaders === null ? null : (leaders.get(brokerId) ?? 0),
      replicas: replicas === null ? null : (replicas.get(brokerId) ?? 0),
      ...brokerMetrics(metrics, brokerId, run),
    };
  });
  const pressure = (row: BrokerRow) => Math.max(row.diskUsedPercent ?? 0, row.cpuP95Percent ?? 0);
  return capped(
    worstFirst(
      rows,
      [({ live: isLive }) => (isLive === false ? 1 : 0), pressure, (row) => row.leaders],
      (row) => row.brokerId,
    ),
  );
}

/** Null when topics are missing from the answer: their leaders and replicas would be missing in the counts. */
function topologyOfAll(snapshot: Snapshot): SectionValue<'kafkaTopics'> | null {
  const own = sectionValue(snapshot, 'kafkaTopics');
  if (own !== null) return own;
  const { kafkaTopics } = withTopology(snapshot.sections);
  return kafkaTopics?.ok === true && kafkaTopics.partial === undefined ? kafkaTopics.value : null;
}

type BrokerMetrics = Pick<BrokerRow, 'cpuP95Percent' | 'diskUsedPercent' | 'bytesInPerSec'>;

function brokerMetrics(metrics: SectionValue<'metrics'> | null, brokerId: number, run: RunContext): BrokerMetrics {
  if (metrics === null) return { cpuP95Percent: null, diskUsedPercent: null, bytesInPerSec: null };
  const of = (definition: (typeof METRICS)[keyof typeof METRICS], dropLast?: number) =>
    findSeries(metrics, definition, { 'Broker ID': String(brokerId) }).map((series) =>
      trustedPoints(series, dropLast === undefined ? { masked: run.maintenance } : { dropLast }),
    );
  // Load counts in maintenance too, as in the check and the KPI.
  const cpuParts = [...of(METRICS.cpuUser, 2), ...of(METRICS.cpuSystem, 2)];
  const [disk] = of(METRICS.diskUsed, 0);
  const [bytesIn] = of(METRICS.bytesIn);
  const traffic = bytesIn?.points.map(({ value }) => value) ?? [];
  return {
    // User and system time only make sense together.
    cpuP95Percent: cpuParts.length === 2 ? seriesQuantile(sumByTimestamp(cpuParts), 0.95) : null,
    diskUsedPercent: disk === undefined ? null : (latestPoint(disk)?.value ?? null),
    bytesInPerSec: traffic.length === 0 ? null : traffic.reduce((a, b) => a + b, 0) / traffic.length,
  };
}

export function topicRows(collected: Snapshot): Capped<TopicRow> {
  const snapshot = { ...collected, sections: withTopology(collected.sections) };
  const configs = sectionValue(snapshot, 'kafkaTopicConfigs');
  const offsets = sectionValue(snapshot, 'kafkaOffsets');
  const rows = (sectionValue(snapshot, 'kafkaTopics') ?? []).map(
    (topic): TopicRow => ({
      topic: topic.name,
      partitions: topic.partitions.length,
      replicationFactor: replicationFactor(topic),
      minInSyncReplicas: configs === null ? null : configNumber(configs, topic.name, 'min.insync.replicas'),
      underReplicated: topic.partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
      offline: topic.partitions.filter(({ leader }) => leader < 0).length,
      retainedMessages: retained(offsets, topic.name),
    }),
  );
  return capped(
    worstFirst(rows, [(row) => row.offline, (row) => row.underReplicated, (row) => row.partitions], (row) => row.topic),
  );
}

/** Sum of end - start over the partitions; null as soon as one of them could not be read. */
function retained(offsets: SectionValue<'kafkaOffsets'> | null, topic: string): string | null {
  const partitions = offsets !== null && Object.hasOwn(offsets.topics, topic) ? offsets.topics[topic] : undefined;
  if (partitions === undefined) return null;
  let total = 0n;
  for (const { start, end } of partitions) {
    if (start === null || end === null) return null;
    total += BigInt(end) - BigInt(start);
  }
  return total.toString();
}

export function groupRows(snapshot: Snapshot, statuses: readonly GroupStatus[] | null): Capped<GroupRow> {
  if (statuses === null) {
    const unjudged = unjudgedRows(snapshot);
    return capped(worstFirst(unjudged, [(row) => (row.lag === null ? null : Number(row.lag))], (row) => row.groupId));
  }
  // LAG_STATUSES runs from the worst to the best.
  const rank = new Map(statuses.map(({ groupId, status }) => [groupId, -LAG_STATUSES.indexOf(status)]));
  const consumed = new Map<string, number>();
  const offsets = sectionValue(snapshot, 'kafkaOffsets');
  const exposed =
    offsets === null
      ? []
      : retentionExposures(statuses, {
          offsets,
          ends: logEnds(offsets, sectionValue(snapshot, 'kafkaSamples'), snapshot.takenAtMs),
          configs: sectionValue(snapshot, 'kafkaTopicConfigs'),
        }).known;
  for (const { groupId, retentionConsumed } of exposed) {
    consumed.set(groupId, Math.max(consumed.get(groupId) ?? 0, 100 * retentionConsumed));
  }
  const rows = statuses.map((group) => groupRow(group, consumed.get(group.groupId) ?? 0));
  return capped(
    worstFirst(
      rows,
      [(row) => rank.get(row.groupId) ?? null, (row) => (row.lag === null ? null : Number(row.lag))],
      (row) => row.groupId,
    ),
  );
}

/** Groups that the brokers list without their offsets, and those that only CloudWatch's lag names; lag is CloudWatch's for both. */
function unjudgedRows(snapshot: Snapshot): GroupRow[] {
  const seen = cloudWatchLags(snapshot);
  const listed = sectionValue(snapshot, 'kafkaGroups') ?? [];
  const ids = new Set([...listed.map(({ groupId }) => groupId), ...seen.keys()]);
  return [...ids].map((groupId): GroupRow => {
    const own = listed.find((group) => group.groupId === groupId);
    return {
      groupId,
      type: own?.type ?? 'unknown',
      state: own?.state ?? 'unknown',
      members: own?.members?.length ?? null,
      status: seen.has(groupId) ? 'not judged, lag by CloudWatch' : 'not judged',
      topics: 0,
      lag: null,
      lagPerSec: null,
      retentionConsumedPercent: null,
      ...seen.get(groupId),
    };
  });
}

/**
 * Latest lag by group, summed over its topics, and AWS's largest estimate of the time to catch up. MSK publishes lag only of groups
 * that are stable or empty: what was last seen more than an hour before the end of the window is not of now.
 */
function cloudWatchLags(snapshot: Snapshot): Map<string, Pick<GroupRow, 'topics' | 'lag' | 'catchUpSec'>> {
  const metrics = sectionValue(snapshot, 'metrics');
  const sinceMs = snapshot.window.endMs - HOUR_MS;
  const latest = (definition: (typeof METRICS)[keyof typeof METRICS]) =>
    (metrics === null ? [] : findSeries(metrics, definition)).map((series) => {
      const point = latestPoint(trustedPoints(series, { dropLast: 0 }));
      const value = point !== null && point.atMs >= sinceMs ? point.value : null;
      return { groupId: series.dimensions['Consumer Group'] ?? '', value };
    });
  const times = [...latest(METRICS.rollingTimeLag), ...latest(METRICS.serverlessTimeLag)];
  return new Map(
    [...Map.groupBy(latest(METRICS.sumOffsetLag), ({ groupId }) => groupId)].map(([groupId, topics]) => {
      const values = (each: typeof topics) => each.flatMap(({ value }) => (value === null ? [] : [value]));
      const lags = values(topics);
      const own = values(times.filter((time) => time.groupId === groupId));
      return [
        groupId,
        {
          topics: topics.length,
          // A sum without one of its parts would look like less.
          lag: lags.length < topics.length ? null : String(Math.round(lags.reduce((a, b) => a + b, 0))),
          ...(own.length === 0 ? {} : { catchUpSec: Math.max(...own) }),
        },
      ];
    }),
  );
}

/** `consumedPercent` is of the partitions where retention can still take unread records, as KPI and check count it. */
function groupRow(group: GroupStatus, consumedPercent: number): GroupRow {
  const slopes = group.partitions.flatMap(({ lagSlopePerSec }) => (lagSlopePerSec === null ? [] : [lagSlopePerSec]));
  return {
    groupId: group.groupId,
    type: group.type,
    state: group.state,
    members: group.members,
    status: group.status,
    topics: group.topics.length,
    lag: group.lagTotal === null ? null : String(group.lagTotal),
    lagPerSec: slopes.length === 0 ? null : slopes.reduce((a, b) => a + b, 0),
    retentionConsumedPercent: group.lagTotal === null ? null : consumedPercent,
  };
}
