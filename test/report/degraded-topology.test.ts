// What the reader is told when MSK's topic API stands in for the brokers.
import { expect, test } from 'vitest';
import { judge } from '../../lib/checkup.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

function reportOf(builder: SnapshotBuilder) {
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders', cliEnvironment: 'production' });
  return judge({ snapshot: builder.build(), policy, previous: null, runId: 'manual-1', toolVersion: '0.0.0' });
}

const troubled = () =>
  aSnapshot()
    .withTopic('orders', { partitions: 3 })
    .withTopic('payments', { partitions: 2 })
    .withPartition('orders', 1, { leader: -1, isr: [2] });

test('the report says who told the topology, and that the brokers did not', () => {
  const { degraded, gaps } = reportOf(troubled().withTopicApi());
  expect(degraded.join('\n')).toContain("The cluster's own Kafka protocol was not read");
  expect(degraded.join('\n')).toContain("come from MSK's topic API (as of 2026-11-20 06:15 UTC");
  expect(gaps.map(({ section }) => section)).toContain('kafkaTopics');
});

test('topics and brokers are shown as far as they are known', () => {
  const { topics, brokers } = reportOf(troubled().withTopicApi());
  expect(topics.rows[0]).toMatchObject({ topic: 'orders', partitions: 3, replicationFactor: 3, offline: 1 });
  const led = brokers.rows.reduce((sum, { leaders }) => sum + (leaders ?? 0), 0);
  expect(led).toBe(4);
});

test('leaders are not counted from a part of the topics', () => {
  const { brokers } = reportOf(troubled().withTopicApi({ listedOnly: ['payments'] }));
  expect(brokers.rows.map(({ leaders, replicas }) => [leaders, replicas])).toEqual(
    brokers.rows.map(() => [null, null]),
  );
});

test('a topic API that failed too is a gap that hides what Kafka’s metadata hides', () => {
  const { gaps } = reportOf(troubled().withTopicApi().without('mskTopics', 'not-permitted'));
  const hiddenBy = (section: string) => gaps.find((gap) => gap.section === section)?.hides;
  expect(hiddenBy('mskTopics')).toContain('replication-factor-low');
  expect(hiddenBy('mskTopics')).toEqual(hiddenBy('kafkaTopics'));
});

test('a topic API that nobody needed is no gap', () => {
  expect(reportOf(troubled()).gaps.map(({ section }) => section)).not.toContain('mskTopics');
});

test('groups that only CloudWatch names are listed with its lag, and nothing is said of their state', () => {
  const of = (groupId: string, topic: string) => ({ 'Consumer Group': groupId, Topic: topic });
  const silentSince = [...Array.from({ length: 1000 }, () => 70), ...Array.from({ length: 440 }, () => null)];
  const { groups } = reportOf(
    troubled()
      .withMetric(METRICS.sumOffsetLag, of('billing', 'orders'), 1_200)
      .withMetric(METRICS.sumOffsetLag, of('billing', 'payments'), [...Array.from({ length: 1439 }, () => 1), 299.6])
      .withMetric(METRICS.rollingTimeLag, of('billing', 'orders'), 90)
      .withMetric(METRICS.rollingTimeLag, of('billing', 'payments'), 40)
      .withMetric(METRICS.sumOffsetLag, of('audit', 'orders'), silentSince)
      .withTopicApi(),
  );
  const unknown = { type: 'unknown', state: 'unknown', members: null, status: 'not judged, lag by CloudWatch' };
  expect(groups.total).toBe(2);
  expect(groups.rows[0]).toMatchObject({ groupId: 'billing', ...unknown, topics: 2, lag: '1500', catchUpSec: 90 });
  // Last seen hours ago: that is not its lag of now.
  expect(groups.rows[1]).toMatchObject({ groupId: 'audit', ...unknown, topics: 1, lag: null });
});

test('the page shows the lag of groups that CloudWatch names', () => {
  const page = renderHtml(
    reportOf(
      troubled()
        .withMetric(METRICS.sumOffsetLag, { 'Consumer Group': 'billing', Topic: 'orders' }, 1_200)
        .withMetric(METRICS.rollingTimeLag, { 'Consumer Group': 'billing', Topic: 'orders' }, 90)
        .withTopicApi(),
    ),
  ).body;
  expect(page).toMatch(/billing.*not judged, lag by CloudWatch.*1,200/s);
  expect(page).toContain('Catches up in');
});
