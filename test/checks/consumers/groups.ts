// Groups over one topic of two partitions, looked at three times a minute apart.
import { aSnapshot, type GroupShape, type SnapshotBuilder } from '../../builders/a-snapshot.ts';

export interface TopicRates {
  /** Log start of both partitions. */
  start?: number;
  /** Log end of both partitions at the first look. */
  end?: number;
  endPerSample?: number;
  configs?: Record<string, string>;
}

/** `commits` holds the committed offset of partition 0 per look; partition 1 is always caught up. */
export function aGroup(
  commits: readonly number[],
  topic: TopicRates = {},
  group: Partial<GroupShape> = {},
): SnapshotBuilder {
  const { start = 0, end = 10_000, endPerSample = 0, configs = {} } = topic;
  const ends = commits.map((_, i) => end + i * endPerSample);
  return aSnapshot()
    .withTopic('payments', { partitions: 2, configs })
    .withOffsets(
      'payments',
      [
        [start, end],
        [start, end],
      ],
      endPerSample,
    )
    .withGroup('billing', { commits: { payments: commits.map((offset, i) => [offset, ends[i]!]) }, ...group });
}
