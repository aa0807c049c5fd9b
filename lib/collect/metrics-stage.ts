// The metrics section: what to ask follows from the cluster's kind and from what Kafka names, so it comes after both.
import { whyUnreadable } from '../facts/cluster-states.ts';
import { type HourlyHistory, hoursToAsk, takeUpHourly } from '../history/hourly.ts';
import { type Collected, missing } from '../snapshot/collected.ts';
import type { MetricCost } from '../snapshot/metrics-section.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { classifyAwsError } from './classify-aws-error.ts';
import type { CloudWatchReader } from './cloudwatch/cloudwatch-reader.ts';
import { type GroupTopic, mostLaggingPairs } from './cloudwatch/lagging-pairs.ts';
import { brokerIds, type MetricScope, metricScope } from './cloudwatch/metric-scope.ts';
import { MAX_GROUP_TOPIC_PAIRS, MAX_TOPICS, type MetricPlan, planMetrics, rankingShare } from './cloudwatch/plan.ts';
import type { TopicOnBrokers } from './cloudwatch/plan-basket.ts';
import { busiestTopics } from './cloudwatch/plan-topics.ts';
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
    const named = await nameThem(job, cloudwatch, { ...scope, brokerCount: brokers.ids.length }, kafka, signal);
    const stored = await job.storedHours;
    const plan = await planOf(job, scope, { brokerIds: brokers.ids, named, stored: stored?.history });
    const read = await readMetrics(cloudwatch, plan, signal, withinMs(job));
    const taken = stored === undefined ? null : takeUpHourly(read.value, stored.history, job.options.nowMs);
    added = taken?.added ?? null;
    const notices = (stored?.notices ?? []).map(historyMessage);
    if (named.note !== undefined) notices.push({ code: 'Ranking', value: named.note });
    const messages = [...read.value.messages, ...notices];
    const value = { ...read.value, ...(taken === null ? {} : { hourly: taken.hourly }), messages };
    const isEmpty =
      plan.batches.length === 0 && 'nothing could be asked for: neither brokers, topics nor groups are known';
    const notes = [scope.problem, brokers.problem, named.problem];
    return {
      value: named.cost === null ? value : await withRanking(value, named.cost),
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

async function withRanking(metrics: Metrics, cost: MetricCost): Promise<Metrics> {
  const { withRankingCost } = await import('./cloudwatch/ranking.ts');
  return { ...metrics, cost: withRankingCost(metrics.cost, cost) };
}

function withinMs({ options, now }: Job): number {
  return Math.max(0, options.deadlineMs - now() - AFTER_METRICS_MS);
}

interface Named {
  /** Most lagging first. */
  groupTopics: readonly GroupTopic[];
  /** Busiest first. */
  topics: readonly TopicOnBrokers[];
  /** Metrics of the budget that ranking is paid from. */
  reserved: number;
  cost: MetricCost | null;
  problem?: string;
  note?: string;
}

/** Kafka names the pairs and topics that matter; without it CloudWatch ranks them itself, for a price of its own. */
async function nameThem(
  { options, shelf }: Job,
  cloudwatch: CloudWatchReader,
  { clusterName, kind, brokerCount }: MetricScope & { brokerCount: number },
  { kafkaOffsets, ...kafka }: Partial<KafkaSections>,
  signal: AbortSignal,
): Promise<Named> {
  const known = { topics: busiestTopics({ kafkaOffsets, ...kafka }, MAX_TOPICS), reserved: 0, cost: null };
  if (kafkaOffsets?.ok)
    return { ...known, groupTopics: mostLaggingPairs(kafkaOffsets.value, 2 * MAX_GROUP_TOPIC_PAIRS) };
  if (kafkaOffsets === undefined) return { ...known, groupTopics: [] };
  const { rankedNames } = await import('./cloudwatch/kept-ranking.ts');
  const topics = kind === 'serverless' && kafka.kafkaTopics?.ok !== true;
  const request = { clusterName, nowMs: options.nowMs, brokerCount, topics };
  const kept = (await shelf.kept).ranking;
  const { ranking, ...told } = await rankedNames(cloudwatch, request, kept, signal);
  if (ranking !== null && ranking !== kept) shelf.put({ ranking });
  return {
    ...told,
    groupTopics: ranking?.pairs ?? [],
    topics: topics ? (ranking?.topics ?? []).map((topic) => ({ topic, leaders: [] })) : known.topics,
    reserved: rankingShare(brokerCount),
  };
}

interface PlanInputs {
  brokerIds: readonly number[];
  named: Named;
  /** Undefined: no history is kept. */
  stored: HourlyHistory | undefined;
}

/** The day's metrics, and with a history the hours that no earlier run has left. */
async function planOf(job: Job, scope: MetricScope, { brokerIds, named, stored }: PlanInputs): Promise<MetricPlan> {
  const { groupTopics, topics, reserved } = named;
  const subject = { ...scope, brokerIds };
  const plan = planMetrics({ ...subject, groupTopics, topics, reserved, window: job.window });
  if (stored === undefined) return plan;
  const missing = hoursToAsk(stored, job.options.nowMs, job.window);
  if (missing.length === 0) return plan;
  const { planHistory } = await import('./cloudwatch/plan-history.ts');
  return {
    ...plan,
    batches: [
      ...plan.batches,
      ...planHistory({ ...subject, topics: topics.filter(({ topic }) => isAsked(plan, topic)), missing, stored }),
    ],
  };
}

/** A past without a present is no use: only topics that the day's budget holds get one. */
function isAsked({ batches }: MetricPlan, topic: string): boolean {
  return batches.some(({ queries }) =>
    queries.some(({ dimensions }) => dimensions.Topic === topic && !('Consumer Group' in dimensions)),
  );
}
