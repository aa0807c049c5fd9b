// Kafka keeps a record safe by its replicas, and leaves it to the operating system when pages reach the disk. A forced flush (fsync) after so
// many messages or milliseconds makes every write wait for the volume, and protects against nothing that three copies do not.
import type { ConfigInputs, EffectiveConfig } from '../../analysis/effective-config.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG } from '../shared/apply-config.ts';
import {
  numbersWhere,
  readSettings,
  SETTING_SECTIONS,
  settingsTable,
  TOLERATED,
  whereInForce,
} from '../shared/broker-settings.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { deleteOverrides, overridesOf } from '../shared/overrides.ts';
import { brokerSeries, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import {
  COMMAND_TOPICS,
  deleteTopicConfig,
  isOwn,
  numberSetting,
  topicTable,
  unreadBecause,
} from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const BROKER_KEYS = ['log.flush.interval.messages', 'log.flush.interval.ms'] as const;
const TOPIC_KEYS = ['flush.messages', 'flush.ms'] as const;
/** Kafka's default is the largest long: beyond what a number holds exactly, nobody means a limit. */
const isForced = (value: number) => value < Number.MAX_SAFE_INTEGER;

export default defineCheck({
  id: 'flush-forced',
  area: 'broker-config',
  title: { pass: 'Flushing is left to the operating system', fail: 'Writes wait for forced flushes to disk' },
  why: 'Every write then waits for the volume: latency and I/O rise, and replication already protects the records.',
  references: [
    'https://kafka.apache.org/documentation/#appvsosflush',
    'https://kafka.apache.org/documentation/#brokerconfigs_log.flush.interval.messages',
  ],
  appliesTo: ['provisioned-standard', 'kafka'],
  notApplicable: {
    'provisioned-express': 'Express brokers decide themselves how they write.',
    serverless: 'MSK Serverless has no broker settings.',
  },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'kafkaTopics', 'kafkaTopicConfigs', 'metrics'],
  toleratesPartial: [...TOLERATED, 'metrics'],
  evaluate({ kafkaTopics, kafkaTopicConfigs, metrics, ...inputs }, _thresholds, run) {
    const { found, gap } = readSettings(BROKER_KEYS, inputs);
    const broker = BROKER_KEYS.flatMap((key) => {
      const setting = found.get(key);
      const [worst] = numbersWhere(setting, isForced).slice(-1);
      return setting === undefined || worst === undefined ? [] : [{ key, setting, worst }];
    });
    const topics = kafkaTopics.ok ? kafkaTopics.value.filter(({ partitions }) => partitions.length > 0) : [];
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : {};
    const own = topics.filter(({ name }) => forcedBy(configs, name).length > 0);
    const severity = severityFor(run, ['high', 'medium', 'low']);
    const findings = [
      ...broker.map(
        ({ key, setting, worst }): FindingDraft => ({
          scope: 'cluster',
          resource: key,
          severity,
          measured: worst.number,
          limit: null,
          unit: key.endsWith('.ms') ? 'durationMs' : 'messages',
          note: `${setting.source}${whereInForce(setting, worst)}`,
          confidence: setting.confidence,
        }),
      ),
      ...own.map((topic): FindingDraft => ({ ...ofTopic(configs, topic.name), severity })),
    ];
    const times = metrics.ok ? timesTable(metrics.value, run) : [];
    return conclude({
      findings,
      worse: 'lower',
      gap: firstGap(
        gap,
        kafkaTopics.ok ? null : missingBecause('the list of topics', kafkaTopics),
        kafkaTopicConfigs.ok
          ? unreadBecause(configs, topics, TOPIC_KEYS)
          : missingBecause('the configuration of topics', kafkaTopicConfigs),
      ),
      evidence: [
        settingsTable('Flush settings of the brokers', [...found.values()]),
        ...(own.length > 0
          ? [
              topicTable(
                'Topics that force flushes',
                TOPIC_KEYS.map((key) => ({ key, label: key, as: 'count' })),
                own.map(({ name }) => ({
                  topic: name,
                  'flush.messages': numberSetting(configs, name, 'flush.messages'),
                  'flush.ms': numberSetting(configs, name, 'flush.ms'),
                })),
                run,
              ),
            ]
          : []),
        ...(findings.length > 0 ? times : []),
      ],
      pass: `Neither the brokers nor any of ${plural(topics.length, 'topic')} force flushes.`,
      fail: (_worst, all) => `Flushes are forced by ${listed(all.map(({ resource }) => resource))}.`,
      recommend: () =>
        recommend(
          broker,
          own.map(({ name }) => ({ name, keys: forcedBy(configs, name) })),
          inputs,
          run,
        ),
    });
  },
});

/** Settings of the topic itself that force flushes. */
function forcedBy(configs: SectionValue<'kafkaTopicConfigs'>, topic: string): (typeof TOPIC_KEYS)[number][] {
  return TOPIC_KEYS.filter(
    (key) => isOwn(configs, topic, key) && isForced(numberSetting(configs, topic, key) ?? Number.MAX_VALUE),
  );
}

function ofTopic(configs: SectionValue<'kafkaTopicConfigs'>, topic: string): Omit<FindingDraft, 'severity'> {
  const set = forcedBy(configs, topic);
  const [key] = set;
  return {
    scope: 'topic',
    resource: topic,
    measured: numberSetting(configs, topic, key!),
    limit: null,
    unit: key === 'flush.ms' ? 'durationMs' : 'messages',
    note: `${set.join(' and ')} set on the topic`,
    confidence: 1,
  };
}

function timesTable(metrics: SectionValue<'metrics'>, run: RunContext): Evidence[] {
  const local = brokerSeries(metrics, METRICS.produceLocalTimeMean, run);
  const writes = brokerSeries(metrics, METRICS.volumeWriteOps, run);
  const ids = [...new Set([...local.keys(), ...writes.keys()])];
  if (ids.length === 0) return [];
  return [
    brokerTable(
      'What flushing costs, medians of the window',
      ids,
      [
        ['local', 'Produce time at the leader', 'durationMs', quantileOf(local, 0.5)],
        ['writes', 'Writes to the volume in five minutes', 'count', quantileOf(writes, 0.5)],
      ],
      {
        source: seriesSource(
          { ...METRICS.produceLocalTimeMean, name: 'ProduceLocalTimeMsMean, VolumeWriteOps' },
          [...local.values(), ...writes.values()],
          run,
        ),
      },
    ),
  ];
}

function recommend(
  broker: readonly { key: string; setting: EffectiveConfig }[],
  topics: readonly { name: string; keys: readonly string[] }[],
  { configuration, kafkaBrokerConfigs }: ConfigInputs,
  run: RunContext,
): Recommendation {
  const forces = (value: string | null) => value !== null && isForced(Number(value));
  // What is dynamic is not in the file, unless the file says so as well.
  const lines = broker.filter(
    ({ key, setting: { brokers } }) =>
      brokers.every(({ source }) => !source.startsWith('dynamic')) ||
      brokers.some(({ source, value }) => forces(value) && !source.startsWith('dynamic')) ||
      (configuration.ok && Object.hasOwn(configuration.value.properties, key)),
  );
  return {
    action:
      'Take the flush settings out, so that replication keeps records safe and the operating system writes when it is best',
    confirmFirst: `Rule out topics with one replica, which rest on their one disk alone: they need a replica, not a flush. ${CONFIRM_CONFIG}`,
    commands: [
      ...topics
        .slice(0, COMMAND_TOPICS)
        .map((topic) =>
          deleteTopicConfig(
            `Leave flushing of ${listed([topic.name])} to the operating system`,
            topic.name,
            topic.keys,
          ),
        ),
      ...broker.flatMap(({ key }) => deleteOverrides(key, overridesOf(key, kafkaBrokerConfigs, forces))),
      ...applyConfiguration(
        lines.map(({ key }) => `no ${key}`),
        configuration,
        run,
      ),
    ],
    risk:
      lines.length > 0
        ? 'MSK may restart the brokers one after the other, although Kafka could take the change over at once.'
        : 'None for a topic with three replicas; the change holds at once.',
    expectedEffect: 'Fewer writes to the volume, and a shorter produce time at the leader.',
    verifyAfter: 'ProduceLocalTimeMsMean and VolumeWriteOps fall.',
    effort: lines.length > 0 ? 'rollingRestart' : 'setting',
    impact: { kind: 'none' },
  };
}
