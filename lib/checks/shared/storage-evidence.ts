// What lies on the volumes, and whether they grow by themselves.
import { logSizes } from '../../analysis/log-sizes.ts';
import { GIB } from '../../analysis/topic-load.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Evidence } from '../check.ts';
import { kafkaTool } from './commands.ts';

const SHOWN = 10;

/** The topics that take most of the brokers' disks, all replicas counted; none where nobody looked. */
export function largestTopics(logDirs: Collected<SectionValue<'kafkaLogDirs'>>): Evidence[] {
  if (!logDirs.ok) return [];
  const rows = [...logSizes(logDirs.value)].sort(([, a], [, b]) => b.allBytes - a.allBytes).slice(0, SHOWN);
  if (rows.length === 0) return [];
  return [
    {
      title: 'Largest topics on the brokers’ disks',
      columns: [
        { key: 'topic', label: 'Topic', as: 'name' },
        { key: 'bytes', label: 'All replicas', as: 'bytes' },
      ],
      rows: rows.map(([topic, { allBytes }]) => ({ topic, bytes: allBytes })),
      source: 'Kafka DescribeLogDirs, at the time of the report',
      reproduce: kafkaTool('kafka-log-dirs.sh', {
        purpose: 'Show bytes per partition on every broker',
        args: ['--describe'],
      }),
    },
  ];
}

/** One clause on storage autoscaling, for a source or a note. */
export function scalingNote(scaling: Collected<SectionValue<'storageScaling'>>): string {
  if (!scaling.ok) return 'storage autoscaling was not read';
  const [target] = scaling.value.targets;
  if (target === undefined) return 'no storage autoscaling';
  const policy = scaling.value.policies?.[0];
  const at = policy === undefined ? '' : ` at ${formatQuantity(policy.targetPercent, 'percent')}`;
  const upTo = target.maxGiB === null ? '' : ` up to ${formatQuantity(target.maxGiB * GIB, 'bytes')}`;
  return `storage autoscaling${at}${upTo}${target.isScaleOutSuspended === true ? ', suspended' : ''}`;
}
