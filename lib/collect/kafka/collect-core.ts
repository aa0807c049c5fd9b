// The core of a collection: two waves of requests behind the metadata, and one more look where something moved between them.
import { present } from '../../snapshot/collected.ts';
import type { ClusterSession } from './cluster-session.ts';
import { readQuotas } from './collect-cluster-state.ts';
import { askConfigs, brokerConfigsSection, topicConfigsSection } from './collect-configs.ts';
import { type FoundGroups, findGroups, groupsSection } from './collect-groups.ts';
import { readLogDirs } from './collect-log-dirs.ts';
import { type LedPartitions, ledPartitions, offsetsSection, readLogOffsets } from './collect-offsets.ts';
import { absentBrokers, brokersValue, hiddenTopics, invisibleTopics, topicsValue, withGap } from './collect-topics.ts';
import { readGroups } from './moved-groups.ts';
import { askMovedLeaders } from './moved-leaders.ts';
import type { KafkaPlan, KafkaSections } from './plan.ts';
import { describeQuorum } from './protocol/describe-quorum.ts';
import { EARLIEST, LATEST } from './protocol/list-offsets.ts';

/** What further readings build on. */
export interface CoreRead {
  /** When the committed and the end offsets were asked for. */
  atMs: number;
  led: LedPartitions;
  found: FoundGroups;
}

export interface Core {
  sections: Omit<KafkaSections, 'kafkaOffsets' | 'kafkaSamples'>;
  /** As far as the core goes: how old the records are is another question. */
  offsets: KafkaSections['kafkaOffsets'];
  read: CoreRead;
}

/** Log directories and quotas, where they are wanted, travel with the second wave. */
export async function readCore(session: ClusterSession, wanted: KafkaPlan['sections']): Promise<Core> {
  const { metadata, metadataAtMs } = session;
  const foundAtMs = session.clock.now();
  const [listed, start, asked] = await Promise.all([
    findGroups(session),
    readLogOffsets(session, ledPartitions(metadata), EARLIEST),
    askConfigs(session),
  ]);
  const { end, groups, led, logDirs, quotas } = await readMoving(session, { listed, start }, wanted);
  const { found, committed, descriptions, atMs } = groups;
  const hidden = hiddenTopics(metadata, listed.groups.length);
  const invisible = invisibleTopics(metadata, logDirs);
  const absent = absentBrokers(metadata);
  const brokers = brokersValue(metadata, session.supports(describeQuorum));
  return {
    sections: {
      kafkaBrokers: present(brokers, metadataAtMs),
      kafkaTopics: withGap(hidden ?? present(topicsValue(metadata), metadataAtMs), invisible),
      kafkaTopicConfigs: withGap(hidden ?? topicConfigsSection(asked, metadata, foundAtMs), invisible),
      kafkaBrokerConfigs: withGap(brokerConfigsSection(asked, foundAtMs), absent),
      kafkaGroups: groupsSection(metadata, found, descriptions, atMs),
      ...(logDirs === null ? {} : { kafkaLogDirs: withGap(logDirs, absent) }),
      ...(quotas === null ? {} : { kafkaQuotas: quotas }),
    },
    offsets: withGap(hidden ?? offsetsSection({ start, end, committed }, metadata, found, atMs), invisible),
    read: { atMs, led, found },
  };
}

/** End offsets travel with the committed ones, and behind them on each connection: lag is their difference. */
async function readMoving(
  session: ClusterSession,
  { listed, start }: { listed: FoundGroups; start: Awaited<ReturnType<typeof readLogOffsets>> },
  wanted: KafkaPlan['sections'],
) {
  const led = ledPartitions(session.metadata);
  const [groups, endAtFirst, logDirs, quotas] = await Promise.all([
    readGroups(session, listed),
    readLogOffsets(session, led, LATEST),
    wanted.includes('kafkaLogDirs') ? readLogDirs(session) : null,
    wanted.includes('kafkaQuotas') ? readQuotas(session) : null,
  ]);
  const end = groups.isSecondTry ? await readLogOffsets(session, led, LATEST) : endAtFirst;
  const ledNow = await askMovedLeaders(session, [
    { read: start, timestamp: EARLIEST },
    { read: end, timestamp: LATEST },
  ]);
  return { groups, end, led: ledNow ?? led, logDirs, quotas };
}
