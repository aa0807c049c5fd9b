// Settings of compacted topics under which the cleaner does too much, or next to nothing.
import { DAY_MS } from '../../analysis/durations.ts';
import { configValue } from '../../analysis/topology.ts';
import { EXPRESS_MIN_COMPACTION_LAG_DAYS } from '../../facts/msk-configuration.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration, RESTART_RISK } from '../shared/apply-config.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { setOnBrokers } from '../shared/overrides.ts';
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
/** What is set for a topic, and the brokers' name of what topics inherit. */
const CURE = {
  [RATIO]: { value: '0.5', inherited: 'log.cleaner.min.cleanable.ratio' },
  [TOMBSTONES]: { value: String(DAY_MS), inherited: 'log.cleaner.delete.retention.ms' },
} as const;

type Key = keyof typeof CURE;

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
  mayUse: ['kafkaTopicConfigs', 'kafkaLogDirs', 'configuration', 'kafkaBrokerConfigs'],
  toleratesPartial: ['kafkaLogDirs', 'configuration', 'kafkaBrokerConfigs'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, kafkaLogDirs, configuration, kafkaBrokerConfigs }, thresholds, run) {
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    // Express chooses itself when it cleans: nobody can set the ratio there.
    const isExpress = run.clusterKind === 'provisioned-express';
    const judged = isExpress ? [TOMBSTONES] : [RATIO, TOMBSTONES];
    const all = clientTopics(kafkaTopics);
    const topics = all.filter(({ name }) => (configValue(configs, name, 'cleanup.policy') ?? '').includes('compact'));
    const unread = unreadBecause(configs, all, ['cleanup.policy']) ?? unreadBecause(configs, topics, judged);
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
    // A value that was set dynamically for the brokers goes before the configuration of the cluster.
    const isStatic = (topic: string, key: string) =>
      ['static-broker', 'default'].includes(configs[topic]?.[key]?.source ?? '');
    const [inFile, live] = [true, false].map((isFile) =>
      inherited
        .filter(
          ([key, its]) =>
            isFile ===
            (run.clusterKind === 'provisioned-standard' && its.every(({ topic }) => isStatic(topic.name, key))),
        )
        .map(([key]) => key),
    ) as [Key[], Key[]];
    const revision = applyConfiguration(
      inFile.map((key) => `${CURE[key].inherited}=${CURE[key].value}`),
      configuration,
      run,
    );
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
                  ...judged.map((key) => ({ key, label: key, as: 'name' as const })),
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
        action: `Set ${isExpress ? '' : `${RATIO} to about ${CURE[RATIO].value}, `}${TOMBSTONES} to what the slowest reader needs, and max.compaction.lag.ms where old values must go in time`,
        confirmFirst: isExpress
          ? 'Ask the owner: deletions are kept for long where a reader may be away for as long.'
          : 'Ask the owner: a very low ratio is set where old values must go at once, for which max.compaction.lag.ms is made.',
        commands: [
          ...own
            .slice(0, COMMAND_TOPICS)
            .map(({ topic, key }) =>
              setTopicConfig(`Clean ${listed([topic.name])} in measure`, topic.name, key, CURE[key].value),
            ),
          ...live.flatMap((key) =>
            setOnBrokers('Clean what inherits it in measure', CURE[key].inherited, CURE[key].value, kafkaBrokerConfigs),
          ),
          ...revision,
        ],
        risk: `The cleaner takes CPU and disk while it catches up; readers that are later than delete.retention.ms miss deletions.${isExpress ? ` Express takes a max.compaction.lag.ms of ${EXPRESS_MIN_COMPACTION_LAG_DAYS} days or more.` : ''}${revision.length > 0 ? ` ${RESTART_RISK}` : ''}`,
        expectedEffect: 'Old values go when enough of them are there to be worth it.',
        verifyAfter: 'The topic levels off, and CPU of the brokers does not rise.',
        effort: revision.length > 0 ? 'rollingRestart' : 'setting',
        impact: { kind: 'none' },
      }),
    });

    function problemsOf(topic: Topic) {
      const ratio = isExpress ? null : numberSetting(configs, topic.name, RATIO);
      const kept = numberSetting(configs, topic.name, TOMBSTONES);
      const maxMs = thresholds.maxDeleteRetentionDays * DAY_MS;
      const said = (value: number) => `${RATIO} is ${formatQuantity(value, 'ratio')}`;
      return [
        ...(ratio !== null && ratio < thresholds.minDirtyRatio
          ? [
              {
                topic,
                key: RATIO as Key,
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
                key: RATIO as Key,
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
                key: TOMBSTONES as Key,
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
