import { describe, expect, test } from 'vitest';
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { redactSnapshot } from '../../lib/snapshot/redact.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { aReport } from './a-report.ts';
import { answered, build } from './built-report.ts';

describe('missing knowledge', () => {
  const noLatency: KpiResult = {
    id: 'K07',
    name: 'produce-latency',
    title: 'Produce latency',
    category: 'performance',
    unit: 'durationMs',
    reading: { state: 'no-permission', because: 'refused' },
    score: null,
    status: 'missing',
    weight: 5,
    curve: '',
  };

  test('a gap names its fix and what it hides; the run is marked degraded', () => {
    const snapshot = aSnapshot().build();
    snapshot.sections.metrics = missing('not-permitted', 'refused', 'allow cloudwatch:GetMetricData');
    const report = build(snapshot, [answered('cpu-high', 'no-data'), answered('offline-partitions', 'pass')], {
      scorecard: { ...aReport().scorecard, kpis: [noLatency] },
    });
    expect(report.gaps).toContainEqual({
      section: 'metrics',
      reason: 'not-permitted',
      detail: 'refused',
      fix: 'allow cloudwatch:GetMetricData',
      hides: ['cpu-high', 'K07'],
      isFault: true,
    });
    expect(report.degraded.join('\n')).toContain('CloudWatch was not read (not permitted)');
  });

  test('a section that nobody asked for is a gap only when it hides an answer', () => {
    const report = build(aSnapshot().without('prices').without('bootstrap').build(), [answered('cpu-high', 'pass')]);
    expect(report.gaps).toEqual([]);
    const hiding = build(aSnapshot().without('metrics').build(), [answered('cpu-high', 'no-data')]);
    expect(hiding.gaps).toMatchObject([{ section: 'metrics', reason: 'not-requested', hides: ['cpu-high'] }]);
  });

  test('CloudWatch that fell silent is told with its last time, and only when every series did', () => {
    const cluster = aSnapshot();
    const metrics = cluster.build().sections.metrics!;
    if (!metrics.ok) throw new Error('no metrics');
    const cut = (minutes: number, from = 0) => {
      const series = metrics.value.series.map((each, i) => {
        const kept = each.values.length - Math.ceil((minutes * 60) / each.periodSec);
        return i < from ? each : { ...each, values: each.values.map((value, at) => (at < kept ? value : null)) };
      });
      return build(cluster.withSection('metrics', { ...metrics.value, series }).build(), []).degraded.join('\n');
    };
    const since = new Date(TAKEN_AT_MS - 181 * 60_000).toISOString().slice(11, 16);
    expect(cut(180)).toMatch(new RegExp(`CloudWatch has no datapoint since [-0-9]+ ${since} UTC`));
    expect(cut(29)).not.toContain('no datapoint since');
    expect(cut(180, 1)).not.toContain('no datapoint since');
  });

  test('without the Kafka side the report says what is lost; partial sections and running operations are named', () => {
    const snapshot = aSnapshot()
      .without('kafkaBrokers', 'unreachable')
      .without('kafkaTopics', 'unreachable')
      .without('kafkaGroups', 'unreachable')
      .withPartial('metrics', '2 of 40 series were not returned')
      .withCluster({ state: 'UPDATING' })
      .build();
    const said = build(snapshot, []).degraded.join('\n');
    expect(said).toContain("The cluster's own Kafka protocol was not read (unreachable)");
    expect(said).toContain('CloudWatch metrics, partly read: 2 of 40 series were not returned');
    expect(said).toContain('no restart or reassignment is advised');
  });

  test('notices: words of the metrics answer, changed sampling, overrides, redaction, and those of the caller', () => {
    const snapshot = redactSnapshot(aSnapshot().build());
    if (snapshot.sections.metrics?.ok)
      snapshot.sections.metrics.value.messages = [{ code: 'Composed', value: 'history before 05:45 is composed' }];
    const policy = resolvePolicy({
      overrides: null,
      tags: null,
      clusterName: 'orders',
      cliSampling: { intervalSec: 2 },
    });
    const { notices } = build(snapshot, [], { policy, notices: ['a recorded run'] });
    expect(notices[0]).toBe('a recorded run');
    expect(notices.join('\n')).toMatch(/Composed.*composed[\s\S]*sampling\.intervalSec: 2[\s\S]*redacted/);
  });
});
