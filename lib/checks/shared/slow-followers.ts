// What may keep a broker's replicas from catching up, as a table.
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Evidence, RunContext } from '../check.ts';
import { brokerTable, quantileOf } from './levels.ts';
import { brokerSeries } from './series.ts';

/** What slows a follower down shows at the broker that it is on. */
export function slowFollowers(ids: readonly string[], metrics: SectionValue<'metrics'>, run: RunContext): Evidence[] {
  if (ids.length === 0) return [];
  const p95 = (definition: MetricDefinition) => quantileOf(brokerSeries(metrics, definition, run), 0.95);
  const shaped = [p95(METRICS.inboundShaped), p95(METRICS.outboundShaped)];
  return [
    brokerTable(
      'Brokers whose replicas are missing',
      ids,
      [
        ['user', 'User CPU', 'percent', p95(METRICS.cpuUser)],
        ['system', 'System CPU', 'percent', p95(METRICS.cpuSystem)],
        ['queue', 'Waiting for the volume', 'count', p95(METRICS.volumeQueueLength)],
        ['shaped', 'Packets shaped', 'count', (id) => highestOf(shaped.map((of) => of(id)))],
        ['replicated', 'Replicated in', 'bytesPerSec', p95(METRICS.replicationBytesIn)],
      ],
      {
        source: 'CloudWatch, 95th percentiles over the window; null where the level of monitoring does not publish it',
      },
    ),
  ];
}

function highestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
