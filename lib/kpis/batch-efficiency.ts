// K13. Bytes of the batches that producers send: half of all bytes travel in batches of at least this size. Off the headers of sampled
// batches, each topic by its traffic; without them bytes by produce request stand in, and bytes by record are only shown.
import { bytesPerProduceRequest } from '../analysis/open-monitoring.ts';
import { findSeries, trustedPoints } from '../analysis/series.ts';
import { sum } from '../analysis/statistics.ts';
import type { Inputs } from '../checks/check.ts';
import { SAMPLE_SECTIONS, samplesSource } from '../checks/shared/samples.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { formatQuantity } from '../text/units.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import { coverageFactor, largest, noData, PROXY } from './reading.ts';
import { readSamples } from './sampled-batches.ts';

type Proxies = Inputs<never, 'openMonitoring' | 'metrics'>;

export default defineKpi({
  id: 'K13',
  name: 'batch-efficiency',
  title: 'Size of producers\u2019 batches',
  category: 'performance',
  weight: 4,
  unit: 'bytes',
  mayUse: [...SAMPLE_SECTIONS, 'openMonitoring', 'metrics'],
  read(inputs, run) {
    const read = readSamples(inputs, run);
    if ('state' in read) return standIn(read, inputs);
    const { samples, factor } = read;
    if (samples.batchBytes === null) return noData("no producer's batch was in what was sampled");
    const smallest = largest(
      samples.topics,
      ({ profile }) => -(profile.byteWeightedMedianBytes ?? Number.POSITIVE_INFINITY),
    );
    return {
      state: 'ok',
      value: samples.batchBytes,
      confidence: factor,
      source: `${samplesSource(samples)}; half of the bytes are in batches of at least this size`,
      ...(smallest === null ? {} : { worst: smallest.topic }),
    };
  },
});

/** A request holds about one batch of each partition, so that it stands in for it; a record does not. */
function standIn(read: KpiReading, { openMonitoring, metrics }: Proxies): KpiReading {
  if (read.state === 'ok' || read.state === 'not-applicable') return read;
  const found = openMonitoring.ok ? bytesPerProduceRequest(openMonitoring.value) : null;
  const factor = found === null ? null : coverageFactor(found.brokersRead / found.brokersTotal);
  if (found === null || factor === null) return { ...read, because: read.because + recordNote(metrics) };
  return {
    state: 'ok',
    value: found.value,
    confidence: factor * PROXY,
    source: `open monitoring, bytes in over produce requests by partition between two scrapes, ${found.brokersRead} of ${found.brokersTotal} brokers; batches themselves were not sampled`,
  };
}

/** `; a record has 512 B on average, which tells no batch`; empty where nobody tells. */
function recordNote(metrics: Proxies['metrics']): string {
  if (!metrics.ok) return '';
  const total = (definition: typeof METRICS.bytesIn) =>
    sum(findSeries(metrics.value, definition).flatMap((series) => [...trustedPoints(series).measured]));
  const [bytes, records] = [total(METRICS.bytesIn), total(METRICS.messagesIn)];
  return records === 0
    ? ''
    : `; a record has ${formatQuantity(bytes / records, 'bytes')} on average, which tells no batch`;
}
