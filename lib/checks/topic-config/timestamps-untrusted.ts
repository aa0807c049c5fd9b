// Records that claim to be from the future, or that stand out of order by more than clocks and retries explain: retention by time and every age
// that is shown rest on these timestamps. A segment whose newest record is of next year is not deleted before.
import { MINUTE_MS, SEC_MS } from '../../analysis/durations.ts';
import { configValue } from '../../analysis/topology.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { kafkaTool, setTopicConfig } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, topicTable } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEY = 'message.timestamp.type';
const BROKER_CLOCK = 'LogAppendTime';
const SINCE = ' (Kafka 3.6 and later; the default of 4.0)';
const HOUR = '3600000';

export default defineCheck({
  id: 'timestamps-untrusted',
  area: 'topic-config',
  title: { pass: 'Records that are read have sound timestamps', fail: 'Records with timestamps that cannot be' },
  why: 'Retention by time waits for the newest record of a segment: one from the future keeps its segment for as long.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_message.timestamp.after.max.ms',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-1030%3A+Change+constraints+and+default+values+for+various+configurations',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: ['kafkaOffsets'],
  mayUse: ['kafkaBatches', 'kafkaTopicConfigs'],
  toleratesPartial: ['kafkaBatches', 'kafkaTopicConfigs'],
  evaluate({ kafkaOffsets, kafkaBatches, kafkaTopicConfigs }, thresholds, run) {
    const { timeLags, committed } = kafkaOffsets;
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : {};
    const ahead = (timeLags?.untrusted ?? []).flatMap((position) => committed[position] ?? []);
    const batches = kafkaBatches.ok ? kafkaBatches.value : [];
    const late = batches.flatMap(({ topic, partition, batches: own }) => {
      const disorder = Math.max(...disordersMs(own), 0);
      const future = Math.max(
        ...own
          .filter(({ isLogAppendTime }) => !isLogAppendTime)
          .map(({ maxTimestampMs }) => maxTimestampMs - run.takenAtMs),
        0,
      );
      return disorder > thresholds.maxBehindMinutes * MINUTE_MS || future > thresholds.maxAheadSec * SEC_MS
        ? [{ topic, partition, disorder, future }]
        : [];
    });
    const rows = [
      ...[
        ...new Map(ahead.map(({ topic, partition }) => [`${topic}-${partition}`, { topic, partition }])).values(),
      ].map((each) => ({ ...each, disorder: null, future: null })),
      ...late,
    ];
    const topics = [...Map.groupBy(rows, ({ topic }) => topic)].filter(
      ([topic]) => configValue(configs, topic, KEY) !== BROKER_CLOCK,
    );
    return conclude({
      findings: topics.map(([topic, own]): FindingDraft => {
        const worst = own.reduce((a, b) =>
          Math.max(b.future ?? 0, b.disorder ?? 0) > Math.max(a.future ?? 0, a.disorder ?? 0) ? b : a,
        );
        const size = Math.max(worst.future ?? 0, worst.disorder ?? 0);
        return {
          scope: 'topic',
          resource: topic,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: size > 0 ? size : null,
          limit: thresholds.maxAheadSec * SEC_MS,
          unit: 'durationMs',
          note: `${plural(own.length, 'partition')}: ${own.some(({ disorder }) => disorder === null) || (worst.future ?? 0) > 0 ? 'records from the future' : `records out of order by ${formatQuantity(worst.disorder, 'durationMs')}`}`,
          confidence: 1,
        };
      }),
      gap:
        timeLags === undefined
          ? `timestamps of records were not looked up${kafkaBatches.ok ? '' : `, and ${missingBecause('a sample of batches', kafkaBatches)}`}`
          : null,
      evidence:
        rows.length === 0
          ? []
          : [
              topicTable(
                'Partitions whose timestamps cannot be',
                [
                  { key: 'partition', label: 'Partition', as: 'count' },
                  { key: 'future', label: 'Ahead of now, in sampled batches', as: 'durationMs' },
                  { key: 'disorder', label: 'Out of order', as: 'durationMs' },
                ],
                rows,
                run,
                'Kafka ListOffsets by time and, where they were sampled, headers of record batches',
              ),
            ],
      pass: `No partition that one of ${plural(new Set(committed.map(({ groupId }) => groupId)).size, 'group')} reads holds records from the future.`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} with timestamps that cannot be: ${listed([worst.resource])}, ${worst.note}.`,
      recommend: () => ({
        action: `Refuse what is more than an hour ahead (message.timestamp.after.max.ms), or let the brokers set the time (${KEY}=${BROKER_CLOCK})`,
        confirmFirst:
          'Rule out event times on purpose (bookings, forecasts), units mistaken for one another (microseconds, seconds), and imports of old data.',
        commands: topics.slice(0, COMMAND_TOPICS).flatMap(([topic]) => [
          kafkaTool('kafka-get-offsets.sh', {
            purpose: 'Show the offset of the record with the highest timestamp',
            args: [...optionArgs('--topic', topic), '--time', 'max-timestamp'],
          }),
          setTopicConfig(
            `Refuse records of ${listed([topic])} that are more than an hour ahead${SINCE}`,
            topic,
            'message.timestamp.after.max.ms',
            HOUR,
          ),
        ]),
        risk: 'Producers with a wrong clock get INVALID_TIMESTAMP; records that are there already keep their timestamps.',
        expectedEffect: 'Retention by time and the age of what waits can be relied on again.',
        verifyAfter: 'No partition holds records from the future, and old segments are deleted.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** By how much each batch's newest record is older than one that stands before it, in ms. */
function disordersMs(batches: SectionValue<'kafkaBatches'>[number]['batches']): number[] {
  let newest = Number.NEGATIVE_INFINITY;
  return batches.map(({ maxTimestampMs, isLogAppendTime }) => {
    const behind = isLogAppendTime ? 0 : newest - maxTimestampMs;
    newest = Math.max(newest, maxTimestampMs);
    return Number.isFinite(behind) ? behind : 0;
  });
}
