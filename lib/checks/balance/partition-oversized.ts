// Partitions so large that a new replica of one takes hours: until then the cluster has one copy less.

import { logSizes } from '../../analysis/log-sizes.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Severity } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { severityFor } from '../shared/severity.ts';
import { topicTable } from '../shared/topic-settings.ts';
import { listed } from '../shared/wording.ts';

const bytes = (value: number) => formatQuantity(value, 'bytes');

export default defineCheck({
  id: 'partition-oversized',
  area: 'balance',
  title: { pass: 'No partition too large to copy soon', fail: 'Partitions too large to copy soon' },
  why: 'Until a new replica of such a partition is complete, hours pass with one copy less, and moving it blocks a broker.',
  references: [
    'https://github.com/linkedin/cruise-control/wiki/Configurations',
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
  ],
  appliesTo: ['provisioned-standard', 'kafka', 'unknown'],
  notApplicable: {
    'provisioned-express': 'Express brokers keep no copies on volumes of their own.',
    serverless: 'AWS keeps the replicas of MSK Serverless.',
  },
  needs: ['kafkaLogDirs'],
  mayUse: [],
  evaluate({ kafkaLogDirs }, thresholds, run) {
    const sizes: { topic: string; partition: number; size: number }[] = [];
    for (const [topic, { largest }] of logSizes(kafkaLogDirs))
      for (const [partition, size] of largest) sizes.push({ topic, partition, size });
    if (sizes.length === 0) return { kind: 'not-applicable', because: 'The brokers hold no replicas.' };
    // The limit of 1 TiB is reached at it, the others are to be exceeded.
    const ladder: readonly [Severity, number, (size: number, limit: number) => boolean][] = [
      ['medium', thresholds.mediumGiB * GIB, (size, limit) => size >= limit],
      ['low', thresholds.lowGiB * GIB, (size, limit) => size > limit],
      ['info', thresholds.infoGiB * GIB, (size, limit) => size > limit],
    ];
    const large = sizes.filter(({ size }) => size > thresholds.infoGiB * GIB).sort((a, b) => b.size - a.size);
    const copySec = (size: number) => size / (thresholds.copyMiBPerSec * MIB);
    const findings = [...Map.groupBy(large, ({ topic }) => topic)].map(([topic, own]): FindingDraft => {
      const { size, partition } = own[0]!;
      const [severity, limit] = ladder.find(([, at, isOver]) => isOver(size, at))!;
      return {
        scope: 'topic',
        resource: topic,
        severity: severityFor(run, [severity, severity, 'info']),
        measured: size,
        limit,
        unit: 'bytes',
        note: `partition ${partition}, ${plural(own.length, 'large partition')} in all; a new replica takes ${formatQuantity(copySec(size), 'durationSec')} at ${thresholds.copyMiBPerSec} MiB/s`,
        confidence: 1,
      };
    });
    const most = sizes.reduce((a, b) => (b.size > a.size ? b : a));
    return conclude({
      findings,
      gap: null,
      evidence:
        large.length === 0
          ? []
          : [
              topicTable(
                'Large partitions',
                [
                  { key: 'partition', label: 'Partition', as: 'count' },
                  { key: 'size', label: 'Largest replica', as: 'bytes' },
                  { key: 'copy', label: 'Time to copy', as: 'durationSec' },
                ],
                large.map(({ topic, partition, size }) => ({ topic, partition, size, copy: copySec(size) })),
                run,
                'Kafka DescribeLogDirs, at the time of the report',
              ),
            ],
      pass: `The largest of ${plural(sizes.length, 'partition')}, ${listed([`${most.topic}-${most.partition}`])}, takes ${bytes(most.size)} (limit ${bytes(thresholds.infoGiB * GIB)}).`,
      fail: (worst, all) =>
        `${plural(all.length, 'topic')} with partitions that are slow to copy: the largest of ${listed([worst.resource])} takes ${bytes(worst.measured!)}.`,
      recommend: (worst) => ({
        action: 'Shorten the retention on the brokers, tier the topic, or spread new data over more partitions',
        confirmFirst: 'Rule out a reassignment that is running, during which replicas count twice.',
        commands: [
          kafkaTool('kafka-log-dirs.sh', {
            purpose: 'Show the replicas of the topic with their sizes',
            args: ['--describe', '--topic-list', worst.resource],
          }),
        ],
        risk: 'A shorter retention deletes for good; more partitions move keys, and cannot be taken back.',
        expectedEffect: 'Brokers are replaced and rebalanced in minutes and not in hours.',
        verifyAfter: 'The largest replica falls below the limit.',
        effort: 'setting',
        impact: { kind: 'none' },
      }),
    });
  },
});
