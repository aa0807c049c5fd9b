/** What the workload makes: pure data, the same in every run except for the topic that carries the run's id. */

export const profiles = ['demo', 'healthy', 'idle', 'empty'] as const;
/**
 * demo: traffic, healthy groups and the bad ones; healthy: the same traffic with healthy groups only; idle: topics, records and
 * committed offsets that nothing moves, for exact comparisons; empty: not even a topic.
 */
export type Profile = (typeof profiles)[number];

export interface TopicShape {
  name: string;
  partitions: number;
  replicationFactor: number;
  configs: Record<string, string>;
  recordsPerSecond: number;
  recordBytes: number;
  compressed: boolean;
  /** Idempotent producers send acks=all; plain ones acks=1, which MSK's own advice is against and the report may say so. */
  idempotent: boolean;
  /** Records of the last ten minutes written at the start, so that a group can be behind from the first moment. */
  withHistory: boolean;
}

export interface GroupShape {
  id: string;
  topic: string;
  members: number;
  behaviour: 'healthy' | 'slow' | 'stalled' | 'abandoned';
  protocol: 'classic' | 'consumer';
}

export const historySeconds = 600;
/** Where a group that is behind starts: this share of the history is committed. */
export const committedShareOfHistory = 0.7;

function topic(name: string, partitions: number, changes: Partial<TopicShape> = {}): TopicShape {
  return {
    name,
    partitions,
    replicationFactor: 3,
    configs: {},
    recordsPerSecond: 20,
    recordBytes: 512,
    compressed: false,
    idempotent: true,
    withHistory: false,
    ...changes,
  };
}

export function runTopicName(runId: string): string {
  return `run-${runId}`;
}

/** 111 partitions besides the internal ones: the leader balance is judged from 20 leaders a broker on. */
export function topicShapes(runId: string): TopicShape[] {
  return [
    topic('orders', 12, { recordsPerSecond: 60, withHistory: true }),
    topic('payments', 12, { recordsPerSecond: 36 }),
    topic('clickstream', 24, { recordsPerSecond: 72, compressed: true, idempotent: false }),
    topic('inventory', 6, { recordsPerSecond: 18, withHistory: true }),
    topic('shipments', 12, { recordsPerSecond: 12, withHistory: true, idempotent: false }),
    topic('customer-profiles', 6, {
      recordsPerSecond: 12,
      configs: { 'cleanup.policy': 'compact', 'segment.ms': '60000', 'min.cleanable.dirty.ratio': '0.2' },
    }),
    topic('audit-log', 12, { recordsPerSecond: 6, recordBytes: 2048, compressed: true }),
    topic('sessions', 6, {
      recordsPerSecond: 24,
      configs: { 'retention.ms': '120000', 'segment.ms': '30000' },
      idempotent: false,
    }),
    topic('device-metrics', 3, { replicationFactor: 1, recordsPerSecond: 12, idempotent: false }),
    topic('staging-import', 6, {
      replicationFactor: 2,
      configs: { 'min.insync.replicas': '1' },
      recordsPerSecond: 6,
      idempotent: false,
    }),
    topic(runTopicName(runId), 12, { recordsPerSecond: 12 }),
  ];
}

export const kip848Group = 'clickstream-realtime';

export function groupShapes(profile: Profile, runId: string): GroupShape[] {
  if (profile === 'empty') return [];
  const group = (id: string, topicName: string, changes: Partial<GroupShape> = {}): GroupShape => ({
    id,
    topic: topicName,
    members: 1,
    behaviour: 'healthy',
    protocol: 'classic',
    ...changes,
  });
  const healthy = [
    group('billing', 'orders', { members: 2 }),
    group('ledger', 'payments', { members: 2 }),
    group('run-reader', runTopicName(runId)),
    group(kip848Group, 'clickstream', { protocol: 'consumer' }),
  ];
  if (profile === 'healthy') return healthy;
  return [
    ...healthy,
    group('search-indexer', 'orders', { behaviour: 'slow' }),
    group('stock-sync', 'inventory', { behaviour: 'stalled' }),
    group('shipping-labels-v1', 'shipments', { behaviour: 'abandoned' }),
  ];
}
