// Sections that come from MSK's control plane.
import * as v from 'valibot';
import { recordOf } from './record-of.ts';

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** For a field that the first snapshots did not have: they load as if AWS had not told it. */
function orUntold<S extends v.GenericSchema>(schema: S) {
  return v.optional(v.nullable(schema), null);
}

/** What AWS may add to a closed list is `unknown`, with its own word in `partial`. */
const OTHER = 'unknown';

export const CUSTOMER_ACTION_STATUSES = ['NONE', 'ACTION_RECOMMENDED', 'CRITICAL_ACTION_REQUIRED'] as const;
export const REBALANCING_STATUSES = ['ACTIVE', 'PAUSED'] as const;
export const STORAGE_MODES = ['LOCAL', 'TIERED'] as const;
export const MONITORING_LEVELS = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const;

/** AWS adds states over time, so the state stays a string; lib/facts/cluster-states.ts says what each known one means for a reader. */
const clusterCommon = {
  arn: v.string(),
  /** The uuid part of the ARN: identity of a cluster beyond its reusable name. */
  uuid: v.string(),
  name: v.string(),
  region: v.string(),
  accountId: v.string(),
  state: v.string(),
  /** AWS's own words on the state, mostly on FAILED; made safe to show. */
  stateInfo: orUntold(v.strictObject({ code: v.nullable(v.string()), message: v.nullable(v.string()) })),
  /** Opaque version of the cluster's definition: `--current-version` of every update command. */
  currentVersion: v.nullable(v.string()),
  createdAtMs: v.nullable(epochMs),
  activeOperationArn: v.nullable(v.string()),
  /** IPV4 or DUAL. */
  networkType: orUntold(v.string()),
};

const provisionedCommon = {
  kafkaVersion: v.nullable(v.string()),
  metadataMode: v.picklist(['kraft', 'zookeeper', 'unknown']),
  instanceType: v.string(),
  brokerCount: v.pipe(v.number(), v.integer()),
  /** Number of client subnets, one an availability zone. */
  azCount: v.pipe(v.number(), v.integer()),
  /** Ids of the availability zones (`use1-az1`); empty where the answer does not name them. */
  zoneIds: v.optional(v.array(v.string()), []),
  enhancedMonitoring: v.picklist([...MONITORING_LEVELS, OTHER]),
  configuration: v.nullable(v.strictObject({ arn: v.string(), revision: v.number() })),
  customerActionStatus: v.nullable(v.picklist([...CUSTOMER_ACTION_STATUSES, OTHER])),
};

export const clusterSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('provisioned-standard'),
    ...clusterCommon,
    ...provisionedCommon,
    storageMode: v.picklist([...STORAGE_MODES, OTHER]),
    volumeGiBPerBroker: v.nullable(v.number()),
    /** Null: none is provisioned. */
    provisionedThroughputMiBPerSec: v.nullable(v.number()),
  }),
  v.strictObject({
    kind: v.literal('provisioned-express'),
    ...clusterCommon,
    ...provisionedCommon,
    /** Of intelligent rebalancing; null where the answer does not tell it. */
    rebalancing: orUntold(v.picklist([...REBALANCING_STATUSES, OTHER])),
  }),
  v.strictObject({ kind: v.literal('serverless'), ...clusterCommon }),
]);
export type Cluster = v.InferOutput<typeof clusterSchema>;

export const nodesSchema = v.array(
  v.strictObject({
    brokerId: v.number(),
    subnetId: v.nullable(v.string()),
    /** Id of the subnet's availability zone (`use1-az1`), which is the same zone in every account. */
    azId: orUntold(v.string()),
    instanceType: v.nullable(v.string()),
    endpoints: v.array(v.string()),
    /** What this broker runs: during an upgrade not what the cluster's description says. */
    kafkaVersion: orUntold(v.string()),
  }),
);

/** Bootstrap strings by the suffix of their API field (`saslIam`, `tls`, ...); dropped by redaction. */
export const bootstrapSchema = recordOf(v.string());

export const configurationSchema = v.strictObject({
  arn: v.string(),
  /** The revision in use. */
  revision: v.number(),
  createdAtMs: v.optional(v.nullable(epochMs)),
  /** Only the keys of the allow-list in lib/snapshot/redact.ts, parsed from server.properties. */
  properties: recordOf(v.string()),
  /** Why `properties` may lack what the revision sets; null when nothing speaks for that. */
  problem: v.optional(v.nullable(v.string())),
  /** ACTIVE, DELETING, DELETE_FAILED of the configuration itself; null when it could not be described. */
  state: v.optional(v.nullable(v.string())),
  /** Its newest revision, which nobody may have rolled out yet; null when it could not be described. */
  latest: v.optional(
    v.nullable(
      v.strictObject({
        revision: v.number(),
        createdAtMs: v.nullable(epochMs),
        /** Null when this revision's file could not be read. */
        properties: v.nullable(recordOf(v.string())),
      }),
    ),
  ),
});
export type Configuration = v.InferOutput<typeof configurationSchema>;

const number = v.nullable(v.number());
const text = v.nullable(v.string());

/** What of a cluster an operation changes, before or after it. Null: not a part of this operation. */
const mutableSchema = v.strictObject({
  /** `broker` is a broker id, or `All`. */
  volumes: v.nullable(
    v.array(v.strictObject({ broker: v.string(), sizeGiB: number, provisionedThroughputMiBPerSec: number })),
  ),
  brokerCount: number,
  instanceType: text,
  kafkaVersion: text,
  configuration: v.nullable(v.strictObject({ arn: v.string(), revision: v.number() })),
  enhancedMonitoring: text,
  storageMode: text,
  rebalancing: text,
});

/** Types and states are free strings of AWS. */
export const operationsSchema = v.array(
  v.strictObject({
    arn: v.string(),
    type: v.string(),
    state: v.string(),
    startMs: v.nullable(epochMs),
    endMs: v.nullable(epochMs),
    /** Absent where it was not asked for: a call an operation, so only the newest that change the cluster or failed. */
    details: v.optional(
      v.strictObject({
        source: v.nullable(mutableSchema),
        target: v.nullable(mutableSchema),
        /** Made safe to show. */
        error: v.nullable(v.strictObject({ code: text, text })),
      }),
    ),
  }),
);

export const tagsSchema = recordOf(v.string());

export const versionsSchema = v.strictObject({
  /** Status of the cluster's own version in ListKafkaVersions (ACTIVE, DEPRECATED); null when the list does not hold it. */
  status: v.nullable(v.string()),
  /** Versions that this cluster can be upgraded to, as GetCompatibleKafkaVersions names them; null when they could not be read. */
  upgradeTargets: v.nullable(v.array(v.string())),
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

/** Topology without a network path to the brokers: MSK's topic API, whose data is up to about a minute old. */
export const mskTopicsSchema = v.array(
  v.strictObject({
    name: v.string(),
    replicationFactor: v.nullable(v.number()),
    partitionCount: v.nullable(v.number()),
    outOfSyncReplicaCount: v.nullable(v.number()),
    /**
     * Wanted settings that the answer names; null where they were not asked for or not understood. A setting that is absent is
     * inherited from the brokers.
     */
    configs: v.nullable(recordOf(v.string())),
    /** Null where they were not asked for: one call or more a topic. */
    partitions: v.nullable(
      v.array(
        v.strictObject({
          partition: v.number(),
          /** Broker id; null when there is none. */
          leader: v.nullable(v.number()),
          replicas: v.array(v.number()),
          isr: v.array(v.number()),
        }),
      ),
    ),
  }),
);
