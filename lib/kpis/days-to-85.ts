// K29. Days until the first volume reaches AWS's alarm line of 85 %, by the early edge of the forecast's band.

import { volumeForecasts } from '../analysis/disk-forecasts.ts';
import { findHourly, trustedPoints } from '../analysis/series.ts';
import { brokers as named } from '../checks/shared/wording.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi } from './kpi.ts';
import {
  cannotBeMeasured,
  coverageFactor,
  expectedBrokers,
  missingFrom,
  noData,
  notApplicable,
  ONE_LOOK,
  STORAGE_GROWS,
  THIN,
  tooThin,
} from './reading.ts';

const METRIC = METRICS.diskUsed;
/** Stands for "never, as far as it shows": beyond the best point of every curve. */
const NEVER_DAYS = 365;

export default defineKpi({
  id: 'K29',
  name: 'days-to-85',
  title: 'Time until a volume is 85 % full',
  category: 'capacity',
  weight: 4,
  unit: 'days',
  mayUse: [
    'metrics',
    'nodes',
    'operations',
    'cluster',
    'kafkaTopics',
    'kafkaTopicConfigs',
    'kafkaOffsets',
    'kafkaSamples',
    'kafkaLogDirs',
  ],
  read(inputs, run) {
    const { metrics } = inputs;
    if (run.clusterKind === 'serverless' || run.clusterKind === 'provisioned-express')
      return notApplicable(STORAGE_GROWS);
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const { all } = volumeForecasts(
      { ...inputs, metrics: metrics.value },
      checkDefaults('disk-full-forecast', run),
      run.takenAtMs,
    );
    const unseen = expectedBrokers(inputs).filter((id) => !all.some(({ brokerId }) => brokerId === id));
    if (all.length === 0 || unseen.length > 0)
      return noData(
        `CloudWatch has no hours of ${METRIC.name} of ${unseen.length === 0 ? 'the weeks before' : named(unseen)}`,
      );
    const young = all.filter(({ forecast }) => forecast.kind === 'insufficient-history');
    if (young.length > 0) {
      const because = `less than a week of hours since the last change of ${named(young.map(({ brokerId }) => brokerId))}`;
      return { state: 'insufficient-history', because };
    }
    const coverages = findHourly(metrics.value, METRIC).map(
      (series) => trustedPoints(series, { dropLast: 0 }).coverage,
    );
    const coverage = Math.min(...coverages);
    const factor = coverageFactor(coverage);
    if (factor === null) return tooThin(METRIC, coverage);
    const first = all[0]!;
    const { soonestDays: days, recent } = first;
    const ofLate = recent === null ? '' : `, or the rate of the last ${recent.days} days`;
    const never = days === null ? `, no volume is on its way there (shown as ${NEVER_DAYS} days)` : '';
    return {
      state: 'ok',
      value: Math.min(days ?? NEVER_DAYS, NEVER_DAYS),
      confidence: factor * (recent === null ? 1 : recent.isUnusual ? THIN : ONE_LOOK),
      source: `CloudWatch ${METRIC.name}, hourly Maximum of the last weeks, slope of daily medians since the last change of the volumes, steep edge of its 95 % band${ofLate}, the first of ${all.length} brokers${never}`,
      ...(days === null ? {} : { worst: `broker ${first.brokerId}` }),
    };
  },
});
