// Consumers that fetch crumbs: many requests for few bytes. Open monitoring tells bytes and fetches; CloudWatch only how long a fetch lasts,
// which is short where consumers do not wait for data.
import { seriesQuantile } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { advisedLines } from '../shared/client-lines.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { PASSING_LOAD } from '../shared/load-words.ts';
import { pressureOf } from '../shared/pressure.ts';
import { brokerSeries, expectedBrokers, metricGap } from '../shared/series.ts';
import { compareNames, severityFor } from '../shared/severity.ts';
import { brokers, missingBecause } from '../shared/wording.ts';

const SCRAPED = 0.7;
const INFERRED = 0.5;

export default defineCheck({
  id: 'fetches-inefficient',
  area: 'clients',
  title: { pass: 'Consumers fetch enough at once', fail: 'Consumers fetch crumbs' },
  why: 'Each fetch takes a request handler, whether it brings a megabyte or nothing: consumers that do not wait for data keep brokers busy with it.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html',
    'https://kafka.apache.org/documentation/#consumerconfigs_fetch.min.bytes',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless shows no brokers.',
    kafka: 'Only CloudWatch and open monitoring of Amazon MSK measure this here.',
  },
  needs: [],
  mayUse: ['openMonitoring', 'metrics', 'nodes', 'kafkaBrokers'],
  toleratesPartial: ['openMonitoring', 'metrics', 'nodes', 'kafkaBrokers'],
  evaluate({ openMonitoring, metrics, nodes, kafkaBrokers }, thresholds, run) {
    const { maxBytesPerFetch, minFetchesPerSec, maxTotalMs, maxBytesOutPerSec, busyHandlersPercent } = thresholds;
    const scraped = new Map(
      (openMonitoring.ok ? openMonitoring.value.brokers : []).flatMap(({ brokerId, figures }) => {
        const { bytesOutPerSec: bytes, fetchConsumerRequestsPerSec: fetches } = figures;
        return bytes === undefined || fetches === undefined ? [] : [[String(brokerId), { bytes, fetches }] as const];
      }),
    );
    const of = (definition: typeof METRICS.bytesOut) =>
      metrics.ok ? brokerSeries(metrics.value, definition, run) : new Map<string, never>();
    const medianOf = (all: ReturnType<typeof of>) => (id: string) => {
      const series = all.get(id);
      return series === undefined ? null : seriesQuantile(series, 0.5);
    };
    const [totalMs, bytesOut] = [medianOf(of(METRICS.fetchConsumerTotalTimeMean)), medianOf(of(METRICS.bytesOut))];
    const { handlers } = pressureOf(metrics, run);
    const busy = new Map(handlers.map(({ brokerId, value }) => [brokerId, value]));
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const ids = [...new Set([...expected, ...scraped.keys(), ...busy.keys()])].sort(compareNames);
    const unscraped = ids.filter((id) => !scraped.has(id));
    const perFetch = (id: string) => {
      const own = scraped.get(id);
      return own === undefined || own.fetches <= 0 ? null : own.bytes / own.fetches;
    };
    const draft = (
      id: string,
      measured: number,
      limit: number,
      unit: FindingDraft['unit'],
      note: string,
      confidence: number,
    ): FindingDraft[] => [
      {
        scope: 'broker',
        resource: id,
        severity: severityFor(run, ['low', 'low', 'info']),
        measured,
        limit,
        unit,
        note,
        confidence,
      },
    ];
    const findings = ids.flatMap((id): FindingDraft[] => {
      const [bytes, fetches] = [perFetch(id), scraped.get(id)?.fetches ?? 0];
      if (bytes !== null && bytes < maxBytesPerFetch && fetches > minFetchesPerSec)
        return draft(
          id,
          bytes,
          maxBytesPerFetch,
          'bytes',
          `${formatQuantity(fetches, 'countPerSec')} of fetches`,
          SCRAPED,
        );
      const [lasts, out, share] = [totalMs(id), bytesOut(id), busy.get(id) ?? 0];
      if (
        lasts === null ||
        out === null ||
        lasts >= maxTotalMs ||
        out >= maxBytesOutPerSec ||
        share <= busyHandlersPercent
      )
        return [];
      const note = `fetches last that long where they could wait, for ${formatQuantity(out, 'bytesPerSec')}; handlers are busy for ${formatQuantity(share, 'percent')}`;
      return draft(id, lasts, maxTotalMs, 'durationMs', note, INFERRED);
    });
    return conclude({
      findings,
      worse: 'lower',
      gap: firstGap(
        openMonitoring.ok ? null : missingBecause('open monitoring', openMonitoring),
        unscraped.length > 0 ? `open monitoring says no fetches of ${brokers(unscraped)}` : null,
        metrics.ok
          ? handlersGap(metrics.value, expected, busy, thresholds, run)
          : missingBecause('CloudWatch', metrics),
        ids.some((id) => (busy.get(id) ?? 0) > busyHandlersPercent && (totalMs(id) === null || bytesOut(id) === null))
          ? 'handlers are busy, and how long fetches last is not published'
          : null,
      ),
      evidence: [
        brokerTable(
          'Consumer fetches by broker',
          ids,
          [
            ['perFetch', 'Bytes of a fetch', 'bytes', perFetch],
            ['fetches', 'Fetches', 'countPerSec', (id) => scraped.get(id)?.fetches ?? null],
            ['total', 'A fetch lasts, median', 'durationMs', totalMs],
            ['out', 'Bytes out, median', 'bytesPerSec', bytesOut],
            ['handlers', 'Handlers busy, p95', 'percent', (id) => busy.get(id) ?? null],
          ],
          {
            source:
              'Open monitoring between two scrapes; CloudWatch FetchConsumerTotalTimeMsMean, BytesOutPerSec, RequestHandlerAvgIdlePercent',
          },
        ),
      ],
      pass: `No broker is busy with fetches that bring little (below ${formatQuantity(maxBytesPerFetch, 'bytes')}, or ${formatQuantity(maxBytesOutPerSec, 'bytesPerSec')} with busy handlers).`,
      fail: ({ resource, measured, unit, note }) =>
        unit === 'bytes'
          ? `A consumer fetch from broker ${resource} brings ${formatQuantity(measured, unit)}, at ${note}.`
          : `Consumer fetches from broker ${resource} last ${formatQuantity(measured, unit)}: ${note}.`,
      recommend: () => ({
        action: `Let consumers wait for data: ${advisedLines('fetches-inefficient', run)}`,
        confirmFirst: `${PASSING_LOAD} Few bytes over many partitions look the same: then fewer partitions or consumers help.`,
        commands: [],
        risk: 'A record may wait up to fetch.max.wait.ms for company while little arrives.',
        expectedEffect: 'Fewer and fuller fetches; request handlers have time for producers.',
        verifyAfter:
          'FetchConsumerTotalTimeMsMean rises towards the wait, RequestHandlerAvgIdlePercent with it, and time lag does not.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

function handlersGap(
  metrics: Parameters<typeof metricGap>[0],
  expected: readonly string[],
  busy: ReadonlyMap<string, number>,
  { minCoveragePercent }: { minCoveragePercent: number },
  run: RunContext,
): string | null {
  const idle = brokerSeries(metrics, METRICS.requestHandlerIdle, run, { masked: false });
  return busy.size === 0 && idle.size > 0
    ? 'RequestHandlerAvgIdlePercent has no values'
    : metricGap(metrics, METRICS.requestHandlerIdle, idle, expected, minCoveragePercent);
}
