// What CloudWatch answered: series with their gaps, and what asking cost.
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
});
export type MetricSeries = v.InferOutput<typeof metricSeriesSchema>;

export const metricsSchema = v.strictObject({
  series: v.array(metricSeriesSchema),
  /** Messages CloudWatch itself sent with the answer, unchanged. */
  messages: v.array(v.strictObject({ code: v.string(), value: v.string() })),
  /** What this collection asked for: metrics are the unit CloudWatch bills. */
  cost: v.strictObject({ metricsRequested: v.number(), calls: v.number(), usd: v.nullable(v.number()) }),
});
