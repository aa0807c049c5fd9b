// What lies around a cluster in its account: storage scaling, alarms, quotas, connectors.
import * as v from 'valibot';
import { QUOTA_LIMITS } from '../facts/msk-quotas.ts';

const epochMs = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const number = v.nullable(v.number());
const flag = v.nullable(v.boolean());
const text = v.nullable(v.string());

/** Application Auto Scaling of the brokers' volumes (Standard only); no targets means that there is none. */
export const storageScalingSchema = v.strictObject({
  targets: v.array(
    v.strictObject({
      minGiB: number,
      maxGiB: number,
      /** True while somebody has paused it: the volumes do not grow. */
      isScaleOutSuspended: flag,
    }),
  ),
  /** Null where they were not readable; without a target there can be none. */
  policies: v.nullable(
    v.array(
      v.strictObject({
        /** AWS's predefined metric, `KafkaBrokerStorageUtilization`; null for a metric of the user's own. */
        metric: text,
        targetPercent: number,
        isScaleInDisabled: flag,
      }),
    ),
  ),
  /** The newest one of the six weeks that AWS keeps; null when there was none, or it was not readable (then the section is partial). */
  lastActivity: v.nullable(
    v.strictObject({
      startMs: epochMs,
      endMs: epochMs,
      /** Pending, InProgress, Successful, Overridden, Unfulfilled or Failed. */
      status: text,
    }),
  ),
});

/** CloudWatch alarms on metrics of this cluster. Composite alarms, which combine others, are not listed. */
export const alarmsSchema = v.array(
  v.strictObject({
    name: v.string(),
    /** OK, ALARM or INSUFFICIENT_DATA. */
    state: text,
    /** Those of this cluster; more than one where the alarm watches a formula. */
    metrics: v.array(
      v.strictObject({
        name: v.string(),
        statistic: text,
        periodSec: number,
        /** Null where the alarm watches no single broker, group or topic. */
        brokerId: number,
        consumerGroup: text,
        topic: text,
      }),
    ),
    comparison: text,
    /** Null for an alarm on a band of anomaly detection. */
    threshold: number,
    isAnomalyBand: v.boolean(),
    evaluationPeriods: number,
    datapointsToAlarm: number,
    /** Of its own and not switched off. An alarm without may still be part of a composite one that has. */
    hasActions: v.boolean(),
    /** All it does is to scale something: no human hears of it. */
    isForAutoScaling: v.boolean(),
  }),
);

/** Service Quotas of MSK in this account and region. */
export const quotasSchema = v.array(
  v.strictObject({
    code: v.string(),
    name: v.string(),
    /** Null when AWS could not say. */
    value: number,
    isAdjustable: flag,
    /** By its code (lib/facts/msk-quotas.ts); null: a quota that no check needs. */
    limits: v.nullable(v.picklist(QUOTA_LIMITS)),
    /** `applied`: of this account. `aws-default`: what every account begins with; the account's own was not told. */
    source: v.picklist(['applied', 'aws-default']),
  }),
);

/** Connectors of MSK Connect on this cluster: what their cost and lag need, and nothing of their configuration. */
export const connectorsSchema = v.array(
  v.strictObject({
    name: v.string(),
    /** RUNNING, CREATING, UPDATING, DELETING or FAILED. */
    state: text,
    mcusPerWorker: number,
    /** The same as `maxWorkers` where the number of workers is fixed. */
    minWorkers: number,
    maxWorkers: number,
    isAutoScaled: flag,
    /** The consumer group it has if it is a sink; a source has none, and the list does not tell which it is. */
    sinkGroup: v.string(),
  }),
);
