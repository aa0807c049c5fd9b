// Settings of compacted topics under which the cleaner does too much, or next to nothing.
import { DAY_MS } from '../../analysis/durations.ts';
import { configValue } from '../../analysis/topology.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import {
  COMMAND_TOPICS,
  clientTopics,
  isOwn,
  numberSetting,
  type Topic,
  topicTable,
  unreadBecause,
} from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const [RATIO, TOMBSTONES] = ['min.cleanable.dirty.ratio', 'delete.retention.ms'] as const;
const KEYS = ['cleanup.policy', RATIO, TOMBSTONES] as const;

export default defineCheck({
  id: 'compaction-ineffective',
  area: 'topic-config',
  title: { pass: 'Compacted topics are cleaned in measure', fail: 'Compacted topics cleaned too much or too little' },
  why: 'A cleaner that runs for nothing takes CPU and disk; one that hardly runs lets old values pile up, and restarts read them all.',
  references: [
    'https://kafka.apache.org/documentation/#compaction',
    'https://kafka.apache.org/documentation/#topicconfigs_min.cleanable.dirty.ratio',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless sets its cleaner itself.' },
  needs: ['kafkaTopics'],
  mayUse: ['kafkaTopicConfigs', 'kafkaLogDirs'],
  toleratesPartial: ['kafkaLogDirs'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, kafkaLogDirs }, thresholds, run) {
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const all = clientTopics(kafkaTopics);
    const topics = all.filter(({ name }) => (configValue(configs, name, 'cleanup.policy') ?? '').includes('compact'));
    const unread = unreadBecause(configs, all, ['cleanup.policy']) ?? unreadBecause(configs, topics, KEYS);
    if (topics.length === 0 && unread === null)
      return { kind: 'not-applicable', because: 'No topic of clients is compacted.' };
    const wrong = topics.flatMap((topic) => problemsOf(topic));
    const own = wrong.filter(({ topic, key }) => isOwn(configs, topic.name, key));
    const inherited = [
      ...Map.groupBy(
        wrong.filter((each) => !own.includes(each)),
        ({ key }) => key,
      ),
    ];
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const size = (topic: string) =>
      kafkaLogDirs.ok
        ? kafkaLogDirs.value.reduce(
            (sum, { topics: on }) =>
              sum + (Object.hasOwn(on, topic) ? on[topic]!.reduce((part, { sizeBytes }) => part + sizeBytes, 0) : 0),
            0,
          )
        : null;
    return conclude({
      findings: [
        ...[...Map.groupBy(own, ({ topic }) => topic.name)].map(
          ([name, [first, ...others]]): FindingDraft => ({
            scope: 'topic',
            resource: name,
            severity,
            measured: first!.measured,
            limit: first!.limit,
            unit: first!.unit,
            note: [first!, ...others].map(({ note }) => note).join('; '),
            confidence: 1,
          }),
        ),
        ...inherited.map(
          ([key, its]): FindingDraft => ({
            scope: 'cluster',
            resource: key,
            severity,
            measured: its[0]!.measured,
            limit: its[0]!.limit,
            unit: its[0]!.unit,
            note: `${plural(its.length, 'topic')} inherit: ${its[0]!.note}`,
            confidence: 1,
          }),
        ),
      ],
      gap: unread,
      evidence:
        wrong.length === 0
          ? []
          : [
              topicTable(
                'Compacted topics',
                [
                  { key: RATIO, label: RATIO, as: 'name' },
                  { key: TOMBSTONES, label: TOMBSTONES, as: 'name' },
                  { key: 'lag', label: 'max.compaction.lag.ms', as: 'name' },
                  { key: 'size', label: 'On disk, all replicas', as: 'bytes' },
                ],
                [...new Set(wrong.map(({ topic }) => topic.name))].map((name) => ({
                  topic: name,
                  [RATIO]: configValue(configs, name, RATIO),
                  [TOMBSTONES]: configValue(configs, name, TOMBSTONES),
                  lag: configValue(configs, name, 'max.compaction.lag.ms'),
                  size: size(name),
                })),
                run,
              ),
            ],
      pass: `Settings of ${plural(topics.length, 'compacted topic')} let the cleaner work in measure.`,
      fail: (worst, found) =>
        `${plural(found.length, 'setting')} of compacted topics out of measure: ${listed([worst.resource])}, ${worst.note}.`,
      recommend: () => ({
        action: `Set ${RATIO} to about 0.5, ${TOMBSTONES} to what the slowest reader needs, and max.compaction.lag.ms where old values must go in time`,
        confirmFirst:
          'Ask the owner: a very low ratio is set where old values must go at once, for which max.compaction.lag.ms is made.',
        commands: own
          .slice(0, COMMAND_TOPICS)
          .map(({ topic, key }) =>
            setTopicConfig(
              `Clean ${listed([topic.name])} in measure`,
              topic.name,
              key,
              key === RATIO ? '0.5' : String(DAY_MS),
            ),
          ),
        risk: 'The cleaner takes CPU and disk while it catches up; readers that are later than delete.retention.ms miss deletions. On Express max.compaction.lag.ms must be at least a day.',
        expectedEffect: 'Old values go when enough of them are there to be worth it.',
        verifyAfter: 'The topic levels off, and CPU of the brokers does not rise.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });

    function problemsOf(topic: Topic) {
      const ratio = numberSetting(configs, topic.name, RATIO);
      const kept = numberSetting(configs, topic.name, TOMBSTONES);
      const maxMs = thresholds.maxDeleteRetentionDays * DAY_MS;
      const said = (value: number) => `${RATIO} is ${formatQuantity(value, 'ratio')}`;
      return [
        ...(ratio !== null && ratio < thresholds.minDirtyRatio
          ? [
              {
                topic,
                key: RATIO,
                measured: ratio,
                limit: thresholds.minDirtyRatio,
                unit: 'ratio' as const,
                note: `${said(ratio)}: the cleaner copies the log for little news`,
              },
            ]
          : []),
        ...(ratio !== null && ratio > thresholds.maxDirtyRatio
          ? [
              {
                topic,
                key: RATIO,
                measured: ratio,
                limit: thresholds.maxDirtyRatio,
                unit: 'ratio' as const,
                note: `${said(ratio)}: next to nothing is ever cleaned`,
              },
            ]
          : []),
        ...(kept !== null && kept > maxMs
          ? [
              {
                topic,
                key: TOMBSTONES,
                measured: kept,
                limit: maxMs,
                unit: 'durationMs' as const,
                note: `deletions are kept for ${formatQuantity(kept, 'durationMs')}`,
              },
            ]
          : []),
      ];
    }
  },
});
