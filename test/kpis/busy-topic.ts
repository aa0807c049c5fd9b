// A topic that is written to, and the names of series of its readers, for tests of KPIs of consumers.
import { aSnapshot } from '../builders/a-snapshot.ts';

export const series = (group: string, topic: string) => ({ 'Consumer Group': group, Topic: topic });
/** One partition, 10 messages a second. */
export const busy = () =>
  aSnapshot()
    .withTopic('t', { partitions: 1 })
    .withOffsets('t', [[0, 10_000]], 600);
