// Topics with too few partitions for their traffic, their readers or the brokers: a partition has one leader and, in a group, one reader.
import type { GroupStatus } from '../../analysis/consumer-status.ts';
import { piecesFor } from '../../analysis/sizing.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import type { TopicLoad } from '../../analysis/topic-load.ts';
import { type TopicPeak, topicPeaks } from '../../analysis/topic-peak.ts';
import { configValue } from '../../analysis/topology.ts';
import { hasTopicOperations } from '../../facts/kafka-versions.ts';
import { OF_STREAMS, OF_TOOLS } from '../../facts/topic-names.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type Command, optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { awsKafka, kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { readGroups } from '../shared/consumers.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, loadSource, readLoads } from '../shared/loads.ts';
import { type PartitionCap, publishedPartitionCap } from '../shared/partition-cap.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS } from '../shared/topic-settings.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';

const LAGGING = ['FALLING_BEHIND', 'BEHIND_STEADY', 'DRAINING'];
const rate = (value: number) => formatQuantity(value, 'bytesPerSec');

type Thresholds = CheckThresholds['topic-underpartitioned'];

interface Short {
  load: TopicLoad;
  peak: TopicPeak | null;
  needed: number;
  because: string;
  measured: number;
  limit: number;
  unit: 'bytesPerSec' | 'count' | 'ratio';
}

export default defineCheck({
  id: 'topic-underpartitioned',
  area: 'balance',
  title: { pass: 'Topics have partitions enough', fail: 'Topics with too few partitions' },
  why: 'A partition is one leader and one reader: with too few of them neither brokers nor consumers can share the load.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html',
    'https://kafka.apache.org/documentation/#basic_ops_modify_topic',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: [],
  mayUse: [...LOAD_SECTIONS, 'kafkaGroups', 'kafkaBrokers', 'metrics', 'cluster'],
  toleratesPartial: ['metrics', 'cluster'],
  needsOwnMetadata: true,
  evaluate({ kafkaGroups, kafkaBrokers, metrics, cluster, ...inputs }, thresholds, run) {
    const { topics, gap } = readLoads(inputs, run);
    if (gap !== null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const judged = topics.filter(({ internal, partitions }) => !internal && partitions.length > 0);
    if (judged.length === 0) return { kind: 'not-applicable', because: 'The cluster has no topics of clients.' };
    const cap = publishedPartitionCap(run.clusterKind) ?? {
      bytesPerSec: thresholds.capMiBPerSec * MIB,
      name: 'planned rate of a partition',
    };
    const brokerCount = kafkaBrokers.ok && run.clusterKind !== 'serverless' ? kafkaBrokers.value.brokers.length : 1;
    const peaks = topicPeaks(topics, metrics.ok ? metrics.value : null);
    const total = [...peaks.values()].reduce((sum, { bytesPerSec }) => sum + bytesPerSec, 0);
    const readers = readersByTopic(
      kafkaGroups.ok && inputs.kafkaOffsets.ok
        ? readGroups(kafkaGroups.value, inputs.kafkaOffsets.value, inputs.kafkaSamples, run)
        : [],
    );
    const found = judged.flatMap((load): Short[] => {
      const peak = peaks.get(load.topic) ?? null;
      return (
        [
          byTraffic(load, peak, cap, thresholds),
          byReaders(load, readers.get(load.topic) ?? [], thresholds),
          byBrokers(load, peak, total, brokerCount, thresholds),
        ].find((each) => each.length > 0) ?? []
      ).map((each) => ({
        ...each,
        load,
        peak,
        needed: Math.ceil(Math.max(each.needed, load.partitions.length + 1) / brokerCount) * brokerCount,
      }));
    });
    const unknown = judged
      .filter(({ topic, messagesPerSec }) => !peaks.has(topic) && messagesPerSec !== 0)
      .map(({ topic }) => topic);
    return conclude({
      findings: found.map((each) => finding(each, run)),
      gap: firstGap(
        metrics.ok || run.clusterKind === 'kafka' ? null : missingBecause('CloudWatch', metrics),
        unknown.length > 0 ? `bytes of ${listed(unknown)} are not known` : null,
        kafkaGroups.ok ? null : missingBecause('the list of groups', kafkaGroups),
        kafkaBrokers.ok || run.clusterKind === 'serverless'
          ? null
          : missingBecause('the list of brokers', kafkaBrokers),
      ),
      evidence: found.length === 0 ? [] : [table(found, loadSource(inputs))],
      pass: `None of ${plural(judged.length, 'topic')} needs more partitions (${cap.name}: ${rate(cap.bytesPerSec)}).`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} with too few partitions: ${listed([worst.resource])} (${worst.note}).`,
      recommend: () => recommend(found, inputs.kafkaTopicConfigs, hasTopicApi(cluster), run),
    });
  },
});

type Clause = Omit<Short, 'load' | 'peak'>[];

/** The peak over the partitions, or the busiest one if it is not far above the others: a hot key is not split by more partitions. */
function byTraffic(
  { partitions }: TopicLoad,
  peak: TopicPeak | null,
  cap: PartitionCap,
  { maxShareOfCapPercent }: Thresholds,
): Clause {
  if (peak === null) return [];
  const rates = partitions.map(({ messagesPerSec }) => messagesPerSec ?? 0);
  const sum = rates.reduce((a, b) => a + b, 0);
  const fair = 1 / partitions.length;
  const busiest = sum > 0 ? Math.max(...rates) / sum : fair;
  const share = busiest >= 2 * fair ? fair : busiest;
  const limit = (cap.bytesPerSec * maxShareOfCapPercent) / 100;
  const measured = peak.bytesPerSec * share;
  if (measured <= limit) return [];
  return [
    {
      needed: piecesFor(peak.bytesPerSec, limit),
      because: `its busiest partition takes ${rate(measured)} at the peak, ${cap.name} ${rate(cap.bytesPerSec)}`,
      measured,
      limit,
      unit: 'bytesPerSec',
    },
  ];
}

interface Readers {
  groupId: string;
  rows: GroupStatus['partitions'];
}

/** Groups that are late on a topic, with all of their rows of it. */
function readersByTopic(groups: readonly GroupStatus[]): Map<string, Readers[]> {
  const readers = new Map<string, Readers[]>();
  for (const { groupId, partitions, topics } of groups) {
    for (const { topic } of topics.filter(({ status }) => LAGGING.includes(status))) {
      const known = readers.get(topic) ?? [];
      readers.set(topic, [...known, { groupId, rows: partitions.filter((row) => row.topic === topic) }]);
    }
  }
  return readers;
}

/** A late group whose every partition has a reader of its own, and that hardly reads faster than is written. */
function byReaders({ partitions }: TopicLoad, groups: readonly Readers[], { minCatchUpRatio }: Thresholds): Clause {
  return groups.flatMap(({ groupId, rows: own }) => {
    const late = own.filter(({ status }) => LAGGING.includes(status));
    const readers = new Set(own.flatMap(({ assignedTo }) => assignedTo ?? []));
    const produced = late.reduce((sum, row) => sum + (row.produceRatePerSec ?? 0), 0);
    const consumed = late.reduce((sum, row) => sum + (row.consumeRatePerSec ?? 0), 0);
    if (
      late.length === 0 ||
      readers.size < partitions.length ||
      produced <= 0 ||
      consumed >= minCatchUpRatio * produced
    )
      return [];
    return [
      {
        needed: piecesFor(partitions.length * produced * minCatchUpRatio, Math.max(consumed, produced / 2)),
        because: `${listed([groupId])} is late with a reader for every partition`,
        measured: consumed / produced,
        limit: minCatchUpRatio,
        unit: 'ratio' as const,
      },
    ];
  });
}

/** Fewer partitions than brokers, on a topic that matters. */
function byBrokers(
  { partitions }: TopicLoad,
  peak: TopicPeak | null,
  total: number,
  brokerCount: number,
  thresholds: Thresholds,
): Clause {
  if (peak === null || partitions.length >= brokerCount) return [];
  const isLarge =
    peak.bytesPerSec * 100 > thresholds.minTrafficSharePercent * total &&
    peak.bytesPerSec >= thresholds.minTopicBytesPerSec;
  if (!isLarge) return [];
  return [
    {
      needed: brokerCount,
      because: `${formatQuantity((100 * peak.bytesPerSec) / total, 'percent')} of the traffic on ${partitions.length} of ${brokerCount} brokers`,
      measured: partitions.length,
      limit: brokerCount,
      unit: 'count',
    },
  ];
}

function finding({ load, peak, because, needed, measured, limit, unit }: Short, run: RunContext): FindingDraft {
  return {
    scope: 'topic',
    resource: load.topic,
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured,
    limit,
    unit,
    note: `${plural(load.partitions.length, 'partition')}, ${needed} would do: ${because}`,
    confidence: peak?.from === 'series' ? 0.7 : LOOKS_CONFIDENCE,
  };
}

function table(found: readonly Short[], source: string): Evidence {
  return {
    title: 'Topics with too few partitions',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'partitions', label: 'Partitions', as: 'count' },
      { key: 'needed', label: 'Would do', as: 'count' },
      { key: 'peak', label: 'Peak', as: 'bytesPerSec' },
      { key: 'because', label: 'Why', as: 'name' },
    ],
    rows: found.slice(0, MAX_ROWS).map(({ load, peak, needed, because }) => ({
      topic: load.topic,
      partitions: load.partitions.length,
      needed,
      peak: peak?.bytesPerSec ?? null,
      because,
    })),
    source: `${source}; peaks by CloudWatch BytesInPerSec of the topic, 99th percentile, where it is published`,
  };
}

type TopicConfigs = Collected<SectionValue<'kafkaTopicConfigs'>>;

/** Whether the application finds a key's records or state by the number of partitions, or relies on one partition. */
function isFixed(topic: string, configs: TopicConfigs): boolean {
  if (OF_TOOLS.test(topic) || OF_STREAMS.test(topic)) return true;
  const policy = configs.ok ? configValue(configs.value, topic, 'cleanup.policy') : null;
  return policy === null || policy.includes('compact');
}

function hasTopicApi(cluster: Collected<SectionValue<'cluster'>>): boolean {
  return cluster.ok && cluster.value.kind !== 'serverless' && hasTopicOperations(cluster.value.kafkaVersion);
}

function alter({ load, needed }: Short, hasApi: boolean, run: RunContext): Command[] {
  const purpose = `Give ${listed([load.topic])} ${needed} partitions; this cannot be taken back`;
  const count = String(needed);
  const byKafka = kafkaTool('kafka-topics.sh', {
    purpose,
    effect: 'change',
    args: ['--alter', ...optionArgs('--topic', load.topic), '--partitions', count],
  });
  if (!hasApi) return [byKafka];
  const byAws = awsKafka(run, 'update-topic', {
    purpose: `${purpose} (the same by MSK's topic API)`,
    effect: 'change',
    args: [...optionArgs('--topic-name', load.topic), '--partition-count', count],
  });
  return [byKafka, ...byAws];
}

function recommend(found: readonly Short[], configs: TopicConfigs, hasApi: boolean, run: RunContext): Recommendation {
  const fixed = found.filter(({ load }) => isFixed(load.topic, configs));
  const free = found.filter((each) => !fixed.includes(each));
  const leave =
    fixed.length === 0
      ? ''
      : `leave ${listed(fixed.map(({ load }) => load.topic))} as they are, because compaction, Kafka Streams and Connect break when partitions are added: make a new topic and move its clients`;
  return {
    action:
      free.length === 0
        ? `Give new topics partitions enough, and ${leave}`
        : `Give new topics partitions enough, and add some to ${fixed.length === 0 ? 'these' : listed(free.map(({ load }) => load.topic))} where nobody relies on the order of a key${leave === '' ? '' : `; ${leave}`}`,
    confirmFirst:
      'Ask who owns the topic whether its keys, its compaction or the state of a stream application depend on the number of partitions.',
    commands: free.slice(0, COMMAND_TOPICS).flatMap((each) => alter(each, hasApi, run)),
    risk: 'It cannot be taken back: keys then map to other partitions, so that order by key, compaction and state stores break, and consumers that begin at the latest record may skip the first ones.',
    expectedEffect: 'More brokers and readers share the topic; the new partitions start empty.',
    verifyAfter: 'Rates of the partitions even out, and the lag of late groups falls.',
    effort: 'migration',
    impact: { kind: 'none' },
  };
}
