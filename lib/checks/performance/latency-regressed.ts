// Latency of the last hours against the same hours of the weeks before, while the traffic is the usual one: an early warning, and the first
// sign that a change made things worse.
import { recentAnomaly } from '../../analysis/baseline.ts';
import { fetchTimes, produceTimes } from '../../analysis/request-times.ts';
import { findHourly, sumByTimestamp, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { median } from '../../analysis/statistics.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type RunContext } from '../check.ts';
import { listOperations } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { NO_RISK, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { severityFor } from '../shared/severity.ts';
import { historyGap, USUAL_SPREAD, usualTable } from '../shared/usual.ts';

type Thresholds = CheckThresholds['latency-regressed'];
const ms = (value: number) => formatQuantity(value, 'durationMs');
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'latency-regressed',
  area: 'performance',
  title: { pass: 'Latency is as usual at this hour', fail: 'Latency worse than usual' },
  why: 'What has become slower without more traffic was changed by somebody, or is about to fail.',
  references: ['https://kafka.apache.org/documentation/#monitoring'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['operations'],
  toleratesPartial: ['operations'],
  evaluate({ metrics, operations }, thresholds, run) {
    const read = (definition: MetricDefinition) =>
      new Map(
        findHourly(metrics, definition).map((series) => [
          series.dimensions['Broker ID'] ?? '',
          trustedPoints(series, { masked: run.maintenance, dropLast: 0 }),
        ]),
      );
    const traffic = trafficChange(read, thresholds);
    const questions = [
      { what: 'Produce time', traffic: traffic.in, series: produceTimes(read).cluster },
      { what: 'Fetch service time', traffic: traffic.out, series: fetchTimes(read).cluster },
    ].map((each) => ({ ...each, ...judge(each.series, thresholds, run) }));
    // Less traffic explains no slower answer: it makes it worse.
    const grew = (change: number | null) => change !== null && change >= thresholds.maxTrafficChangePercent;
    const fell = (change: number | null) => change !== null && -change >= thresholds.maxTrafficChangePercent;
    const worse = questions.filter(
      ({ risePercent, traffic: change }) => risePercent !== null && change !== null && !grew(change),
    );
    const explained = questions.filter(({ risePercent, traffic: change }) => risePercent !== null && grew(change));
    return conclude({
      findings: worse.map(
        ({ what, nowMs, usualMs, risePercent, traffic: change }): FindingDraft => ({
          scope: 'cluster',
          resource: `${run.clusterName}/${what === 'Produce time' ? 'produce' : 'fetch'}`,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: nowMs,
          limit: usualMs,
          unit: 'durationMs',
          note: `${what} ${percent(risePercent!)} above the usual ${ms(usualMs)} of these hours${fell(change) ? `, while traffic fell by ${percent(-change!)}` : ''}`,
          confidence: 1,
        }),
      ),
      gap: firstGap(
        ...questions.map(({ what, gap, traffic: change }) =>
          gap === null && change !== null
            ? null
            : `${what.toLowerCase()}: ${gap ?? 'the usual traffic of these hours is not known'}`,
        ),
      ),
      evidence: [
        ...questions.flatMap(({ what, periods }) =>
          periods.length === 0 ? [] : [usualTable(`${what} of the last hours`, periods, 'durationMs')],
        ),
        ...changes(operations, run),
      ],
      pass:
        explained.length > 0
          ? 'Latency is higher than usual at this hour, and so is the traffic.'
          : 'Produce and fetch times are as usual at this hour.',
      fail: ({ measured, limit }) =>
        `Requests take ${ms(measured!)}, where ${ms(limit!)} are usual at this hour, without more traffic.`,
      recommend: () => ({
        action:
          'Look at what was changed last (configuration, version, clients), and take it back or follow the phases of the request',
        confirmFirst:
          'Rule out a deployment of clients that send other requests than before, and a batch job at a new hour.',
        commands: listOperations(run),
        risk: NO_RISK,
        expectedEffect: 'Latency returns to what it was before the change.',
        verifyAfter: 'Latency is as usual at the same hour on the next day.',
        effort: 'setting',
        causedBy: ['broker-slow'],
        impact: { kind: 'none' },
      }),
    });
  },
});

/** How the last hours' traffic differs from the same hours before, in percent; null where that is not known. */
function trafficChange(read: (definition: MetricDefinition) => Map<string, TrustedSeries>, thresholds: Thresholds) {
  const of = (definition: MetricDefinition) => {
    const recent = recentAnomaly(
      sumByTimestamp([...read(definition).values()], { silentAfterSec: 0 }),
      rule(thresholds),
    );
    return recent === null ? null : 100 * median(recent.periods.map(({ relChange }) => relChange))!;
  };
  return { in: of(METRICS.bytesIn), out: of(METRICS.bytesOut) };
}

function rule({ maxZ, minRisePercent }: Thresholds) {
  return { madFloorShare: USUAL_SPREAD, zThreshold: maxZ, relThreshold: minRisePercent / 100 };
}

function judge(series: TrustedSeries, thresholds: Thresholds, run: RunContext) {
  const none = { risePercent: null, nowMs: 0, usualMs: 0, periods: [] };
  const gap = historyGap(series, thresholds, run);
  if (gap !== null) return { ...none, gap };
  const recent = recentAnomaly(series, rule(thresholds));
  if (recent === null) return { ...none, gap: 'the last hours were not measured' };
  const usualMs = median(recent.periods.map((period) => period.median))!;
  const nowMs = median(recent.periods.map(({ value }) => value))!;
  const isWorse = recent.direction === 'above' && nowMs - usualMs >= thresholds.minRiseMs;
  return {
    gap: null,
    periods: recent.periods,
    nowMs,
    usualMs,
    risePercent: isWorse ? (100 * (nowMs - usualMs)) / usualMs : null,
  };
}

/** The newest operations, one of which may be the cause. */
function changes(operations: Collected<SectionValue<'operations'>>, run: RunContext): Evidence[] {
  if (!operations.ok || operations.value.length === 0) return [];
  const newest = operations.value.toSorted((a, b) => (b.startMs ?? 0) - (a.startMs ?? 0)).slice(0, 5);
  const [reproduce] = listOperations(run);
  return [
    {
      title: 'Latest changes of the cluster',
      columns: [
        { key: 'type', label: 'Operation', as: 'name' },
        { key: 'start', label: 'Begun', as: 'epochMs' },
        { key: 'state', label: 'State', as: 'name' },
      ],
      rows: newest.map(({ type, startMs, state }) => ({ type, start: startMs, state })),
      source: 'ListClusterOperationsV2',
      ...(reproduce === undefined ? {} : { reproduce }),
    },
  ];
}
