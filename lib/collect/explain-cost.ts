// What CloudWatch will charge for a run, before any of it is asked: from the control plane alone, which is free.
import { GET_METRIC_DATA_USD_PER_METRIC } from '../facts/cloudwatch-price.ts';
import { hoursToAsk, reportWindow } from '../history/hourly.ts';
import { CollectError, collectErrorOf } from './aws-errors.ts';
import { MAX_RANKED_METRICS, rankingDays } from './cloudwatch/kept-ranking.ts';
import { brokerIds, metricScope } from './cloudwatch/metric-scope.ts';
import { MAX_GROUP_TOPIC_PAIRS, MAX_TOPICS, planMetrics, rankingShare } from './cloudwatch/plan.ts';
import { describeDropped, explainCost, type PlanCost } from './cloudwatch/plan-cost.ts';
import { planHistory } from './cloudwatch/plan-history.ts';
import type { CollectSources } from './collect-job.ts';
import { parseClusterArn } from './msk/cluster-arn.ts';
import { collectControlPlane } from './msk/control-plane.ts';
import { SectionRun } from './section-run.ts';

export interface RunCost {
  clusterArn: string;
  brokerCount: number;
  /** Of each report: the most it can be, as groups and topics are not known yet. */
  day: PlanCost;
  /** Once: the hours of the last four weeks that no run has left yet. */
  history: PlanCost;
  /** Beyond that, of a report whose brokers cannot be reached: what ranking the groups by CloudWatch itself costs at most. */
  rankingAtMost: {
    metricsRequested: number;
    usd: number;
    /** A ranking of this size serves so many daily reports; smaller ones fewer. */
    days: number;
    /** Metrics of each report's budget that are set aside for it. */
    reservedMetrics: number;
  };
  /** The most metrics that a daily report of this cluster asks for. */
  budgetMetrics: number;
  /** What does not fit into the budget; null when everything does. */
  dropped: string | null;
}

interface Request {
  clusterArn: string;
  windowHours: number;
  nowMs: number;
  deadlineMs: number;
  profile?: string | undefined;
}

/** @throws CollectError when the cluster cannot be described */
export async function explainRunCost(
  { clusterArn, windowHours, nowMs, deadlineMs, profile }: Request,
  { msk, hours, signal }: Required<Pick<CollectSources, 'msk'>> & Pick<CollectSources, 'hours' | 'signal'>,
): Promise<RunCost> {
  const arn = parseClusterArn(clusterArn);
  const run = new SectionRun(deadlineMs, { now: () => Date.now(), progress: () => {}, signal });
  try {
    const control = await collectControlPlane(msk!, arn, run, () => {}, { nowMs });
    const scope = metricScope(control, arn);
    if ('reason' in scope) {
      const failure = run.failures.get('cluster');
      if (failure !== undefined) throw collectErrorOf(failure, { ...arn, clusterArn: arn.arn, profile });
      throw new CollectError('nothing-collected', `What a run costs is not known: ${scope.detail}`);
    }
    const ids = brokerIds(scope.kind, control, {}).ids;
    const window = reportWindow(nowMs, windowHours);
    const stored = (await hours?.load())?.history ?? new Map();
    const topics = Array.from({ length: MAX_TOPICS }, (_, i) => ({ topic: `topic-${i}`, leaders: [...ids] }));
    const groupTopics = Array.from({ length: MAX_GROUP_TOPIC_PAIRS }, (_, i) => ({
      groupId: `group-${i}`,
      topic: 'topic',
    }));
    const plan = planMetrics({ ...scope, brokerIds: ids, groupTopics, topics, window });
    const missing = hours === undefined ? [] : hoursToAsk(stored, nowMs, window);
    return {
      clusterArn: arn.arn,
      brokerCount: ids.length,
      day: explainCost(plan),
      history: explainCost({ batches: planHistory({ ...scope, brokerIds: ids, topics, missing, stored }) }),
      rankingAtMost: {
        metricsRequested: MAX_RANKED_METRICS,
        usd: MAX_RANKED_METRICS * GET_METRIC_DATA_USD_PER_METRIC.usd,
        days: rankingDays(MAX_RANKED_METRICS, ids.length),
        reservedMetrics: rankingShare(ids.length),
      },
      budgetMetrics: plan.budget,
      dropped: describeDropped(plan),
    };
  } finally {
    run.release();
  }
}
