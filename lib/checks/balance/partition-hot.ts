// One partition of a topic takes far more than the others: a key that stands for many, or a producer that sticks to one partition. No
// number of brokers helps, because a partition has one leader and, in a group, one reader.
import { partitionSkew } from '../../analysis/hot-partition.ts';
import type { PartitionLoad, TopicLoad } from '../../analysis/topic-load.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Recommendation, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, loadSource, RATE_COLUMNS, readLoads } from '../shared/loads.ts';
import { publishedPartitionCap } from '../shared/partition-cap.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

type Thresholds = CheckThresholds['partition-hot'];

interface Hot extends PartitionLoad {
  topic: string;
  share: number;
  /** Null where at least half of the others are idle. */
  overOthers: number | null;
}

export default defineCheck({
  id: 'partition-hot',
  area: 'balance',
  title: { pass: 'No partition far busier than its neighbours', fail: 'Partitions far busier than their neighbours' },
  why: 'A hot partition is bound to one leader and one reader: it gets late while the others idle, and more brokers do not help.',
  references: [
    'https://kafka.apache.org/documentation/#producerconfigs_partitioner.class',
    'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: [],
  mayUse: LOAD_SECTIONS,
  needsOwnMetadata: true,
  evaluate(inputs, thresholds, run) {
    const { topics, gap } = readLoads(inputs, run);
    if (gap !== null) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const judged = topics.filter(({ internal, partitions }) => !internal && partitions.length > 1);
    if (judged.length === 0)
      return { kind: 'not-applicable', because: 'No topic of clients has more than one partition.' };
    const unread = judged.filter(({ messagesPerSec }) => messagesPerSec === null).map(({ topic }) => topic);
    const uneven = judged.map((load) => ({ load, hot: hotOf(load, thresholds) })).filter(({ hot }) => hot.length > 0);
    const found = uneven.filter(({ load }) => isBusy(load, thresholds)).flatMap(({ hot }) => hot);
    // A topic of few large records may be busy, too: where no sizes were read, nobody knows.
    const { kafkaLogDirs, kafkaTopicConfigs } = inputs;
    const bytesRead = (kafkaLogDirs.ok || kafkaLogDirs.reason === 'not-supported') && kafkaTopicConfigs.ok;
    const unsure = uneven.filter(({ load }) => !isBusy(load, thresholds) && load.bytesPerSec === null && !bytesRead);
    const limit = formatQuantity(thresholds.minOverMedianOfOthers, 'ratio');
    return conclude({
      findings: found.map((row) => finding(row, thresholds, run)),
      gap: firstGap(
        unread.length > 0 ? `log ends of ${listed(unread)} were not read twice` : null,
        unsure.length > 0
          ? `bytes of ${listed(unsure.map(({ load }) => load.topic))}, which is uneven, are not known`
          : null,
      ),
      evidence: found.length === 0 ? [] : [table(found, loadSource(inputs))],
      pass: `No partition of ${plural(judged.length, 'topic')} takes ${limit} times its neighbours.`,
      fail: (worst, all) =>
        `${plural(all.length, 'hot partition')}; ${listed([worst.resource])} takes ${formatQuantity(worst.measured!, 'ratio')} times the median of the others (limit ${limit}).`,
      recommend: () => recommend(found, run),
    });
  },
});

function isBusy({ messagesPerSec, bytesPerSec }: TopicLoad, thresholds: Thresholds): boolean {
  return (
    (messagesPerSec ?? 0) >= thresholds.minTopicMessagesPerSec || (bytesPerSec ?? 0) >= thresholds.minTopicBytesPerSec
  );
}

function hotOf({ topic, partitions }: TopicLoad, thresholds: Thresholds): Hot[] {
  const known = partitions.filter(({ messagesPerSec }) => messagesPerSec !== null);
  const rates = known.map(({ messagesPerSec }) => messagesPerSec!);
  // Of thousands of topics few are uneven at all: the others need no medians.
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  const busiest = rates.reduce((most, rate) => Math.max(most, rate), 0);
  if (busiest * rates.length < thresholds.minShareTimesFair * total) return [];
  const skew = partitionSkew(rates, { ...thresholds, madFloorShare: thresholds.madFloorPercent / 100 });
  if (skew === null) return [];
  return skew.hotPartitions.map((index) => {
    const isBusiest = rates[index] === busiest;
    return {
      ...known[index]!,
      topic,
      share: rates[index]! / total,
      overOthers: isBusiest
        ? skew.maxOverMedianOfOthers
        : skew.medianOfOthers > 0
          ? rates[index]! / skew.medianOfOthers
          : null,
    };
  });
}

function finding(
  { topic, partition, share, overOthers, bytesPerSec }: Hot,
  thresholds: Thresholds,
  run: RunContext,
): FindingDraft {
  const cap = publishedPartitionCap(run.clusterKind);
  const ofCap =
    cap === null || bytesPerSec === null
      ? ''
      : `; ${formatQuantity((100 * bytesPerSec) / cap.bytesPerSec, 'percent')} of the ${cap.name}`;
  return {
    scope: 'partition',
    resource: `${topic}-${partition}`,
    severity: severityFor(run, ['medium', 'low', 'info']),
    measured: overOthers,
    limit: thresholds.minOverMedianOfOthers,
    unit: 'ratio',
    note: `${formatQuantity(100 * share, 'percent')} of the topic${overOthers === null ? ', most others are idle' : ''}${ofCap}`,
    confidence: LOOKS_CONFIDENCE,
  };
}

function table(found: readonly Hot[], source: string): Evidence {
  return {
    title: 'Hot partitions',
    columns: [
      ...RATE_COLUMNS,
      { key: 'share', label: 'Share of the topic', as: 'percent' },
      { key: 'leader', label: 'Leader', as: 'name' },
    ],
    rows: [...found]
      .sort((a, b) => b.messagesPerSec! - a.messagesPerSec!)
      .slice(0, MAX_ROWS)
      .map(({ topic, partition, messagesPerSec, bytesPerSec, share, leader }) => ({
        topic,
        partition,
        messages: messagesPerSec,
        bytes: bytesPerSec,
        share: share * 100,
        leader: String(leader),
      })),
    source,
    reproduce: showEnds(found[0]!.topic),
  };
}

function showEnds(topic: string) {
  return kafkaTool('kafka-get-offsets.sh', {
    purpose: 'Show the log end of every partition; twice, a minute apart, gives the rates',
    args: optionArgs('--topic', topic),
  });
}

function recommend(found: readonly Hot[], run: RunContext): Recommendation {
  const cap = publishedPartitionCap(run.clusterKind);
  return {
    action:
      'Give the hot key more keys (a salt or a finer key), or let records without a key spread by themselves (no partitioner.class, clients from 3.3 on)',
    confirmFirst: 'Rule out a replay, a bulk load of one customer, and a producer that names the partition itself.',
    commands: [showEnds(found[0]!.topic)],
    risk: 'Order holds within a key only: a salted key gives up order across its parts, and readers must join them.',
    expectedEffect: `The topic is no longer bound by what one broker and one reader can do${cap === null ? '' : `, nor by the ${cap.name} of ${formatQuantity(cap.bytesPerSec, 'bytesPerSec')}`}.`,
    verifyAfter: 'The busiest partition takes less than twice its fair share in the next reports.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
