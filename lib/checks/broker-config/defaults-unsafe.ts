// What a new topic gets when nobody says otherwise: copies, the least number of them to write, partitions; and how long commits are kept.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import {
  numbersWhere,
  readSettings,
  SETTING_SECTIONS,
  type Settings,
  settingsTable,
  TOLERATED,
  whereInForce,
} from '../shared/broker-settings.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { beforeMinIsrDefault, minIsrDefault } from '../shared/min-isr-default.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const AUTO_CREATE = 'auto.create.topics.enable';
const KEYS = [
  'default.replication.factor',
  'min.insync.replicas',
  'num.partitions',
  'offsets.retention.minutes',
] as const;
type Key = (typeof KEYS)[number];

export default defineCheck({
  id: 'defaults-unsafe',
  area: 'broker-config',
  title: { pass: 'Safe defaults for new topics', fail: 'Unsafe defaults for new topics' },
  why: 'Whoever creates a topic without saying more gets these: one copy, or one partition, for as long as the topic lives.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless has no broker settings.' },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'kafkaBrokers', 'kafkaGroups', 'kafkaTopics', 'kafkaTopicConfigs'],
  // Topics shape the advice alone.
  toleratesPartial: [...TOLERATED, 'kafkaTopics', 'kafkaTopicConfigs'],
  evaluate({ kafkaBrokers, kafkaGroups, kafkaTopics, kafkaTopicConfigs, ...inputs }, thresholds, run) {
    const settings = readSettings([...KEYS, AUTO_CREATE], inputs);
    const zones = zonesOf(inputs.cluster, kafkaBrokers);
    const makes = creators(settings, kafkaGroups.ok ? kafkaGroups.value : []);
    const limits: Readonly<Record<Key, number | null>> = {
      'default.replication.factor': zones === null ? null : Math.min(thresholds.minReplicationFactor, zones),
      // With two zones one of two copies must do, or nothing is written while a zone is away.
      'min.insync.replicas': zones !== null && zones >= 3 ? thresholds.minInsyncReplicas : null,
      'num.partitions': makes === null ? null : thresholds.minPartitions,
      'offsets.retention.minutes': thresholds.minOffsetsRetentionMinutes,
    };
    const low = KEYS.flatMap((key) => {
      const setting = settings.found.get(key);
      const limit = limits[key];
      const worst = limit === null ? undefined : numbersWhere(setting, (value) => value < limit).at(-1);
      return setting === undefined || limit === null || worst === undefined ? [] : [{ key, setting, limit, worst }];
    });
    return conclude({
      findings: low.map(
        ({ key, setting, limit, worst }): FindingDraft => ({
          scope: 'cluster',
          resource: key,
          severity: severityFor(run, ['medium', 'low', 'info']),
          measured: worst.number,
          limit,
          unit: key === 'offsets.retention.minutes' ? 'minutes' : 'count',
          note: `${setting.source}${whereInForce(setting, worst)}${key === 'num.partitions' ? `; ${makes}` : ''}`,
          confidence: setting.confidence,
        }),
      ),
      worse: 'lower',
      gap: firstGap(
        settings.gap,
        zones === null ? 'the number of zones is not known' : null,
        kafkaGroups.ok ? null : missingBecause('the list of groups', kafkaGroups),
      ),
      evidence: [settingsTable('Defaults', [...settings.found.values()])],
      pass: `New topics get ${KEYS.map((key) => `${key} ${settings.found.get(key)?.value}`).join(', ')}.`,
      fail: (_worst, all) =>
        `Defaults of the brokers are unsafe: ${all.map(({ resource, measured }) => `${resource} ${measured}`).join(', ')}.`,
      recommend: () => {
        const minIsr = low.find(({ key }) => key === 'min.insync.replicas');
        const before = minIsr === undefined ? null : beforeMinIsrDefault(minIsr.limit, kafkaTopics, kafkaTopicConfigs);
        const held = before?.because ?? null;
        const raised = low.filter((each) => each !== minIsr || held === null);
        const line = ({ key, limit }: (typeof low)[number]) =>
          // The least for each copy that is wanted, so that as many brokers share them evenly.
          `${key}=${key === 'num.partitions' ? limit * thresholds.minReplicationFactor : limit}`;
        const layers = minIsr === undefined ? null : minIsrDefault(minIsr.limit, inputs.kafkaBrokerConfigs);
        const wait = held === null ? '' : `min.insync.replicas has to wait, because ${held}`;
        return {
          action:
            raised.length === 0
              ? `Give those topics a third replica or a value of their own first: ${wait}`
              : `Set ${listed(raised.map(line), KEYS.length)}${held === null ? '' : `; ${wait}`}`,
          confirmFirst: `Rule out that all topics are created by code that says all of it. ${CONFIRM_CONFIG}`,
          commands: [
            ...(before?.pins ?? []),
            ...applyConfiguration(
              raised.flatMap((each) => (each === minIsr ? layers!.lines : [line(each)])),
              inputs.configuration,
              run,
            ),
            ...(held === null ? (layers?.dynamic ?? []) : []),
          ],
          risk: `Topics that exist keep their copies and partitions; min.insync.replicas holds at once for topics that do not set it. ${RESTART_RISK}`,
          expectedEffect: 'New topics outlive a broker, and more than one reader can share them.',
          verifyAfter: 'A topic created without settings has the new values.',
          effort: 'rollingRestart',
          impact: { kind: 'none' },
        };
      },
    });
  },
});

/** Availability zones of the brokers; without any named, so many brokers stand for so many places. Null when nobody knows. */
function zonesOf(
  cluster: Collected<SectionValue<'cluster'>>,
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>>,
): number | null {
  if (cluster.ok && cluster.value.kind !== 'serverless') return cluster.value.azCount;
  if (!kafkaBrokers.ok) return null;
  const racks = new Set(kafkaBrokers.value.brokers.flatMap(({ rack }) => rack ?? []));
  return racks.size > 0 ? racks.size : kafkaBrokers.value.brokers.length;
}

/** Who makes topics by the default number of partitions; null when nobody is known to. */
function creators({ found }: Settings, groups: SectionValue<'kafkaGroups'>): string | null {
  if (found.get(AUTO_CREATE)?.value === 'true') return 'clients create topics by naming them';
  const makers = groups.filter(
    ({ type, protocolType, assignor }) => protocolType === 'connect' || type === 'streams' || assignor === 'stream',
  );
  return makers.length === 0
    ? null
    : `${listed(makers.map(({ groupId }) => groupId))} may create topics (Connect or Streams)`;
}
