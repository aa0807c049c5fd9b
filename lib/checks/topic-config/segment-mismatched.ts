// Kafka deletes, compacts and tiers closed segments only: a segment that takes longer to fill than its records should live keeps them all, and
// one that is tiny is files for their own sake.
import { SEC_MS } from '../../analysis/durations.ts';
import { effectiveRetention } from '../../analysis/effective-retention.ts';
import type { TopicLoad } from '../../analysis/topic-load.ts';
import { topicPeaks } from '../../analysis/topic-peak.ts';
import { type UsualRate, usualRates } from '../../analysis/topic-usual.ts';
import { configValue, replicasByBroker } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { TIERED_MIN_ROLL_MS, TIERED_MIN_SEGMENT_BYTES } from '../../facts/tiered-storage.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, readLoads } from '../shared/loads.ts';
import { brokerSeries } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, clientTopics, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEYS = ['cleanup.policy', 'retention.ms', 'segment.bytes', 'segment.ms'] as const;
const sec = (value: number) => formatQuantity(value, 'durationSec');
const bytes = (value: number) => formatQuantity(value, 'bytes');

type Thresholds = CheckThresholds['segment-mismatched'];

/** How sure the rate is that a segment fills at. */
const BASIS: Readonly<Record<UsualRate['from'], { words: string; confidence: number }>> = {
  week: { words: 'the last week', confidence: 1 },
  day: { words: 'the last day', confidence: 0.7 },
  share: { words: 'the last week, of which the topic has the share of these minutes', confidence: 0.6 },
  looks: { words: 'these minutes', confidence: LOOKS_CONFIDENCE },
};

interface Mismatch {
  topic: string;
  measured: number;
  limit: number;
  unit: 'ratio' | 'bytes' | 'count';
  note: string;
  rollSec: number | null;
  segments: number | null;
  key: 'segment.ms' | 'segment.bytes';
  value: number;
}

export default defineCheck({
  id: 'segment-mismatched',
  area: 'topic-config',
  title: { pass: 'Segments roll in step with retention', fail: 'Segments too long or too small for the topic' },
  why: 'Only closed segments are deleted or tiered: records stay for a multiple of their retention, or files pile up.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_segment.ms',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html',
  ],
  appliesTo: ['provisioned-standard', 'kafka'],
  notApplicable: {
    'provisioned-express': 'Express rolls segments by retention itself.',
    serverless: 'MSK Serverless sets segments itself.',
  },
  needs: [],
  mayUse: [...LOAD_SECTIONS, 'kafkaBrokers', 'metrics'],
  toleratesPartial: ['metrics', 'kafkaBrokers'],
  evaluate({ kafkaBrokers, metrics, ...inputs }, thresholds, run) {
    const { topics: loads, gap } = readLoads(inputs, run);
    const { kafkaTopics, kafkaTopicConfigs, kafkaLogDirs } = inputs;
    if (!kafkaTopics.ok || gap !== null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const topics = clientTopics(kafkaTopics.value);
    if (topics.length === 0) return { kind: 'not-applicable', because: 'The cluster has no topics of clients.' };
    const byTopic = new Map(loads.map((load) => [load.topic, load]));
    const series = metrics.ok ? metrics.value : null;
    const [peaks, usual] = [topicPeaks(loads, series), usualRates(loads, series)];
    const brokerCount = Math.max(
      1,
      replicasByBroker(kafkaTopics.value).size,
      kafkaBrokers.ok ? kafkaBrokers.value.brokers.length : 0,
    );
    const found = topics.flatMap(({ name }) =>
      mismatchOf(
        configs,
        byTopic.get(name)!,
        usual.get(name)?.bytesPerSec ?? peaks.get(name)?.bytesPerSec ?? null,
        brokerCount,
        thresholds,
      ),
    );
    const unsure = topics
      .filter(
        ({ name }) =>
          mayMatter(configs, name, thresholds) && !usual.has(name) && !found.some(({ topic }) => topic === name),
      )
      .map(({ name }) => name);
    const maps = metrics.ok
      ? Math.max(
          0,
          ...[...brokerSeries(metrics.value, METRICS.memoryMapsUsed, run).values()].map(({ highest }) => highest ?? 0),
        )
      : 0;
    return conclude({
      findings: found.map(
        ({ topic, measured, limit, unit, note }): FindingDraft => ({
          scope: 'topic',
          resource: topic,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured,
          limit,
          unit,
          note: `${note} at the rate of ${BASIS[usual.get(topic)?.from ?? 'looks'].words}`,
          confidence: BASIS[usual.get(topic)?.from ?? 'looks'].confidence,
        }),
      ),
      gap: firstGap(
        unreadBecause(configs, topics, KEYS),
        kafkaLogDirs.ok || kafkaLogDirs.reason === 'not-supported'
          ? null
          : missingBecause('the list of log directories', kafkaLogDirs),
        unsure.length > 0 ? `how fast segments of ${listed(unsure)} fill is not known` : null,
      ),
      evidence:
        found.length === 0
          ? []
          : [
              topicTable(
                'Segments',
                [
                  { key: 'retention', label: 'retention.ms', as: 'name' },
                  { key: 'segmentMs', label: 'segment.ms', as: 'name' },
                  { key: 'segmentBytes', label: 'segment.bytes', as: 'name' },
                  { key: 'roll', label: 'A segment takes', as: 'durationSec' },
                  { key: 'segments', label: 'Segments a broker, about', as: 'count' },
                ],
                found.map(({ topic, rollSec, segments }) => ({
                  topic,
                  retention: configValue(configs, topic, 'retention.ms'),
                  segmentMs: configValue(configs, topic, 'segment.ms'),
                  segmentBytes: configValue(configs, topic, 'segment.bytes'),
                  roll: rollSec,
                  segments,
                })),
                run,
                `Kafka DescribeConfigs, DescribeLogDirs and log ends${maps > 0 ? `; memory maps of the brokers at ${formatQuantity(maps, 'percent')} at most` : ''}`,
              ),
            ],
      pass: `Segments of ${plural(topics.length, 'topic')} fit their retention and their traffic.`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} with segments that do not fit: ${listed([worst.resource])}, ${worst.note}.`,
      recommend: () => ({
        action:
          'Let a segment roll about every tenth of the retention, by segment.ms where the topic is slow and by segment.bytes where it is fast',
        confirmFirst: 'Rule out that the traffic was another than it will be: of minutes, or before a change.',
        commands: found
          .slice(0, COMMAND_TOPICS)
          .map(({ topic, key, value }) =>
            setTopicConfig(
              `Let segments of ${listed([topic])} roll in step with its retention`,
              topic,
              key,
              String(Math.round(value)),
            ),
          ),
        risk: 'More segments take more open files and memory maps (KafkaMemoryMappedFilesUsagePercent); fewer keep records longer.',
        expectedEffect: 'Records go when their retention says so, give or take a tenth.',
        verifyAfter: 'The oldest record of the topic is hardly older than its retention.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

type Configs = SectionValue<'kafkaTopicConfigs'>;

function mismatchOf(
  configs: Configs,
  load: TopicLoad,
  rate: number | null,
  brokerCount: number,
  thresholds: Thresholds,
): Mismatch[] {
  const { topic, partitions, localBytes } = load;
  const [retentionMs, segmentBytes, segmentMs] = KEYS.slice(1).map((key) => numberSetting(configs, topic, key)) as [
    number | null,
    number | null,
    number | null,
  ];
  if (
    retentionMs === null ||
    segmentBytes === null ||
    segmentMs === null ||
    rate === null ||
    rate <= 0 ||
    partitions.length === 0
  )
    return [];
  const each = rate / partitions.length;
  const isTiered = configValue(configs, topic, 'remote.storage.enable') === 'true';
  // The minutes until Kafka next looks are no fault of the settings.
  const { secondsToFillSegment, factorOverConfigured } = effectiveRetention({
    retentionMs,
    segmentBytes,
    segmentMs,
    partitionBytesPerSec: each,
    checkIntervalMs: 0,
  });
  const rollSec = Math.min(secondsToFillSegment ?? Number.POSITIVE_INFINITY, segmentMs / SEC_MS);
  const size = Math.min(segmentBytes, each * rollSec);
  const segments = localBytes === null || size <= 0 ? null : localBytes / size / brokerCount;
  const common = { topic, rollSec, segments };
  const rollMs = Math.max(retentionMs / thresholds.rollsPerRetention, isTiered ? TIERED_MIN_ROLL_MS : 0);
  const deletes = (configValue(configs, topic, 'cleanup.policy') ?? '').includes('delete');
  if (deletes && factorOverConfigured !== null && factorOverConfigured > thresholds.maxRetentionFactor)
    return [
      {
        ...common,
        measured: factorOverConfigured,
        limit: thresholds.maxRetentionFactor,
        unit: 'ratio',
        note: `a segment takes ${sec(rollSec)} to close, records stay up to ${formatQuantity(factorOverConfigured, 'ratio')} times their retention`,
        key: 'segment.ms',
        value: rollMs,
      },
    ];
  if (isTiered && segmentBytes > thresholds.maxSegmentBytes && each < thresholds.slowBytesPerSec)
    return [
      {
        ...common,
        measured: segmentBytes,
        limit: thresholds.maxSegmentBytes,
        unit: 'bytes',
        note: `tiered, and a segment of ${bytes(segmentBytes)} takes ${sec(rollSec)} to close before it is copied`,
        key: 'segment.bytes',
        value: Math.max(TIERED_MIN_SEGMENT_BYTES, thresholds.maxSegmentBytes / 2),
      },
    ];
  if (segments !== null && size < thresholds.smallSegmentBytes && segments > thresholds.maxSegmentsPerBroker)
    return [
      {
        ...common,
        measured: segments,
        limit: thresholds.maxSegmentsPerBroker,
        unit: 'count',
        note: `segments of ${bytes(size)}, about ${formatQuantity(segments, 'count')} on each broker`,
        key: segmentBytes < each * (segmentMs / SEC_MS) ? 'segment.bytes' : 'segment.ms',
        value:
          segmentBytes < each * (segmentMs / SEC_MS)
            ? thresholds.maxSegmentBytes
            : retentionMs > 0
              ? rollMs
              : segmentMs * thresholds.rollsPerRetention,
      },
    ];
  return [];
}

/** Whether the rate decides anything: a segment that may outlive the retention, or hold back what should be tiered. */
function mayMatter(configs: Configs, topic: string, { maxSegmentBytes }: Thresholds): boolean {
  const [retentionMs, segmentMs] = ['retention.ms', 'segment.ms'].map(
    (key) => numberSetting(configs, topic, key) ?? -1,
  ) as [number, number];
  const isTiered = configValue(configs, topic, 'remote.storage.enable') === 'true';
  if (isTiered && (numberSetting(configs, topic, 'segment.bytes') ?? 0) > maxSegmentBytes) return true;
  const deletes = (configValue(configs, topic, 'cleanup.policy') ?? '').includes('delete');
  return deletes && retentionMs >= 0 && segmentMs > retentionMs;
}
