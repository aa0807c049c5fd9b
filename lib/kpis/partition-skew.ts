// K24. The busiest partition of a topic over the topic's median partition, p90 over topics by traffic: no broker can be added for one key.

import { median, weightedQuantile } from '../analysis/statistics.ts';
import type { TopicLoad } from '../analysis/topic-load.ts';
import type { RunContext } from '../checks/check.ts';
import { looksSpanSec } from '../checks/shared/consumers.ts';
import { LOAD_SECTIONS, loadSource, readLoads } from '../checks/shared/loads.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK } from './reading.ts';

/** Stands for "the others are idle": beyond the worst point of every curve. */
const OTHERS_IDLE = 100;
/** Looks so far apart are a rate, closer ones a glimpse of it. */
const WHOLE_LOOK_SEC = 300;

export default defineKpi({
  id: 'K24',
  name: 'partition-skew',
  title: 'Busiest partition over the median of its topic',
  category: 'balance',
  weight: 3,
  unit: 'ratio',
  mayUse: LOAD_SECTIONS,
  read(inputs, run) {
    const { kafkaTopics, kafkaOffsets, kafkaSamples } = inputs;
    if (run.topology.from === 'msk-topics' || !kafkaTopics.ok)
      return kafkaOffsets.ok
        ? noData('who leads what is not known of the brokers themselves')
        : missingFrom(kafkaOffsets, 'log ends');
    if (!kafkaOffsets.ok) return missingFrom(kafkaOffsets, 'log ends');
    const { topics, gap } = readLoads(inputs, run);
    if (gap !== null)
      return kafkaSamples.ok
        ? { state: 'insufficient-history', because: gap }
        : missingFrom(kafkaSamples, 'a second look at the log ends');
    if (kafkaTopics.partial !== undefined) return noData('only a part of the topics was read');
    const shared = topics.filter(({ internal, partitions }) => !internal && partitions.length > 1);
    const known = shared.filter(({ messagesPerSec }) => messagesPerSec !== null);
    const factor = shared.length === 0 ? 1 : coverageFactor(known.length / shared.length);
    if (factor === null) return noData('the log ends of most topics were not read twice');
    const skews = known
      .filter(isBusy(run))
      .map((load) => ({ topic: load.topic, value: skewOf(load), weight: load.messagesPerSec! }));
    const value = weightedQuantile(skews, 0.9);
    if (value === null) return notApplicable('no topic of several partitions carries enough to be uneven');
    return {
      state: 'ok',
      value,
      confidence: looksSpanSec(kafkaSamples) < WHOLE_LOOK_SEC ? factor * ONE_LOOK : factor,
      source: `${loadSource(inputs)}; largest over median partition, p90 over ${skews.length} busy topics by messages${skews.some((each) => each.value === OTHERS_IDLE) ? `; idle others are shown as ${OTHERS_IDLE}` : ''}`,
      worst: largest(skews, (each) => each.value)!.topic,
    };
  },
});

function isBusy(run: RunContext): (load: TopicLoad) => boolean {
  const { minTopicBytesPerSec, minTopicMessagesPerSec } = checkDefaults('partition-hot', run);
  return ({ messagesPerSec, bytesPerSec }) =>
    (messagesPerSec ?? 0) >= minTopicMessagesPerSec || (bytesPerSec ?? 0) >= minTopicBytesPerSec;
}

function skewOf({ partitions }: TopicLoad): number {
  const rates = partitions.map(({ messagesPerSec }) => messagesPerSec ?? 0);
  const middle = median(rates)!;
  return middle > 0 ? Math.min(OTHERS_IDLE, Math.max(...rates) / middle) : OTHERS_IDLE;
}
