// Silence is not health: whatever is taken away from whatever cluster, nothing gets better by it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import type { SectionName, Snapshot } from '../../lib/snapshot/schema.ts';
import { CONTEXT, checkSnapshot, FIXTURES, reportOn, scoreSnapshot } from './judged.ts';

function without(snapshot: Snapshot, name: SectionName): Snapshot {
  const taken = missing('not-permitted', `${name} may not be read`);
  return { ...snapshot, sections: { ...snapshot.sections, [name]: taken } };
}

function withoutSeries(snapshot: Snapshot, isTaken: (series: MetricSeries, isHourly: boolean) => boolean): Snapshot {
  const { metrics } = snapshot.sections;
  if (!metrics?.ok) return snapshot;
  const { series, hourly = [] } = metrics.value;
  const value = {
    ...metrics.value,
    series: series.filter((each) => !isTaken(each, false)),
    hourly: hourly.filter((each) => !isTaken(each, true)),
  };
  return { ...snapshot, sections: { ...snapshot.sections, metrics: { ...metrics, value } } };
}

/** Only a check that did not pass can come to pass, and only one that reads what was taken away. */
function passes(name: string, after: Snapshot, section: SectionName): string[] {
  const was = new Map(reportOn(name).checks.map(({ checkId, status }) => [checkId as string, status]));
  const concerned = CHECKS.filter(({ id, needs, mayUse }) => {
    // Where the kind of cluster is no longer known, what did not apply may well be answered.
    if (section === 'cluster' && was.get(id) === 'not-applicable') return false;
    return was.get(id) !== 'pass' && (CONTEXT.includes(section) || [...needs, ...mayUse].includes(section));
  });
  return checkSnapshot(after, concerned)
    .filter(({ status }) => status === 'pass')
    .map(({ checkId, summary }) => `${checkId}: ${was.get(checkId)} became pass (${summary})`);
}

/** The score if all that is missing were zero. */
function raisedBound(name: string, after: Snapshot, section: SectionName): string[] {
  const { scorecard } = reportOn(name);
  const { bounds, kpis } = scoreSnapshot(after, section, scorecard.kpis);
  if (bounds.lower <= scorecard.bounds.lower + 1e-9) return [];
  const scores = new Map(scorecard.kpis.map(({ id, score, weight }) => [id, { score, weight }]));
  const changed = kpis
    .filter(({ id, score, weight }) => score !== scores.get(id)?.score || weight !== scores.get(id)?.weight)
    .map(({ id, score, weight, reading }) => {
      const before = scores.get(id)!;
      const then = before.score === null ? 'none' : `${before.score.toFixed(2)} x ${before.weight.toFixed(2)}`;
      return `${id} ${then} -> ${score === null ? reading.state : `${score.toFixed(2)} x ${weight.toFixed(2)}`}`;
    });
  const from = scorecard.bounds.lower.toFixed(4);
  return [`lower bound rose from ${from} to ${bounds.lower.toFixed(4)}: ${changed.join(', ')}`];
}

/** Every third cluster in a quick run, all of them in the full suite. */
const isFull = process.env.MSK_CHECKUP_TEST_FULL === '1';
const some = (names: readonly string[]) => names.filter((_, index) => isFull || index % 3 === 0);

describe.each(some(Object.keys(FIXTURES)))('%s', (name) => {
  const snapshot = () => FIXTURES[name]!.snapshot();
  const sections = () =>
    (Object.keys(snapshot().sections) as SectionName[]).filter((each) => snapshot().sections[each]?.ok === true);

  test('without a section no check comes to pass', () => {
    const better = sections().flatMap((section) =>
      passes(name, without(snapshot(), section), section).map((line) => `without ${section}: ${line}`),
    );
    expect(better).toEqual([]);
  });

  test('without a section the lower bound of the score does not rise', () => {
    const better = sections().flatMap((section) =>
      raisedBound(name, without(snapshot(), section), section).map((line) => `without ${section}: ${line}`),
    );
    expect(better).toEqual([]);
  });
});

/** Each metric of a fixture, of the day and of the weeks. */
function metricsOf(snapshot: Snapshot): { title: string; after: () => Snapshot }[] {
  const { metrics } = snapshot.sections;
  if (!metrics?.ok) return [];
  const named = (list: readonly MetricSeries[] = []) => [...new Set(list.map(({ metric }) => metric))];
  const taking = (metric: string, ofWeeks: boolean) => ({
    title: `without ${metric}${ofWeeks ? ' of the weeks' : ''}`,
    after: () => withoutSeries(snapshot, (series, isHourly) => series.metric === metric && isHourly === ofWeeks),
  });
  return [
    ...named(metrics.value.series).map((metric) => taking(metric, false)),
    ...named(metrics.value.hourly).map((metric) => taking(metric, true)),
  ];
}

/** Where what is wrong is told by metrics, and one of each kind; what the others would add is left to the single series below. */
const BY_METRIC = [
  'small-idle',
  'express',
  'serverless',
  'degraded',
  'overloaded',
  'outage',
  'slow-volume',
  'credits-draining',
  'volume-ceiling',
  'connection-storm',
  'producers-silent',
];

describe.each(some(BY_METRIC))('%s', (name) => {
  test('without a metric no check comes to pass', () => {
    const better = metricsOf(FIXTURES[name]!.snapshot()).flatMap(({ title, after }) =>
      passes(name, after(), 'metrics').map((line) => `${title}: ${line}`),
    );
    expect(better).toEqual([]);
  });
});

describe.each(some(BY_METRIC.slice(0, 5)))('%s', (name) => {
  test('without a metric the lower bound of the score does not rise', () => {
    const better = metricsOf(FIXTURES[name]!.snapshot()).flatMap(({ title, after }) =>
      raisedBound(name, after(), 'metrics').map((line) => `${title}: ${line}`),
    );
    expect(better).toEqual([]);
  });
});

test('without a single series nothing gets better', () => {
  const names = Object.keys(FIXTURES).filter((name) => FIXTURES[name]!.snapshot().sections.metrics?.ok);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), (name, pick) => {
      const snapshot = FIXTURES[name]!.snapshot();
      const { metrics } = snapshot.sections;
      const all = metrics?.ok ? [...metrics.value.series, ...(metrics.value.hourly ?? [])] : [];
      const taken = all[pick % all.length]!;
      const after = withoutSeries(snapshot, (series) => series === taken);
      const what = `${name} without ${taken.metric} ${JSON.stringify(taken.dimensions)} at ${taken.periodSec} s`;
      expect([what, ...passes(name, after, 'metrics'), ...raisedBound(name, after, 'metrics')]).toEqual([what]);
    }),
    { numRuns: isFull ? 150 : 50, seed: 20261120 },
  );
});
