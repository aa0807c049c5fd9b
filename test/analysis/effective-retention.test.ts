import { describe, expect, test } from 'vitest';
import { effectiveRetention } from '../../lib/analysis/effective-retention.ts';

const HOUR_MS = 3600_000;
const settings = {
  retentionMs: HOUR_MS,
  segmentBytes: 2 ** 30,
  segmentMs: 168 * HOUR_MS,
  partitionBytesPerSec: 2 ** 20,
  checkIntervalMs: 300_000,
};

describe('effective retention', () => {
  test('1 MiB/s fills 1 GiB in 1024 s: 1024 + 3600 + 300', () => {
    const { secondsToFillSegment, worstRecordAgeSeconds, factorOverConfigured } = effectiveRetention(settings);
    expect([secondsToFillSegment, worstRecordAgeSeconds]).toEqual([1024, 4924]);
    expect(factorOverConfigured).toBeCloseTo(4924 / 3600, 12);
  });

  test('segment.ms closes a segment that never fills', () => {
    const slow = { ...settings, segmentMs: 2 * HOUR_MS, partitionBytesPerSec: 1024 };
    expect(effectiveRetention(slow)).toMatchObject({
      secondsToFillSegment: 2 ** 20,
      worstRecordAgeSeconds: 7200 + 3600 + 300,
    });
    expect(effectiveRetention({ ...slow, partitionBytesPerSec: 0 })).toMatchObject({
      secondsToFillSegment: null,
      worstRecordAgeSeconds: 11_100,
    });
  });

  test('retention without end has no worst age, retention 0 no factor', () => {
    expect(effectiveRetention({ ...settings, retentionMs: -1 })).toMatchObject({
      worstRecordAgeSeconds: null,
      factorOverConfigured: null,
    });
    expect(effectiveRetention({ ...settings, retentionMs: 0 })).toMatchObject({
      worstRecordAgeSeconds: 1324,
      factorOverConfigured: null,
    });
  });
});
