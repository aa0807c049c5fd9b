// Topics with many partitions and little traffic: each replica costs memory and restart time, and no partition fills a batch.
import { piecesFor } from '../../analysis/sizing.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { topicPeaks } from '../../analysis/topic-peak.ts';
import { replicasByBroker } from '../../analysis/topology.ts';
import { brokerSizeOf } from '../../facts/broker-sizes.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { LOAD_SECTIONS, LOOKS_CONFIDENCE, loadSource, readLoads } from '../shared/loads.ts';
import { publishedPartitionCap } from '../shared/partition-cap.ts';
import { severityFor } from '../shared/severity.ts';
import { topicTable } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

/** Where partitions are scarce: so many of the topics with most of them. */
const TOP = 5;

export default defineCheck({
  id: 'topic-overpartitioned',
  area: 'balance',
  title: {
    pass: 'No topic has far more partitions than it needs',
    fail: 'Topics with far more partitions than they need',
  },
  why: 'Each replica costs memory, file handles and restart time, and a partition with little traffic fills no batch.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://kafka.apache.org/documentation/#basic_ops_modify_topic',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: [],
  mayUse: [...LOAD_SECTIONS, 'kafkaGroups', 'kafkaBrokers', 'cluster', 'metrics'],
  toleratesPartial: ['metrics', 'cluster'],
  needsOwnMetadata: true,
  evaluate({ kafkaGroups, kafkaBrokers, cluster, metrics, ...inputs }, thresholds, run) {
    const { topics, gap } = readLoads(inputs, run);
    if (gap !== null || !inputs.kafkaTopics.ok) return { kind: 'no-data', because: `Not measured: ${gap}.` };
    const judged = topics.filter(({ internal, topic }) => !internal && !topic.startsWith('__'));
    if (judged.length === 0) return { kind: 'not-applicable', because: 'The cluster has no topics of clients.' };
    const brokerCount = Math.max(
      1,
      replicasByBroker(inputs.kafkaTopics.value).size,
      kafkaBrokers.ok ? kafkaBrokers.value.brokers.length : 0,
    );
    const cap = publishedPartitionCap(run.clusterKind)?.bytesPerSec ?? thresholds.capMiBPerSec * MIB;
    const peaks = topicPeaks(topics, metrics.ok ? metrics.value : null);
    const size = cluster.ok && cluster.value.kind !== 'serverless' ? brokerSizeOf(cluster.value.instanceType) : null;
    const fullest = Math.max(0, ...replicasByBroker(inputs.kafkaTopics.value).values());
    const isDense = size !== null && fullest * 100 > thresholds.densityPercent * size.recommendedPartitionCount;
    const members = membersByTopic(kafkaGroups.ok ? kafkaGroups.value : []);
    const quiet = judged
      .flatMap((load) => {
        const peak = peaks.get(load.topic);
        const count = load.partitions.length;
        if (
          peak === undefined ||
          count <= thresholds.minPartitions ||
          peak.bytesPerSec / count >= thresholds.maxBytesPerSecPerPartition
        )
          return [];
        const wanted = Math.max(1, piecesFor(peak.bytesPerSec, cap), members.get(load.topic) ?? 0);
        return [
          {
            topic: load.topic,
            count,
            perPartition: peak.bytesPerSec / count,
            needed: Math.ceil(wanted / brokerCount) * brokerCount,
          },
        ];
      })
      .sort((a, b) => b.count - a.count);
    const found = quiet.filter(
      ({ count, needed }, i) => count > thresholds.minTimesNeeded * needed || (isDense && i < TOP),
    );
    const unknown = judged
      .filter(({ topic, partitions }) => !peaks.has(topic) && partitions.length > thresholds.minPartitions)
      .map(({ topic }) => topic);
    return conclude({
      findings: found.map(
        ({ topic, count, needed, perPartition }): FindingDraft => ({
          scope: 'topic',
          resource: topic,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: count,
          limit: thresholds.minTimesNeeded * needed,
          unit: 'count',
          note: `${formatQuantity(perPartition, 'bytesPerSec')} a partition at the peak; ${needed} would do${isDense ? ', and partitions are scarce on the brokers' : ''}`,
          confidence: LOOKS_CONFIDENCE,
        }),
      ),
      gap: firstGap(
        metrics.ok || run.clusterKind === 'kafka' ? null : missingBecause('CloudWatch', metrics),
        unknown.length > 0 ? `bytes of ${listed(unknown)} are not known` : null,
        kafkaGroups.ok ? null : missingBecause('the list of groups', kafkaGroups),
        kafkaBrokers.ok ? null : missingBecause('the list of brokers', kafkaBrokers),
      ),
      evidence:
        found.length === 0
          ? []
          : [
              topicTable(
                'Topics with many quiet partitions',
                [
                  { key: 'partitions', label: 'Partitions', as: 'count' },
                  { key: 'needed', label: 'Would do', as: 'count' },
                  { key: 'rate', label: 'Bytes a partition, peak', as: 'bytesPerSec' },
                ],
                found.map(({ topic, count, needed, perPartition }) => ({
                  topic,
                  partitions: count,
                  needed,
                  rate: perPartition,
                })),
                run,
                loadSource(inputs),
              ),
            ],
      pass: `None of ${plural(judged.length, 'topic')} has ${thresholds.minTimesNeeded} times the partitions it needs.`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} with far more partitions than they need: ${listed([worst.resource])} has ${formatQuantity(worst.measured, 'count')}.`,
      recommend: () => ({
        action: 'Give new topics fewer partitions; where the brokers hold too many, copy these topics to smaller ones',
        confirmFirst: 'Ask the owner whether the partitions are for a peak that is still to come, or for many readers.',
        commands: [],
        risk: 'A topic cannot lose partitions: it takes a new topic, a copy, and a move of producers and consumers.',
        expectedEffect: 'Fuller batches, less memory, faster restarts.',
        verifyAfter: 'PartitionCount of the brokers falls once the old topics are deleted.',
        effort: 'migration',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** Most members that one group has on each topic: that many partitions are wanted. */
function membersByTopic(
  groups: readonly { members: readonly { assignment: readonly { topic: string }[] }[] | null }[],
): Map<string, number> {
  const most = new Map<string, number>();
  for (const { members } of groups) {
    const own = Map.groupBy(
      (members ?? []).flatMap(({ assignment }) => assignment.map(({ topic }) => topic)),
      (topic) => topic,
    );
    for (const [topic, all] of own) most.set(topic, Math.max(most.get(topic) ?? 0, all.length));
  }
  return most;
}
