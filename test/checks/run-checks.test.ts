import { describe, expect, test } from 'vitest';
import {
  type AnyCheck,
  defineCheck,
  type FindingDraft,
  type Outcome,
  type Recommendation,
} from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { type Command, renderCommand } from '../../lib/text/command.ts';
import { aSnapshot, CLUSTER_UUID, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { runAll } from './run.ts';

const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders' });
const command = (effect: Command['effect'], ...argv: string[]): Command => ({ purpose: argv.join(' '), effect, argv });

const recommendation: Recommendation = {
  action: 'Do something',
  confirmFirst: 'Look.',
  commands: [
    command('read', 'kafka-topics.sh', '--describe'),
    command('change', 'kafka-configs.sh', '--alter'),
    command('change', 'kafka-reassign-partitions.sh', '--execute'),
    command('change', 'kafka-leader-election.sh'),
    command('change', 'aws', 'kafka', 'reboot-broker'),
    command('change', 'aws', 'kafka', 'update-broker-storage'),
  ],
  risk: '',
  expectedEffect: '',
  verifyAfter: '',
  effort: 'setting',
  impact: { kind: 'none' },
};

const finding = (severity: FindingDraft['severity'], resource = 'x'): FindingDraft => {
  return { scope: 'topic', resource, severity, measured: 1, limit: 0, unit: 'count', confidence: 1 };
};
const found = (...severities: FindingDraft['severity'][]): Outcome => {
  const [first, ...rest] = severities.map((severity, i) => finding(severity, `x-${i}`));
  return { kind: 'findings', summary: 'Found.', findings: [first!, ...rest], evidence: [], recommendation };
};

function check(outcome: () => Outcome, fields: Partial<AnyCheck> = {}): AnyCheck {
  return {
    ...defineCheck({
      id: 'offline-partitions',
      area: 'availability',
      title: { pass: 'Good', fail: 'Bad' },
      why: '',
      references: [],
      appliesTo: ['provisioned-standard', 'kafka'],
      needs: ['kafkaTopics'],
      mayUse: ['metrics'],
      evaluate: outcome,
    }),
    ...fields,
  };
}

function run(one: AnyCheck, source: SnapshotBuilder = aSnapshot()) {
  const snapshot = source.build();
  const context = runContextOf(snapshot, policy);
  return runChecks({
    snapshot,
    thresholds: policy.checks,
    run: context,
    clusterIdentity: clusterIdentityOf(snapshot),
    checks: [one],
  })[0]!;
}

const pass = (): Outcome => ({ kind: 'pass', summary: 'Fine.', evidence: [] });

describe('run-checks', () => {
  test.each([
    [['critical', 'info'], 'fail', 'Bad'],
    [['high'], 'fail', 'Bad'],
    [['medium', 'low'], 'warn', 'Bad'],
    [['low'], 'warn', 'Bad'],
    [['info'], 'pass', 'Good'],
  ] as const)('findings %j make %s', (severities, status, title) => {
    expect(run(check(() => found(...severities)))).toMatchObject({ status, title });
  });

  test('says no-data itself for a missing section, with name, reason and detail', () => {
    const never = check(() => {
      throw new Error('evaluated');
    });
    expect(run(never, aSnapshot().without('kafkaTopics', 'not-permitted'))).toMatchObject({
      status: 'no-data',
      summary: 'Not measured: Kafka topics may not be read (not-permitted): kafkaTopics: not-permitted.',
    });
    expect(run(never, aSnapshot().without('kafkaTopics')).summary).toBe(
      'Not measured: Kafka topics had not been asked for (not-requested): not part of this run.',
    );
  });

  test('answers for a kind that the check does not know, in the words of the check if it has some', () => {
    expect(run(check(pass), aSnapshot().withKind('serverless'))).toMatchObject({
      status: 'not-applicable',
      summary: 'Does not apply to an MSK Serverless cluster.',
    });
    const worded = check(pass, { notApplicable: { serverless: 'AWS does it.' } });
    expect(run(worded, aSnapshot().withKind('serverless')).summary).toBe('AWS does it.');
  });

  test('"there are none" over a section of which part is missing is no answer', () => {
    const none = check(() => ({ kind: 'not-applicable', because: 'There are no topics.' }));
    expect(run(none, aSnapshot())).toMatchObject({ status: 'not-applicable', summary: 'There are no topics.' });
    const part = aSnapshot().withPartial('kafkaTopics', 'permissions may hide topics');
    expect(run(none, part)).toMatchObject({ status: 'no-data', partial: 'permissions may hide topics' });
  });

  test('a cluster that could not be described may be of any kind: no-data, not not-applicable', () => {
    expect(run(check(pass), aSnapshot().without('cluster', 'throttled'))).toMatchObject({
      status: 'no-data',
      summary: expect.stringContaining('throttled'),
    });
  });

  test('a throw is our bug: error, the message without its stack', () => {
    const result = run(
      check(() => {
        throw new Error('lag is\nundefined');
      }),
    );
    expect(result.status).toBe('error');
    expect(result.summary).toBe('The check itself failed, which is a bug in MSK Checkup: lag is\\nundefined');
  });

  test('passes declared sections only: values of needs, Collected of mayUse', () => {
    let seen: Record<string, unknown> = {};
    run(
      check(pass, {
        evaluate(inputs) {
          seen = inputs as unknown as Record<string, unknown>;
          return pass();
        },
      }),
      aSnapshot().without('metrics'),
    );
    expect(Object.keys(seen).sort()).toEqual(['kafkaTopics', 'metrics']);
    expect(seen.kafkaTopics).toEqual([]);
    expect(seen.metrics).toMatchObject({ ok: false, reason: 'not-requested' });
  });

  test('a pass may not rest on partial data, unless the check says that the part does not matter', () => {
    const partial = () => aSnapshot().withPartial('metrics', 'half of the metrics');
    expect(run(check(pass), partial())).toMatchObject({ status: 'no-data', partial: 'half of the metrics' });
    expect(run(check(pass, { toleratesPartial: ['metrics'] }), partial())).toMatchObject({
      status: 'pass',
      partial: null,
    });
  });

  test('a finding may rest on partial data, and says so', () => {
    const source = () => aSnapshot().withPartial('metrics', 'half of the metrics');
    expect(
      run(
        check(() => found('high')),
        source(),
      ),
    ).toMatchObject({ status: 'fail', partial: 'half of the metrics' });
    expect(
      run(
        check(() => found('info')),
        source(),
      ).status,
    ).toBe('no-data');
    const own: () => Outcome = () => ({
      ...(found('high') as Extract<Outcome, { kind: 'findings' }>),
      partial: 'one topic',
    });
    expect(run(check(own), source()).partial).toBe('one topic; half of the metrics');
  });

  test('finding ids hang on cluster, check, scope and resource, not on severity or numbers', () => {
    const [a, b] = [run(check(() => found('high'))), run(check(() => found('low')))];
    expect(a.findings[0]!.id).toMatch(/^offline-partitions:[0-9a-f]{12}$/);
    expect(a.findings[0]!.id).toBe(b.findings[0]!.id);
    expect(clusterIdentityOf(aSnapshot().build())).toBe(CLUSTER_UUID);
    expect(clusterIdentityOf(aSnapshot().withKind('kafka').build())).toBe('kafka-cluster-id');
  });

  const proposed = (source: SnapshotBuilder, needs: AnyCheck['needs'] = ['kafkaTopics']) =>
    run(
      check(() => found('high'), { needs }),
      source,
    ).recommendation!;
  const names = ({ commands }: Recommendation) => commands.map(({ argv }) => (argv[0] === 'aws' ? argv[2] : argv[0]));

  test('settled: every command stays', () => {
    expect(proposed(aSnapshot()).commands).toHaveLength(6);
    expect(proposed(aSnapshot()).action).toBe('Do something');
  });

  test('replicas missing: no restart, no reassignment, no election; storage may grow', () => {
    const behind = proposed(
      aSnapshot()
        .withTopic('t')
        .withPartition('t', 0, { isr: [1] }),
    );
    expect(names(behind)).toEqual(['kafka-topics.sh', 'kafka-configs.sh', 'update-broker-storage']);
    expect(behind.action).toBe('Wait, because 1 partition is under-replicated; once that is over, do something');
  });

  describe('topics were not read: CloudWatch tells whether replicas are missing', () => {
    const unread = () => aSnapshot().without('kafkaTopics', 'unreachable');
    const actionOf = (builder: SnapshotBuilder) => proposed(builder, []).action;
    const commandsOf = (builder: SnapshotBuilder) => names(proposed(builder, []));

    test.each([
      ['underReplicated', 25, "25 partitions are under-replicated by CloudWatch's latest UnderReplicatedPartitions"],
      ['underMinIsr', 1, "1 partition is below min.insync.replicas by CloudWatch's latest UnderMinIsrPartitionCount"],
    ] as const)('of %s on one broker', (name, value, because) => {
      const behind = unread().withMetric(METRICS[name], { 'Broker ID': 2 }, value);
      expect(commandsOf(behind)).toEqual(['kafka-topics.sh', 'kafka-configs.sh', 'update-broker-storage']);
      expect(actionOf(behind)).toBe(`Wait, because ${because}; once that is over, do something`);
    });

    test('partitions without a leader', () => {
      const offline = unread().withMetric(METRICS.offlinePartitions, {}, 2);
      expect(actionOf(offline)).toMatch(/^Wait, because 2 partitions are without a leader by/);
    });

    test('in maintenance too, and where points are late', () => {
      const values = [...Array.from({ length: 1438 }, () => 0), 3, null];
      const late = unread()
        .withOperation('REBOOT_NODE', TAKEN_AT_MS - 3_600_000, TAKEN_AT_MS - 1000)
        .withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, values);
      expect(actionOf(late)).toMatch(/^Wait, because 3 partitions are under-replicated/);
    });

    test('what is over does not count', () => {
      const values = [...Array.from({ length: 1439 }, () => 3), 0];
      const over = unread().withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, values);
      expect(commandsOf(over)).toHaveLength(6);
    });

    test('metadata that knows every partition is newer; metadata that lacks some is not', () => {
      const counted = () => aSnapshot().withTopic('orders').withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, 25);
      expect(commandsOf(counted())).toHaveLength(6);
      expect(
        actionOf(
          counted()
            .withTopic('hidden')
            .withTopicApi({ listedOnly: ['hidden'] }),
        ),
      ).toMatch(/^Wait, because 25 partitions are/);
    });

    test('nobody could look: every command stays', () => {
      expect(commandsOf(unread().without('metrics', 'not-permitted'))).toHaveLength(6);
    });
  });

  describe('replicas that a reassignment is adding', () => {
    const moving = (isr: number[]) =>
      aSnapshot()
        .withTopic('t')
        .withPartition('t', 0, { replicas: [1, 2, 3, 4], isr })
        .withSection('kafkaReassignments', [
          { topic: 't', partition: 0, replicas: [1, 2, 3, 4], adding: [4], removing: [1] },
        ]);

    test('are being moved, not missing: no restart and no second plan meanwhile', () => {
      const { action, commands } = proposed(moving([1, 2, 3]));
      expect(action).toBe('Wait, because 1 partition is being moved; once that is over, do something');
      expect(names({ commands } as Recommendation)).toEqual([
        'kafka-topics.sh',
        'kafka-configs.sh',
        'update-broker-storage',
      ]);
    });

    test('others of the partition are missing', () => {
      expect(proposed(moving([1, 2])).action).toMatch(/^Wait, because 1 partition is under-replicated/);
    });
  });

  test('an operation runs: MSK refuses every update', () => {
    const running = proposed(aSnapshot().withOperation('REBOOT_NODE', TAKEN_AT_MS - 1000, null));
    expect(names(running)).toEqual(['kafka-topics.sh', 'kafka-configs.sh']);
    expect(running.action).toMatch(/^Wait, because a cluster operation is running/);
  });

  describe('one update after another', () => {
    const CURRENT = { variable: 'CURRENT_VERSION' as const };
    const update = (verb: string) => ({ ...command('change', 'aws'), argv: ['aws', 'kafka', verb, CURRENT] });
    const linesOf = (commands: Command[], source = aSnapshot()) =>
      run(
        check(() => ({ ...found('high'), recommendation: { ...recommendation, commands } }) as Outcome),
        source,
      ).recommendation!.commands.map((each) => renderCommand(each));

    test('the version is read again before each but the first', () => {
      const read = expect.stringMatching(
        /^CURRENT_VERSION=\$\(aws kafka describe-cluster-v2 .*--cluster-arn arn:\S+ --query ClusterInfo.CurrentVersion --output text\)$/,
      ) as string;
      const look = command('read', 'aws', 'kafka', 'list-nodes');
      expect(linesOf([look, update('update-storage'), look, update('update-broker-type'), update('x')])).toEqual([
        'aws kafka list-nodes',
        'aws kafka update-storage "$CURRENT_VERSION"',
        'aws kafka list-nodes',
        read,
        'aws kafka update-broker-type "$CURRENT_VERSION"',
        read,
        'aws kafka x "$CURRENT_VERSION"',
      ]);
    });

    test('one alone needs no reading', () => {
      expect(linesOf([update('update-storage')])).toHaveLength(1);
    });

    test('nor what is left of two while replicas are missing', () => {
      const behind = aSnapshot()
        .withTopic('t')
        .withPartition('t', 0, { isr: [1] });
      expect(linesOf([update('update-broker-type'), update('update-broker-storage')], behind)).toHaveLength(1);
    });
  });

  test('results are frozen all the way down', () => {
    const [result] = runAll(aSnapshot().withTopic('t').withPartition('t', 0, { leader: -1 }));
    expect(
      Object.isFrozen(result) &&
        Object.isFrozen(result!.findings[0]) &&
        Object.isFrozen(result!.recommendation!.commands[0]!.argv),
    ).toBe(true);
  });

  test('one result for every check, in the order of the registry, even with nothing to look at', () => {
    const empty = aSnapshot().build();
    empty.sections = {};
    const results = runAll(empty);
    expect(results.map(({ checkId }) => checkId)).toEqual(CHECKS.map(({ id }) => id));
    expect(results.every(({ status }) => status === 'no-data')).toBe(true);
  });
});
