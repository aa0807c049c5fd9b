// Silence is not health: whichever series is taken away from whatever cluster, no KPI adds more to the least that the score can be, and what is
// not known is neither 0 nor 100. Whole fixtures, and sections, are held in test/judgement.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import { SECTION_NAMES, type Sections } from '../../lib/snapshot/schema.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aRun } from './run-context.ts';

const PERIODS = 288;
/** What each series of a broker may hold, from idle to far too much. */
const RANGES: readonly (readonly [MetricDefinition, highest: number])[] = [
  [METRICS.leaderCount, 200],
  [METRICS.partitionCount, 2000],
  [METRICS.underReplicated, 10],
  [METRICS.underMinIsr, 2],
  [METRICS.cpuUser, 90],
  [METRICS.cpuSystem, 10],
  [METRICS.diskUsed, 99],
  [METRICS.heapAfterGc, 99],
  [METRICS.bytesIn, 60e6],
  [METRICS.bytesOut, 90e6],
  [METRICS.replicationBytesIn, 90e6],
  [METRICS.produceTotalTimeMean, 300],
  [METRICS.requestHandlerIdle, 1],
  [METRICS.networkProcessorIdle, 1],
  [METRICS.produceThrottleTime, 1],
  [METRICS.fetchThrottleTime, 1],
  [METRICS.requestThrottleTime, 1],
  [METRICS.fetchConsumerRequestQueueTimeMean, 50],
  [METRICS.fetchConsumerLocalTimeMean, 50],
  [METRICS.fetchConsumerResponseQueueTimeMean, 50],
  [METRICS.fetchConsumerResponseSendTimeMean, 50],
  [METRICS.volumeReadBytes, 2e10],
  [METRICS.volumeWriteBytes, 2e10],
];

/** A level, and how much of its window is there. */
const level = fc.record({
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  seen: fc.constantFrom(1, 1, 1, 0.6, 0.3, 0),
});

function clusterOf(levels: readonly { share: number; seen: number }[]) {
  const cluster = aSnapshot()
    .withSecurity()
    .withTopic('t', { partitions: 30 })
    .withGroup('g', { commits: { t: Array.from({ length: 30 }, () => 1000) } })
    .withMetric(METRICS.activeController, {}, 1);
  let next = 0;
  for (const [definition, highest] of RANGES) {
    for (const id of [1, 2, 3]) {
      const { share, seen } = levels[next++ % levels.length]!;
      const periods = (PERIODS * 300) / definition.periodSec;
      const values = Array.from({ length: periods }, (_, i) => (i < seen * periods ? share * highest : null));
      cluster.withMetric(definition, { 'Broker ID': id }, values);
    }
  }
  return cluster;
}

function without(sections: Sections, isTaken: (series: MetricSeries) => boolean): Sections {
  const { metrics } = sections;
  if (!metrics?.ok) return sections;
  const series = metrics.value.series.filter((each) => !isTaken(each));
  return { ...sections, metrics: { ...metrics, value: { ...metrics.value, series } } };
}

/** What a KPI adds to the lower bound of its category, of the weight that it has there. */
function least({ weight, score }: KpiResult): number {
  return score === null ? 0 : weight * score;
}

test('a series that was not asked for never makes a KPI better', () => {
  fc.assert(
    fc.property(fc.array(level, { minLength: 7, maxLength: 69 }), fc.nat(), (levels, pick) => {
      const cluster = clusterOf(levels);
      const run = aRun(cluster);
      const { sections } = cluster.build();
      const all = sections.metrics!.ok ? sections.metrics!.value.series : [];
      const taken = all[pick % all.length]!;
      const before = new Map(runKpis(sections, run).map((result) => [result.id, result]));
      for (const result of runKpis(
        without(sections, (series) => series === taken),
        run,
      )) {
        const was = before.get(result.id)!;
        // What did not apply by its numbers may well apply without them.
        if (was.status === 'not-applicable') continue;
        const what = `${result.id} without ${taken.metric} of broker ${taken.dimensions['Broker ID']}`;
        expect(least(result), `${what}: ${JSON.stringify(was)} -> ${JSON.stringify(result)}`).toBeLessThanOrEqual(
          least(was) + 1e-9,
        );
        expect(was.reading.state === 'ok' && result.reading.state === 'not-applicable', what).toBe(false);
      }
    }),
    { numRuns: 150 },
  );
});

test('whatever is missing, a KPI without a value has no score, and one with a value has one between 0 and 100', () => {
  const reasons = ['not-permitted', 'not-enabled', 'unreachable', 'not-supported'] as const;
  fc.assert(
    fc.property(
      fc.array(level, { minLength: 7, maxLength: 69 }),
      fc.subarray(SECTION_NAMES, { minLength: 1 }),
      fc.constantFrom(...reasons),
      fc.constantFrom('provisioned-standard', 'provisioned-express', 'serverless', 'kafka'),
      (levels, gone, reason, kind) => {
        const cluster = clusterOf(levels).withKind(kind as 'kafka');
        const run = aRun(cluster);
        for (const name of gone) cluster.without(name, reason);
        const results = runKpis(cluster.build().sections, run);
        expect(results).toHaveLength(KPIS.length);
        for (const { id, score, reading, weight, status } of results) {
          expect([id, reading.state]).not.toEqual([id, 'error']);
          expect([id, score === null]).toEqual([id, reading.state !== 'ok']);
          if (reading.state === 'ok') {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(100);
            expect(reading.confidence).toBeGreaterThan(0);
            expect(reading.confidence).toBeLessThanOrEqual(1);
          } else expect([id, weight > 0]).toEqual([id, status === 'missing']);
        }
      },
    ),
    { numRuns: 100 },
  );
});
