import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { breaksOff, constant, during, hourAgo, lastOf, MINUTES } from './minutes.ts';
import { kpi, reading } from './run-context.ts';

describe('offline-partitions', () => {
  test('the most at once in the window, when all is well now', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withMetric(METRICS.offlinePartitions, {}, during(3, 100, 101));
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 3, confidence: 1 });
    expect(kpi('offline-partitions', cluster).score).toBe(0);
  });

  test('a partition offline now counts before CloudWatch has noticed', () => {
    const cluster = aSnapshot().withTopic('t').withPartition('t', 1, { leader: -1 });
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 1 });
  });

  test('an offline minute within maintenance does not count', () => {
    const inMaintenance = during(5, MINUTES - 60, MINUTES - 59);
    const cluster = () => aSnapshot().withTopic('t').withMetric(METRICS.offlinePartitions, {}, inMaintenance);
    expect(reading('offline-partitions', cluster())).toMatchObject({ value: 5 });
    const masked = cluster().withOperation('REBOOT_BROKER', hourAgo, hourAgo);
    expect(reading('offline-partitions', masked)).toMatchObject({ value: 0 });
  });

  test('without CloudWatch one look at the metadata is half as certain', () => {
    const cluster = aSnapshot().withTopic('t').without('metrics', 'not-permitted');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 0, confidence: 0.5 });
  });

  test('half of the datapoints lower the confidence, a fifth of them is too little', () => {
    const seen = (minutes: number) => {
      return aSnapshot()
        .withMetric(METRICS.offlinePartitions, {}, lastOf(0, minutes))
        .without('kafkaTopics', 'unreachable');
    };
    expect(reading('offline-partitions', seen(720))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('offline-partitions', seen(719))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('offline-partitions', seen(288))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('offline-partitions', seen(287))).toMatchObject({ state: 'no-data' });
  });

  test('silent for 29 minutes is late, for 30 tells nothing of now; a look at the partitions does', () => {
    const silent = (minutes: number) => aSnapshot().withMetric(METRICS.offlinePartitions, {}, breaksOff(minutes));
    const alone = (minutes: number) => silent(minutes).without('kafkaTopics', 'unreachable');
    expect(reading('offline-partitions', alone(29))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('offline-partitions', alone(30))).toMatchObject({ state: 'no-data' });
    const was = silent(30)
      .withTopic('t')
      .withMetric(METRICS.offlinePartitions, {}, [3, ...breaksOff(30).slice(1)]);
    expect(reading('offline-partitions', was)).toMatchObject({ state: 'ok', value: 3, confidence: 0.5 });
  });

  test('neither source: the reason of the missing section is told', () => {
    const cluster = aSnapshot().without('metrics', 'not-permitted').without('kafkaTopics', 'unreachable');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'no-permission' });
  });

  test('a partial look that found nothing is no knowledge', () => {
    const cluster = aSnapshot().withTopic('t').withPartial('kafkaTopics', 'one broker').without('metrics');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'no-data' });
  });
});

describe('a series that CloudWatch was not asked for might have been the worst: one look does not stand in for its day', () => {
  test.each([
    ['offline-partitions', METRICS.offlinePartitions, {}],
    ['under-replicated', METRICS.underReplicated, { 'Broker ID': 2 }],
    ['under-min-isr', METRICS.underMinIsr, { 'Broker ID': 2 }],
  ] as const)('%s', (name, metric, dimensions) => {
    const cluster = aSnapshot().withTopic('t').withoutMetric(metric, dimensions);
    expect(reading(name, cluster)).toMatchObject({ state: 'no-data' });
  });

  test('but what is offline now is offline', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 1, { leader: -1 })
      .withoutMetric(METRICS.offlinePartitions);
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 0.5 });
  });
});

describe('under-replicated', () => {
  test('share of partition-minutes, by hand: 12 of 120 leaders for 144 of 1438 minutes', () => {
    const cluster = aSnapshot().withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, during(12, 0, 144));
    expect(reading('under-replicated', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo((100 * 12 * 144) / 1438 / 120, 9),
      confidence: 1,
    });
  });

  test('a dead broker publishes nothing: the others still count', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.underReplicated, { 'Broker ID': 1 }, 20)
      .withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, 20)
      .withMetric(METRICS.underReplicated, { 'Broker ID': 3 }, constant(null));
    expect(reading('under-replicated', cluster)).toMatchObject({ state: 'ok', value: expect.closeTo(100 / 3, 9) });
  });

  test('Express has no such metric: ISR against replicas, one look', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 4 })
      .withPartition('t', 0, { isr: [1, 2] })
      .withKind('provisioned-express');
    for (const brokerId of [1, 2, 3]) {
      cluster.withMetric(METRICS.underReplicated, { 'Broker ID': brokerId }, constant(null));
    }
    expect(reading('under-replicated', cluster)).toMatchObject({ state: 'ok', value: 25, confidence: 0.5 });
  });

  test('a cluster without partitions has none to replicate', () => {
    expect(reading('under-replicated', aSnapshot().without('metrics'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('under-min-isr', () => {
  test('minutes with any on any broker, two brokers at once counted once', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.underMinIsr, { 'Broker ID': 1 }, during(1, 10, 15))
      .withMetric(METRICS.underMinIsr, { 'Broker ID': 2 }, during(4, 12, 18));
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'ok', value: 8, confidence: 1 });
  });

  test('without CloudWatch: at least the present minute', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics');
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 0.5 });
    expect(kpi('under-min-isr', cluster).score).toBe(50);
  });

  test('an incomplete ISR with unknown min.insync.replicas is unknown', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics')
      .without('kafkaTopicConfigs', 'not-permitted');
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('under min ISR during maintenance now is not judged', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics')
      .withOperation('UPDATE_BROKER_TYPE', hourAgo, null);
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'no-data' });
  });
});
