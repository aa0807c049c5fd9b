// With any compression.type but producer the broker unpacks and packs every batch again that came in another codec, at the cost of its CPU.
import { configValue } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { bothOf } from '../shared/both-of.ts';
import { setTopicConfig } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { levelsOf } from '../shared/levels.ts';
import { setOnBrokers } from '../shared/overrides.ts';
import { brokerSeries, coverageGap, expectedBrokers } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, isOwn, sourceWord, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEY = 'compression.type';
const TAIL = 0.95;

export default defineCheck({
  id: 'broker-recompression',
  area: 'broker-config',
  title: { pass: 'Batches are stored as producers send them', fail: 'Brokers compress what producers send again' },
  why: 'Busy brokers spend CPU on work that producers have done already, or could do for them.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_compression.type',
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless shows no brokers.',
    kafka: 'CPU of brokers outside MSK is not visible through the Kafka protocol.',
  },
  needs: ['kafkaTopics', 'kafkaTopicConfigs'],
  mayUse: ['metrics', 'nodes', 'kafkaBrokers', 'kafkaBrokerConfigs'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'kafkaBrokerConfigs'],
  evaluate(
    { kafkaTopics, kafkaTopicConfigs: configs, metrics, nodes, kafkaBrokers, kafkaBrokerConfigs },
    thresholds,
    run,
  ) {
    // What Kafka writes itself is small, and compressed by its own rules.
    const topics = kafkaTopics.filter(({ partitions, internal }) => partitions.length > 0 && !internal);
    const packed = topics.flatMap(({ name }) => {
      const codec = configValue(configs, name, KEY);
      return codec === null || codec === 'producer' ? [] : [{ name, codec, own: isOwn(configs, name, KEY) }];
    });
    const unread = unreadBecause(configs, topics, [KEY]);
    const own = packed.filter((each) => each.own);
    const inherited = packed.filter((each) => !each.own);
    const cpu = metrics.ok
      ? bothOf(brokerSeries(metrics.value, METRICS.cpuUser, run), brokerSeries(metrics.value, METRICS.cpuSystem, run))
      : new Map();
    const busiest = levelsOf(cpu, TAIL)[0]?.value ?? null;
    const isBusy = busiest !== null && busiest > thresholds.minCpuPercent;
    const common = {
      severity: severityFor(run, ['medium', 'low', 'info']),
      measured: busiest,
      limit: thresholds.minCpuPercent,
      unit: 'percent',
      confidence: 0.6,
    } as const;
    return conclude({
      findings: isBusy
        ? [
            ...own.map(
              ({ name, codec }): FindingDraft => ({
                ...common,
                scope: 'topic',
                resource: name,
                note: `${KEY}=${codec}, set on the topic`,
              }),
            ),
            ...(inherited.length === 0
              ? []
              : [
                  {
                    ...common,
                    scope: 'cluster' as const,
                    resource: run.clusterName,
                    note: `${plural(inherited.length, 'topic')} inherit ${KEY}=${inherited[0]!.codec}`,
                  },
                ]),
          ]
        : [],
      gap: firstGap(
        unread,
        packed.length === 0
          ? null
          : metrics.ok
            ? coverageGap(
                cpu,
                expectedBrokers(nodes, kafkaBrokers),
                'CpuUser + CpuSystem',
                thresholds.minCoveragePercent,
              )
            : missingBecause('CloudWatch', metrics),
      ),
      evidence:
        packed.length === 0
          ? []
          : [
              topicTable(
                'Topics that brokers compress',
                [
                  { key: 'codec', label: KEY, as: 'name' },
                  { key: 'source', label: 'Where it comes from', as: 'name' },
                ],
                packed.map(({ name, codec }) => ({
                  topic: name,
                  codec,
                  source: sourceWord(configs, name, KEY) ?? null,
                })),
                run,
              ),
            ],
      pass:
        packed.length === 0
          ? `${KEY} is producer for all ${plural(topics.length, 'topic')}.`
          : `${plural(packed.length, 'topic')} compressed by brokers, whose CPU is at ${formatQuantity(busiest, 'percent')} (limit ${formatQuantity(thresholds.minCpuPercent, 'percent')}).`,
      fail: () =>
        `Brokers compress ${plural(packed.length, 'topic')} (${listed(packed.map(({ name }) => name))}) with CPU at ${formatQuantity(busiest, 'percent')} (limit ${formatQuantity(thresholds.minCpuPercent, 'percent')}).`,
      recommend: () => ({
        action: `Set ${KEY}=producer, and the codec at the producers (lz4 or zstd)`,
        confirmFirst:
          'Rule out producers that use the same codec already, which brokers then store as it is, and producers that cannot compress.',
        commands: [
          ...own
            .slice(0, COMMAND_TOPICS)
            .map(({ name }) => setTopicConfig(`Store ${listed([name])} as producers send it`, name, KEY, 'producer')),
          ...(inherited.length === 0
            ? []
            : setOnBrokers('Store all other topics as producers send them', KEY, 'producer', kafkaBrokerConfigs)),
        ],
        risk: 'None for records; what is stored then has the codec of its producer, none if it compresses nothing.',
        expectedEffect: 'CPU of the brokers falls.',
        verifyAfter: 'CpuUser falls, and bytes on disk do not rise.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});
