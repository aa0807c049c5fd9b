// Sections that come from the cluster's own Kafka protocol. Offsets are decimal strings: they exceed what a JSON number holds.
import * as v from 'valibot';
import { configEntriesSchema } from './kafka-extra-sections.ts';
import { GROUP_TYPES } from './kafka-words.ts';
import { recordOf } from './record-of.ts';

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const int = v.pipe(v.number(), v.integer());
const sec = v.pipe(v.number(), v.finite(), v.minValue(0));
const offset = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/, 'an offset is a decimal string'));

export const kafkaBrokersSchema = v.strictObject({
  clusterId: v.nullable(v.string()),
  /** Of a cluster with ZooKeeper; null with KRaft, whose controllers are no brokers on MSK (see `kafkaQuorum`). */
  controllerId: v.nullable(int),
  brokers: v.array(v.strictObject({ id: int, host: v.string(), port: int, rack: v.nullable(v.string()) })),
});

export const kafkaTopicsSchema = v.array(
  v.strictObject({
    name: v.string(),
    internal: v.boolean(),
    /** Kafka's error name for the whole topic, or null. */
    error: v.nullable(v.string()),
    partitions: v.array(
      v.strictObject({
        partition: int,
        /** Broker id, or -1 when the partition has no leader. */
        leader: int,
        replicas: v.array(int),
        isr: v.array(int),
        offlineReplicas: v.array(int),
        error: v.nullable(v.string()),
      }),
    ),
  }),
);

/** Topic name to the wanted configuration keys, each with the effective value and where it comes from. */
export const kafkaTopicConfigsSchema = recordOf(configEntriesSchema);

export const kafkaGroupsSchema = v.array(
  v.strictObject({
    groupId: v.string(),
    /** Protocol type of the group itself (KIP-848 groups are `consumer`), as ListGroups v5 names it. */
    type: v.picklist(GROUP_TYPES),
    /** Kafka's own word: Stable, Empty, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Dead, Unknown. */
    state: v.string(),
    /** `consumer`, `connect`, ...; empty for groups that only commit. */
    protocolType: v.string(),
    coordinatorId: int,
    /** Name of the assignor in use (`range`, `cooperative-sticky`, `uniform`, ...); empty when there is none or it is not told. */
    assignor: v.string(),
    /** Null when the members could not be described (see `error`): absence of knowledge, not of members. */
    members: v.nullable(
      v.array(
        v.strictObject({
          memberId: v.string(),
          clientId: v.string(),
          host: v.string(),
          instanceId: v.nullable(v.string()),
          /** `client.rack`, where the protocol carries it; null when unset or not told. */
          rack: v.nullable(v.string()),
          assignment: v.array(v.strictObject({ topic: v.string(), partitions: v.array(int) })),
        }),
      ),
    ),
    error: v.nullable(v.string()),
  }),
);

/** Log start and log end offset per partition; null where the partition could not be read. */
export const kafkaOffsetsSchema = v.strictObject({
  topics: recordOf(
    v.array(
      v.strictObject({
        partition: int,
        start: v.nullable(offset),
        end: v.nullable(offset),
        error: v.nullable(v.string()),
      }),
    ),
  ),
  committed: v.array(
    v.strictObject({
      groupId: v.string(),
      topic: v.string(),
      partition: int,
      /** Null when the group has never committed for the partition or Kafka answered with `error`. */
      offset: v.nullable(offset),
      error: v.nullable(v.string()),
    }),
  ),
  /**
   * How old the next record of each committed offset is, from looking offsets up by time; absent when not asked for. Both
   * lists are in the order of `committed`: the lag is at least `lowSec` and at most `highSec`.
   */
  timeLags: v.optional(
    v.strictObject({
      /** The moment the ages count from. */
      atMs: epochMs,
      /** Null where the age is not known; 0 where nothing waits. */
      lowSec: v.array(v.nullable(sec)),
      /** Null where no upper bound is known. */
      highSec: v.array(v.nullable(sec)),
      /** Positions whose partition holds records from the future: their timestamps tell no age. */
      untrusted: v.array(int),
    }),
  ),
});

/** Light samples within one run, oldest first; the core collection's offsets are the first of them. */
export const kafkaSamplesSchema = v.array(
  v.strictObject({
    atMs: epochMs,
    /** Topic to log end offsets, indexed by position in `kafkaOffsets.topics[topic]`; null where unread. */
    end: recordOf(v.array(v.nullable(offset))),
    /** Committed offsets in the order of `kafkaOffsets.committed`; null where unread. */
    committed: v.array(v.nullable(offset)),
  }),
);
