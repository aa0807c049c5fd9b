// K36. Share of the stored bytes that lies in topics into which nothing came and of which nobody read for weeks.
import { unusedStorage, unusedTopics } from '../analysis/unused-topics.ts';
import { LOAD_SECTIONS } from '../checks/shared/loads.ts';
import { listed } from '../checks/shared/wording.ts';
import { plural } from '../text/units.ts';
import { defineKpi } from './kpi.ts';
import { missingFrom, noData, notApplicable } from './reading.ts';

/** Bytes that stand still for an unknown time, as a share of all: so few of them are no question. */
const NEGLIGIBLE = 0.01;

export default defineKpi({
  id: 'K36',
  name: 'unused-storage',
  title: 'Storage of topics that nobody uses',
  category: 'cost',
  weight: 2,
  unit: 'percent',
  mayUse: [...LOAD_SECTIONS, 'metrics'],
  read(inputs, run) {
    const { kafkaTopics, kafkaOffsets, kafkaSamples, kafkaLogDirs } = inputs;
    if (run.clusterKind === 'serverless') return notApplicable('MSK Serverless does not tell what topics store');
    for (const [name, section] of [
      ['topics', kafkaTopics],
      ['log ends', kafkaOffsets],
      ['a second look at the log ends', kafkaSamples],
      ['sizes of topics', kafkaLogDirs],
    ] as const)
      if (!section.ok) return missingFrom(section, name);
    const { minIdleDays } = run.checks['topics-unused'];
    const found = unusedTopics(inputs, run.takenAtMs, minIdleDays);
    if (found === null) return { state: 'insufficient-history', because: 'one look at the log ends shows no movement' };
    if (found.topics === 0) return notApplicable('there are no topics of clients to judge');
    const stored = unusedStorage(found);
    if (stored === null) return notApplicable('nothing is stored');
    if (1 - stored.known > NEGLIGIBLE || kafkaTopics.ok === false || kafkaTopics.partial !== undefined) {
      const because = `whether or since when ${plural(found.unclear.length, 'topic stands', 'topics stand')} still is not known (${listed(found.unclear)})`;
      return found.unclear.length === 0
        ? noData('only a part of the topics was read')
        : { state: 'insufficient-history', because };
    }
    const [largest] = found.unused;
    return {
      state: 'ok',
      value: stored.percent,
      confidence: 1,
      source: `DescribeLogDirs, log ends and committed offsets, hourly CloudWatch metrics: ${found.unused.length} of ${found.topics} topics without records and readers for ${minIdleDays} days`,
      ...(largest === undefined ? {} : { worst: largest.topic }),
    };
  },
});
