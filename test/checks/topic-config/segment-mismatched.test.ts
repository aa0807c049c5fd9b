import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOUR = 3_600_000;

/** Three partitions with so many records of 1 KiB a second each. */
function topic(perSec: number, configs: Record<string, string> = {}, bytes = 1000 * 1024): SnapshotBuilder {
  const set = {
    'retention.ms': String(168 * HOUR),
    'segment.bytes': '1073741824',
    'segment.ms': String(168 * HOUR),
    ...configs,
  };
  return aSnapshot()
    .withTopic('orders', { configs: set, end: bytes / 1024 })
    .withRates('orders', [perSec, perSec, perSec])
    .withSizes('orders', bytes);
}

const HOURLY = { 'retention.ms': String(HOUR) };

describe('segment-mismatched', () => {
  describeVerdicts('segment-mismatched', [
    ['passes: the defaults of Kafka, whatever the traffic', topic(0.5), 'pass'],
    ['warns: an hour of retention, and 6 h until a segment is full', topic(50, HOURLY), 'warn', 'low orders'],
    ['passes: full within the hour', topic(300, HOURLY), 'pass'],
    ['passes: rolled within the hour', topic(50, { ...HOURLY, 'segment.ms': String(HOUR) }), 'pass'],
    ['warns: rolled a little later', topic(50, { ...HOURLY, 'segment.ms': String(HOUR + 1000) }), 'warn', 'low orders'],
    ['passes: nobody writes', topic(0, HOURLY), 'pass'],
    ['passes: compacted topics delete by key', topic(50, { ...HOURLY, 'cleanup.policy': 'compact' }), 'pass'],
    ['warns: thousands of segments of 1 MiB', topic(50, { 'segment.bytes': '1048576' }, 2e9), 'warn', 'low orders'],
    ['passes: a few of them', topic(50, { 'segment.bytes': '1048576' }, 3e8), 'pass'],
    [
      'no-data: how fast a segment fills is not known, and it matters',
      topic(50, HOURLY).without('kafkaLogDirs').without('metrics'),
      'no-data',
    ],
    [
      'passes where sizes do not exist and do not matter',
      topic(50).without('kafkaLogDirs', 'not-supported').without('metrics'),
      'pass',
    ],
    ['no-data: one look', topic(50, HOURLY).without('kafkaSamples'), 'no-data'],
    ['no-data: settings were not read', topic(50).without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    ['warns on Kafka without AWS', topic(50, HOURLY).withKind('kafka'), 'warn', 'low orders'],
    ['not applicable: Serverless', topic(50, HOURLY).withKind('serverless'), 'not-applicable'],
    [
      'not applicable: Express lets nobody set segments',
      topic(50, HOURLY).withKind('provisioned-express'),
      'not-applicable',
    ],
  ]);

  describeSeverities('segment-mismatched', () => topic(50, HOURLY), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('by hand: 1 GiB at 50 KiB/s takes 20,972 s, with an hour of retention 6.83 times as long', () => {
    const result = runCheck('segment-mismatched', topic(50, HOURLY));
    expect(result.findings[0]?.measured).toBeCloseTo((20_971.52 + 3600) / 3600, 6);
    expect(renderCommand(result.recommendation!.commands[0]!)).toContain('segment.ms=360000');
  });

  test('tiered: a segment that takes hours to fill is copied hours late', () => {
    // What lies in the tier is on no disk: the bytes of the topic come from its own series.
    const tiered = (segmentBytes: string, mib = 0.05) =>
      [1, 2, 3].reduce(
        (builder, id) =>
          builder.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, mib * 1024 ** 2),
        topic(50, {
          'remote.storage.enable': 'true',
          'retention.ms': String(720 * HOUR),
          'segment.bytes': segmentBytes,
        }),
      );
    expect(runCheck('segment-mismatched', tiered('536870912')).findings[0]?.note).toContain('tiered');
    expect(runCheck('segment-mismatched', tiered('268435456')).status).toBe('pass');
    expect(runCheck('segment-mismatched', tiered('536870912', 0.1)).status).toBe('pass');
  });

  describe('the rate of the week goes before that of the moment', () => {
    const KIB = 1024;
    const WEEKS = 28 * 24;
    /** Bytes a second of the topic on each broker by the hour: the weeks before, and the last one. */
    const weeks = (builder: SnapshotBuilder, before: number, last: number, brokers = [1, 2, 3]) =>
      brokers.reduce(
        (made, id) =>
          made.withHourly(
            METRICS.topicBytesIn,
            { 'Broker ID': id, Topic: 'orders' },
            Array.from({ length: WEEKS }, (_, i) => (i < WEEKS - 168 ? before : last)),
          ),
        builder,
      );
    const noteOf = (source: SnapshotBuilder) => runCheck('segment-mismatched', source).findings[0]?.note;

    test('passes: a quiet minute of a busy week', () => {
      expect(runCheck('segment-mismatched', weeks(topic(50, HOURLY), 0, 400 * KIB)).status).toBe('pass');
    });

    test('warns: a busy minute of a quiet week, whatever the weeks before', () => {
      const [finding] = runCheck('segment-mismatched', weeks(topic(400, HOURLY), 400 * KIB, 50 * KIB)).findings;
      expect(finding).toMatchObject({ confidence: 1, note: expect.stringContaining('at the rate of the last week') });
      expect(finding?.measured).toBeCloseTo((20_971.52 + 3600) / 3600, 6);
    });

    test('hours without traffic count: a job of one hour a day', () => {
      const hourly = Array.from({ length: WEEKS }, (_, i) => (i % 24 === 0 ? 300 * KIB : null));
      const job = [1, 2, 3].reduce(
        (made, id) => made.withHourly(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, hourly),
        topic(0, HOURLY),
      );
      expect(noteOf(job)).toContain('at the rate of the last week');
    });

    test('of the day where the week is not there', () => {
      const day = [1, 2, 3].reduce(
        (made, id) => made.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, 50 * KIB),
        topic(400, HOURLY),
      );
      expect(noteOf(day)).toContain('at the rate of the last day');
    });

    test('by its share of these minutes where the week of the cluster is known alone', () => {
      const cluster = topic(400, HOURLY)
        .withTopic('__consumer_offsets', { internal: true, configs: { 'cleanup.policy': 'compact' } })
        .withRates('__consumer_offsets', [1, 1, 1])
        .withHourlyOfBrokers(METRICS.bytesIn, 50 * KIB);
      expect(noteOf(cluster)).toContain('of which the topic has the share of these minutes');
      expect(noteOf(topic(50, HOURLY))).toContain('at the rate of these minutes');
    });

    test('a broker that leads and has no series leaves the week unknown', () => {
      expect(noteOf(weeks(topic(50, HOURLY), 0, 400 * KIB, [1, 2]))).toContain('at the rate of these minutes');
    });
  });
});
