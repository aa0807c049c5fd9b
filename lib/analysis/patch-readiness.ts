// What has to hold before MSK restarts every broker of a cluster, one after the other, as each patch does.
// Source: docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html
import { METRICS } from '../facts/metric-catalogue.ts';
import { isOfMsk } from '../facts/topic-names.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import type { ConfigInputs } from './effective-config.ts';
import { brokerHeadrooms, cpuByBroker } from './headroom.ts';
import { missingReplicas } from './reassigning.ts';
import { findSeries, seriesQuantile, trustedPoints } from './series.ts';
import { type LoadInputs, topicLoads } from './topic-load.ts';
import { configNumber, replicationFactor } from './topology.ts';
import { usualReplication } from './usual-replication.ts';
import { versionSupport } from './version-support.ts';

export const READINESS_SECTIONS = [
  'cluster',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaOffsets',
  'kafkaSamples',
  'kafkaLogDirs',
  'kafkaBrokerConfigs',
  'configuration',
  'kafkaReassignments',
  'metrics',
  'versions',
] as const;

export interface ReadinessInputs extends LoadInputs, ConfigInputs {
  readonly metrics: Collected<SectionValue<'metrics'>>;
  readonly kafkaReassignments: Collected<SectionValue<'kafkaReassignments'>>;
  readonly versions: Collected<SectionValue<'versions'>>;
}

export interface ReadinessLimits {
  maxCpuPercent: number;
  maxCpuAfterLossPercent: number;
  maxDiskPercent: number;
  minVersionDays: number;
  /** How old a copy of AWS's table may be that shall prove alone that no end of support is announced. */
  maxTableAgeDays: number;
  minCoveragePercent: number;
}

export type PreconditionId =
  | 'single-copies'
  | 'every-replica-needed'
  | 'cpu'
  | 'cpu-after-loss'
  | 'disk'
  | 'under-replicated'
  | 'version';

export interface Precondition {
  id: PreconditionId;
  /** Null: not known. */
  holds: boolean | null;
  /** Topics, partitions, percent or days, as the precondition has it; null where nothing was measured. */
  measured: number | null;
  limit: number;
  /** The worst resources, worst first. */
  worst: readonly string[];
}

export interface ReadinessOptions {
  takenAtMs: number;
  limits: ReadinessLimits;
  /** Topics that need not last. */
  isEphemeral: (topic: string) => boolean;
  /** Missing replicas are then what an operation does. */
  inMaintenance: boolean;
}

/** The preconditions that apply to this kind of cluster. */
export function patchReadiness(inputs: ReadinessInputs, options: ReadinessOptions): Precondition[] {
  const cluster = inputs.cluster.ok && inputs.cluster.value.kind !== 'serverless' ? inputs.cluster.value : null;
  if (cluster === null) return [];
  const isStandard = cluster.kind === 'provisioned-standard';
  const { limits } = options;
  return [
    // Express fixes three replicas of which two are needed.
    ...(isStandard ? [singleCopies(inputs, options), everyReplicaNeeded(inputs, options)] : []),
    ...(options.inMaintenance ? [] : [underReplicated(inputs)]),
    cpu(inputs, cluster.brokerCount, limits),
    cpuAfterLoss(inputs, cluster, limits),
    ...(isStandard ? [disk(inputs, cluster.brokerCount, limits)] : []),
    version(cluster.kafkaVersion, inputs, options),
  ];
}

/** MSK minds its own topics (a canary that needs every replica): nobody else can change them. */
function isJudged(topic: string, { isEphemeral }: ReadinessOptions): boolean {
  return !isOfMsk(topic) && !isEphemeral(topic);
}

const NONE = { measured: null, worst: [] } as const;

/** Topics with one replica that carry traffic: their partitions stop at every restart. Without a rate they may or may not. */
function singleCopies(inputs: ReadinessInputs, options: ReadinessOptions): Precondition {
  const common = { id: 'single-copies', limit: 0 } as const;
  if (!inputs.kafkaTopics.ok) return { ...common, ...NONE, holds: null };
  const single = inputs.kafkaTopics.value
    .filter((topic) => replicationFactor(topic) === 1 && isJudged(topic.name, options))
    .map(({ name }) => name);
  const rates = new Map(
    topicLoads(inputs, options.takenAtMs).map(({ topic, messagesPerSec }) => [topic, messagesPerSec]),
  );
  const rateOf = (topic: string) => rates.get(topic) ?? null;
  const busy = single.filter((topic) => (rateOf(topic) ?? 0) > 0).sort((a, b) => rateOf(b)! - rateOf(a)!);
  const isOpen = !isWhole(inputs.kafkaTopics) || single.some((topic) => rateOf(topic) === null);
  return { ...common, holds: verdict(busy.length > 0, isOpen), measured: busy.length, worst: busy };
}

function everyReplicaNeeded(inputs: ReadinessInputs, options: ReadinessOptions): Precondition {
  const common = { id: 'every-replica-needed', limit: 0 } as const;
  const { kafkaTopics, kafkaTopicConfigs } = inputs;
  if (!kafkaTopics.ok || !kafkaTopicConfigs.ok) return { ...common, ...NONE, holds: null };
  const copied = kafkaTopics.value.filter((topic) => replicationFactor(topic) >= 2 && isJudged(topic.name, options));
  const minIsr = ({ name }: { name: string }) => configNumber(kafkaTopicConfigs.value, name, 'min.insync.replicas');
  const found = copied.filter((topic) => (minIsr(topic) ?? 0) >= replicationFactor(topic)).map(({ name }) => name);
  const isOpen = !isWhole(kafkaTopics) || !isWhole(kafkaTopicConfigs) || copied.some((topic) => minIsr(topic) === null);
  return { ...common, holds: verdict(found.length > 0, isOpen), measured: found.length, worst: found };
}

function underReplicated({ kafkaTopics, kafkaReassignments }: ReadinessInputs): Precondition {
  const common = { id: 'under-replicated', limit: 0 } as const;
  if (!kafkaTopics.ok) return { ...common, ...NONE, holds: null };
  const missing = missingReplicas(kafkaReassignments);
  const behind = kafkaTopics.value.flatMap(({ name, partitions }) =>
    partitions.filter((each) => missing({ topic: name, ...each }).length > 0).map(() => name),
  );
  return {
    ...common,
    holds: verdict(behind.length > 0, !isWhole(kafkaTopics)),
    measured: behind.length,
    worst: [...new Set(behind)],
  };
}

function cpu({ metrics }: ReadinessInputs, brokerCount: number, limits: ReadinessLimits): Precondition {
  const found = metrics.ok
    ? cpuByBroker(findSeries(metrics.value, METRICS.cpuUser), findSeries(metrics.value, METRICS.cpuSystem), 2)
    : [];
  const seen = found.filter(
    ([, series]) => series.count > 0 && !series.endsEarly && 100 * series.coverage >= limits.minCoveragePercent,
  );
  const levels = found.flatMap(([id, series]) => {
    const p95 = seriesQuantile(series, 0.95);
    return p95 === null ? [] : [[id, p95] as const];
  });
  return highestOf('cpu', levels, limits.maxCpuPercent, seen.length < brokerCount);
}

function cpuAfterLoss(
  inputs: ReadinessInputs,
  { brokerCount, azCount }: { brokerCount: number; azCount: number },
  { maxCpuAfterLossPercent }: ReadinessLimits,
): Precondition {
  const rf = usualReplication(inputs.kafkaTopics, inputs)?.rf ?? null;
  const all =
    inputs.metrics.ok && rf !== null
      ? brokerHeadrooms(inputs.metrics.value, { brokers: brokerCount, azs: azCount, rf })
      : [];
  const levels = all.map(({ brokerId, worstCpu }) => [brokerId, worstCpu] as const);
  return highestOf('cpu-after-loss', levels, maxCpuAfterLossPercent, all.length < brokerCount);
}

function disk({ metrics }: ReadinessInputs, brokerCount: number, { maxDiskPercent }: ReadinessLimits): Precondition {
  const found = metrics.ok ? findSeries(metrics.value, METRICS.diskUsed) : [];
  const series = found.map((each) => trustedPoints(each, { dropLast: 0 })).filter(({ count }) => count > 0);
  const levels = series.map(({ dimensions, latest }) => [dimensions['Broker ID'] ?? '', latest!.value] as const);
  // What fell silent below the limit may be above it by now.
  const seen = series.filter(({ endsEarly }) => !endsEarly);
  return highestOf('disk', levels, maxDiskPercent, seen.length < brokerCount);
}

function version(
  kafkaVersion: string | null,
  { versions }: ReadinessInputs,
  { takenAtMs, limits: { minVersionDays, maxTableAgeDays } }: ReadinessOptions,
): Precondition {
  const common = { id: 'version', limit: minVersionDays } as const;
  const told = kafkaVersion === null ? null : versionSupport(kafkaVersion, versions, { takenAtMs, maxTableAgeDays });
  if (kafkaVersion === null || told === null || told.unknown !== null) return { ...common, ...NONE, holds: null };
  const days = told.daysLeft;
  return { ...common, holds: days === null || days >= minVersionDays, measured: days, worst: [kafkaVersion] };
}

function highestOf(
  id: PreconditionId,
  levels: readonly (readonly [brokerId: string, value: number])[],
  limit: number,
  isOpen: boolean,
): Precondition {
  const ordered = levels.toSorted(([, a], [, b]) => b - a);
  const over = ordered.filter(([, value]) => value > limit).map(([brokerId]) => `broker ${brokerId}`);
  return { id, limit, holds: verdict(over.length > 0, isOpen), measured: ordered[0]?.[1] ?? null, worst: over };
}

/** What was found breaks it, whatever was not looked at. */
function verdict(isBroken: boolean, isOpen: boolean): boolean | null {
  if (isBroken) return false;
  return isOpen ? null : true;
}

function isWhole(section: Collected<unknown>): boolean {
  return section.ok && section.partial === undefined;
}
