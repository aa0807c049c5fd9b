// How long records really stay: Kafka deletes whole segments, by their newest record, when it next looks.

export interface SegmentSettings {
  /** `retention.ms`; -1 = without end. */
  retentionMs: number;
  /** `segment.bytes`. */
  segmentBytes: number;
  /** `segment.ms`: a segment is closed at this age even if it is not full. */
  segmentMs: number;
  /** Bytes a second into one partition. */
  partitionBytesPerSec: number;
  /** `log.retention.check.interval.ms` of the brokers. */
  checkIntervalMs: number;
}

export interface EffectiveRetention {
  /** Null for a partition that is not written to. */
  secondsToFillSegment: number | null;
  /** Age of the oldest record just before its segment goes; null when records stay without end. */
  worstRecordAgeSeconds: number | null;
  /** Null as above, and for a retention of 0. */
  factorOverConfigured: number | null;
}

/**
 * The first record of a segment waits until the segment is closed (full, or `segment.ms` old), then as long as retention keeps the
 * last one, then for the next look. Source: kafka.apache.org/documentation/#topicconfigs (segment.bytes, segment.ms, retention.ms).
 */
export function effectiveRetention(settings: SegmentSettings): EffectiveRetention {
  const { retentionMs, segmentBytes, segmentMs, partitionBytesPerSec, checkIntervalMs } = settings;
  const secondsToFillSegment = partitionBytesPerSec > 0 ? segmentBytes / partitionBytesPerSec : null;
  const secondsToRoll = Math.min(secondsToFillSegment ?? Number.POSITIVE_INFINITY, segmentMs / 1000);
  const worstRecordAgeSeconds = retentionMs < 0 ? null : secondsToRoll + (retentionMs + checkIntervalMs) / 1000;
  return {
    secondsToFillSegment,
    worstRecordAgeSeconds,
    factorOverConfigured:
      worstRecordAgeSeconds === null || retentionMs === 0 ? null : worstRecordAgeSeconds / (retentionMs / 1000),
  };
}
