// How long brokers held clients' requests back (K10): quotas of Kafka on Standard brokers, throughput of the broker on Express.
import type { MaskedInterval } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { findSeries, type TrustedSeries, trustedPoints } from './series.ts';

export const THROTTLE_TIMES = [
  ['produce', METRICS.produceThrottleTime],
  ['fetch', METRICS.fetchThrottleTime],
  ['request', METRICS.requestThrottleTime],
] as const;
export type ThrottleKind = (typeof THROTTLE_TIMES)[number][0];

export interface ThrottledBroker {
  brokerId: string;
  minutes: number;
  /** Highest five-minute mean of each kind, in milliseconds; null where it was not seen. */
  worstMs: Readonly<Record<ThrottleKind, number | null>>;
}

export interface ThrottledTime {
  /** Share of the observed time in which any broker throttled any kind of request; null when nothing was observed. */
  percent: number | null;
  /** With throttled minutes, most first. */
  brokers: readonly ThrottledBroker[];
  /** Lowest share of expected datapoints over brokers and kinds, 0 of a broker that fell silent, and where; null without brokers. */
  leastSeen: { brokerId: string; metric: string; coverage: number } | null;
}

/**
 * @param expected brokers that should publish; those with series are added. A series that CloudWatch was asked for and has no point of
 * counts as never throttled while the broker's traffic shows that it publishes at all; one that was not asked for was not seen.
 */
export function throttledTime(
  metrics: SectionValue<'metrics'>,
  expected: readonly string[],
  masked: readonly MaskedInterval[],
): ThrottledTime {
  const bytesIn = seriesOf(metrics, METRICS.bytesIn, masked);
  const kinds = THROTTLE_TIMES.map(([kind, definition]) => ({
    kind,
    metric: definition.name,
    series: seriesOf(metrics, definition, masked),
  }));
  const ids = new Set([...expected, ...kinds.flatMap(({ series }) => [...series.keys()])]);
  const throttledAt = new Set<number>();
  const observedAt = new Set<number>();
  const brokers: ThrottledBroker[] = [];
  let leastSeen: ThrottledTime['leastSeen'] = null;
  for (const brokerId of ids) {
    const ownTimes = new Set<number>();
    const worstMs: Record<ThrottleKind, number | null> = { produce: null, fetch: null, request: null };
    for (const { kind, metric, series } of kinds) {
      const found = series.get(brokerId);
      const told = found?.isSilent === true ? bytesIn.get(brokerId) : found;
      // A throttle time ends an hour after the last throttling; traffic does not.
      const endsEarly = told?.trusted.endsEarly === true && bytesIn.get(brokerId)?.trusted.endsEarly !== false;
      const coverage = endsEarly ? 0 : (told?.trusted.coverage ?? 0);
      if (leastSeen === null || coverage < leastSeen.coverage) leastSeen = { brokerId, metric, coverage };
      const values = told?.trusted.values ?? NO_VALUES;
      for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i]!)) continue;
        const atMs = told!.trusted.timeOf(i);
        observedAt.add(atMs);
        if (told === found && values[i]! > 0) ownTimes.add(atMs);
      }
      worstMs[kind] = found?.isSilent === true && told !== undefined ? 0 : (found?.trusted.highest ?? null);
    }
    for (const atMs of ownTimes) throttledAt.add(atMs);
    if (ownTimes.size > 0) brokers.push({ brokerId, minutes: (ownTimes.size * PERIOD_SEC) / 60, worstMs });
  }
  return {
    percent: observedAt.size === 0 ? null : (100 * throttledAt.size) / observedAt.size,
    brokers: brokers.sort((a, b) => b.minutes - a.minutes),
    leastSeen,
  };
}

const NO_VALUES = new Float64Array();
const PERIOD_SEC = METRICS.produceThrottleTime.periodSec;

interface Read {
  trusted: TrustedSeries;
  /** Asked for in full, and without a single point. */
  isSilent: boolean;
}

function seriesOf(
  metrics: SectionValue<'metrics'>,
  definition: typeof METRICS.bytesIn,
  masked: readonly MaskedInterval[],
): Map<string, Read> {
  return new Map(
    findSeries(metrics, definition).map((series) => [
      series.dimensions['Broker ID'] ?? '',
      {
        trusted: trustedPoints(series, { masked }),
        isSilent: series.incomplete === undefined && series.values.every((value) => value === null),
      },
    ]),
  );
}
