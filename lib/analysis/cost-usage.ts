// What a cluster uses, from its metrics: bytes a month and bytes kept. What the metrics do not give is unknown, with the reason.
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { findHourly, findSeries, perMinute, sumByTimestamp, trustedPoints } from './series.ts';
import { sum } from './statistics.ts';

type Metrics = Collected<SectionValue<'metrics'>> | undefined;

/** A quantity with what it rests on, or why it is not known. */
export type Usage = { quantity: number; basis: string; isAtLeast: boolean } | { unknown: string };

export interface UsageQuery {
  metric: MetricDefinition;
  /** How many series make the whole; null when that is not known. */
  members: number | null;
  /** Plural of what a series stands for, for the reason. */
  memberName: 'brokers' | 'topics' | 'clusters';
}

const GIB = 1024 ** 3;
const SECONDS_PER_MONTH = 730 * 3600;

/** GiB that pass in a month at the mean rate of what was measured. */
export function gibPerMonth(metrics: Metrics, query: UsageQuery): Usage {
  return scaled(meanOfSum(metrics, query), SECONDS_PER_MONTH / GIB);
}

/** GiB that lie there, by the mean over what was measured. */
export function gibKept(metrics: Metrics, query: UsageQuery): Usage {
  return scaled(meanOfSum(metrics, query), 1 / GIB);
}

function scaled(usage: Usage, factor: number): Usage {
  return 'unknown' in usage ? usage : { ...usage, quantity: usage.quantity * factor };
}

/** Mean over time of the sum over the members; weeks of hourly values where they are there, else the report window. */
function meanOfSum(metrics: Metrics, query: UsageQuery): Usage {
  if (metrics === undefined) return { unknown: 'not measured in this report' };
  if (!metrics.ok) return { unknown: `the metrics were not read: ${metrics.detail}` };
  const hourly = findHourly(metrics.value, query.metric);
  if (hourly.length > 0) return meanOfFound(hourly, query, 0);
  const window = findSeries(metrics.value, query.metric);
  return window.length > 0 ? meanOfFound(window, query, 2) : { unknown: `${query.metric.name} has no values` };
}

/** @param dropLast latest periods that CloudWatch may not have in full; none of hours that were over */
function meanOfFound(found: readonly MetricSeries[], query: UsageQuery, dropLast: number): Usage {
  const { metric, members, memberName } = query;
  // A topic without traffic has no series and no points; a broker's gap is missing knowledge.
  const isSilenceNothing = memberName === 'topics';
  const points = found.map((series) => trustedPoints(series, { dropLast }));
  const rates = metric.isSumOfMinute === true ? points.map(perMinute) : points;
  const total = sumByTimestamp(rates, isSilenceNothing ? { silentAfterSec: 0 } : {});
  if (total.count === 0) return { unknown: `${metric.name} has no moment at which all ${memberName} were measured` };
  const periods = isSilenceNothing ? total.expected : total.count;
  const hours = Math.round((periods * total.periodSec) / 3600);
  // What broke off looks like silence.
  const isCut = isSilenceNothing && found.some(({ incomplete }) => incomplete === true);
  const isAtLeast = members === null || found.length < members || isCut;
  const whole = members === null ? '' : ` of ${members}`;
  const part = isAtLeast ? `, only of ${found.length}${whole} ${memberName}${isCut ? ', and not all of it' : ''}` : '';
  return { quantity: sum(total.measured) / periods, basis: `${metric.name}, mean of ${hours} h${part}`, isAtLeast };
}
