// Topics that never delete: cleanup.policy=delete with neither a time nor a size. They grow until the volumes are full.

import { HOURS_PER_MONTH } from '../../analysis/cost.ts';
import { DAY_SEC } from '../../analysis/durations.ts';
import { GIB, type TopicLoad } from '../../analysis/topic-load.ts';
import { configValue, replicationFactor } from '../../analysis/topology.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Impact, type RunContext } from '../check.ts';
import { setTopicConfig, showReaders } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { roomBytes, storagePrice } from '../shared/disk-room.ts';
import { readLoads } from '../shared/loads.ts';
import { priceOf, saved } from '../shared/money.ts';
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

const KEYS = ['cleanup.policy', 'retention.ms', 'retention.bytes'] as const;
const WEEK_MS = '604800000';

export default defineCheck({
  id: 'retention-unbounded',
  area: 'topic-config',
  title: { pass: 'Every topic deletes at some time or size', fail: 'Topics that never delete anything' },
  why: 'Such a topic grows until the volumes are full, and a full volume stops the broker.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_retention.ms',
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: ['kafkaTopics'],
  mayUse: ['kafkaTopicConfigs', 'kafkaOffsets', 'kafkaSamples', 'kafkaLogDirs', 'cluster', 'metrics', 'prices'],
  toleratesPartial: ['kafkaOffsets', 'kafkaSamples', 'kafkaLogDirs', 'cluster', 'metrics', 'prices'],
  evaluate({ kafkaTopics, cluster, metrics, prices, ...rest }, thresholds, run) {
    const { kafkaTopicConfigs } = rest;
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const topics = clientTopics(kafkaTopics);
    if (topics.length === 0) return { kind: 'not-applicable', because: 'The cluster has no topics of clients.' };
    const endless = topics.filter(
      ({ name }) =>
        configValue(configs, name, 'cleanup.policy') === 'delete' &&
        KEYS.slice(1).every((key) => numberSetting(configs, name, key) === -1) &&
        configValue(configs, name, 'remote.storage.enable') !== 'true',
    );
    const own = endless.filter(({ name }) => isOwn(configs, name, 'retention.ms'));
    const inherited = endless.filter(({ name }) => !isOwn(configs, name, 'retention.ms'));
    const loads = new Map(
      readLoads({ ...rest, kafkaTopics: { ok: true, value: kafkaTopics, asOfMs: run.takenAtMs } }, run).topics.map(
        (load) => [load.topic, load],
      ),
    );
    const growth = endless.map((topic) => growthPerDay(loads.get(topic.name), topic));
    const total = growth.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
    const room = roomBytes(cluster, metrics, thresholds.diskPercent, run);
    const days = total === null || total <= 0 || room === null ? null : Math.max(0, room) / total;
    const common = { severity: severityFor(run, ['high', 'medium', 'low']), limit: null, confidence: 1 } as const;
    const findings = [
      ...own.map(
        (topic): FindingDraft => ({
          ...common,
          scope: 'topic',
          resource: topic.name,
          measured: loads.get(topic.name)?.localBytes ?? null,
          unit: 'bytes',
          note: 'retention.ms and retention.bytes are -1, set on the topic',
        }),
      ),
      ...(inherited.length === 0
        ? []
        : [
            {
              ...common,
              scope: 'cluster',
              resource: run.clusterName,
              measured: inherited.length,
              unit: 'count',
              note: `${plural(inherited.length, 'topic')} inherit from the brokers that nothing is deleted: ${listed(inherited.map(({ name }) => name))}`,
            } satisfies FindingDraft,
          ]),
    ];
    return conclude({
      findings,
      gap: firstGap(unreadBecause(configs, topics, KEYS), null),
      evidence:
        endless.length === 0
          ? []
          : [
              topicTable(
                'Topics without an end',
                [
                  { key: 'size', label: 'On disk, all replicas', as: 'bytes' },
                  { key: 'growth', label: 'Growth a day', as: 'bytes' },
                ],
                endless
                  .map(({ name }, i) => ({
                    topic: name,
                    size: loads.get(name)?.localBytes ?? null,
                    growth: growth[i] ?? null,
                  }))
                  .sort((a, b) => (b.size ?? 0) - (a.size ?? 0)),
                run,
              ),
            ],
      pass: `All ${plural(topics.length, 'topic')} with cleanup.policy=delete have a limit.`,
      fail: () =>
        `${plural(endless.length, 'topic never deletes', 'topics never delete')} anything: ${listed(endless.map(({ name }) => name))}${days === null ? '' : `; at this pace alone the disks reach ${formatQuantity(thresholds.diskPercent, 'percent')} in ${formatQuantity(days, 'days')}`}.`,
      recommend: () => ({
        action:
          'Set a retention that the owner of the topic agrees to, or compaction where only the latest record of a key counts',
        confirmFirst:
          'Ask the owner: event-sourced topics keep everything on purpose, and then belong on tiered storage.',
        commands: [
          showReaders(),
          ...endless
            .slice(0, COMMAND_TOPICS)
            .map(({ name }) =>
              setTopicConfig(
                `Keep ${listed([name])} for a week; older records are deleted for good`,
                name,
                'retention.ms',
                WEEK_MS,
              ),
            ),
        ],
        risk: 'What is older than the new limit is deleted within minutes and cannot be brought back.',
        expectedEffect: 'The topic stops growing once the retention has passed.',
        verifyAfter: 'KafkaDataLogsDiskUsed levels off.',
        effort: 'setting',
        impact: impactOf(endless, growth, prices, run),
      }),
    });
  },
});

/** Bytes a day over all replicas; null where the rate is not known. */
function growthPerDay(load: TopicLoad | undefined, topic: Topic): number | null {
  const rate = load?.bytesPerSec ?? null;
  return rate === null ? null : rate * DAY_SEC * replicationFactor(topic);
}

/** What one more month of growth costs, every month. */
function impactOf(
  topics: readonly Topic[],
  growth: readonly (number | null)[],
  prices: Parameters<typeof priceOf>[0],
  run: RunContext,
): Impact {
  const known = growth.filter((each) => each !== null);
  if (known.length < topics.length) return { kind: 'unknown', because: 'the growth of some topics is not known' };
  const factor = Math.max(1, ...topics.map(replicationFactor));
  const storage = storagePrice(run, factor);
  if (storage === null) return { kind: 'unknown', because: 'no price is known outside MSK' };
  const price = priceOf(prices, storage.key);
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  const bytes =
    known.reduce((sum, each) => sum + each, 0) * ((HOURS_PER_MONTH * 3600) / DAY_SEC) * (storage.copies / factor);
  return saved('Growth of one month that is not stored', bytes / GIB, 'GiB-month', price.usd);
}
