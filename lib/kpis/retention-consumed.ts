// K20. How near the slowest consumer is to losing records: its lag over what the partition retains; where nothing was deleted from it yet, the
// age of the next record over the retention.
import { retentionExposures } from '../analysis/retention-exposures.ts';
import { readGroups } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable } from './reading.ts';

export default defineKpi({
  id: 'K20',
  name: 'retention-consumed',
  title: 'Retention used up by lag',
  category: 'consumers',
  weight: 5,
  unit: 'percent',
  mayUse: ['kafkaTopicConfigs', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const read = readGroups(inputs, run);
    if ('ok' in read) return missingFrom(read, 'consumer groups');
    const partitions = read.groups.flatMap((group) => group.partitions);
    if (partitions.length === 0) return notApplicable('no consumer group has committed an offset');
    const { kafkaTopicConfigs, kafkaOffsets } = inputs;
    const exposures = kafkaOffsets.ok
      ? retentionExposures(read.groups, {
          offsets: kafkaOffsets.value,
          ends: read.ends,
          configs: kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null,
        })
      : { known: [], unknown: [] };
    const counted = partitions.filter((row) => row.lag !== null && row.start !== null).length;
    const known = counted - exposures.unknown.length;
    const factor = coverageFactor(known / partitions.length);
    if (factor === null) return noData('most log start, log end or committed offsets could not be read');
    const worst = largest(exposures.known, (each) => each.retentionConsumed);
    const seen = `${known} of ${partitions.length} group partitions known`;
    if (worst === null && exposures.unknown.length > 0)
      return noData('how old the next record is of what lags could not be told, nor is anything deleted there yet');
    if (worst === null) {
      return {
        state: 'ok',
        value: 0,
        confidence: factor,
        source: `log start, log end and committed offsets, ${seen}; all caught up, or retention deletes nothing there`,
      };
    }
    return {
      state: 'ok',
      value: 100 * worst.retentionConsumed,
      confidence: factor,
      source: `log start, log end and committed offsets, ${seen}, the worst of those that lag and from which retention deletes`,
      worst: `${worst.groupId}/${worst.topic}-${worst.partition}`,
    };
  },
});
