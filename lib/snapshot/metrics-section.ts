// What CloudWatch answered: series with their gaps, what this cluster does not give, and what asking cost.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** One series at a regular period; a missing point is null: gaps stay gaps. */
export const metricSeriesSchema = v.strictObject({
  metric: v.string(),
  statistic: v.picklist(['Average', 'Sum', 'Minimum', 'Maximum']),
  unit: v.string(),
  dimensions: recordOf(v.string()),
  periodSec: v.pipe(v.number(), v.integer(), v.minValue(60)),
  /** Start of the first period. */
  startMs: epochMs,
  values: v.array(v.nullable(v.number())),
  /** The answer broke off: a null may then be a point that exists. Absent where null means that CloudWatch has no point. */
  incomplete: v.optional(v.literal(true)),
});
export type MetricSeries = v.InferOutput<typeof metricSeriesSchema>;

/** A metric that a KPI or a check wants and that was not asked for, with the monitoring level that would give it. */
export const unavailableMetricSchema = v.strictObject({
  metric: v.string(),
  /** Names of the dimensions it would come with. */
  dimensions: v.array(v.string()),
  /** `not-requested`: the monitoring level of the cluster is not known. */
  reason: v.picklist(['not-enabled', 'not-supported', 'not-requested']),
  /** Null where no level gives it. */
  level: v.nullable(v.picklist(['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'])),
});

const costEntries = {
  /** What CloudWatch bills. */
  metricsRequested: v.number(),
  calls: v.number(),
  usd: v.nullable(v.number()),
};
/** One part of what the collection asked for; `points` is what came back. */
export const metricCostSchema = v.strictObject({ ...costEntries, points: v.number() });
export type MetricCost = v.InferOutput<typeof metricCostSchema>;

export const metricsSchema = v.strictObject({
  /** The report window, each metric at the period of its catalogue row. */
  series: v.array(metricSeriesSchema),
  /** The last weeks in hours, up to the last hour that was over when the report was made; absent when no history was wanted. */
  hourly: v.optional(v.array(metricSeriesSchema)),
  unavailable: v.optional(v.array(unavailableMetricSchema)),
  /** Messages CloudWatch itself sent with the answer, unchanged; and ours under the codes ClockSkew, History and Ranking. */
  messages: v.array(v.strictObject({ code: v.string(), value: v.string() })),
  /** What this collection asked for in all, and which part of it was for what. */
  cost: v.strictObject({
    ...costEntries,
    points: v.optional(v.number()),
    day: v.optional(metricCostSchema),
    history: v.optional(metricCostSchema),
    /** The query that named the groups where Kafka could not. */
    ranking: v.optional(metricCostSchema),
  }),
});
