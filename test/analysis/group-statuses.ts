// Statuses of the groups of a built snapshot.
import { type GroupStatus, groupStatuses } from '../../lib/analysis/consumer-status.ts';
import type { LagPolicy } from '../../lib/policy/lag-policy.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

export const LAG: LagPolicy = { allowedMessages: 100, allowedSeconds: 60, minSamples: 3, minSpanSec: 120 };

export function statuses(builder: SnapshotBuilder, lag: LagPolicy = LAG): readonly GroupStatus[] {
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = builder.build().sections;
  if (!kafkaGroups?.ok || !kafkaOffsets?.ok) throw new Error('the builder has groups and offsets');
  const samples = kafkaSamples?.ok ? kafkaSamples.value : null;
  return groupStatuses({
    groups: kafkaGroups.value,
    offsets: kafkaOffsets.value,
    samples,
    lag,
    takenAtMs: TAKEN_AT_MS,
  });
}

/** Three samples a minute apart; the end of both partitions moves by 600 a minute: 10 messages a second. */
export const moving = () =>
  aSnapshot()
    .withTopic('orders', { partitions: 2 })
    .withOffsets(
      'orders',
      [
        [0, 10_000],
        [0, 10_000],
      ],
      600,
    );
