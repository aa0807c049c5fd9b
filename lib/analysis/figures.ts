// Figures that describe a cluster and are never scored (I1 to I8): what it carries, who reads it, what a GiB costs. What was not measured
// in full is null: a part of a load must not look like a small one.
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import type { SectionName, Sections, SectionValue, Snapshot } from '../snapshot/schema.ts';
import { gibPerMonth } from './cost-usage.ts';
import { withTopology } from './msk-topology.ts';
import { findSeries, perMinute, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import { median, sum } from './statistics.ts';
import { type LoadProfile, loadProfile, replicationExcess } from './throughput.ts';

export interface ClusterFigures {
  /** I1, of all brokers together, over the window. */
  messagesPerSec: LoadProfile | null;
  /** I2. */
  bytesInPerSec: LoadProfile | null;
  bytesOutPerSec: LoadProfile | null;
  /** I3: mean bytes in over mean messages; null where nothing flows. */
  averageRecordBytes: number | null;
  /** I4: mean bytes out over mean bytes in: how often each byte is read by clients. */
  readFanOut: number | null;
  /** I5: groups with members, and their members; topics and partitions of clients. */
  activeGroups: number | null;
  members: number | null;
  topics: number | null;
  partitions: number | null;
  /** I6: largest period of bytes in over the mean. */
  peakToMean: number | null;
  /** I7: replication over what the copies of the producers' bytes ask for; 0.25 = a quarter more. */
  replicationExcess: number | null;
  /** I8: what the cluster costs a month over the GiB that it takes in a month. */
  usdPerGiBIngested: number | null;
}

/** @param usdPerMonth of the whole cluster (`monthlyCost`); null where it is not known */
export function clusterFigures(snapshot: Pick<Snapshot, 'sections'>, usdPerMonth: number | null): ClusterFigures {
  const sections = withTopology(snapshot.sections);
  const isServerless = read(sections, 'cluster')?.kind === 'serverless';
  const of = (ofBroker: MetricDefinition, ofTopic: MetricDefinition) =>
    isServerless ? ofTopics(sections, ofTopic) : ofBrokers(sections, ofBroker);
  const messages = profile(of(METRICS.messagesIn, METRICS.serverlessMessagesIn));
  const bytesIn = profile(of(METRICS.bytesIn, METRICS.serverlessBytesIn));
  const bytesOut = profile(of(METRICS.bytesOut, METRICS.serverlessBytesOut));
  const replicated = isServerless ? null : profile(ofBrokers(sections, METRICS.replicationBytesIn));
  const topics = whole(sections, 'kafkaTopics')?.filter(({ internal }) => !internal) ?? null;
  const copies = median(topics?.flatMap(({ partitions }) => partitions.map(({ replicas }) => replicas.length)) ?? []);
  return {
    messagesPerSec: messages,
    bytesInPerSec: bytesIn,
    bytesOutPerSec: bytesOut,
    averageRecordBytes: over(bytesIn?.mean, messages?.mean),
    readFanOut: over(bytesOut?.mean, bytesIn?.mean),
    ...readersOf(whole(sections, 'kafkaGroups')),
    topics: topics?.length ?? null,
    partitions: topics === null ? null : sum(topics.map(({ partitions }) => partitions.length)),
    peakToMean: bytesIn?.peakToMean ?? null,
    replicationExcess:
      bytesIn === null || replicated === null || copies === null
        ? null
        : replicationExcess(bytesIn.mean, replicated.mean, copies),
    usdPerGiBIngested: over(usdPerMonth, ingestedGiB(sections, isServerless)),
  };
}

function read<N extends SectionName>(sections: Sections, name: N): SectionValue<N> | null {
  const section = sections[name];
  return section?.ok ? (section.value as SectionValue<N>) : null;
}

function whole<N extends SectionName>(sections: Sections, name: N): SectionValue<N> | null {
  const section = sections[name];
  return section?.ok && section.partial === undefined ? (section.value as SectionValue<N>) : null;
}

/** Null unless every broker that MSK lists has its series. */
function ofBrokers(sections: Sections, definition: MetricDefinition): TrustedSeries | null {
  const metrics = read(sections, 'metrics');
  const found = metrics === null ? [] : findSeries(metrics, definition);
  const brokers = read(sections, 'nodes')?.length ?? 0;
  if (found.length === 0 || found.length < brokers) return null;
  return sumByTimestamp(found.map((series) => trustedPoints(series)));
}

/** A topic without traffic has no points, which is no gap of the sum. */
function ofTopics(sections: Sections, definition: MetricDefinition): TrustedSeries | null {
  const metrics = read(sections, 'metrics');
  const found = metrics === null ? [] : findSeries(metrics, definition);
  if (found.length === 0) return null;
  return sumByTimestamp(
    found.map((series) => perMinute(trustedPoints(series))),
    { silentAfterSec: 0 },
  );
}

function profile(series: TrustedSeries | null): LoadProfile | null {
  return series === null ? null : loadProfile(series);
}

/** Null without both, or where there is nothing to divide by. */
function over(part: number | null | undefined, of: number | null | undefined): number | null {
  return typeof part === 'number' && typeof of === 'number' && of > 0 ? part / of : null;
}

function readersOf(groups: SectionValue<'kafkaGroups'> | null): Pick<ClusterFigures, 'activeGroups' | 'members'> {
  if (groups === null || groups.some(({ members }) => members === null)) return { activeGroups: null, members: null };
  const counts = groups.map(({ members }) => members!.length).filter((count) => count > 0);
  return { activeGroups: counts.length, members: sum(counts) };
}

function ingestedGiB(sections: Sections, isServerless: boolean): number | null {
  const brokers = read(sections, 'nodes')?.length ?? null;
  const topics = whole(sections, 'kafkaTopics')?.length ?? null;
  const usage = gibPerMonth(
    sections.metrics,
    isServerless
      ? { metric: METRICS.serverlessBytesIn, members: topics, memberName: 'topics' }
      : { metric: METRICS.bytesIn, members: brokers, memberName: 'brokers' },
  );
  return 'unknown' in usage ? null : usage.quantity;
}
