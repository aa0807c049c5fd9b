// Sections that come from MSK's control plane.
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

export const versionsSchema = v.strictObject({
  /** Status of the cluster's own version in ListKafkaVersions (ACTIVE, DEPRECATED); null when the list does not hold it. */
  status: v.nullable(v.string()),
  /** Versions that this cluster can be upgraded to, as GetCompatibleKafkaVersions names them. */
  upgradeTargets: v.array(v.string()),
});

const flag = v.nullable(v.boolean());

/** Who may come in, over what, and who writes it down. Null: the answer does not say. */
export const securitySchema = v.strictObject({
  authentication: v.strictObject({ unauthenticated: flag, iam: flag, scram: flag, tls: flag }),
  encryption: v.strictObject({
    /** TLS, TLS_PLAINTEXT or PLAINTEXT. */
    clientBroker: v.nullable(v.string()),
    inCluster: flag,
    atRestKeyArn: v.nullable(v.string()),
  }),
  /** DISABLED or SERVICE_PROVIDED_EIPS. */
  publicAccess: v.nullable(v.string()),
  vpcConnectivity: v.strictObject({ iam: flag, scram: flag, tls: flag }),
  brokerLogs: v.strictObject({ cloudWatch: flag, firehose: flag, s3: flag }),
  openMonitoring: v.strictObject({ jmxExporter: flag, nodeExporter: flag }),
  /** Names of the associated secrets, without their ARNs; null where they were not read. */
  scramSecretNames: v.nullable(v.array(v.string())),
});

/** Topology without a network path to the brokers: MSK's topic API, about a minute old. */
export const mskTopicsSchema = v.array(
  v.strictObject({
    name: v.string(),
    replicationFactor: v.nullable(v.number()),
    partitionCount: v.nullable(v.number()),
    outOfSyncReplicaCount: v.nullable(v.number()),
    /** Settings of the topic itself; null where they were not asked for. */
    configs: v.nullable(recordOf(v.string())),
    /** Null where they were not asked for: one call or more a topic. */
    partitions: v.nullable(
      v.array(
        v.strictObject({
          partition: v.number(),
          /** Broker id; null or -1 when there is none. */
          leader: v.nullable(v.number()),
          replicas: v.array(v.number()),
          isr: v.array(v.number()),
        }),
      ),
    ),
  }),
);
