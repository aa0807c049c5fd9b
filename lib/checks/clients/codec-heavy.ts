// Producers that still use gzip: zstd packs text as tightly for a fraction of the CPU of producer and consumer.
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND } from '../shared/consumers.ts';
import {
  producersTable,
  readSamples,
  SAMPLE_CONFIDENCE,
  SAMPLE_SECTIONS,
  SAMPLES_TOLERATED,
} from '../shared/samples.ts';
import { severityFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const percent = (value: number | null) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'codec-heavy',
  area: 'clients',
  title: { pass: 'Little traffic is packed with gzip', fail: 'Traffic packed with gzip' },
  why: 'gzip costs producers and consumers the most CPU of all codecs, and saves no more than zstd.',
  references: [
    'https://kafka.apache.org/documentation/#producerconfigs_compression.type',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-110%3A+Add+Codec+for+ZStandard+Compression',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: SAMPLE_SECTIONS,
  toleratesPartial: SAMPLES_TOLERATED,
  evaluate(inputs, { maxGzipPercent, minTrafficPercent }, run) {
    const { found, gap } = readSamples(inputs, run, ({ bytesInPerSec }) => bytesInPerSec, {
      atLeast: 1,
      minTrafficPercent,
    });
    if (found === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const isMuch = (found.gzipPercent ?? 0) > maxGzipPercent;
    const gzipOf = ({ codecs }: (typeof found.topics)[number]) => 100 * (codecs.get('gzip') ?? 0);
    const heavy = found.topics.filter((topic) => isMuch && topic.isProducersCodec && gzipOf(topic) > maxGzipPercent);
    return conclude({
      findings: heavy.map(
        (topic): FindingDraft => ({
          scope: 'topic',
          resource: topic.topic,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: gzipOf(topic),
          limit: maxGzipPercent,
          unit: 'percent',
          confidence: SAMPLE_CONFIDENCE,
        }),
      ),
      gap,
      evidence: [producersTable(found)],
      pass: `${percent(found.gzipPercent ?? 0)} of the sampled bytes are packed with gzip (limit ${percent(maxGzipPercent)}).`,
      fail: ({ resource, measured }) =>
        `${percent(found.gzipPercent)} of the sampled bytes are packed with gzip (limit ${percent(maxGzipPercent)}); of ${listed([resource])} it is ${percent(measured)}.`,
      recommend: () => ({
        action: 'Set compression.type=zstd at the producers of these topics, at its usual level 3',
        confirmFirst:
          'Rule out consumers older than Kafka 2.1, or libraries without zstd: they could not read the topic.',
        commands: [],
        risk: 'Consumers without zstd fail on the first such batch; change them first.',
        expectedEffect: 'Producers and consumers use less CPU for about the same size.',
        verifyAfter:
          'The codec of the batches in the next sample, BytesInPerSec at equal MessagesInPerSec, CPU of the clients.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});
