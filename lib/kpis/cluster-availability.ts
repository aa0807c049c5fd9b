// K01. Share of the minutes outside maintenance in which the cluster had no controller or could not serve some partition.
import { availabilityOf, type DownSign } from '../analysis/availability.ts';
import { mapped } from '../analysis/scales.ts';
import { findSeries, maxByTimestamp, trustedPoints } from '../analysis/series.ts';
import { silences } from '../analysis/silences.ts';
import type { RunContext } from '../checks/check.ts';
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import {
  askedBrokers,
  type BrokerInputs,
  cannotBeMeasured,
  coverageFactor,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  notPublished,
  tooThin,
} from './reading.ts';

const { activeController, offlinePartitions, cpuIdle } = METRICS;
/** A broker that misses a point or two is not down: CloudWatch loses single ones. */
const SILENT_MINUTES = 5;

export default defineKpi({
  id: 'K01',
  name: 'cluster-availability',
  title: 'Time in which the cluster was not whole',
  category: 'availability',
  weight: 4,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    if (run.clusterKind === 'serverless')
      return notApplicable('AWS keeps MSK Serverless available; no controller is shown');
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    const isExpress = run.clusterKind === 'provisioned-express';
    const controller = clusterSign(inputs, activeController, (count) => count < 1);
    const second = isExpress
      ? silentBrokers(inputs, run)
      : clusterSign(inputs, offlinePartitions, (count) => count > 0);
    if ('state' in controller) return controller;
    if ('state' in second) return second;
    const found = availabilityOf([controller, second], run.maintenance);
    const expected = Math.min(controller.series.expected, second.series.expected);
    const endsEarly = controller.series.endsEarly || second.series.endsEarly;
    const coverage = found === null || expected === 0 || endsEarly ? 0 : Math.min(1, found.observedMinutes / expected);
    const factor = coverageFactor(coverage);
    if (found === null || factor === null) return tooThin(isExpress ? cpuIdle : offlinePartitions, coverage);
    if (found.availabilityExMaintenance === null) return noData('all of the window was maintenance');
    const masked = found.downMinutesInsideMaintenance;
    return {
      state: 'ok',
      value: 100 * (1 - found.availabilityExMaintenance),
      confidence: factor,
      source: `${metricSource(activeController, coverage, run, `ActiveControllerCount 0 or ${isExpress ? 'a broker without CpuIdle' : 'OfflinePartitionsCount above 0'}`)}, share of the minutes outside maintenance${masked > 0 ? `; ${masked} more minutes inside it` : ''}`,
    };
  },
});

function clusterSign(
  { metrics }: BrokerInputs,
  definition: MetricDefinition,
  isDown: (value: number) => boolean,
): DownSign | KpiReading {
  if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
  const [found] = findSeries(metrics.value, definition);
  return found === undefined ? notPublished(metrics.value, definition) : { series: trustedPoints(found), isDown };
}

/**
 * 1 where all brokers publish, 0 where one stopped and others go on, not measured where none publishes and before a broker's first point,
 * when it may not have been there.
 */
function silentBrokers(inputs: BrokerInputs, run: RunContext): DownSign | KpiReading {
  const read = askedBrokers(inputs, cpuIdle, run);
  if ('state' in read) return read;
  const series = mapped(maxByTimestamp(read.list), () => 1);
  const values = mapped(series, (value) => value).values;
  for (const { startMs, endMs, isLeading } of silences(read.byId, [...read.byId.keys()], SILENT_MINUTES)) {
    const row = (atMs: number) => (atMs - series.startMs) / (series.periodSec * 1000);
    values.fill(isLeading ? Number.NaN : 0, row(startMs), row(endMs));
  }
  return { series: mapped(series, (_, i) => values[i]!), isDown: (value) => value < 1 };
}
