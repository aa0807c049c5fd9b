// Sections that come from AWS: the MSK control plane, CloudWatch, the price list.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** AWS adds states over time, so the state stays a string; lib/facts/cluster-states.ts says what each known one means for a reader. */
const clusterCommon = {
  arn: v.string(),
  /** The uuid part of the ARN: identity of a cluster beyond its reusable name. */
  uuid: v.string(),
  name: v.string(),
  region: v.string(),
  accountId: v.string(),
  state: v.string(),
  /** Opaque version of the cluster's definition: `--current-version` of every update command. */
  currentVersion: v.nullable(v.string()),
  createdAtMs: v.nullable(epochMs),
  activeOperationArn: v.nullable(v.string()),
};

const provisionedCommon = {
  kafkaVersion: v.nullable(v.string()),
  metadataMode: v.picklist(['kraft', 'zookeeper', 'unknown']),
  instanceType: v.string(),
  brokerCount: v.pipe(v.number(), v.integer()),
  /** Number of client subnets, one an availability zone. */
  azCount: v.pipe(v.number(), v.integer()),
  enhancedMonitoring: v.picklist([
    'DEFAULT',
    'PER_BROKER',
    'PER_TOPIC_PER_BROKER',
    'PER_TOPIC_PER_PARTITION',
    'unknown',
  ]),
  configuration: v.nullable(v.strictObject({ arn: v.string(), revision: v.number() })),
  customerActionStatus: v.nullable(v.string()),
};

export const clusterSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('provisioned-standard'),
    ...clusterCommon,
    ...provisionedCommon,
    storageMode: v.picklist(['LOCAL', 'TIERED']),
    volumeGiBPerBroker: v.nullable(v.number()),
    provisionedThroughputMiBPerSec: v.nullable(v.number()),
  }),
  v.strictObject({ kind: v.literal('provisioned-express'), ...clusterCommon, ...provisionedCommon }),
  v.strictObject({ kind: v.literal('serverless'), ...clusterCommon }),
]);
export type Cluster = v.InferOutput<typeof clusterSchema>;

export const nodesSchema = v.array(
  v.strictObject({
    brokerId: v.number(),
    subnetId: v.nullable(v.string()),
    instanceType: v.nullable(v.string()),
    endpoints: v.array(v.string()),
  }),
);

/** Bootstrap strings by the suffix of their API field (`saslIam`, `tls`, ...); dropped by redaction. */
export const bootstrapSchema = recordOf(v.string());

export const configurationSchema = v.strictObject({
  arn: v.string(),
  revision: v.number(),
  /** Only the keys of the allow-list in lib/snapshot/redact.ts, parsed from server.properties. */
  properties: recordOf(v.string()),
});

export const operationsSchema = v.array(
  v.strictObject({
    arn: v.string(),
    type: v.string(),
    state: v.string(),
    startMs: v.nullable(epochMs),
    endMs: v.nullable(epochMs),
  }),
);

export const tagsSchema = recordOf(v.string());

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

export const pricesSchema = v.strictObject({
  /** `offline` is the dated table shipped with the product. */
  source: v.picklist(['offline', 'price-list-api']),
  /** ISO date at which the prices were true. */
  asOfDate: v.string(),
  region: v.string(),
  currency: v.literal('USD'),
  /** Exact key (e.g. `broker/kafka.m7g.large`) to price; a key that is not there is unknown, never zero. */
  items: recordOf(v.strictObject({ usd: v.number(), unit: v.string(), source: v.string() })),
});
