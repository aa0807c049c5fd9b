// With automatic creation any client that misspells a topic makes one, with the brokers' defaults. MSK has it off by default.
import { plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { applyConfiguration, CONFIRM_CONFIG, RESTART_RISK } from '../shared/apply-config.ts';
import {
  numberOf,
  readSettings,
  SETTING_SECTIONS,
  settingsTable,
  TOLERATED,
  valuesOf,
  whereInForce,
} from '../shared/broker-settings.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import { clientTopics, topicTable } from '../shared/topic-settings.ts';

const KEY = 'auto.create.topics.enable';
const PARTITIONS = 'num.partitions';

export default defineCheck({
  id: 'topics-auto-created',
  area: 'broker-config',
  title: { pass: 'Topics are created on purpose', fail: 'Any client can create topics by naming them' },
  why: 'A misspelt name becomes a topic with default partitions and retention, and records go where nobody reads.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html',
    'https://kafka.apache.org/documentation/#brokerconfigs_auto.create.topics.enable',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless has no broker settings.' },
  needs: [],
  mayUse: [...SETTING_SECTIONS, 'kafkaTopics'],
  toleratesPartial: [...TOLERATED, 'kafkaTopics'],
  evaluate({ kafkaTopics, ...inputs }, _thresholds, run) {
    const { found, gap } = readSettings([KEY], inputs);
    const setting = found.get(KEY);
    const on = valuesOf(setting).find(({ value }) => value === 'true');
    const count = numberOf(readSettings([PARTITIONS], inputs).found.get(PARTITIONS));
    const likely = (kafkaTopics.ok ? clientTopics(kafkaTopics.value) : []).filter(
      ({ partitions }) => partitions.length === count,
    );
    const findings: FindingDraft[] =
      setting === undefined || on === undefined
        ? []
        : [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity: severityFor(run, ['medium', 'low', 'info']),
              measured: null,
              limit: null,
              unit: 'count',
              note: `${KEY} is true${whereInForce(setting, on)}: ${setting.source}`,
              confidence: setting.confidence,
            },
          ];
    return conclude({
      findings,
      gap,
      evidence: [
        ...(setting === undefined ? [] : [settingsTable('Creation of topics', [setting])]),
        ...(findings.length > 0 && likely.length > 0
          ? [
              topicTable(
                'Topics with as many partitions as the default gives',
                [{ key: 'partitions', label: 'Partitions', as: 'count' }],
                likely.map(({ name, partitions }) => ({ topic: name, partitions: partitions.length })),
                run,
              ),
            ]
          : []),
      ],
      pass: `${KEY} is false.`,
      fail: () =>
        `${KEY} is true: any client creates the topic it names; ${plural(likely.length, 'topic')} have the default number of partitions.`,
      recommend: () => ({
        action: `Set ${KEY}=false, and create topics by infrastructure code or the topic API of MSK`,
        confirmFirst: `Ask which applications rely on it (Kafka Connect and Kafka Streams create theirs without it). ${CONFIRM_CONFIG}`,
        commands: applyConfiguration([`${KEY}=false`], inputs.configuration, run),
        risk: `Applications that rely on it fail on a topic that does not exist. ${RESTART_RISK}`,
        expectedEffect: 'A misspelt name fails at once, where it is misspelt.',
        verifyAfter: `The brokers answer ${KEY}=false, and the number of topics no longer grows by itself.`,
        effort: 'rollingRestart',
        impact: { kind: 'none' },
      }),
    });
  },
});
