// K15. Failed produce and fetch requests of all, which only the brokers' own endpoints count. Of CloudWatch's error counts, those of the
// network are shown beside a missing value, and are never scored: a lost packet is sent again.
import { requestErrorPercent } from '../analysis/open-monitoring.ts';
import { findSeries, trustedPoints } from '../analysis/series.ts';
import { sum } from '../analysis/statistics.ts';
import type { Inputs } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { formatQuantity } from '../text/units.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, missingFrom, noData, notApplicable, ONE_LOOK } from './reading.ts';

const { receiveErrors, transmitErrors, receiveDropped, transmitDropped, receivePackets, transmitPackets } = METRICS;

export default defineKpi({
  id: 'K15',
  name: 'error-rate',
  title: 'Failed requests',
  category: 'performance',
  weight: 3,
  unit: 'percent',
  mayUse: ['openMonitoring', 'metrics'],
  read({ openMonitoring, metrics }, run) {
    if (run.clusterKind === 'serverless') return notApplicable('MSK Serverless has no open monitoring');
    if (!openMonitoring.ok) {
      if (run.clusterKind === 'kafka' && openMonitoring.reason === 'not-requested')
        return notApplicable('no endpoint of the brokers was named to read failed requests from');
      const missing = missingFrom(openMonitoring, 'open monitoring');
      return missing.state === 'ok' ? missing : { ...missing, because: missing.because + besides(metrics) };
    }
    const found = requestErrorPercent(openMonitoring.value);
    if (found === null) return noData('the brokers tell no produce or fetch requests');
    const { value, brokersRead, brokersTotal } = found;
    const factor = coverageFactor(brokersRead / brokersTotal);
    if (factor === null) return noData(`only ${brokersRead} of ${brokersTotal} brokers told their requests`);
    return {
      state: 'ok',
      value,
      confidence: factor * ONE_LOOK,
      source: `open monitoring, failed produce and fetch requests of all between two scrapes, ${brokersRead} of ${brokersTotal} brokers`,
    };
  },
});

/** `; CloudWatch shows 0.1 % of packets lost or damaged, which is not scored`; empty without it. */
function besides(metrics: Inputs<never, 'metrics'>['metrics']): string {
  if (!metrics.ok) return '';
  const total = (definitions: readonly (typeof receiveErrors)[]) =>
    sum(
      definitions.flatMap((each) =>
        findSeries(metrics.value, each).flatMap((series) => [...trustedPoints(series).measured]),
      ),
    );
  const packets = total([receivePackets, transmitPackets]);
  if (packets === 0) return '';
  const lost = total([receiveErrors, transmitErrors, receiveDropped, transmitDropped]);
  return `; CloudWatch shows ${formatQuantity((100 * lost) / packets, 'percent')} of packets lost or damaged, which is not scored`;
}
