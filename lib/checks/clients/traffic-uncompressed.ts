// Topics whose producers send most of their bytes uncompressed (K14), by the codec in the headers of sampled batches. How well the records
// would compress is not in a header: a topic of encrypted or packed records gains nothing, hence one severity less and lower confidence.
import type { SampledTopic } from '../../analysis/producer-samples.ts';
import { transferredGiBPerMonth } from '../../analysis/savings.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { advisedLines } from '../shared/client-lines.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import { badPoint, producersTable, readSamples, SAMPLE_SECTIONS, SAMPLES_TOLERATED } from '../shared/samples.ts';
import { milder, severityFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const RATIO_UNKNOWN = 0.6;
const percent = (value: number | null) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'traffic-uncompressed',
  area: 'clients',
  title: { pass: 'Busy topics arrive compressed', fail: 'Busy topics arrive uncompressed' },
  why: 'Uncompressed bytes are paid for on the way in, in every replica and by every reader: compressing at the producer spares network, disk and broker size at once.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html',
    'https://kafka.apache.org/documentation/#producerconfigs_compression.type',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: SAMPLE_SECTIONS,
  toleratesPartial: SAMPLES_TOLERATED,
  evaluate(inputs, { minBytesPerSec, minTrafficPercent }, run) {
    const limit = badPoint('K14', run);
    const { found, gap } = readSamples(inputs, run, ({ bytesInPerSec }) => bytesInPerSec, {
      atLeast: minBytesPerSec,
      minTrafficPercent,
    });
    if (found === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const raw = found.topics.filter(
      (topic) => topic.isProducersCodec && (topic.bytesInPerSec ?? 0) >= minBytesPerSec && compressed(topic) < limit,
    );
    return conclude({
      findings: raw.map(
        (topic): FindingDraft => ({
          scope: 'topic',
          resource: topic.topic,
          severity: milder(severityFor(run, ['medium', 'low', 'info']), 1),
          measured: compressed(topic),
          limit,
          unit: 'percent',
          note: `${formatQuantity(topic.bytesInPerSec, 'bytesPerSec')}, how well its records compress was not measured`,
          confidence: RATIO_UNKNOWN,
        }),
      ),
      worse: 'lower',
      gap,
      evidence: [producersTable(found)],
      pass:
        found.compressedPercent === null
          ? 'The brokers compress all sampled topics themselves (compression.type), so that the producers do not show.'
          : `${percent(found.compressedPercent)} of the sampled bytes are compressed by their producers; no topic from ${formatQuantity(minBytesPerSec, 'bytesPerSec')} on is below ${percent(limit)}.`,
      fail: ({ resource, measured, note }, { length }) =>
        `Producers compress ${percent(measured)} of ${listed([resource])} (limit ${percent(limit)}, ${note})${length > 1 ? `; ${plural(length, 'topic')} like that` : ''}.`,
      recommend: () => recommend(raw, run),
    });
  },
});

function compressed({ codecs }: SampledTopic): number {
  return 100 - 100 * (codecs.get('none') ?? 0);
}

function recommend(raw: readonly SampledTopic[], run: RunContext): Recommendation {
  const bytesPerSec = raw.reduce((sum, { bytesInPerSec }) => sum + (bytesInPerSec ?? 0), 0);
  const percentGiB = transferredGiBPerMonth(bytesPerSec / 100 / MIB);
  return {
    action: `Compress a few records of these topics by hand, and where they shrink by a fifth set ${advisedLines('traffic-uncompressed', run)} at the producers`,
    confirmFirst:
      'Rule out records that are compressed or encrypted already (images, Parquet, ciphertext): they gain nothing. Compression works on a batch, so that small batches come first.',
    commands: [],
    risk: 'Producers and consumers use more CPU; clients older than Kafka 2.1 cannot read zstd. A compression.type of the topic itself would move the work to the brokers.',
    expectedEffect: `Each percent by which the records shrink spares ${formatQuantity(percentGiB, 'count')} GiB a month on the way in, and as many for each replica and each reader.`,
    verifyAfter:
      'The codec of the batches in the next sample, BytesInPerSec at equal MessagesInPerSec, and CPU of the clients.',
    effort: 'clientChange',
    impact: { kind: 'unknown', because: 'how well the records compress was not measured' },
  };
}
