// A topic whose own settings differ from those of its family: names with the same first part, where most of the others agree.
import { configValue } from '../../analysis/topology.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import {
  COMMAND_TOPICS,
  clientTopics,
  deleteTopicConfig,
  isOwn,
  sourceWord,
  topicTable,
} from '../shared/topic-settings.ts';
import { listed } from '../shared/wording.ts';

const KEYS = [
  'cleanup.policy',
  'compression.type',
  'max.message.bytes',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.ms',
  'unclean.leader.election.enable',
] as const;
const SEPARATOR = /[._-]/;

export default defineCheck({
  id: 'topic-config-drift',
  area: 'topic-config',
  title: { pass: 'Topics are set like their family', fail: 'Topics set unlike their family' },
  why: 'What one topic of a family does otherwise is often a leftover of a test, and surprises whoever relies on the rule.',
  references: ['https://kafka.apache.org/documentation/#topicconfigs'],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: ['kafkaTopics', 'kafkaTopicConfigs'],
  mayUse: [],
  evaluate({ kafkaTopics, kafkaTopicConfigs: configs }, thresholds, run) {
    const families = [
      ...Map.groupBy(
        clientTopics(kafkaTopics).map(({ name }) => name),
        (name) => name.split(SEPARATOR)[0]!,
      ),
    ].filter(([, names]) => names.length >= thresholds.minFamilyTopics);
    if (families.length === 0)
      return {
        kind: 'not-applicable',
        because: `No ${thresholds.minFamilyTopics} topics have the first part of their name in common.`,
      };
    // What was not read is nobody's rule, and no exception.
    const unread = families.flatMap(([, names]) => names).filter((name) => !Object.hasOwn(configs, name));
    const drift = families.flatMap(([family, names]) =>
      KEYS.flatMap((key) => exceptions(configs, family, names, key, thresholds.minAgreeingPercent)),
    );
    const byTopic = [...Map.groupBy(drift, ({ topic }) => topic)];
    return conclude({
      findings: byTopic.map(
        ([topic, own]): FindingDraft => ({
          scope: 'topic',
          resource: topic,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: own.length,
          limit: 0,
          unit: 'count',
          note: own.map(({ key, value, usual }) => `${key} ${value ?? 'unset'}, its family ${usual}`).join('; '),
          confidence: 0.6,
        }),
      ),
      gap: unread.length > 0 ? `settings of ${listed(unread)} were not read` : null,
      evidence:
        drift.length === 0
          ? []
          : [
              topicTable(
                'Settings unlike those of the family',
                [
                  { key: 'key', label: 'Setting', as: 'name' },
                  { key: 'value', label: 'Value', as: 'name' },
                  { key: 'usual', label: 'Its family', as: 'name' },
                  { key: 'family', label: 'Family', as: 'name' },
                  { key: 'source', label: 'Where it comes from', as: 'name' },
                ],
                drift.map(({ topic, key, value, usual, family }) => ({
                  topic,
                  key,
                  value,
                  usual,
                  family,
                  source: sourceWord(configs, topic, key) ?? null,
                })),
                run,
              ),
            ],
      pass: `Topics of ${plural(families.length, 'family', 'families')} are set alike.`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} set unlike their family: ${listed([worst.resource])} (${worst.note}).`,
      recommend: () => ({
        action: 'Set the topic like its family, or write down why it is different',
        confirmFirst: 'Ask the owner: the override may be deliberate.',
        commands: byTopic.slice(0, COMMAND_TOPICS).flatMap(([topic, own]) => likeFamily(topic, own, run)),
        risk: 'A shorter retention deletes records for good.',
        expectedEffect: 'Topics that belong together behave alike.',
        verifyAfter: 'kafka-configs.sh --describe shows the values of the family on the topic.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

type Exception = ReturnType<typeof exceptions>[number];

/** An override goes only where the family has none: what is inherited without one is else another value than theirs. */
function likeFamily(topic: string, own: readonly Exception[], { clusterKind }: RunContext): Command[] {
  // MSK Serverless takes the cleanup policy when a topic is created, and never again.
  const settable = own.filter(({ key }) => clusterKind !== 'serverless' || key !== 'cleanup.policy');
  const inherited = settable.filter(({ isInherited }) => isInherited).map(({ key }) => key);
  const set = settable.filter(({ isInherited }) => !isInherited);
  return [
    ...(inherited.length === 0
      ? []
      : [deleteTopicConfig(`Let ${listed([topic])} inherit what its family inherits`, topic, inherited)]),
    // kafka-configs.sh parts settings at commas outside brackets.
    ...set.map(({ key, usual }) =>
      setTopicConfig(
        `Set ${key} of ${listed([topic])} as its family does`,
        topic,
        key,
        usual.includes(',') ? `[${usual}]` : usual,
      ),
    ),
  ];
}

/** Topics that set the key themselves and unlike the value that most of their family have; none where too few agree. */
function exceptions(
  configs: SectionValue<'kafkaTopicConfigs'>,
  family: string,
  names: readonly string[],
  key: string,
  minAgreeingPercent: number,
) {
  const values = names.map((topic) => ({ topic, value: configValue(configs, topic, key) }));
  const [most] = [
    ...Map.groupBy(
      values.filter(({ value }) => value !== null),
      ({ value }) => value!,
    ),
  ].sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined || most[1].length * 100 < minAgreeingPercent * names.length) return [];
  const [usual, agreeing] = most;
  const isInherited = agreeing.every(({ topic }) => !isOwn(configs, topic, key));
  return values
    .filter(({ topic, value }) => value !== null && value !== usual && isOwn(configs, topic, key))
    .map((each) => ({ ...each, key, usual, family, isInherited }));
}
