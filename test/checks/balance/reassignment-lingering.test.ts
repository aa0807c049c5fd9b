import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const THROTTLE = { 'leader.replication.throttled.replicas': '0:1,0:2' };
const NONE = { 'leader.replication.throttled.replicas': '', 'follower.replication.throttled.replicas': '' };
const MOVE = { topic: 'orders', partition: 0, replicas: [1, 2, 3, 4], adding: [4], removing: [1] };

function cluster(configs: Record<string, string> = {}): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { configs: { ...NONE, ...configs } })
    .withSection('kafkaReassignments', []);
}

/** One partition being moved; the replicas of broker 1 last changed so many hours before the latest point. */
function moving(hours: number): SnapshotBuilder {
  const builder = cluster().withSection('kafkaReassignments', [MOVE]);
  const changed = PERIODS_OF_DAY - 3 - hours * 12;
  return builder.withMetric(METRICS.partitionCount, { 'Broker ID': 1 }, during5(changed + 1, PERIODS_OF_DAY, 121, 120));
}

describe('reassignment-lingering', () => {
  describeVerdicts('reassignment-lingering', [
    ['passes: nothing is moved, no throttle is left', cluster(), 'pass'],
    ['warns: a throttle is left', cluster(THROTTLE), 'warn', 'medium orders'],
    ['warns: replicas have not changed for six hours', moving(6), 'warn', 'medium orders'],
    ['passes: the move began five hours ago', moving(5), 'pass'],
    ['no-data: one look does not tell since when', moving(6).without('metrics', 'throttled'), 'no-data'],
    [
      'passes: a throttle belongs to a move that is running',
      moving(5).withSection('kafkaTopicConfigs', { orders: entries(THROTTLE) }),
      'pass',
    ],
    ['no-data: settings of topics were not read', cluster().without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    ['no-data: a topic did not answer about throttles', cluster().withTopic('old'), 'no-data'],
    ['no-data: nobody could ask', cluster(THROTTLE).without('kafkaReassignments', 'unreachable'), 'no-data'],
    ['warns on Kafka without AWS', cluster(THROTTLE).withKind('kafka'), 'warn', 'medium orders'],
    ['not applicable: Express', cluster(THROTTLE).withKind('provisioned-express'), 'not-applicable'],
  ]);

  describeSeverities('reassignment-lingering', () => cluster(THROTTLE), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('takes off the throttle that is set, and no other: Kafka refuses that', () => {
    const commandsOf = (configs: Record<string, string>) => {
      const source = aSnapshot().withTopic('orders', { configs }).withSection('kafkaReassignments', []);
      const built = source.build();
      const { kafkaTopicConfigs } = built.sections;
      if (kafkaTopicConfigs?.ok)
        for (const [key, value] of Object.entries(NONE))
          kafkaTopicConfigs.value.orders![key] ??= { value, source: 'default' };
      return runCheck('reassignment-lingering', built).recommendation!.commands.map(renderCommand);
    };
    const FOLLOWER = { 'follower.replication.throttled.replicas': '0:2' };
    expect(commandsOf(THROTTLE)).toEqual([
      expect.stringMatching(/--delete-config leader.replication.throttled.replicas$/),
    ]);
    expect(commandsOf({ ...THROTTLE, ...FOLLOWER })).toEqual([
      expect.stringMatching(
        /--delete-config leader.replication.throttled.replicas,follower.replication.throttled.replicas$/,
      ),
    ]);
  });

  test('the way out of a move stays open while its new replicas are out of sync', () => {
    const source = moving(8).withPartition('orders', 0, { replicas: [1, 2, 3, 4], isr: [1, 2, 3] });
    const { action, commands } = runCheck('reassignment-lingering', source).recommendation!;
    expect(commands.map(({ argv }) => argv.at(-1))).toEqual(['--list', '--verify', '--cancel']);
    expect(action).toMatch(/^See whether the move still advances/);
  });

  test('says what is left to copy', () => {
    const [finding] = runCheck('reassignment-lingering', moving(8).withSizes('orders', 1024 ** 3)).findings;
    expect(finding?.note).toContain('1 GiB to copy');
    expect(finding?.confidence).toBe(0.7);
  });
});

function entries(values: Record<string, string>) {
  return Object.fromEntries(
    Object.entries({ ...NONE, ...values }).map(([key, value]) => [key, { value, source: 'topic' as const }]),
  );
}
