// What Kafka and MSK say of consumer groups by name: states, assignors, generated ids, and whose lag CloudWatch knows.

/** States of a group whose partitions are being given out anew, classic and KIP-848: kafka.apache.org/documentation/#basic_ops_consumer_group. */
export const REBALANCING_STATES: readonly string[] = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
];

/** Assignors that take all partitions from all members at each rebalance: kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy. */
export const EAGER_ASSIGNORS: readonly string[] = ['range', 'roundrobin'];

/** Kafka Streams assigns tasks, standby copies among them, so that partitions do not tell how its work is spread. */
export const STREAMS_ASSIGNOR = 'stream';

/** `kafka-console-consumer.sh` without `--group` makes up an id of its own. */
export function isConsoleGroup(groupId: string): boolean {
  return /^console-consumer-\d+$/.test(groupId);
}

/**
 * Whether MSK publishes lag of a group or topic of this name: plain ASCII without a colon.
 * Source: https://docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html, read 2026-11-20.
 */
export function hasLagMetrics(name: string): boolean {
  return /^[\x20-\x7e]+$/.test(name) && !name.includes(':');
}

/** A group id without the number, hash or UUID at its end: what generated ids have in common. */
export function groupIdStem(groupId: string): string {
  return groupId.replace(/[-_.]?(\d+|[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{8,})$/i, '');
}
