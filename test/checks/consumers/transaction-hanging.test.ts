import { describe, expect, test } from 'vitest';
import type { SectionValue } from '../../../lib/snapshot/schema.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

type Partition = SectionValue<'kafkaProducers'>[number];

/** Producers of the only partition of a topic: seconds since the last record, and where a transaction is open. */
function producers(list: readonly { sec: number; open: string | null }[], error: string | null = null) {
  const partition: Partition = {
    topic: 'payments',
    partition: 0,
    error,
    producers: list.map(({ sec, open }, i) => ({
      producerId: String(4000 + i),
      producerEpoch: 1,
      lastSequence: 1,
      lastTimestampMs: TAKEN_AT_MS - sec * 1000,
      coordinatorEpoch: 1,
      openTransactionStart: open,
    })),
  };
  return aSnapshot().withTopic('payments', { partitions: 1 }).withSection('kafkaProducers', [partition]);
}
const hanging = (sec = 7200) => producers([{ sec, open: '815' }]);
const timeout = (ms: string) =>
  hanging(3601).withSection('kafkaBrokerConfigs', {
    1: { 'transaction.max.timeout.ms': { value: ms, source: 'static-broker' } },
  });

describe('transaction-hanging', () => {
  describeVerdicts('transaction-hanging', [
    ['passes: no producers', producers([]), 'pass'],
    ['passes: an idle producer without a transaction', producers([{ sec: 90_000, open: null }]), 'pass'],
    ['passes: open for an hour', hanging(3600), 'pass'],
    ['fails: open for a second more', hanging(3601), 'fail', 'high payments-0'],
    ['passes: the brokers allow two hours', timeout('7200000'), 'pass'],
    ['fails: the brokers allow one hour', timeout('3600000'), 'fail', 'high payments-0'],
    [
      'no-data: producers need READ, which was not given',
      hanging().without('kafkaProducers', 'not-permitted'),
      'no-data',
    ],
    ['no-data: not asked for', hanging().without('kafkaProducers'), 'no-data'],
    ['no-data: the partition was not read', producers([], 'TOPIC_AUTHORIZATION_FAILED'), 'no-data'],
    ['no-data: further partitions were not asked', producers([]).withTopic('quiet'), 'no-data'],
    ['fails though further partitions were not asked', hanging().withTopic('quiet'), 'fail', 'high payments-0'],
    [
      'passes: internal topics have no transactions of clients',
      producers([]).withTopic('__consumer_offsets', { internal: true }),
      'pass',
    ],
    ['no-data: nobody knows which topics there are', producers([]).without('kafkaTopics', 'timed-out'), 'no-data'],
    ['fails on Kafka without AWS', hanging().withKind('kafka'), 'fail', 'high payments-0'],
  ]);
  describeSeverities('transaction-hanging', hanging, { production: 'high', staging: 'medium', development: 'low' });

  test('says how many partitions were not asked', () => {
    const result = runCheck('transaction-hanging', producers([]).withTopic('quiet', { partitions: 7 }));
    expect(result.summary).toBe('Not measured: producers of 7 further partitions were not asked for.');
  });

  test('the oldest of a partition is named, and aborted only after it was confirmed on the leader', () => {
    const result = runCheck(
      'transaction-hanging',
      producers([
        { sec: 5000, open: '700' },
        { sec: 9000, open: '815' },
      ]),
    );
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({
      measured: 9000,
      limit: 3600,
      note: 'producer 4001, open from offset 815 on; 1 further one',
    });
    const [find, abort] = result.recommendation!.commands;
    expect(renderCommand(find!)).toMatch(/kafka-transactions.sh .* find-hanging --broker-id 1$/);
    expect(renderCommand(abort!)).toMatch(/abort --topic payments --partition 0 --start-offset 815$/);
    expect(abort!.effect).toBe('change');
  });
});
