// What holds for every check of performance and capacity alike: healthy is healthy, sick is found, and what was not seen is never a pass.
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import type { SectionName, Snapshot } from '../../lib/snapshot/schema.ts';
import { aMonitored } from './monitored.ts';
import { runAll } from './run.ts';
import { anExpress, monitoring, SICK } from './sick.ts';

const IDS = Object.keys(SICK) as (keyof typeof SICK)[];
const ours = (snapshot: Parameters<typeof runAll>[0]) =>
  runAll(snapshot).filter(({ area }) => area === 'performance' || area === 'capacity');
const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders' });

function statusOf(id: CheckId, snapshot: Snapshot): string {
  const checks = CHECKS.filter((check) => check.id === id);
  const [result] = runChecks({
    snapshot,
    thresholds: policy.checks,
    run: runContextOf(snapshot, policy),
    clusterIdentity: clusterIdentityOf(snapshot),
    checks,
  });
  return result!.status;
}

describe('a healthy cluster', () => {
  test('passes every check that applies, on Standard brokers', () => {
    const results = ours(aMonitored().withSection('openMonitoring', monitoring(0)));
    expect(
      results.filter(({ status }) => status !== 'pass').map(({ checkId, status }) => `${checkId} ${status}`),
    ).toEqual(['cpu-credits-low not-applicable', 'express-storage-growing not-applicable']);
  });

  test('has no finding on Express brokers', () => {
    const found = ours(anExpress()).filter(({ findings, status }) => findings.length > 0 || status === 'error');
    expect(found.map(({ checkId }) => checkId)).toEqual([]);
  });

  test('has no finding without traffic, nor with two hours of data, nor on the free level', () => {
    const series = (snapshot: Snapshot) => (snapshot.sections.metrics?.ok ? snapshot.sections.metrics.value : null)!;
    const idle = aMonitored().build();
    for (const each of [...series(idle).series, ...(series(idle).hourly ?? [])])
      if (/Bytes|Messages|Time|Conversions/.test(each.metric)) each.values.fill(0);
    const fresh = aMonitored().build();
    series(fresh).hourly = [];
    for (const each of series(fresh).series) each.values.fill(null, 0, Math.floor((each.values.length * 11) / 12));
    const free = aMonitored().withCluster({ enhancedMonitoring: 'DEFAULT' }).build();
    const names = new Set([
      'BytesInPerSec',
      'BytesOutPerSec',
      'CpuUser',
      'CpuSystem',
      'KafkaDataLogsDiskUsed',
      'CpuIoWait',
    ]);
    series(free).series = series(free).series.filter(({ metric }) => names.has(metric));
    for (const snapshot of [idle, fresh, free])
      expect(ours(snapshot).filter(({ findings, status }) => findings.length > 0 || status === 'error')).toEqual([]);
  });
});

describe.each(IDS)('%s', (id) => {
  const sick = SICK[id]().build();

  test('is found', () => {
    expect(['warn', 'fail']).toContain(statusOf(id, sick));
  });

  test('never passes because a section is missing', () => {
    for (const name of Object.keys(sick.sections) as SectionName[]) {
      const { [name]: _, ...sections } = sick.sections;
      expect([name, statusOf(id, { ...sick, sections })]).not.toEqual([name, 'pass']);
    }
  });

  test('never passes because a series is missing', () => {
    const metrics = sick.sections.metrics!;
    if (!metrics.ok) throw new Error('the snapshot has metrics');
    const { series, hourly = [] } = metrics.value;
    const without = (changed: Partial<typeof metrics.value>): Snapshot => ({
      ...sick,
      sections: { ...sick.sections, metrics: { ...metrics, value: { ...metrics.value, ...changed } } },
    });
    // Broker 3 is like broker 1.
    const told = (each: (typeof series)[number]) => each.dimensions['Broker ID'] !== '3';
    for (const each of series.filter(told)) {
      const status = statusOf(id, without({ series: series.filter((one) => one !== each) }));
      expect([each.metric, each.dimensions, status]).not.toEqual([each.metric, each.dimensions, 'pass']);
    }
    for (const each of hourly.filter(told)) {
      const status = statusOf(id, without({ hourly: hourly.filter((one) => one !== each) }));
      expect([each.metric, each.dimensions, status]).not.toEqual([each.metric, each.dimensions, 'pass']);
    }
  });
});
