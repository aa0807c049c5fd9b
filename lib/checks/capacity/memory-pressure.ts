// Memory, swap, file descriptors and memory maps of the brokers: what is used up is met by a pause or a crash, not by slowness.
import { maxOver } from '../../analysis/coarser.ts';
import { mapped } from '../../analysis/scales.ts';
import { findSeries, sumByTimestamp, type TrustedSeries } from '../../analysis/series.ts';
import { mannKendall } from '../../analysis/statistics.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { TREND_P_VALUE } from '../../analysis/trend.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { windowHours } from '../shared/wording.ts';

const MEMORY = [METRICS.memoryUsed, METRICS.memoryFree, METRICS.memoryBuffered, METRICS.memoryCached];
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'memory-pressure',
  area: 'capacity',
  title: { pass: 'Brokers have memory and handles to spare', fail: 'Brokers short of memory or handles' },
  why: 'A broker that swaps pauses for seconds; without file descriptors it refuses clients, without memory maps it crashes.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, thresholds, run) {
    const { maxUsedPercent, maxDescriptorsPercent, maxMapsPercent, minCoveragePercent } = thresholds;
    const of = (definition: MetricDefinition) => brokerSeries(metrics, definition, run, { masked: false });
    const memory = MEMORY.map(of);
    const used = new Map([...memory[0]!.keys()].flatMap((id) => usedPercent(memory, id)));
    const [swap, files, maps] = [of(METRICS.swapUsed), of(METRICS.fileDescriptorsUsed), of(METRICS.memoryMapsUsed)];
    const ids = [...new Set([used, swap, files, maps].flatMap((all) => [...all.keys()]))];
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const findings = ids.flatMap((id): FindingDraft[] => {
      const common = { scope: 'broker', resource: id, severity, confidence: 1 } as const;
      const share = (series: TrustedSeries | undefined, limit: number, note: string): FindingDraft[] =>
        series !== undefined && isSustained(series, (value) => value > limit, thresholds)
          ? [{ ...common, measured: quantileOf(new Map([[id, series]]), 0.95)(id), limit, unit: 'percent', note }]
          : [];
      const own = swap.get(id);
      const found = [
        ...share(files.get(id), maxDescriptorsPercent, 'of the file descriptors are open'),
        ...share(maps.get(id), maxMapsPercent, 'of the memory maps are used'),
        ...share(used.get(id), maxUsedPercent, 'of the memory is used, page cache not counted'),
        ...(own !== undefined && isGrowing(own)
          ? [
              {
                ...common,
                measured: own.latest?.value ?? null,
                limit: 0,
                unit: 'bytes',
                note: 'of swap are used, and it grows',
              } as const,
            ]
          : []),
      ];
      // One finding a broker: the worst, with the others beside it.
      const [first, ...others] = found;
      return first === undefined
        ? []
        : [{ ...first, note: [first.note, ...others.map(({ note }) => note)].join('; also more than its share ') }];
    });
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const standard = run.clusterKind === 'provisioned-standard';
    return conclude({
      findings,
      gap: firstGap(
        ...MEMORY.map((definition, i) => metricGap(metrics, definition, memory[i]!, expected, minCoveragePercent)),
        ...(standard
          ? [
              metricGap(metrics, METRICS.swapUsed, swap, expected, minCoveragePercent),
              handlesGap(metrics, METRICS.fileDescriptorsUsed, files, expected, minCoveragePercent),
              handlesGap(metrics, METRICS.memoryMapsUsed, maps, expected, minCoveragePercent),
            ]
          : []),
      ),
      evidence: [
        brokerTable(
          'Memory by broker',
          ids,
          [
            ['used', 'Used, p95', 'percent', quantileOf(used, 0.95)],
            ['cached', 'Page cache, median', 'bytes', quantileOf(memory[3]!, 0.5)],
            ['swap', 'Swap, highest', 'bytes', quantileOf(swap, 1)],
            ['files', 'File descriptors, highest', 'percent', quantileOf(files, 1)],
            ['maps', 'Memory maps, highest', 'percent', quantileOf(maps, 1)],
          ],
          {
            source: `CloudWatch MemoryUsed, MemoryFree, MemoryBuffered, MemoryCached, SwapUsed, KafkaFileDescriptorsUsagePercent and KafkaMemoryMappedFilesUsagePercent, last ${windowHours(run)} h`,
          },
        ),
      ],
      pass: 'No broker swaps more and more, or is near the end of its memory or handles.',
      fail: ({ resource, measured, unit, note }) =>
        `On broker ${resource} ${unit === 'percent' ? percent(measured!) : formatQuantity(measured, unit)} ${note}.`,
      recommend: () => {
        const step = sizeUp(cluster);
        return {
          action: `First delete partitions and topics that nobody uses, take segments that are not too small, and close connections; only then ${step === null ? 'take a larger size' : `go from ${step.from} to ${step.to}`}`,
          confirmFirst: PASSING_LOAD,
          commands: [...compareLoads(run, METRICS.bytesIn), ...sizeUpCommands(step, run)],
          risk: SIZE_CHANGE_RISK,
          expectedEffect: 'Pauses end, and the broker can open what it needs.',
          verifyAfter: 'Used memory, swap and handles of every broker stay below the limits over a full day.',
          effort: 'rollingRestart',
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});

function usedPercent(memory: readonly ReadonlyMap<string, TrustedSeries>[], id: string): [string, TrustedSeries][] {
  const own = memory.map((all) => all.get(id)).filter((series) => series !== undefined);
  if (own.length < memory.length) return [];
  const all = sumByTimestamp(own);
  return [[id, mapped(all, (total, i) => (total > 0 ? (100 * own[0]!.at(all.timeOf(i))) / total : Number.NaN))]];
}

/** Used now, and more and more over the hours of the window. */
function isGrowing(swap: TrustedSeries): boolean {
  const hourly = maxOver(swap, 3600).measured;
  const { s, pValue } = mannKendall(hourly);
  return (swap.latest?.value ?? 0) > 0 && s > 0 && pValue < TREND_P_VALUE;
}

/** Older clusters publish nothing under these names although they were asked: that is no gap. One that was not asked for is. */
function handlesGap(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  all: ReadonlyMap<string, TrustedSeries>,
  expected: readonly string[],
  minCoveragePercent: number,
): string | null {
  const asked = findSeries(metrics, definition);
  const isSilent = asked.every(
    ({ incomplete, values }) => incomplete === undefined && values.every((value) => value === null),
  );
  if (asked.length > 0 && asked.length >= expected.length && isSilent) return null;
  return metricGap(metrics, definition, all, expected, minCoveragePercent);
}
