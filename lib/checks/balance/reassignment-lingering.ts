// Reassignments that do not end, and throttles that one left behind: replication stays slow, and the extra copies take disk.
import { HOUR_MS } from '../../analysis/durations.ts';
import { sumByTimestamp } from '../../analysis/series.ts';
import { configValue } from '../../analysis/topology.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerSeries } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { COMMAND_TOPICS, deleteTopicConfig, isOwn, topicTable, unreadBecause } from '../shared/topic-settings.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const THROTTLES = ['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'] as const;

export default defineCheck({
  id: 'reassignment-lingering',
  area: 'balance',
  title: { pass: 'No reassignment is left over', fail: 'Reassignments or throttles left over' },
  why: 'A move that hangs holds extra copies on disk; a throttle that stays makes every later recovery slow.',
  references: [
    'https://kafka.apache.org/documentation/#rep-throttle',
    'https://kafka.apache.org/documentation/#basic_ops_cluster_expansion',
  ],
  appliesTo: ['provisioned-standard', 'kafka'],
  notApplicable: {
    'provisioned-express': 'Express brokers move partitions by themselves.',
    serverless: 'AWS places the partitions of MSK Serverless.',
  },
  needs: ['kafkaReassignments'],
  mayUse: ['kafkaTopics', 'kafkaTopicConfigs', 'kafkaLogDirs', 'metrics'],
  toleratesPartial: ['kafkaLogDirs', 'metrics'],
  evaluate({ kafkaReassignments: moves, kafkaTopics, kafkaTopicConfigs, kafkaLogDirs, metrics }, thresholds, run) {
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : {};
    const topics = kafkaTopics.ok ? kafkaTopics.value.filter(({ partitions }) => partitions.length > 0) : [];
    const moving = new Set(moves.map(({ topic }) => topic));
    const throttled = topics.filter(
      ({ name }) => !moving.has(name) && THROTTLES.some((key) => (configValue(configs, name, key) ?? '') !== ''),
    );
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const hours = moves.length === 0 ? 0 : unchangedHours(metrics, run);
    const left = bytesLeft(moves, kafkaLogDirs);
    const isLong = hours !== null && hours >= thresholds.maxHours;
    const findings = [
      ...(moves.length > 0 && isLong
        ? [
            {
              scope: 'cluster',
              resource: run.clusterName,
              severity,
              measured: hours * 3600,
              limit: thresholds.maxHours * 3600,
              unit: 'durationSec',
              note: `${plural(moves.length, 'partition')} of ${listed([...moving])}${left === null ? '' : `, ${formatQuantity(left, 'bytes')} to copy`}; the number of replicas has not changed since`,
              confidence: 0.7,
            } satisfies FindingDraft,
          ]
        : []),
      ...throttled.map(
        ({ name }): FindingDraft => ({
          scope: 'topic',
          resource: name,
          severity,
          measured: null,
          limit: null,
          unit: 'count',
          note: 'replication is throttled, and nothing is being moved',
          confidence: 1,
        }),
      ),
    ];
    return conclude({
      findings,
      gap: firstGap(
        hours === null
          ? `${plural(moves.length, 'partition is', 'partitions are')} being moved now, and one look does not tell since when`
          : null,
        kafkaTopics.ok ? null : missingBecause('the list of topics', kafkaTopics),
        kafkaTopicConfigs.ok
          ? unreadBecause(configs, topics, THROTTLES)
          : missingBecause('the configuration of topics', kafkaTopicConfigs),
      ),
      evidence: [
        ...(moves.length === 0
          ? []
          : [
              topicTable(
                'Partitions that are being moved',
                [
                  { key: 'partition', label: 'Partition', as: 'count' },
                  { key: 'adding', label: 'To', as: 'name' },
                  { key: 'removing', label: 'From', as: 'name' },
                ],
                moves.map(({ topic, partition, adding, removing }) => ({
                  topic,
                  partition,
                  adding: adding.join(','),
                  removing: removing.join(','),
                })),
                run,
                'Kafka ListPartitionReassignments, at the time of the report',
              ),
            ]),
        ...(throttled.length === 0
          ? []
          : [
              topicTable(
                'Throttled topics',
                THROTTLES.map((key) => ({ key, label: key, as: 'name' })),
                throttled.map(({ name }) => ({
                  topic: name,
                  ...Object.fromEntries(THROTTLES.map((key) => [key, configValue(configs, name, key)])),
                })),
                run,
              ),
            ]),
      ],
      pass:
        moves.length === 0
          ? 'Nothing is being moved, and no throttle is left.'
          : `${plural(moves.length, 'partition')} being moved, begun or changed ${formatQuantity((hours ?? 0) * 3600, 'durationSec')} ago (limit ${formatQuantity(thresholds.maxHours, 'count')} h).`,
      fail: () =>
        [
          ...(isLong && moves.length > 0
            ? [
                `${plural(moves.length, 'partition')} being moved for more than ${formatQuantity(hours! * 3600, 'durationSec')}`,
              ]
            : []),
          ...(throttled.length > 0 ? [`a throttle is left on ${listed(throttled.map(({ name }) => name))}`] : []),
        ].join('; ') + '.',
      recommend: () => ({
        action:
          'See whether the move still advances; take its throttle off when it is done, or cancel it when it is not wanted any more',
        confirmFirst:
          'Ask who began it: Cruise Control and careful hands move large topics for days, a little at a time.',
        commands: [
          ...(moves.length === 0
            ? []
            : [
                kafkaTool('kafka-reassign-partitions.sh', { purpose: 'Show what is being moved', args: ['--list'] }),
                kafkaTool('kafka-reassign-partitions.sh', {
                  purpose: 'Check the plan that was executed; takes its throttle off once all of it is done',
                  effect: 'change',
                  args: ['--reassignment-json-file', 'plan.json', '--verify'],
                }),
                kafkaTool('kafka-reassign-partitions.sh', {
                  purpose: 'Give the plan up',
                  effect: 'change',
                  args: ['--reassignment-json-file', 'plan.json', '--cancel'],
                }),
              ]),
          ...throttled.slice(0, COMMAND_TOPICS).flatMap(({ name }) => {
            // Kafka refuses to take off what is not set.
            const set = THROTTLES.filter((key) => isOwn(configs, name, key));
            return set.length === 0 ? [] : [deleteTopicConfig(`Take the throttle off ${listed([name])}`, name, set)];
          }),
        ],
        risk: 'Cancelling throws away what was copied; without the throttle copying may slow clients.',
        expectedEffect: 'Replicas are where they belong, and later recoveries run at full speed.',
        verifyAfter: 'kafka-reassign-partitions.sh --list is empty, and no topic has throttled replicas.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** Hours since the brokers' replicas last grew or shrank: a move makes its new replicas at once. Null where no series tells. */
function unchangedHours(metrics: Collected<SectionValue<'metrics'>>, run: RunContext): number | null {
  if (!metrics.ok) return null;
  const all = sumByTimestamp([...brokerSeries(metrics.value, METRICS.partitionCount, run, { masked: false }).values()]);
  const last = all.latest;
  if (last === null) return null;
  const changed = all.points.findLast(({ value }) => value !== last.value) ?? all.points[0]!;
  return (last.atMs - changed.atMs) / HOUR_MS;
}

/** What the new replicas lack against the largest of their partition; null where sizes were not read. */
function bytesLeft(
  moves: SectionValue<'kafkaReassignments'>,
  logDirs: Collected<SectionValue<'kafkaLogDirs'>>,
): number | null {
  if (!logDirs.ok) return null;
  return moves.reduce((total, { topic, partition, adding }) => {
    const sizes = new Map(
      logDirs.value.map(({ brokerId, topics }) => [
        brokerId,
        (Object.hasOwn(topics, topic) ? topics[topic]! : []).find((each) => each.partition === partition)?.sizeBytes ??
          0,
      ]),
    );
    const largest = Math.max(0, ...sizes.values());
    return total + adding.reduce((sum, id) => sum + largest - (sizes.get(id) ?? 0), 0);
  }, 0);
}
