import { COVERAGE, days, hours, minutes, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

const BYTES = [0, 1e15] as const;

export const TOPIC_CONFIG = thresholds({
  'retention-unbounded': {
    diskPercent: percent(85, 'AWS’s own alarm line for disks (MSK best practices).'),
  },
  'retention-overlong': {
    minStorageSharePercent: percent(5, 'What lies in a smaller topic is not worth a talk with its owner.'),
    maxReadHours: hours(24, 'Who reads within a day needs no weeks.'),
    maxDays: days(7, 'Kafka’s own default: nobody has asked for more.'),
    minLagFactor: number(2, [1, 100], 'Twice what the slowest group needs is reserve enough.'),
  },
  'retention-too-short': {
    minLagFactor: number(4, [1, 100], 'A group that is late at its worst must have time to be mended.'),
    minHours: hours(1, 'Less does not outlast a deployment.'),
    minDurabilityHours: hours(
      { balanced: 0, latency: 0, throughput: 0, durability: 72, cost: 0 },
      'Where no record may be lost: a weekend and a day.',
    ),
  },
  'segment-mismatched': {
    maxRetentionFactor: number(2, [1, 1000], 'Records that stay twice as long take twice the disk.'),
    rollsPerRetention: number(10, [1, 1000], 'With ten segments over the retention a tenth more is kept.'),
    maxSegmentBytes: number(
      268_435_456,
      BYTES,
      'Tiered: only closed segments are copied, and 256 MiB take hours at a low rate.',
    ),
    slowBytesPerSec: number(102_400, BYTES, 'Below 100 KiB/s a partition fills such a segment in no day’s time.'),
    smallSegmentBytes: number(50_000_000, BYTES, 'Segments below 50 MB are files for their own sake.'),
    maxSegmentsPerBroker: whole(1000, [1, 1_000_000], 'Each takes three open files and two memory maps.'),
  },
  'compaction-ineffective': {
    minDirtyRatio: number(0.1, [0, 1], 'Below it the cleaner copies the whole log for a tenth of news.', {
      below: 'maxDirtyRatio',
    }),
    maxDirtyRatio: number(0.9, [0, 1], 'Above it nearly nothing is ever cleaned.'),
    maxDeleteRetentionDays: days(7, 'Tombstones that stay longer than any reader is late are ballast.'),
  },
  'tiering-candidate': {
    minColdGiB: number(500, [0, 1e9], 'Less does not pay for a change that cannot be taken back.'),
    maxReadHours: hours(24, 'What is read within a day stays on the brokers.'),
    localHours: hours(24, 'What would stay on the brokers.'),
    diskEarlyDays: days(30, 'A disk that is full within a month needs a way out.'),
    diskPercent: percent(85, 'AWS’s own alarm line for disks (MSK best practices).'),
  },
  'tiering-misconfigured': {
    trendHours: hours(6, 'Copying pauses for hours while a broker restarts; a backlog that grows for six does not.'),
    maxPValue: number(0.05, [0, 1], 'The usual significance for a Mann-Kendall trend.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'timestamps-untrusted': {
    maxAheadSec: number(60, [0, 1e9], 'Clocks of hosts differ by seconds, not by a minute.'),
    maxBehindMinutes: minutes(10, 'Retries put records out of order by seconds.'),
  },
  'topic-config-drift': {
    minFamilyTopics: whole(4, [2, 10_000], 'Of fewer topics nobody can say which is the rule.'),
    minAgreeingPercent: percent(75, 'Three of four agree: then the fourth is the exception.'),
  },
});
