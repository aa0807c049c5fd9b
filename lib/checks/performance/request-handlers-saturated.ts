// How busy the request handler threads are. What relieves them depends on the CPU: many small requests, too few threads, or too small a broker.
import type { ConfigInputs } from '../../analysis/effective-config.ts';
import { busyPercents } from '../../analysis/handlers-busy.ts';
import { recommendedThreads } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Recommendation, type RunContext } from '../check.ts';
import { applyConfiguration } from '../shared/apply-config.ts';
import { bothOf } from '../shared/both-of.ts';
import { numberOf, readSettings, SETTING_SECTIONS } from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, findingsAbove, levelColumns, levelsOf, quantileOf } from '../shared/levels.ts';
import { BEST_PRACTICES, MONITORING, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { compareLoads, showMetric } from '../shared/metric-command.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { CHEAPER_FIRST, SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

const METRIC = METRICS.requestHandlerIdle;
const KEY = 'num.io.threads';
const TAIL = 0.95;
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'request-handlers-saturated',
  area: 'performance',
  title: { pass: 'Request handlers have time to spare', fail: 'Request handlers saturated' },
  why: 'When all request handlers are busy every request waits in the queue, of producers, consumers and followers alike.',
  references: [MONITORING, BEST_PRACTICES],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', ...SETTING_SECTIONS, 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', ...SETTING_SECTIONS, 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, ...advising }, thresholds, run) {
    const { mediumPercent, highPercent, cpuBusyPercent, minCoveragePercent } = thresholds;
    const of = (definition: typeof METRIC) => brokerSeries(metrics, definition, run, { masked: false });
    const idle = of(METRIC);
    const busy = new Map(
      busyPercents([...idle.values()]).map((series) => [series.dimensions['Broker ID'] ?? '', series]),
    );
    const levels = levelsOf(busy, TAIL);
    const busiest = levels[0];
    const cpu = quantileOf(bothOf(of(METRICS.cpuUser), of(METRICS.cpuSystem)), TAIL);
    const [bytesIn, messagesIn] = [of(METRICS.bytesIn), of(METRICS.messagesIn)].map((all) => quantileOf(all, 0.5));
    const recordBytes = (id: string) => {
      const [bytes, messages] = [bytesIn!(id), messagesIn!(id)];
      return bytes === null || messages === null || messages === 0 ? null : bytes / messages;
    };
    return conclude({
      findings: findingsAbove(
        levels,
        [
          ['high', highPercent],
          ['medium', mediumPercent],
        ],
        thresholds,
        'percent',
        run,
      ),
      gap: metricGap(metrics, METRIC, idle, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        brokerTable(
          'Busy request handlers by broker',
          levels.map(({ brokerId }) => brokerId),
          [
            ...levelColumns(levels, 'Busy, p95', 'percent'),
            ['cpu', 'CPU, p95', 'percent', cpu],
            ['queue', 'Produce in queue, p95', 'durationMs', quantileOf(of(METRICS.produceRequestQueueTimeMean), TAIL)],
            ['record', 'Mean record', 'bytes', recordBytes],
            ['request', 'Mean request', 'bytes', quantileOf(of(METRICS.requestBytesMean), 0.5)],
          ],
          {
            source: seriesSource(METRIC, [...idle.values()], run),
            ...(busiest === undefined ? {} : showMetric(run, METRIC, busiest.brokerId)),
          },
        ),
      ],
      pass:
        busiest === undefined
          ? ''
          : `The busiest request handlers, of broker ${busiest.brokerId}, were busy for ${percent(busiest.value)} of the time at the 95th percentile (limit ${percent(mediumPercent)}).`,
      fail: (worst) =>
        `Request handlers of broker ${worst.resource} were busy for ${percent(worst.measured!)} of the time at the 95th percentile (limit ${percent(worst.limit!)}).`,
      recommend: (worst) => recommend(cpu(worst.resource), cpuBusyPercent, advising, run),
    });
  },
});

function recommend(
  cpuPercent: number | null,
  cpuBusyPercent: number,
  { prices, ...inputs }: ConfigInputs & { prices: Collected<SectionValue<'prices'>> },
  run: RunContext,
): Recommendation {
  const { cluster, configuration } = inputs;
  const provisioned = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value : null;
  const step = sizeUp(cluster);
  const advised = provisioned === null ? null : (recommendedThreads(provisioned.instanceType)?.ioThreads ?? null);
  const inForce = numberOf(readSettings([KEY], inputs).found.get(KEY));
  const isIdle = cpuPercent !== null && cpuPercent < cpuBusyPercent;
  const common = {
    confirmFirst: PASSING_LOAD,
    risk: SIZE_CHANGE_RISK,
    expectedEffect: 'Requests no longer wait in the queue before any work is done on them.',
    verifyAfter: 'RequestHandlerAvgIdlePercent of every broker stays above 30 % and RequestQueueTime falls.',
    effort: 'rollingRestart' as const,
  };
  // Express manages its threads itself, and nobody advises more than AWS gives for the size.
  if (
    isIdle &&
    run.clusterKind === 'provisioned-standard' &&
    advised !== null &&
    inForce !== null &&
    inForce < advised
  ) {
    return {
      ...common,
      action: `Raise ${KEY} from ${inForce} to ${advised} after larger producer batches, because the CPU is used to ${percent(cpuPercent)} only`,
      commands: applyConfiguration([`${KEY}=${advised}`], configuration, run),
      impact: { kind: 'none' },
    };
  }
  const last = step === null ? 'take a larger size or more brokers' : `go from ${step.from} to ${step.to}`;
  return {
    ...common,
    action: `First let producers send larger compressed batches and consumers fetch more at once; only then ${last}`,
    commands: [...compareLoads(run, METRICS.messagesIn), ...sizeUpCommands(step, run)],
    cheaperFirst: CHEAPER_FIRST,
    impact: sizeUpImpact(step, prices),
  };
}
