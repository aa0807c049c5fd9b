// What settings take at least and at most, where Kafka refuses less or more and a slip is likely. As the ConfigDefs of kafka-clients and
// kafka-storage 3.9.2 and 4.3.1 print them, 2026-11-22; where the two differ (segment.bytes), the wider one.

const INT_MAX = 2_147_483_647;
const OF_INT: readonly [number, number] = [0, INT_MAX];
const LONG: readonly [number, number] = [0, Number.POSITIVE_INFINITY];
const COUNT: readonly [number, number] = [1, INT_MAX];

type Ranges = Readonly<Record<string, readonly [min: number, max: number]>>;

/** Of the Java client. */
export const JAVA_RANGES: Ranges = {
  'auto.commit.interval.ms': OF_INT,
  'batch.size': OF_INT,
  'buffer.memory': LONG,
  'delivery.timeout.ms': OF_INT,
  'fetch.max.bytes': OF_INT,
  'fetch.max.wait.ms': OF_INT,
  'fetch.min.bytes': OF_INT,
  // Kafka names no least of this one and of session.timeout.ms; below 0 no group lets the member in.
  'heartbeat.interval.ms': OF_INT,
  'linger.ms': LONG,
  'max.block.ms': LONG,
  'max.in.flight.requests.per.connection': COUNT,
  'max.partition.fetch.bytes': OF_INT,
  'max.poll.interval.ms': COUNT,
  'max.poll.records': COUNT,
  'max.request.size': OF_INT,
  'metadata.max.age.ms': LONG,
  'receive.buffer.bytes': [-1, INT_MAX],
  'reconnect.backoff.max.ms': LONG,
  'reconnect.backoff.ms': LONG,
  'request.timeout.ms': OF_INT,
  retries: OF_INT,
  'retry.backoff.ms': LONG,
  'send.buffer.bytes': [-1, INT_MAX],
  'session.timeout.ms': OF_INT,
};

/** Of a topic; -1 of a retention is for ever, -2 the retention of the whole topic. */
export const TOPIC_RANGES: Ranges = {
  'delete.retention.ms': LONG,
  'file.delete.delay.ms': LONG,
  'local.retention.bytes': [-2, Number.POSITIVE_INFINITY],
  'local.retention.ms': [-2, Number.POSITIVE_INFINITY],
  'max.compaction.lag.ms': [1, Number.POSITIVE_INFINITY],
  'max.message.bytes': OF_INT,
  'min.cleanable.dirty.ratio': [0, 1],
  'min.compaction.lag.ms': LONG,
  'min.insync.replicas': COUNT,
  'retention.ms': [-1, Number.POSITIVE_INFINITY],
  'segment.bytes': [14, INT_MAX],
  'segment.ms': [1, Number.POSITIVE_INFINITY],
};
