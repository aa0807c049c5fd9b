// Sampled record batches as K13 and K14 read them, and how sure they are: by the share of the traffic that was sampled.
import { type ProducerSamples, producerSamples, type SampleInputs } from '../analysis/producer-samples.ts';
import { sum } from '../analysis/statistics.ts';
import type { ClusterKind, RunContext } from '../checks/check.ts';
import type { KpiReading } from './kpi.ts';
import { coverageFactor, missingFrom, noData, notApplicable, THIN } from './reading.ts';

const NO_ENDPOINTS: readonly ClusterKind[] = ['serverless', 'kafka'];

export interface ReadSamples {
  samples: ProducerSamples;
  factor: number;
}

export function readSamples(inputs: SampleInputs, run: RunContext): ReadSamples | KpiReading {
  const { kafkaTopics, kafkaBatches } = inputs;
  if (kafkaTopics.ok && kafkaTopics.partial === undefined && kafkaTopics.value.every(({ internal }) => internal))
    return notApplicable('there are no topics but internal ones');
  // Reading records is the owner's to allow. Where brokers have endpoints of their own these could tell instead; elsewhere nothing can.
  if (NO_ENDPOINTS.includes(run.clusterKind) && !kafkaBatches.ok && kafkaBatches.reason === 'not-requested')
    return notApplicable(
      'record batches were not asked for, and on this kind of cluster nothing else tells of producers',
    );
  if (!kafkaBatches.ok) return missingFrom(kafkaBatches, 'a sample of record batches');
  const samples = producerSamples(inputs, run.takenAtMs);
  if (samples === null || samples.topics.length === 0) return noData("no producer's batch was in what was sampled");
  if (!samples.isWeighted) return { samples, factor: THIN };
  const bytesOf = (topics: readonly { bytesInPerSec: number | null }[]) =>
    sum(topics.map(({ bytesInPerSec }) => bytesInPerSec ?? 0));
  const [sampled, others] = [bytesOf(samples.topics), bytesOf(samples.others)];
  const factor = coverageFactor(sampled / (sampled + others));
  return factor === null ? noData('most of the traffic is on topics that were not sampled') : { samples, factor };
}
