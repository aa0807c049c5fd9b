// A healthy cluster that is watched as well as MSK can: level PER_BROKER, four weeks of history.
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, HISTORY_HOURS, type SnapshotBuilder } from '../builders/a-snapshot.ts';

/** What every broker of it says, beside the builder's own numbers. */
const OF_BROKERS = [
  [METRICS.requestHandlerIdle, 0.8],
  [METRICS.networkProcessorIdle, 0.8],
  [METRICS.produceThrottleTime, 0],
  [METRICS.fetchThrottleTime, 0],
  [METRICS.requestThrottleTime, 0],
  [METRICS.produceRequestQueueTimeMean, 0.5],
  [METRICS.produceLocalTimeMean, 1],
  [METRICS.produceResponseQueueTimeMean, 0.2],
  [METRICS.produceResponseSendTimeMean, 0.3],
  [METRICS.fetchConsumerRequestQueueTimeMean, 0.5],
  [METRICS.fetchConsumerLocalTimeMean, 1],
  [METRICS.fetchConsumerResponseQueueTimeMean, 0.2],
  [METRICS.fetchConsumerResponseSendTimeMean, 0.3],
  [METRICS.replicationBytesIn, 4_000_000],
  [METRICS.volumeReadBytes, 0],
  [METRICS.volumeWriteBytes, 6_000_000 * 300],
  [METRICS.volumeQueueLength, 0.1],
  [METRICS.produceConversions, 0],
  [METRICS.fetchConversions, 0],
  [METRICS.iamTooManyConnections, 0],
  [METRICS.connectionCreationRate, 0.5],
  [METRICS.fileDescriptorsUsed, 5],
  [METRICS.memoryMapsUsed, 5],
  [METRICS.heapAfterGc, 30],
  [METRICS.messagesIn, 2000],
  [METRICS.cpuIoWait, 1],
  [METRICS.trafficShaping, 0],
  [METRICS.burstBalance, 100],
  [METRICS.memoryUsed, 4e9],
  [METRICS.memoryFree, 0.5e9],
  [METRICS.memoryBuffered, 0.1e9],
  [METRICS.memoryCached, 3.4e9],
  [METRICS.swapUsed, 0],
  [METRICS.receiveDropped, 0],
  [METRICS.receiveErrors, 0],
  [METRICS.transmitDropped, 0],
  [METRICS.transmitErrors, 0],
  [METRICS.receivePackets, 1e6],
  [METRICS.transmitPackets, 1e6],
] as const;

const OF_HISTORY = [
  [METRICS.produceTotalTimeMean, 4],
  [METRICS.fetchConsumerRequestQueueTimeMean, 0.5],
  [METRICS.fetchConsumerLocalTimeMean, 1],
  [METRICS.fetchConsumerResponseQueueTimeMean, 0.2],
  [METRICS.fetchConsumerResponseSendTimeMean, 0.3],
  [METRICS.bytesIn, 2_000_000],
  [METRICS.bytesOut, 4_000_000],
  [METRICS.diskUsed, 30],
] as const;

export const IAM = { 'Client Authentication': 'IAM' };

export function aMonitored(): SnapshotBuilder {
  const made = aSnapshot().withCluster({ enhancedMonitoring: 'PER_BROKER' }).withTopic('orders').withSecurity();
  for (const [definition, value] of OF_BROKERS) made.withMetricOfBrokers(definition, value);
  for (const [definition, value] of OF_HISTORY) made.withHourlyOfBrokers(definition, value);
  made.withHourly(METRICS.topicBytesIn, { 'Broker ID': 1, Topic: 'orders' }, 2_000_000);
  made.withMetricOfBrokers(METRICS.clientConnections, 200, IAM);
  // A Sum of sixty minutes.
  made.withHourlyOfBrokers(METRICS.clientConnections, 200 * 60, IAM);
  return made.withSection('storageScaling', {
    targets: [{ minGiB: 1, maxGiB: 16_384, isScaleOutSuspended: false }],
    policies: [{ metric: 'KafkaBrokerStorageUtilization', targetPercent: 60, isScaleInDisabled: true }],
    lastActivity: null,
  });
}

/** Hours of the four weeks, of which nothing is known before the last ones: the cluster is that young. */
export function youngHours(count: number, value: number): (number | null)[] {
  return Array.from({ length: HISTORY_HOURS }, (_, i) => (i >= HISTORY_HOURS - count ? value : null));
}

/** Hours of the last `of` of the four weeks' days, of which only the days in `known` were measured, 0 = the first. */
export function onDays(of: number, known: readonly number[], value: number): (number | null)[] {
  const first = HISTORY_HOURS - 24 * of;
  return Array.from({ length: HISTORY_HOURS }, (_, i) => (known.includes(Math.floor((i - first) / 24)) ? value : null));
}

/** Hours of the four weeks: `value` in the last ones, `before` in all others. */
export function lastHours(count: number, value: number, before: number): number[] {
  return Array.from({ length: HISTORY_HOURS }, (_, i) => (i >= HISTORY_HOURS - count ? value : before));
}

/** A straight line over the four weeks, from the value four weeks ago to the one now. */
export function rising(from: number, to: number, hours = HISTORY_HOURS): number[] {
  return Array.from({ length: hours }, (_, i) => from + ((to - from) * i) / (hours - 1));
}
