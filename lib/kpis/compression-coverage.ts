// K14. Share of bytes that arrive compressed, off the headers of sampled batches, of topics that keep their producers' codec.
import { SAMPLE_SECTIONS, samplesSource } from '../checks/shared/samples.ts';
import { defineKpi } from './kpi.ts';
import { largest, noData } from './reading.ts';
import { readSamples } from './sampled-batches.ts';

export default defineKpi({
  id: 'K14',
  name: 'compression-coverage',
  title: 'Compressed bytes',
  category: 'performance',
  weight: 3,
  unit: 'percent',
  mayUse: SAMPLE_SECTIONS,
  read(inputs, run) {
    const read = readSamples(inputs, run);
    if ('state' in read) return read;
    const { samples, factor } = read;
    const told = samples.topics.filter(({ isProducersCodec }) => isProducersCodec);
    if (samples.compressedPercent === null) return noData('no sampled topic keeps the codec of its producers');
    const bare = largest(told, ({ codecs, bytesInPerSec }) => (codecs.get('none') ?? 0) * (bytesInPerSec ?? 1));
    return {
      state: 'ok',
      value: samples.compressedPercent,
      confidence: factor,
      source: `${samplesSource(samples)}; ${told.length} topics that keep the codec of their producers`,
      ...(bare === null || (bare.codecs.get('none') ?? 0) === 0 ? {} : { worst: bare.topic }),
    };
  },
});
