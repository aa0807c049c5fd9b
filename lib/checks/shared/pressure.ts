// How hard brokers work for the requests they get: what makes many small requests a problem.
import { busyPercents } from '../../analysis/handlers-busy.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { RunContext } from '../check.ts';
import { bothOf } from './both-of.ts';
import { type Level, levelsOf } from './levels.ts';
import { brokerSeries } from './series.ts';

const TAIL = 0.95;

export interface Pressure {
  /** User plus system CPU of each broker, busiest first. */
  cpu: readonly Level[];
  /** Busy percent of request handlers, busiest first; empty below the level PER_BROKER. */
  handlers: readonly Level[];
}

/** 95th percentiles; empty without metrics. */
export function pressureOf(metrics: Collected<SectionValue<'metrics'>>, run: RunContext): Pressure {
  if (!metrics.ok) return { cpu: [], handlers: [] };
  const of = (definition: typeof METRICS.cpuUser) => brokerSeries(metrics.value, definition, run, { masked: false });
  const idle = [...of(METRICS.requestHandlerIdle).values()];
  const busy = new Map(busyPercents(idle).map((series) => [series.dimensions['Broker ID'] ?? '', series]));
  return { cpu: levelsOf(bothOf(of(METRICS.cpuUser), of(METRICS.cpuSystem)), TAIL), handlers: levelsOf(busy, TAIL) };
}
