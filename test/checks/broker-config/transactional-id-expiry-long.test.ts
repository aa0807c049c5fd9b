import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function heap(percent: number, { expiry = '604800000', perSec = 5, hours = 24 } = {}): SnapshotBuilder {
  const builder = aSnapshot()
    .withTopic('__transaction_state', { partitions: 3, internal: true })
    .withRates('__transaction_state', [perSec, perSec, perSec])
    .withBrokerSettings({ 'transactional.id.expiration.ms': expiry });
  for (const id of [1, 2, 3])
    builder.withMetric(
      METRICS.heapAfterGc,
      { 'Broker ID': id },
      id === 1 ? during5(PERIODS_OF_DAY - hours * 12, PERIODS_OF_DAY, percent, 20) : 20,
    );
  return builder;
}

describe('transactional-id-expiry-long', () => {
  describeVerdicts('transactional-id-expiry-long', [
    ['passes: half of the heap', heap(50), 'pass'],
    ['warns: more than half, ids for a week, and transactions run', heap(51), 'warn', 'low 1'],
    ['passes: full for two hours only', heap(90, { hours: 2 }), 'pass'],
    ['passes: ids are kept for a day', heap(90, { expiry: '86400000' }), 'pass'],
    ['passes: nobody runs a transaction now', heap(90, { perSec: 0 }), 'pass'],
    ['no-data: whether transactions run is not known', heap(90).without('kafkaSamples'), 'no-data'],
    [
      'not applicable: nobody ever used transactions',
      aSnapshot().withBrokerSettings({ 'transactional.id.expiration.ms': '604800000' }),
      'not-applicable',
    ],
    [
      'no-data: no heap',
      aSnapshot()
        .withTopic('__transaction_state', { internal: true })
        .withBrokerSettings({ 'transactional.id.expiration.ms': '604800000' }),
      'no-data',
    ],
    [
      'no-data: heap is fine, and the brokers were not asked',
      heap(20).without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    ['not applicable: Express', heap(90).withKind('provisioned-express'), 'not-applicable'],
  ]);

  describeSeverities('transactional-id-expiry-long', () => heap(90), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('an open transaction that a leader knows is enough', () => {
    const producer = {
      producerId: '1',
      producerEpoch: 0,
      lastSequence: 1,
      lastTimestampMs: 0,
      coordinatorEpoch: 0,
      openTransactionStart: '5',
    };
    const source = heap(90, { perSec: 0 }).withSection('kafkaProducers', [
      { topic: 't', partition: 0, error: null, producers: [producer] },
    ]);
    expect(runCheck('transactional-id-expiry-long', source).findings[0]?.note).toContain('1 open transaction');
  });
});
