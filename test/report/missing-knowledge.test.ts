// What the report says of sections that nobody could read, that this cluster does not have, or that a role may not see.
import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/checkup.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { Report } from '../../lib/report/report.ts';
import { gapGroups } from '../../lib/report/selections.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { SECTION_NAMES, type Sections, type SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN, type SnapshotBuilder } from '../builders/a-snapshot.ts';

const UNASKED = 'no part of this question';
/** The gaps that a test is about. */
const asked = ({ gaps }: Report) => gaps.filter(({ detail }) => detail !== UNASKED);

function reportOf(builder: SnapshotBuilder, sections: Sections = {}): Report {
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders', cliEnvironment: 'production' });
  const snapshot = builder.build();
  Object.assign(snapshot.sections, sections);
  const rest = SECTION_NAMES.filter((name) => snapshot.sections[name] === undefined);
  Object.assign(snapshot.sections, Object.fromEntries(rest.map((name) => [name, missing('not-supported', UNASKED)])));
  return judge({ snapshot, policy, previous: null, runId: 'manual-1', toolVersion: '0.0.0' });
}

type Metrics = SectionValue<'metrics'>;
const withMetrics = (changes: Partial<Metrics>) =>
  aSnapshot().withSection('metrics', {
    series: [],
    messages: [],
    cost: { metricsRequested: 3, calls: 1, usd: 0.5 },
    ...changes,
  });

describe('what a cluster does not have', () => {
  test('is in the report and is no fault, whatever else is missing', () => {
    const report = reportOf(aSnapshot(), {
      storageScaling: missing('not-supported', 'only Standard brokers have volumes'),
      configuration: missing('not-enabled', "the cluster has no configuration of its own: MSK's defaults hold"),
      alarms: missing('throttled', 'too many requests'),
    });
    expect(asked(report).map(({ section, isFault }) => [section, isFault])).toEqual([
      ['configuration', false],
      ['storageScaling', false],
      ['alarms', true],
    ]);
    expect(report.headline).not.toContain('could not be read');
  });

  test('with a line that would help it is one', () => {
    const upgrade = missing('not-supported', 'needs Kafka 3.6', 'Upgrade');
    const off = missing('not-enabled', 'open monitoring is switched off', 'aws kafka update-monitoring');
    const report = reportOf(aSnapshot(), { mskTopics: upgrade, openMonitoring: off });
    expect(asked(report).map(({ isFault }) => isFault)).toEqual([true, true]);
  });

  test('a cluster that is being created: one sentence says why there is nothing to read, and nothing is to be mended', () => {
    const because = missing('not-supported', 'the cluster is being created: it has no brokers yet');
    const kafka = Object.fromEntries(
      (
        ['kafkaBrokers', 'kafkaTopics', 'kafkaTopicConfigs', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'] as const
      ).map((name) => [name, because]),
    );
    const report = reportOf(aSnapshot().withCluster({ state: 'CREATING' }), {
      metrics: because,
      nodes: because,
      ...kafka,
    });
    const sentence = 'The cluster is being created: there are no brokers, metrics and topics to read.';
    expect(report.headline).toBe(sentence);
    expect(report.degraded[0]).toBe(sentence);
    expect(report.degraded.join()).not.toContain('was not read');
    expect(gapGroups(report)).toEqual([]);
  });

  test('a cluster that failed: with AWS’s own words on it', () => {
    const stateInfo = { code: 'SubnetGone', message: 'the subnet was deleted' };
    const [line] = reportOf(aSnapshot().withCluster({ state: 'FAILED', stateInfo })).degraded;
    expect(line).toContain('(SubnetGone: the subnet was deleted)');
  });
});

describe('permissions', () => {
  const refused = (action: string, resource = '*') =>
    missing('not-permitted', `${action}: the caller may not do this`, `Allow ${action} on ${resource} for the caller`);

  test('each is named once, with what is missing without it, be it a section or a part of one', () => {
    const { missingPermissions, degraded } = reportOf(
      aSnapshot().withSection(
        'versions',
        { status: 'ACTIVE', upgradeTargets: null },
        'kafka:GetCompatibleKafkaVersions: no. Allow kafka:GetCompatibleKafkaVersions on * for the caller',
      ),
      {
        cluster: refused('kafka:DescribeClusterV2', CLUSTER_ARN),
        configuration: refused('kafka:DescribeClusterV2', CLUSTER_ARN),
        alarms: refused('cloudwatch:DescribeAlarms'),
      },
    );
    expect(missingPermissions).toEqual(
      [
        { action: 'kafka:DescribeClusterV2', resource: CLUSTER_ARN, sections: ['cluster', 'configuration'] },
        { action: 'kafka:GetCompatibleKafkaVersions', resource: '*', sections: ['versions'] },
        { action: 'cloudwatch:DescribeAlarms', resource: '*', sections: ['alarms'] },
      ].toSorted((a, b) => order(a.action) - order(b.action)),
    );
    expect(degraded.join()).toContain('partly read: kafka:GetCompatibleKafkaVersions: no');
  });

  test('many refusals are one line for the reader, by resource', () => {
    const report = reportOf(aSnapshot(), {
      operations: refused('kafka:ListClusterOperationsV2', CLUSTER_ARN),
      tags: refused('kafka:ListTagsForResource', CLUSTER_ARN),
      alarms: refused('cloudwatch:DescribeAlarms'),
      quotas: refused('servicequotas:ListServiceQuotas'),
      connectors: refused('kafkaconnect:ListConnectors'),
    });
    const groups = gapGroups(report);
    expect(groups).toMatchObject([{ reason: 'not-permitted', detail: 'the caller lacks 5 permissions' }]);
    expect(groups[0]!.fix).toBe(
      `Allow kafka:ListClusterOperationsV2, kafka:ListTagsForResource on ${CLUSTER_ARN}; ` +
        'Allow cloudwatch:DescribeAlarms, servicequotas:ListServiceQuotas, kafkaconnect:ListConnectors on * for the caller',
    );
  });

  test('a role that cannot be assumed is another matter: its own words stay', () => {
    const fix =
      "Allow sts:AssumeRole on arn:aws:iam::1:role/r for the caller, and let the role's trust policy name the caller";
    const report = reportOf(aSnapshot(), { alarms: missing('not-permitted', 'sts:AssumeRole: no', fix) });
    expect(report.missingPermissions).toEqual([]);
    expect(gapGroups(report)).toMatchObject([{ fix }]);
  });
});

/** Reading order of the sections in which they are missing. */
function order(action: string): number {
  return ['kafka:DescribeClusterV2', 'kafka:GetCompatibleKafkaVersions', 'cloudwatch:DescribeAlarms'].indexOf(action);
}

describe('what stands at the top', () => {
  test('a part that no check reads is told below, one that a check reads above', () => {
    const { degraded, partlyRead } = reportOf(
      aSnapshot()
        .withSection('kafkaQuorum', null as never, 'one voter did not answer')
        .withPartial('metrics', '2 series not read')
        .withPartial('prices', 'the Price List was not asked'),
    );
    expect(degraded).toEqual(['CloudWatch metrics, partly read: 2 series not read']);
    expect(partlyRead.map(({ section }) => section)).toEqual(['kafkaQuorum']);
  });

  test('without a way to the brokers: what nobody else tells, and the one line that opens it', () => {
    const blind = missing('unreachable', 'no route', 'allow TCP 9098');
    const seen = aSnapshot().withTopic('orders').withTopicApi();
    const [line] = reportOf(seen, { kafkaBrokers: missing('unreachable', 'no route'), kafkaGroups: blind }).degraded;
    expect(line).toMatch(
      /Not seen: .*consumer groups, offsets, repeated looks at offsets, .*\. To mend it: allow TCP 9098/,
    );
  });

  test('messages of the product are sentences, those of AWS keep their code', () => {
    const messages = [
      { code: 'ClockSkew', value: 'the clock is 10 min ahead' },
      { code: 'History', value: 'A file of stored hours was not used.' },
      { code: 'ArithmeticError', value: 'some words' },
    ];
    expect(reportOf(withMetrics({ messages })).notices).toEqual([
      'The clock is 10 min ahead.',
      'Metric history: A file of stored hours was not used.',
      'Metrics (ArithmeticError): some words',
    ]);
  });
});

describe('metrics that the level does not give', () => {
  const row = (
    metric: string,
    level: 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | null,
    reason = 'not-enabled' as const,
  ) => ({
    metric,
    dimensions: [],
    reason,
    level,
  });

  test('one entry a level with the command that raises it; the budget and the kind are no such thing', () => {
    const unavailable: Metrics['unavailable'] = [
      row('B', 'PER_BROKER'),
      row('A', 'PER_BROKER'),
      row('A', 'PER_BROKER'),
      row('C', 'PER_TOPIC_PER_BROKER'),
      // The level is not known, so it may be there already.
      { metric: 'Unasked', dimensions: [], reason: 'not-requested', level: 'PER_BROKER' },
      { metric: 'Dropped', dimensions: [], reason: 'not-requested', level: null },
      { metric: 'OfOtherKind', dimensions: [], reason: 'not-supported', level: null },
    ];
    const report = reportOf(withMetrics({ unavailable }));
    const { levelGaps, setup, runCost } = report;
    expect(levelGaps.map(({ level, metrics }) => [level, metrics])).toEqual([
      ['PER_BROKER', ['A', 'B']],
      ['PER_TOPIC_PER_BROKER', ['C']],
    ]);
    expect(levelGaps[0]!.command?.argv.slice(-2)).toEqual(['--enhanced-monitoring', 'PER_BROKER']);
    expect(setup.join()).toContain('CURRENT_VERSION=');
    expect(asked(report)).toEqual([]);
    expect(runCost?.cloudWatch?.leftOut).toBe(1);
  });
});

describe('what the run cost', () => {
  const bill: SectionValue<'bill'> = {
    startDate: '2026-10-20',
    endDate: '2026-11-19',
    currency: 'USD',
    metric: 'UnblendedCost',
    isEstimated: false,
    items: [{ usageType: 'x', amount: 720, quantity: 1, unit: 'Hours' }],
    adjustments: [],
    cost: { calls: 2, usd: 0.02 },
  };
  const part = (usd: number | null) => ({ metricsRequested: 1, calls: 1, points: 1, usd });

  test('the sum of CloudWatch and Cost Explorer, with its parts', () => {
    const cost = { metricsRequested: 3, calls: 3, usd: 0.5, day: part(0.3), history: part(0.2) };
    const { runCostUsd, runCost } = reportOf(withMetrics({ cost }).withSection('bill', bill));
    expect(runCostUsd).toBe(0.52);
    expect(runCost).toMatchObject({
      usd: 0.52,
      cloudWatch: {
        usd: 0.5,
        parts: [
          { purpose: 'day', usd: 0.3 },
          { purpose: 'history', usd: 0.2 },
        ],
      },
      costExplorer: { usd: 0.02, calls: 2 },
    });
  });

  test.each<[string, Report]>([
    ['a ranking without a known price', reportOf(withMetrics({ cost: { metricsRequested: 1, calls: 1, usd: null } }))],
    [
      'metrics that broke off beside a bill',
      reportOf(aSnapshot().without('metrics', 'timed-out').withSection('bill', bill)),
    ],
    ['a bill that broke off', reportOf(withMetrics({}).without('bill', 'failed'))],
    ['nothing asked that costs', reportOf(aSnapshot().withKind('kafka'))],
  ])('is not known, and not zero: %s', (_, report) => expect(report.runCostUsd).toBeNull());

  test('a refused question costs nothing', () => {
    expect(reportOf(withMetrics({}).without('bill', 'not-permitted')).runCostUsd).toBe(0.5);
  });

  test('the bill is held against the model where it was read, and nowhere else', () => {
    // 3 brokers and 3 volumes are 738 a month; 720 in 30 days are 730 a month of 730 hours.
    expect(reportOf(aSnapshot().withSection('bill', bill)).bill).toMatchObject({
      billUsdPerMonth: 730,
      modelUsdPerMonth: expect.closeTo(738, 6),
      agrees: true,
      startDate: '2026-10-20',
    });
    expect(reportOf(aSnapshot()).bill).toBeNull();
    expect(reportOf(aSnapshot().without('bill', 'not-permitted')).bill).toBeNull();
  });
});
