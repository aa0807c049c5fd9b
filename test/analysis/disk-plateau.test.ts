import { describe, expect, test } from 'vitest';
import { brokerPlateaus } from '../../lib/analysis/broker-plateaus.ts';
import { diskPlateaus } from '../../lib/analysis/disk-plateau.ts';
import { GIB } from '../../lib/analysis/topic-load.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, HISTORY_HOURS, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { collected, loadInputs, sectionOf } from './sections.ts';

/** Segments of 1 MB at the latest after a week, records kept for an hour, whatever their size. */
const SETTINGS = {
  'retention.ms': '3600000',
  'retention.bytes': '-1',
  'segment.bytes': '1000000',
  'segment.ms': '604800000',
};

/** 10, 20 and 30 records a second of 50 bytes into three partitions of three copies: 3,000 bytes a second. */
const orders = (settings: Record<string, string> = {}) =>
  aSnapshot()
    .withTopic('orders', { configs: { ...SETTINGS, ...settings } })
    .withRates('orders', [10, 20, 30])
    .withSizes('orders', 50_000);

/** Bytes a broker will hold, without the overhead. */
function held(builder: SnapshotBuilder, meanBytesInPerSec = 3000): number[] | null {
  const plateaus = diskPlateaus(loadInputs(builder), { takenAtMs: TAKEN_AT_MS, volumeGiB: 2, meanBytesInPerSec });
  return plateaus && [...plateaus.values()].map((percent) => Math.round((percent / 100) * 2 * GIB) / 1.1);
}

/** An hour of retention, five minutes until the next look, and the time to fill a segment, of each partition. */
const BY_AGE = 500 * (3900 + 2000) + 1000 * (3900 + 1000) + 1500 * (3900 + 1_000_000 / 1500);

function expectHeld(found: number[] | null, bytes: number): void {
  expect(found).toHaveLength(3);
  for (const each of found!) expect(Math.abs(each - bytes)).toBeLessThan(1);
}

describe('the level at which retention holds a volume', () => {
  test('by age, by hand: what is written until the segment is full, in retention and until the next look', () => {
    expectHeld(held(orders()), BY_AGE);
  });

  test('percent of the volume, a tenth of overhead on top', () => {
    const at = { takenAtMs: TAKEN_AT_MS, volumeGiB: 1, meanBytesInPerSec: 3000 };
    expect(diskPlateaus(loadInputs(orders()), at)!.get(1)).toBeCloseTo((110 * BY_AGE) / GIB, 9);
  });

  test('topics share the mean of days as they share the looks', () => {
    const doubled = 1000 * (3900 + 1000) + 2000 * (3900 + 500) + 3000 * (3900 + 1_000_000 / 3000);
    expectHeld(held(orders(), 6000), doubled);
  });

  test('a segment that never fills is closed by its age', () => {
    const bytes = 3000 * (3900 + 60);
    expectHeld(held(orders({ 'segment.ms': '60000' })), bytes);
  });

  test('a limit of bytes holds each partition, and a segment more', () => {
    expectHeld(held(orders({ 'retention.bytes': '100000' })), 3 * 1_100_000);
    expectHeld(held(orders({ 'retention.bytes': '0' })), 3 * 1_000_000);
    // Without an end in time, the limit of bytes is one all the same.
    expectHeld(held(orders({ 'retention.bytes': '100000', 'retention.ms': '-1' })), 3 * 1_100_000);
  });

  test('a broker holds what its own replicas do', () => {
    const single = aSnapshot()
      .withTopic('orders', { configs: SETTINGS, replicationFactor: 1 })
      .withRates('orders', [10, 20, 30])
      .withSizes('orders', 50_000);
    const found = held(single)!;
    expect(found[0]).toBeCloseTo(500 * (3900 + 2000), -1);
    expect(found[1]).toBeCloseTo(1000 * (3900 + 1000), -1);
  });

  test('a compacted topic keeps about what it has', () => {
    const compacted = orders()
      .withTopic('keys', { configs: { 'cleanup.policy': 'compact' } })
      .withRates('keys', [5, 5, 5])
      .withSizes('keys', 70_000);
    expectHeld(held(compacted), BY_AGE + 3 * 70_000);
  });

  test.each<[string, SnapshotBuilder]>([
    ['it grows without end', orders({ 'retention.ms': '-1' })],
    ['it is tiered: the volume holds a part that nobody told', orders({ 'remote.storage.enable': 'true' })],
    ...Object.keys(SETTINGS).map((key): [string, SnapshotBuilder] => [`${key} is no number`, orders({ [key]: '' })]),
    ['nothing is written', orders().withRates('orders', [0, 0, 0])],
    ['all that is written goes to compacted topics', orders({ 'cleanup.policy': 'compact' })],
    [
      'the settings of one topic are missing',
      orders().withTopic('other').withSection('kafkaTopicConfigs', sectionOf(orders(), 'kafkaTopicConfigs')),
    ],
    [
      'a tiered topic takes nothing at present',
      orders()
        .withTopic('tiered', { configs: { ...SETTINGS, 'remote.storage.enable': 'true' } })
        .withSizes('tiered', 10),
    ],
    ['rates were not seen', orders().without('kafkaSamples')],
    ['sizes were not read', orders().without('kafkaLogDirs')],
    ['topics were not read', orders().without('kafkaTopics')],
    ['settings were not read', orders().without('kafkaTopicConfigs')],
    ['some topics were not read', orders().withPartial('kafkaTopics', '2 of 3')],
    ['some settings were not read', orders().withPartial('kafkaTopicConfigs', '2 of 3')],
    ['a second topic has no sizes', orders().withTopic('other', { configs: SETTINGS }).withRates('other', [1, 1, 1])],
    ['a compacted topic has no sizes', orders().withTopic('keys', { configs: { 'cleanup.policy': 'compact' } })],
    [
      'a second topic is compacted and deletes, so that offsets do not tell its records',
      orders()
        .withTopic('other', { configs: { ...SETTINGS, 'cleanup.policy': 'compact,delete' } })
        .withRates('other', [1, 1, 1])
        .withSizes('other', 10),
    ],
  ])('is unknown where %s', (_, builder) => {
    expect(held(builder)).toBeNull();
  });
});

describe('by the traffic of the weeks', () => {
  const weeks = () => orders().withHourlyOfBrokers(METRICS.bytesIn, 1000).withCluster({ volumeGiBPerBroker: 2 });

  function levels(builder: SnapshotBuilder, lastHours?: number) {
    const [metrics, cluster] = [sectionOf(builder, 'metrics'), collected(builder, 'cluster')];
    return brokerPlateaus(metrics, cluster, loadInputs(builder), TAKEN_AT_MS, lastHours);
  }

  test('the sum of what the brokers take in on average', () => {
    const found = levels(weeks())!;
    expect([...found.keys()].sort()).toEqual(['1', '2', '3']);
    expect(found.get('1')).toBeCloseTo((110 * BY_AGE) / (2 * GIB), 9);
  });

  test('or in the last hours alone, up to the newest', () => {
    const late = Array.from({ length: HISTORY_HOURS }, (_, i) =>
      i < HISTORY_HOURS - 2 ? 7000 : i === HISTORY_HOURS - 1 ? 1500 : 500,
    );
    const builder = weeks().withHourlyOfBrokers(METRICS.bytesIn, late);
    expect(levels(builder, 2)!.get('1')).toBeCloseTo((110 * BY_AGE) / (2 * GIB), 9);
    expect(levels(builder)!.get('1')).toBeGreaterThan((200 * BY_AGE) / (2 * GIB));
  });

  test.each<[string, SnapshotBuilder]>([
    ['one broker has no history', weeks().withoutMetric(METRICS.bytesIn, { 'Broker ID': 3 })],
    ['one broker has a history without a point', weeks().withHourly(METRICS.bytesIn, { 'Broker ID': 3 }, [null, null])],
    ['the volume is not known', weeks().withCluster({ volumeGiBPerBroker: null })],
    ['the cluster was not described', weeks().without('cluster')],
    ['Express has no volumes', weeks().withKind('provisioned-express')],
    ['retention does not tell', weeks().without('kafkaTopicConfigs')],
  ])('is unknown where %s', (_, builder) => {
    expect(levels(builder)).toBeNull();
  });
});
