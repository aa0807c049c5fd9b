// Groups over one topic of two partitions, looked at three times a minute apart.
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import type { GroupShape } from '../../builders/kafka-sections.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';

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

/** CloudWatch's lag of a group and topic by the minute of the day; null is a minute without a point. The latest two are not judged. */
export function withLag(
  builder: SnapshotBuilder,
  value: (minute: number) => number | null,
  group = 'billing',
  topic = 'payments',
): SnapshotBuilder {
  return builder.withMetric(
    METRICS.sumOffsetLag,
    { 'Consumer Group': group, Topic: topic },
    Array.from({ length: MINUTES_OF_DAY }, (_, minute) => value(minute)),
  );
}
