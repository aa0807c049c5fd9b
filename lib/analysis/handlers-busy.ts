// How busy the threads of a broker are (K11 request handlers, K12 network threads). Source: kafka.apache.org/documentation/#monitoring,
// which asks for an idle share above 0.3.
import { asPercents, mapped } from './scales.ts';
import type { TrustedSeries } from './trusted-series.ts';

/** Busy percent of each broker from the idle shares of all, which decide whether the metric came as fractions. */
export function busyPercents(idle: readonly TrustedSeries[]): TrustedSeries[] {
  return asPercents(idle).map((series) => mapped(series, (percent) => 100 - percent));
}
