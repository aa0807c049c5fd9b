import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const withFactor = (replicationFactor: number) => aSnapshot().withTopic('orders', { replicationFactor });

const oneRack = () =>
  aSnapshot()
    .withKind('kafka')
    .withSection('kafkaBrokers', {
      clusterId: 'kafka-cluster-id',
      controllerId: 1,
      brokers: [1, 2, 3].map((id) => ({ id, host: `b-${id}.example.test`, port: 9098, rack: 'room-1' })),
    });

describe('replication-factor-low', () => {
  describeVerdicts('replication-factor-low', [
    ['passes: three replicas in three zones', withFactor(3), 'pass'],
    ['fails: two replicas in three zones', withFactor(2), 'fail', 'high orders'],
    ['fails critically: a single replica', withFactor(1), 'fail', 'critical orders'],
    ['passes: two replicas in two zones', withFactor(2).withCluster({ azCount: 2 }), 'pass'],
    [
      'fails critically: a single replica in two zones',
      withFactor(1).withCluster({ azCount: 2 }),
      'fail',
      'critical orders',
    ],
    [
      'worst first: one replica before two',
      withFactor(2).withTopic('solo', { replicationFactor: 1 }),
      'fail',
      'critical solo',
      'high orders',
    ],
    [
      'fails: internal topics count',
      aSnapshot().withTopic('__consumer_offsets', { internal: true, replicationFactor: 1 }),
      'fail',
      'critical __consumer_offsets',
    ],
    ['fails: a broker that is down lowers no demand', withFactor(2).withDeadBroker(3), 'fail', 'high orders'],
    [
      'passes: two brokers cannot hold three replicas',
      aSnapshot().withKind('kafka').withBrokers(2).withTopic('orders', { replicationFactor: 2 }),
      'pass',
    ],
    [
      'fails critically: a single replica, even if all brokers name the same rack',
      oneRack().withTopic('orders', { replicationFactor: 1 }),
      'fail',
      'critical orders',
    ],
    ['passes: two replicas, all brokers in one rack', oneRack().withTopic('orders', { replicationFactor: 2 }), 'pass'],
    [
      'not applicable: one broker',
      aSnapshot().withKind('kafka').withBrokers(1).withTopic('orders', { replicationFactor: 1 }),
      'not-applicable',
    ],
    ['not applicable: Express', withFactor(3).withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', withFactor(3).withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['no-data: no metadata', withFactor(3).without('kafkaTopics', 'unreachable'), 'no-data'],
    [
      'no-data: only part of the topics was read',
      withFactor(3).withPartial('kafkaTopics', 'one broker did not answer'),
      'no-data',
    ],
  ]);

  describeSeverities('replication-factor-low', () => withFactor(2), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });
  describeSeverities('replication-factor-low', () => withFactor(1), {
    production: 'critical',
    staging: 'high',
    development: 'low',
  });

  test('without AWS the zones are the racks of the brokers: two racks want two replicas', () => {
    const snapshot = aSnapshot().withKind('kafka').withBrokers(4).withTopic('orders', { replicationFactor: 2 }).build();
    const brokers = snapshot.sections.kafkaBrokers;
    if (brokers?.ok) for (const broker of brokers.value.brokers) broker.rack = `rack-${broker.id % 2}`;
    expect(runCheck('replication-factor-low', snapshot).status).toBe('pass');
  });

  test('no-data: the rack of a broker that is down may be a third zone', () => {
    const snapshot = aSnapshot()
      .withKind('kafka')
      .withBrokers(3)
      .withTopic('orders', { replicationFactor: 2 })
      .withDeadBroker(3)
      .build();
    expect(runCheck('replication-factor-low', snapshot)).toMatchObject({ status: 'no-data' });
  });

  test('the smallest partition decides: one of three has a single replica', () => {
    const result = runCheck(
      'replication-factor-low',
      withFactor(3).withPartition('orders', 2, { replicas: [3], isr: [3] }),
    );
    expect(result.findings[0]).toMatchObject({ resource: 'orders', measured: 1, limit: 3, severity: 'critical' });
  });

  test('advises no reassignment while a partition is under-replicated', () => {
    const settled = runCheck('replication-factor-low', withFactor(2)).recommendation!;
    const unsettled = runCheck('replication-factor-low', withFactor(2).withPartition('orders', 0, { isr: [1] }))
      .recommendation!;
    expect(settled.commands.some((command) => command.effect === 'change')).toBe(true);
    expect(unsettled.commands.every((command) => command.effect === 'read')).toBe(true);
    expect(unsettled.action).toMatch(/^Wait, because 1 partition is under-replicated/);
  });

  describe('topics that the policy calls ephemeral', () => {
    const overrides = { version: 1 as const, topics: { 'cache.*': { ephemeral: true } } };
    const cache = (replicationFactor: number) => withFactor(3).withTopic('cache.prices', { replicationFactor });

    test.each([
      ['need no copy', cache(1), 'pass', []],
      [
        'whose name only begins alike do',
        withFactor(3).withTopic('cache', { replicationFactor: 1 }),
        'fail',
        ['cache'],
      ],
      ['hide no other topic', cache(1).withTopic('solo', { replicationFactor: 1 }), 'fail', ['solo']],
      [
        'leave nothing to judge where there are no others',
        aSnapshot().withTopic('cache.prices', { replicationFactor: 1 }),
        'not-applicable',
        [],
      ],
    ] as const)('%s', (_why, source, status, resources) => {
      const result = runCheck('replication-factor-low', source, { overrides });
      expect([result.status, result.findings.map(({ resource }) => resource)]).toEqual([status, resources]);
    });
  });

  test("MSK's own topics are not the user's to mend", () => {
    expect(
      runCheck('replication-factor-low', withFactor(3).withTopic('__amazon_msk_canary', { replicationFactor: 1 }))
        .status,
    ).toBe('pass');
  });

  test('the added copies are as large as those there are', () => {
    // 3 partitions x 2 GiB, in one copy: two more of 6 GiB each, at 0.10 a GiB.
    const { recommendation, evidence } = runCheck(
      'replication-factor-low',
      withFactor(1).withSizes('orders', 2 * 1024 ** 3),
    );
    expect(recommendation!.impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(1.2, 9) });
    expect(evidence[0]?.rows[0]).toMatchObject({ stored: 6 * 1024 ** 3, factor: 1 });
    expect(runCheck('replication-factor-low', withFactor(1)).recommendation!.impact.kind).toBe('unknown');
  });
});
