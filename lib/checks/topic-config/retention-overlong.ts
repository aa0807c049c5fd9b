// Large topics that keep records for weeks although every group reads them within hours. Kafka cannot tell who reads without committing, so
// this is a question to the owner, not an order.

import { DAY_MS } from '../../analysis/durations.ts';
import { type ReadDepth, readDepths } from '../../analysis/read-depth.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { configValue, replicationFactor } from '../../analysis/topology.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Impact } from '../check.ts';
import { setTopicConfig, showReaders } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { storagePrice } from '../shared/disk-room.ts';
import { doubtfulBecause, LEFT_SECTIONS, leftGroups, leftOut } from '../shared/left-groups.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, readLoads } from '../shared/loads.ts';
import { priceOf, saved } from '../shared/money.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, clientTopics, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const KEYS = ['cleanup.policy', 'retention.ms'] as const;
type Depths = ReturnType<typeof readDepths>;

const hours = (sec: number) => formatQuantity(sec, 'durationSec');

export default defineCheck({
  id: 'retention-overlong',
  area: 'topic-config',
  title: { pass: 'Large topics keep what is read', fail: 'Large topics keep what nobody reads' },
  why: 'Records that nobody reads any more fill most of the storage that is paid for.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_retention.ms',
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka', 'unknown'],
  notApplicable: { serverless: 'MSK Serverless shows no sizes of topics.' },
  needs: [],
  mayUse: [...LOAD_SECTIONS, ...LEFT_SECTIONS, 'prices'],
  toleratesPartial: ['prices', 'kafkaGroups', 'metrics'],
  evaluate({ prices, kafkaGroups, metrics, ...inputs }, thresholds, run) {
    const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs } = inputs;
    if (!kafkaTopics.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('Kafka metadata', kafkaTopics)}.` };
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    if (!kafkaOffsets.ok)
      return { kind: 'no-data', because: `Not measured: ${missingBecause('the list of offsets', kafkaOffsets)}.` };
    if (!kafkaLogDirs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the list of log directories', kafkaLogDirs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const loads = new Map(readLoads(inputs, run).topics.map((load) => [load.topic, load]));
    const whole = [...loads.values()].reduce((sum, { localBytes }) => sum + (localBytes ?? 0), 0);
    const large = clientTopics(kafkaTopics.value).filter(
      ({ name }) => (loads.get(name)?.localBytes ?? 0) * 100 > thresholds.minStorageSharePercent * whole,
    );
    const readers = leftGroups(kafkaOffsets.value, { kafkaGroups, kafkaSamples, metrics }, run);
    const [depths, withDoubtful] = [readers.doubtful, readers.left].map((except) =>
      readDepths(kafkaOffsets.value, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs, except),
    ) as [Depths, Depths];
    const long = large.filter(
      ({ name }) =>
        configValue(configs, name, 'cleanup.policy') === 'delete' &&
        (numberSetting(configs, name, 'retention.ms') ?? 0) > thresholds.maxDays * DAY_MS,
    );
    const limitSec = thresholds.maxReadHours * 3600;
    const unsure = long.filter(({ name }) => depths.has(name) && depths.get(name)!.deepestSec === null);
    const isShallow = (depth: ReadDepth | undefined) =>
      depth !== undefined && (depth.deepestSec ?? Number.POSITIVE_INFINITY) <= limitSec;
    // A topic that is read shallow if this group, but not that one, is run.
    const doubtful = long.flatMap(({ name }) => {
      const [sure, all] = [depths.get(name), withDoubtful.get(name)];
      const mayBeShallow = sure === undefined ? (all?.groups ?? 0) > 1 || all?.deepestSec === null : isShallow(sure);
      return !isShallow(all) && mayBeShallow ? [name] : [];
    });
    const found = long.flatMap((topic) => {
      const { groups = 0, deepestSec = null } = withDoubtful.get(topic.name) ?? {};
      const load = loads.get(topic.name)!;
      if (deepestSec === null || deepestSec > limitSec || load.localBytes === null) return [];
      const keepSec = Math.max(limitSec, thresholds.minLagFactor * deepestSec);
      const fresh = load.bytesPerSec === null ? null : load.bytesPerSec * keepSec * replicationFactor(topic);
      return [
        {
          topic,
          groups,
          deepestSec,
          keepSec,
          size: load.localBytes,
          cold: fresh === null ? null : Math.max(0, load.localBytes - fresh),
          retentionMs: numberSetting(configs, topic.name, 'retention.ms')!,
        },
      ];
    });
    const findings = found.map(
      ({ topic, size, groups, deepestSec, retentionMs }): FindingDraft => ({
        scope: 'topic',
        resource: topic.name,
        severity: severityFor(run, ['low', 'low', 'info']),
        measured: retentionMs,
        limit: thresholds.maxDays * DAY_MS,
        unit: 'durationMs',
        note: `${formatQuantity((100 * size) / whole, 'percent')} of the storage; ${plural(groups, 'group')} at most ${hours(deepestSec)} behind`,
        // One look at the groups stands for weeks of reading.
        confidence: LOOKS_CONFIDENCE,
      }),
    );
    const cold = found.reduce<number | null>(
      (sum, each) => (sum === null || each.cold === null ? null : sum + each.cold),
      0,
    );
    return conclude({
      findings,
      gap: firstGap(
        unreadBecause(configs, large, KEYS),
        doubtfulBecause(doubtful, readers),
        unsure.length > 0 ? `how far back groups of ${listed(unsure.map(({ name }) => name))} read is not known` : null,
      ),
      evidence:
        found.length === 0
          ? []
          : [
              topicTable(
                'Large topics whose groups read the newest records only',
                [
                  { key: 'size', label: 'On disk, all replicas', as: 'bytes' },
                  { key: 'cold', label: 'Older than anyone needs', as: 'bytes' },
                  { key: 'retention', label: 'retention.ms', as: 'durationMs' },
                  { key: 'behind', label: 'Slowest group', as: 'durationSec' },
                ],
                found.map(({ topic, size, cold: old, retentionMs, deepestSec }) => ({
                  topic: topic.name,
                  size,
                  cold: old,
                  retention: retentionMs,
                  behind: deepestSec,
                })),
                run,
                `Kafka DescribeLogDirs, DescribeConfigs and committed offsets, at the time of the report${leftOut(readers)}`,
              ),
            ],
      pass: `No topic above ${formatQuantity(thresholds.minStorageSharePercent, 'percent')} of the storage keeps more than ${formatQuantity(thresholds.maxDays, 'days')} while its groups read the newest day alone.`,
      fail: (worst, all) =>
        `${plural(all.length, 'large topic')} whose groups read the newest records only: ${listed([worst.resource])} keeps ${formatQuantity(worst.measured, 'durationMs')}.`,
      recommend: () => ({
        action: 'Lower the retention to what readers need, or move the older part to tiered storage',
        confirmFirst:
          'Ask the owner: replays, audits and readers that commit nothing (Flink, Spark, a test tool) do not show here.',
        commands: [
          showReaders(),
          ...found
            .slice(0, COMMAND_TOPICS)
            .map(({ topic }) =>
              setTopicConfig(
                `Keep ${listed([topic.name])} for ${formatQuantity(thresholds.maxDays, 'days')}; older records are deleted for good`,
                topic.name,
                'retention.ms',
                String(thresholds.maxDays * DAY_MS),
              ),
            ),
        ],
        risk: 'What is older is deleted for good within minutes. Volumes of MSK do not shrink: what is saved is growth.',
        expectedEffect:
          cold === null
            ? 'The topics shrink to what is read.'
            : `About ${formatQuantity(cold, 'bytes')} are older than anyone needs.`,
        verifyAfter: 'KafkaDataLogsDiskUsed falls, and no group reports offsets out of range.',
        effort: 'setting',
        impact: impactOf(cold),
      }),
    });

    function impactOf(bytes: number | null): Impact {
      const storage = storagePrice(run, 1);
      if (storage === null || bytes === null)
        return {
          kind: 'unknown',
          because: bytes === null ? 'how many bytes are older is not known' : 'no price is known outside MSK',
        };
      if (run.clusterKind !== 'provisioned-express')
        return { kind: 'unknown', because: 'volumes do not shrink: the saving is growth that is not bought' };
      const price = priceOf(prices, storage.key);
      const copies = Math.max(1, ...found.map(({ topic }) => replicationFactor(topic)));
      return 'unknown' in price
        ? { kind: 'unknown', because: price.unknown }
        : saved('Stored data that nobody reads', bytes / copies / GIB, 'GiB-month', price.usd);
    }
  },
});
