import { describe, expect, test } from 'vitest';
import { weeksOfDemand } from '../../lib/analysis/storage-demand.ts';
import { retainedAtMost } from '../../lib/analysis/stored-bytes.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';
import { collected, sectionOf } from './sections.ts';

const keeping = (...retentionsMs: string[]) =>
  retentionsMs.reduce((builder, ms, i) => builder.withTopic(`t${i}`, { configs: { 'retention.ms': ms } }), aSnapshot());
const atMost = (builder: SnapshotBuilder, bytesPerSec: number | null = 10) =>
  retainedAtMost(bytesPerSec, collected(builder, 'kafkaTopicConfigs'));

describe('bytes of one copy at most', () => {
  test('all traffic for as long as the longest retention: 10 B/s for two hours', () => {
    expect(atMost(keeping('3600000', '7200000', '60000'))).toBe(72_000);
    expect(atMost(keeping('3600000', '0'))).toBe(36_000);
  });

  test("Kafka's own topics, which are compacted, are left out", () => {
    expect(atMost(keeping('3600000').withTopic('__x', { configs: { 'cleanup.policy': 'compact' } }))).toBe(36_000);
  });

  test.each<[string, SnapshotBuilder, (number | null)?]>([
    ['a topic keeps for ever', keeping('3600000', '-1')],
    ['a topic is compacted', keeping('3600000').withTopic('c', { configs: { 'cleanup.policy': 'compact' } })],
    [
      'a topic is compacted and deletes',
      keeping('1').withTopic('c', { configs: { 'cleanup.policy': 'compact,delete' } }),
    ],
    ['a retention is no number', keeping('3600000', '')],
    ['nothing is kept', keeping('0')],
    ['there are no topics', aSnapshot()],
    ['settings were not read', keeping('3600000').without('kafkaTopicConfigs')],
    ['settings were read in part', keeping('3600000').withPartial('kafkaTopicConfigs', '1 of 2')],
    ['the traffic is not known', keeping('3600000'), null],
  ])('are not known where %s', (_, builder, bytesPerSec = 10) => {
    expect(atMost(builder, bytesPerSec)).toBeNull();
  });
});

describe('what a volume had to take over the weeks', () => {
  const MIB = 1024 ** 2;

  test('the p99 of bytes in, in all copies, with the days that were measured', () => {
    const hours = Array.from({ length: 48 }, (_, i) => (i === 7 ? null : 2 * MIB));
    const metrics = sectionOf(aSnapshot().withHourly(METRICS.bytesIn, { 'Broker ID': 2 }, hours), 'metrics');
    expect(weeksOfDemand(metrics, 3)).toEqual([{ brokerId: '2', days: 47 / 24, miBPerSec: 6 }]);
  });

  test('one hour of a hundred may stand out; the last hour counts', () => {
    const hours = Array.from({ length: 200 }, (_, i) => (i > 196 ? 5 * MIB : MIB));
    const demand = (values: number[]) =>
      weeksOfDemand(sectionOf(aSnapshot().withHourly(METRICS.bytesIn, { 'Broker ID': 1 }, values), 'metrics'), 1)[0]!;
    expect(demand(hours)).toMatchObject({ miBPerSec: 5 });
    expect(demand(hours.map((value, i) => (i > 198 ? value : MIB)))).toMatchObject({ miBPerSec: 1 });
  });

  test('without an hour it is not known; without a series there is no row', () => {
    const silent = aSnapshot().withHourly(METRICS.bytesIn, { 'Broker ID': 1 }, [null, null]);
    expect(weeksOfDemand(sectionOf(silent, 'metrics'), 3)).toEqual([{ brokerId: '1', days: 0, miBPerSec: null }]);
    expect(weeksOfDemand(sectionOf(aSnapshot(), 'metrics'), 3)).toEqual([]);
  });
});
