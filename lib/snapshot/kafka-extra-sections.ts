// Sections beyond the core of a Kafka collection: each costs a request or more of its own, and each can be left out.
import * as v from 'valibot';
import { BATCH_CODECS, CONFIG_SOURCES } from './kafka-words.ts';
import { recordOf } from './record-of.ts';

const int = v.pipe(v.number(), v.integer());
const epochMs = v.pipe(v.number(), v.safeInteger());
const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const decimal = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/, 'a 64-bit number is a decimal string'));
const kafkaError = v.nullable(v.string());

/** Configuration keys, each with the effective value and where it comes from. */
export const configEntriesSchema = recordOf(
  v.strictObject({ value: v.nullable(v.string()), source: v.picklist(CONFIG_SOURCES) }),
);

/** Broker id to the wanted settings as that broker runs with them. */
export const kafkaBrokerConfigsSchema = recordOf(configEntriesSchema);

/** What lies on the brokers' disks. The tiered part of a log is not among it. */
export const kafkaLogDirsSchema = v.array(
  v.strictObject({
    brokerId: int,
    dirs: v.array(
      v.strictObject({
        /** A directory that went offline says KAFKA_STORAGE_ERROR. */
        error: kafkaError,
        /** Of the volume; null before Kafka 3.3. */
        totalBytes: v.nullable(bytes),
        usableBytes: v.nullable(bytes),
      }),
    ),
    /** Topic to replicas on this broker. */
    topics: recordOf(
      v.array(
        v.strictObject({
          partition: int,
          sizeBytes: bytes,
          /** Messages that the replica is behind; of a future replica, behind the one it will take the place of. */
          offsetLag: decimal,
          /** True for a copy that is being moved to another directory of the same broker. */
          isFuture: v.boolean(),
        }),
      ),
    ),
  }),
);

/** Partitions that are being moved; an empty list means that none is. */
export const kafkaReassignmentsSchema = v.array(
  v.strictObject({
    topic: v.string(),
    partition: int,
    /** Broker ids: all replicas while the move lasts, those to come and those to go. */
    replicas: v.array(int),
    adding: v.array(int),
    removing: v.array(int),
  }),
);

const quorumReplica = v.strictObject({
  id: int,
  logEndOffset: decimal,
  /** Null when the leader does not say (before Kafka 3.3, or never). */
  lastFetchMs: v.nullable(epochMs),
  lastCaughtUpMs: v.nullable(epochMs),
});

/** The KRaft quorum of the metadata log. Not supported where ZooKeeper keeps the metadata. */
export const kafkaQuorumSchema = v.strictObject({
  leaderId: int,
  leaderEpoch: int,
  highWatermark: decimal,
  voters: v.array(quorumReplica),
  observers: v.array(quorumReplica),
});

/** Client quotas; an empty list means that there are none. */
export const kafkaQuotasSchema = v.array(
  v.strictObject({
    /** `name` is null for the default of that entity type. */
    entity: v.array(
      v.strictObject({ type: v.picklist(['user', 'client-id', 'ip', 'other']), name: v.nullable(v.string()) }),
    ),
    /** Kafka's quota names (`producer_byte_rate`, `consumer_byte_rate`, `request_percentage`, ...) to their values. */
    quotas: recordOf(v.number()),
  }),
);

/** Opt-in: producers that the leaders remember, by partition. Needs READ on the topic. */
export const kafkaProducersSchema = v.array(
  v.strictObject({
    topic: v.string(),
    partition: int,
    error: kafkaError,
    producers: v.array(
      v.strictObject({
        producerId: decimal,
        producerEpoch: int,
        lastSequence: int,
        lastTimestampMs: epochMs,
        coordinatorEpoch: int,
        /** First offset of an open transaction; null when none is open. */
        openTransactionStart: v.nullable(decimal),
      }),
    ),
  }),
);

/** Opt-in: headers of record batches near the log ends of the busiest topics. Records themselves are never in a snapshot. */
export const kafkaBatchesSchema = v.array(
  v.strictObject({
    topic: v.string(),
    partition: int,
    error: kafkaError,
    batches: v.array(
      v.strictObject({
        /** Whole batch as stored, header included. */
        sizeBytes: bytes,
        records: int,
        codec: v.picklist(BATCH_CODECS),
        /** Timestamps of the first and the newest record; their distance is how long the producer gathered the batch. */
        baseTimestampMs: epochMs,
        maxTimestampMs: epochMs,
        isLogAppendTime: v.boolean(),
        isTransactional: v.boolean(),
        /** Sent by a producer with an id: idempotence is on. */
        isIdempotent: v.boolean(),
      }),
    ),
  }),
);
