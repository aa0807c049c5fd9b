import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const topic = (replicationFactor: number, minIsr: number) =>
  aSnapshot().withTopic('orders', { replicationFactor, configs: { 'min.insync.replicas': String(minIsr) } });

describe('min-isr-equal-rf', () => {
  describeVerdicts('min-isr-equal-rf', [
    ['passes: minimum 2 of 3 replicas', topic(3, 2), 'pass'],
    ['passes: minimum 1 of 2 replicas', topic(2, 1), 'pass'],
    ['fails: minimum 3 of 3 replicas', topic(3, 3), 'fail', 'high orders'],
    ['fails: minimum 4 of 3 replicas', topic(3, 4), 'fail', 'high orders'],
    ['fails: minimum 2 of 2 replicas', topic(2, 2), 'fail', 'high orders'],
    ['passes: one replica has none to wait for', topic(1, 1), 'pass'],
    [
      'fails: internal topics count',
      aSnapshot().withTopic('__consumer_offsets', { internal: true, configs: { 'min.insync.replicas': '3' } }),
      'fail',
      'high __consumer_offsets',
    ],
    ['fails on Kafka without AWS', topic(3, 3).withKind('kafka'), 'fail', 'high orders'],
    ['not applicable: Express', topic(3, 3).withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', topic(3, 3).withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['no-data: configurations were not read', topic(3, 2).without('kafkaTopicConfigs', 'not-permitted'), 'no-data'],
    ['no-data: the configuration of one topic is missing', topic(3, 2).withSection('kafkaTopicConfigs', {}), 'no-data'],
  ]);

  describeSeverities('min-isr-equal-rf', () => topic(3, 3), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('proposes one less than the replicas, by a dynamic setting of the very topic', () => {
    const result = runCheck('min-isr-equal-rf', topic(3, 3));
    expect(result.findings[0]).toMatchObject({ measured: 3, limit: 2 });
    expect(result.recommendation!.commands.map(renderCommand)).toContain(
      'kafka-configs.sh --bootstrap-server "$BOOTSTRAP" --command-config client.properties --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=2',
    );
  });

  test('two replicas: a third is the advice, one acknowledged copy only where that is impossible', () => {
    const { action, commands } = runCheck('min-isr-equal-rf', topic(2, 2)).recommendation!;
    expect(action).toBe('Add a third replica to the topics with two');
    expect(commands.at(-1)!.purpose).toMatch(/^Only where a third replica is impossible/);
  });

  test('never lowers it to unblock writing: nothing to run while a replica is missing', () => {
    const { action, commands } = runCheck('min-isr-equal-rf', topic(3, 3).withPartition('orders', 0, { isr: [1, 2] }))
      .recommendation!;
    expect(action).toContain('never lower min.insync.replicas to unblock writing');
    expect(commands.every((command) => command.effect === 'read')).toBe(true);
  });
});
