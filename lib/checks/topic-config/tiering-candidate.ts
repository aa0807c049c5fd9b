// Records that are read within a day and kept for weeks lie on three volumes; tiered storage keeps one copy of them elsewhere.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html.

import { diskForecast } from '../../analysis/disk-forecast.ts';
import { HOUR_MS } from '../../analysis/durations.ts';
import { readDepths } from '../../analysis/read-depth.ts';
import { findHourly, trustedPoints } from '../../analysis/series.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { configValue, replicationFactor } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { mayBeTiered, TIERED_MIN_RETENTION_MS, TIERED_STORAGE_SOURCE } from '../../facts/tiered-storage.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { awsKafka, kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { doubtfulBecause, LEFT_SECTIONS, leftGroups, leftOut } from '../shared/left-groups.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, readLoads } from '../shared/loads.ts';
import { priceOf } from '../shared/money.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, clientTopics, numberSetting, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const ASKS_FOR = 'Tiered storage needs Kafka 3.6 and a size other than t3';
type Depths = ReturnType<typeof readDepths>;
const NOT_READ = { deepestSec: 0 };
const KEYS = ['cleanup.policy', 'retention.ms'] as const;

export default defineCheck({
  id: 'tiering-candidate',
  area: 'topic-config',
  title: { pass: 'Little cold data on the brokers', fail: 'Much cold data on the brokers' },
  why: 'Cold records lie on the volumes in three copies, and volumes of MSK never shrink.',
  references: [TIERED_STORAGE_SOURCE],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'Express brokers have no volumes to relieve.',
    serverless: 'MSK Serverless has no volumes to relieve.',
    kafka: 'The tier that is meant is one of MSK.',
  },
  needs: ['cluster'],
  mayUse: [...LOAD_SECTIONS, ...LEFT_SECTIONS, 'prices'],
  toleratesPartial: ['metrics', 'prices', 'kafkaGroups'],
  evaluate({ cluster, metrics, prices, kafkaGroups, ...inputs }, thresholds, run) {
    if (cluster.kind !== 'provisioned-standard') return { kind: 'not-applicable', because: 'Only Standard brokers.' };
    const possible = mayBeTiered(cluster.instanceType, cluster.kafkaVersion);
    if (possible === null) return { kind: 'no-data', because: 'Not measured: the Kafka version is not known.' };
    if (!possible)
      return {
        kind: 'not-applicable',
        because: `${ASKS_FOR} (${cluster.instanceType}, Kafka ${cluster.kafkaVersion}).`,
      };
    const { topics, gap } = readLoads(inputs, run);
    const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs } = inputs;
    if (!kafkaTopics.ok || !kafkaOffsets.ok || gap !== null)
      return { kind: 'no-data', because: `Not measured: ${gap}.` };
    if (!kafkaTopicConfigs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the configuration of topics', kafkaTopicConfigs)}.`,
      };
    if (!kafkaLogDirs.ok)
      return {
        kind: 'no-data',
        because: `Not measured: ${missingBecause('the list of log directories', kafkaLogDirs)}.`,
      };
    const configs = kafkaTopicConfigs.value;
    const readers = leftGroups(kafkaOffsets.value, { kafkaGroups, kafkaSamples, metrics }, run);
    const [depths, withDoubtful] = [readers.doubtful, readers.left].map((except) =>
      readDepths(kafkaOffsets.value, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs, except),
    ) as [Depths, Depths];
    const loads = new Map(topics.map((load) => [load.topic, load]));
    const client = clientTopics(kafkaTopics.value);
    const fitting = client.filter(({ name }) => fits(configs, name));
    const rows = fitting.flatMap((topic) => {
      const load = loads.get(topic.name);
      if (load === undefined || load.localBytes === null || load.bytesPerSec === null) return [];
      const copies = replicationFactor(topic);
      const cold = Math.max(0, load.localBytes - load.bytesPerSec * thresholds.localHours * 3600 * copies);
      const depth = depths.get(topic.name);
      const retentionMs = numberSetting(configs, topic.name, 'retention.ms')!;
      // Whom nobody reads at all, nobody reads deeply.
      return [
        {
          topic: topic.name,
          size: load.localBytes,
          cold,
          copies,
          readSec: depth === undefined ? 0 : depth.deepestSec,
          retentionMs,
        },
      ];
    });
    const judged = new Set(rows.filter(({ readSec }) => readSec !== null).map(({ topic }) => topic));
    const unsure = fitting.map(({ name }) => name).filter((name) => !judged.has(name));
    const isShallow = (sec: number | null) => sec !== null && sec <= thresholds.maxReadHours * 3600;
    const unread = rows.filter(({ cold, readSec }) => cold > 0 && isShallow(readSec)).sort((a, b) => b.cold - a.cold);
    // A group that may be run after all reads as deep as it lags.
    const found = unread.filter(({ topic }) => isShallow((withDoubtful.get(topic) ?? NOT_READ).deepestSec));
    const doubtful = unread.filter((row) => !found.includes(row)).map(({ topic }) => topic);
    const coldGiB = found.reduce((sum, { cold }) => sum + cold, 0) / GIB;
    const early = metrics.ok ? earliestDays(metrics.value, thresholds.diskPercent) : null;
    const isDue =
      found.length > 0 && (coldGiB > thresholds.minColdGiB || (early !== null && early < thresholds.diskEarlyDays));
    const [ebs, tier] = ['storage/gp2', 'storage/tiered'].map((key) => priceOf(prices, key)) as [
      ReturnType<typeof priceOf>,
      ReturnType<typeof priceOf>,
    ];
    // One copy of all that is kept: a segment is copied as soon as it rolls.
    const remoteGiB = found.reduce((sum, { size, copies }) => sum + size / copies, 0) / GIB;
    const avoided =
      'unknown' in ebs ? ebs.unknown : 'unknown' in tier ? tier.unknown : coldGiB * ebs.usd - remoteGiB * tier.usd;
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: severityFor(run, ['low', 'info', 'info']),
      measured: coldGiB * GIB,
      limit: thresholds.minColdGiB * GIB,
      unit: 'bytes',
      note: `${plural(found.length, 'topic')}, no group more than ${formatQuantity(thresholds.maxReadHours * 3600, 'durationSec')} behind${early !== null && early < thresholds.diskEarlyDays ? `; a disk reaches ${formatQuantity(thresholds.diskPercent, 'percent')} in ${formatQuantity(early, 'days')} at the earliest` : ''}`,
      confidence: LOOKS_CONFIDENCE,
    };
    return conclude({
      findings: isDue ? [finding] : [],
      gap: firstGap(
        unreadBecause(configs, client, KEYS),
        doubtfulBecause(doubtful, readers),
        unsure.length > 0 ? `bytes, or the depth of reading, of ${listed(unsure)} are not known` : null,
        metrics.ok ? null : missingBecause('CloudWatch', metrics),
      ),
      evidence: [
        topicTable(
          'Topics with cold data',
          [
            { key: 'size', label: 'On disk, all replicas', as: 'bytes' },
            { key: 'cold', label: 'Older than what would stay', as: 'bytes' },
            { key: 'retention', label: 'retention.ms', as: 'durationMs' },
            { key: 'read', label: 'Slowest group', as: 'durationSec' },
          ],
          found.map(({ topic, size, cold, retentionMs, readSec }) => ({
            topic,
            size,
            cold,
            retention: retentionMs === -1 ? null : retentionMs,
            read: withDoubtful.get(topic)?.deepestSec ?? readSec,
          })),
          run,
          `Kafka DescribeLogDirs, DescribeConfigs and committed offsets, at the time of the report${leftOut(readers)}`,
        ),
      ],
      pass: `${formatQuantity(coldGiB * GIB, 'bytes')} on the brokers are older than ${formatQuantity(thresholds.localHours * 3600, 'durationSec')} and could be tiered (limit ${formatQuantity(thresholds.minColdGiB * GIB, 'bytes')}).`,
      fail: () =>
        `${formatQuantity(coldGiB * GIB, 'bytes')} of ${plural(found.length, 'topic')} are older than any group reads and could lie in tiered storage.`,
      recommend: () => ({
        action:
          cluster.storageMode === 'TIERED'
            ? 'Tier the topics whose old records nobody reads'
            : 'Switch the cluster to tiered storage, then tier the topics whose old records nobody reads',
        confirmFirst:
          'Ask the owners: a retention that nobody needs is cheaper to lower than to tier, and compacted topics cannot be tiered.',
        commands: [
          ...(cluster.storageMode === 'TIERED'
            ? []
            : awsKafka(run, 'update-storage', {
                purpose: 'Allow tiered storage on the cluster; it cannot be switched off again',
                effect: 'change',
                args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--storage-mode', 'TIERED'],
              })),
          ...found.slice(0, COMMAND_TOPICS).map(({ topic }) =>
            kafkaTool('kafka-configs.sh', {
              purpose: `Keep a day of ${listed([topic])} on the brokers and the rest in the tier; a topic that leaves the tier cannot come back`,
              effect: 'change',
              args: [
                '--alter',
                '--entity-type',
                'topics',
                ...optionArgs('--entity-name', topic),
                '--add-config',
                `remote.storage.enable=true,local.retention.ms=${thresholds.localHours * HOUR_MS}`,
              ],
            }),
          ),
        ],
        risk: 'It cannot be taken back; the first read of an old record waits for the tier, and what is read from it is billed.',
        expectedEffect:
          typeof avoided === 'number'
            ? `Saves nothing now, because volumes do not shrink; avoids up to ${formatQuantity(avoided, 'usdPerMonth')} of growth, and as much at once on a rebuilt cluster.`
            : 'Saves nothing now, because volumes do not shrink; avoids that they grow.',
        verifyAfter: 'RemoteLogSizeBytes rises, and KafkaDataLogsDiskUsed falls over the local retention.',
        effort: 'migration',
        impact: {
          kind: 'unknown',
          because:
            typeof avoided === 'string' ? avoided : 'volumes do not shrink: what is saved is growth that is not bought',
        },
      }),
    });
  },
});

type Configs = Parameters<typeof numberSetting>[0];

/** Not tiered yet, and MSK would take it: compacted topics and short retentions it refuses. */
function fits(configs: Configs, topic: string): boolean {
  const retentionMs = numberSetting(configs, topic, 'retention.ms');
  const isPlain =
    configValue(configs, topic, 'cleanup.policy') === 'delete' &&
    configValue(configs, topic, 'remote.storage.enable') !== 'true';
  return isPlain && retentionMs !== null && (retentionMs === -1 || retentionMs >= TIERED_MIN_RETENTION_MS);
}

/** Days until the first broker's disk reaches the percent, by the early edge of its forecast; null when none is on the way. */
function earliestDays(metrics: Parameters<typeof findHourly>[0], percent: number): number | null {
  const days = findHourly(metrics, METRICS.diskUsed).flatMap((series) => {
    const forecast = diskForecast(trustedPoints(series, { dropLast: 0 }), { threshold: percent, full: 100 });
    return forecast?.kind === 'growing' && forecast.toThreshold.early !== null ? [forecast.toThreshold.early] : [];
  });
  return days.length === 0 ? null : Math.min(...days);
}
