// Producers without an id: their retries can double and reorder records. The header of a batch has the id, -1 for none.
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, SEVERITIES } from '../check.ts';
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
  id: 'producers-not-idempotent',
  area: 'clients',
  title: { pass: 'Producers are idempotent', fail: 'Producers that are not idempotent' },
  why: 'Without idempotence every retry at a leader change can write a record twice or out of order.',
  references: [
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-679%3A+Producer+will+enable+the+strongest+delivery+guarantee+by+default',
    'https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence',
  ],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: SAMPLE_SECTIONS,
  toleratesPartial: SAMPLES_TOLERATED,
  evaluate(inputs, { maxPercent, minTrafficPercent }, run) {
    const { found, gap } = readSamples(inputs, run, ({ bytesInPerSec }) => bytesInPerSec, {
      atLeast: 1,
      minTrafficPercent,
    });
    if (found === null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const isMuch = (found.notIdempotentPercent ?? 0) > maxPercent;
    const without = ({ profile }: (typeof found.topics)[number]) => 100 - 100 * (profile.idempotentBatchShare ?? 1);
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const stricter = SEVERITIES[SEVERITIES.indexOf(severity) - 1]!;
    return conclude({
      findings: found.topics
        .filter((topic) => isMuch && without(topic) > maxPercent)
        .map(
          (topic): FindingDraft => ({
            scope: 'topic',
            resource: topic.topic,
            severity: run.goal === 'durability' ? stricter : severity,
            measured: without(topic),
            limit: maxPercent,
            unit: 'percent',
            confidence: SAMPLE_CONFIDENCE,
          }),
        ),
      gap,
      evidence: [producersTable(found)],
      pass: `${percent(found.notIdempotentPercent)} of the sampled batches come from producers without idempotence (limit ${percent(maxPercent)}).`,
      fail: ({ resource, measured }, { length }) =>
        `${percent(found.notIdempotentPercent)} of the sampled batches have no producer id (limit ${percent(maxPercent)}); of ${listed([resource])} ${percent(measured)}, ${plural(length, 'topic')} in all.`,
      recommend: () => ({
        action:
          'Set enable.idempotence=true at the producers of these topics, with acks=all and retries left at their default',
        confirmFirst:
          'Look for what switches it off: acks=1, retries=0 or more than 5 requests in flight do in Java clients from 3.0 on, and librdkafka, Sarama and KafkaJS have it off by default. Sources of Kafka Connect have it off on purpose.',
        commands: [],
        risk: 'With IAM the producer needs kafka-cluster:WriteDataIdempotently; acks=all adds one round of replication to the latency.',
        expectedEffect: 'A retry neither doubles nor reorders records of a partition.',
        verifyAfter: 'The share of batches with a producer id in the next sample, and produce latency.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});
