// The metrics section: what to ask follows from the cluster's kind and from what Kafka names, so it comes after both.
import { whyUnreadable } from '../facts/cluster-states.ts';
import { type HourlyHistory, hoursToAsk, takeUpHourly } from '../history/hourly.ts';
import { type Collected, missing } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import type { CloudWatchReader } from './cloudwatch/cloudwatch-reader.ts';
import { type GroupTopic, mostLaggingPairs } from './cloudwatch/lagging-pairs.ts';
import { brokerIds, type MetricScope, metricScope } from './cloudwatch/metric-scope.ts';
import { MAX_GROUP_TOPIC_PAIRS, MAX_TOPICS, type MetricPlan, planMetrics } from './cloudwatch/plan.ts';
import { planHistory } from './cloudwatch/plan-history.ts';
import { busiestTopics } from './cloudwatch/plan-topics.ts';
import type { Ranking } from './cloudwatch/ranking.ts';
import { readMetrics } from './cloudwatch/read-metrics.ts';
import type { Job } from './collect-job.ts';
import type { KafkaSections } from './kafka/plan.ts';
import type { ClusterArn } from './msk/cluster-arn.ts';
import type { ControlPlane } from './msk/control-plane.ts';

type Metrics = SectionValue<'metrics'>;

/** What is left of the time for the snapshot itself when CloudWatch is slow. */
const AFTER_METRICS_MS = 2_000;

/** Undefined when CloudWatch is not to be read. */
export async function readMetricsSection(
  job: Job,
  arn: ClusterArn,
  control: ControlPlane | null,
  kafka: Partial<KafkaSections>,
): Promise<Collected<Metrics> | undefined> {
  const { cloudwatch } = job.sources;
  if (cloudwatch === undefined || control === null) return undefined;
  const unreadable = control.cluster.ok ? whyUnreadable(control.cluster.value.state, 'metrics') : null;
  if (unreadable !== null) return job.run.settle<Metrics>('metrics', missing('not-supported', unreadable));
  const scope = metricScope(control, arn);
  if ('reason' in scope) return job.run.settle('metrics', scope);
  const brokers = brokerIds(scope.kind, control, kafka);
  const call = { action: 'cloudwatch:GetMetricData', resource: '*', region: arn.region };
  let added: HourlyHistory | null = null;
  const section = await job.run.read('metrics', call, async (signal) => {
    const named = await namePairs(job, cloudwatch, scope, kafka, signal);
    const stored = await job.storedHours;
    const plan = planOf(job, scope, {
      brokerIds: brokers.ids,
      groupTopics: named.pairs,
      kafka,
      stored: stored?.history,
    });
    const read = await readMetrics(cloudwatch, plan, signal, withinMs(job));
    const taken = stored === undefined ? null : takeUpHourly(read.value, stored.history, job.options.nowMs);
    added = taken?.added ?? null;
    const notices = (stored?.notices ?? []).map(historyMessage);
    const messages = [...read.value.messages, ...notices];
    const value = taken === null ? read.value : { ...read.value, hourly: taken.hourly, messages };
    const isEmpty =
      plan.batches.length === 0 && 'nothing could be asked for: neither brokers, topics nor groups are known';
    const notes = [scope.problem, brokers.problem, named.problem];
    return {
      value: named.ranking === null ? value : await withRanking(value, named.ranking),
      partial: [...notes, isEmpty, read.partial].filter((each) => typeof each === 'string').join('; ') || undefined,
    };
  });
  return added === null ? section : await keepHours(job, section, added);
}

/** Outside of the reading: what goes wrong with the store costs a question tomorrow and no verdict today. */
async function keepHours(job: Job, section: Collected<Metrics>, added: HourlyHistory): Promise<Collected<Metrics>> {
  try {
    await job.sources.hours?.store(added);
    return section;
  } catch (error) {
    const problem = historyMessage(`hours could not be kept for later runs (${classifyAwsError(error).name})`);
    if (!section.ok) return section;
    return { ...section, value: { ...section.value, messages: [...section.value.messages, problem] } };
  }
}

function historyMessage(value: string): { code: string; value: string } {
  return { code: 'History', value };
}

async function withRanking(metrics: Metrics, ranking: Ranking): Promise<Metrics> {
  const { withRankingCost } = await import('./cloudwatch/ranking.ts');
  return { ...metrics, cost: withRankingCost(metrics.cost, ranking.cost) };
}

function withinMs({ options, now }: Job): number {
  return Math.max(0, options.deadlineMs - now() - AFTER_METRICS_MS);
}

interface NamedPairs {
  /** Most lagging first. */
  pairs: GroupTopic[];
  ranking: Ranking | null;
  problem?: string;
}

/** Kafka names the pairs that matter; without it CloudWatch ranks them itself, for a price of its own. */
async function namePairs(
  job: Job,
  cloudwatch: CloudWatchReader,
  { clusterName }: MetricScope,
  { kafkaOffsets }: Partial<KafkaSections>,
  signal: AbortSignal,
): Promise<NamedPairs> {
  if (kafkaOffsets?.ok)
    return { pairs: mostLaggingPairs(kafkaOffsets.value, 2 * MAX_GROUP_TOPIC_PAIRS), ranking: null };
  if (kafkaOffsets === undefined) return { pairs: [], ranking: null };
  try {
    const { rankPairs } = await import('./cloudwatch/ranking.ts');
    const ranking = await rankPairs(cloudwatch, { clusterName, nowMs: job.options.nowMs }, signal);
    const problem = 'CloudWatch names only some of the consumer groups, and maybe not the most lagging ones';
    return { pairs: ranking.pairs, ranking, ...(ranking.isTruncated ? { problem } : {}) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = `consumer groups could not be ranked by CloudWatch (${classifyAwsError(error).name})`;
    return { pairs: [], ranking: null, problem };
  }
}

interface PlanInputs {
  brokerIds: readonly number[];
  groupTopics: readonly GroupTopic[];
  kafka: Partial<KafkaSections>;
  /** Undefined: no history is kept. */
  stored: HourlyHistory | undefined;
}

/** The day's metrics, and with a history the hours that no earlier run has left. */
function planOf(job: Job, scope: MetricScope, { brokerIds, groupTopics, kafka, stored }: PlanInputs): MetricPlan {
  const topics = busiestTopics(kafka, MAX_TOPICS);
  const subject = { ...scope, brokerIds };
  const plan = planMetrics({ ...subject, groupTopics, topics, window: job.window });
  if (stored === undefined) return plan;
  const missing = hoursToAsk(stored, job.options.nowMs, job.window);
  return {
    ...plan,
    batches: [
      ...plan.batches,
      ...planHistory({ ...subject, topics: topics.filter(({ topic }) => isAsked(plan, topic)), missing }),
    ],
  };
}

/** A past without a present is no use: only topics that the day's budget holds get one. */
function isAsked({ batches }: MetricPlan, topic: string): boolean {
  return batches.some(({ queries }) =>
    queries.some(({ dimensions }) => dimensions.Topic === topic && !('Consumer Group' in dimensions)),
  );
}
