// What lies around a cluster in its account: storage scaling, alarms, quotas, connectors.
import * as v from 'valibot';

const number = v.nullable(v.number());

/** Application Auto Scaling of the brokers' volumes; no targets means that there is none. */
export const storageScalingSchema = v.strictObject({
  targets: v.array(v.strictObject({ minGiB: number, maxGiB: number })),
  policies: v.array(
    v.strictObject({ name: v.string(), targetPercent: number, isScaleInDisabled: v.nullable(v.boolean()) }),
  ),
});

/** CloudWatch alarms that watch a metric of this cluster. */
export const alarmsSchema = v.array(
  v.strictObject({
    name: v.string(),
    /** OK, ALARM or INSUFFICIENT_DATA. */
    state: v.nullable(v.string()),
    /** More than one where the alarm watches a formula. */
    metrics: v.array(v.string()),
    brokerIds: v.array(v.number()),
    statistic: v.nullable(v.string()),
    comparison: v.nullable(v.string()),
    threshold: number,
    periodSec: number,
    evaluationPeriods: number,
    hasActions: v.boolean(),
  }),
);

/** Service Quotas of MSK in this account and region. */
export const quotasSchema = v.array(
  v.strictObject({
    code: v.string(),
    name: v.string(),
    value: number,
    isAdjustable: v.nullable(v.boolean()),
  }),
);

/** Connectors of MSK Connect on this cluster. */
export const connectorsSchema = v.array(
  v.strictObject({
    name: v.string(),
    state: v.nullable(v.string()),
    mcusPerWorker: number,
    minWorkers: number,
    maxWorkers: number,
  }),
);
