// Rules about segments and tiered storage, of topics and of the brokers' defaults.
import { MSK_CONFIGURATION_SOURCE } from '../../facts/msk-configuration.ts';
import { TIERED_MIN_RETENTION_MS, TIERED_MIN_ROLL_MS, TIERED_MIN_SEGMENT_BYTES } from '../../facts/tiered-storage.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintRule, Setting } from '../lint-types.ts';
import { isTrue, KAFKA_DOCS, numeric, setting, severities, shown } from '../rule.ts';
import { isCompacted, isDeletedByTime, retention, topicName } from '../topic-reading.ts';

const BOTH = ['topic', 'broker'] as const;

/** What says that records are to move to tiered storage: the switch, or on brokers the settings that only make sense with it. */
function tieringOf(block: Block): Setting | null {
  const on = setting(block, 'remote.storage.enable') ?? setting(block, 'remote.log.storage.system.enable');
  return isTrue(on) ? on : null;
}

export const tieringMisconfigured: LintRule = {
  id: 'tiering-misconfigured',
  kinds: BOTH,
  severity: severities('high', 'medium', 'low'),
  what: 'Tiered storage that moves nothing, or that MSK refuses',
  why: 'with as much kept locally as in all, no record lives in the cheap tier alone and the disk stays as full; switching a topic off again is for ever on MSK',
  right:
    'remote.storage.enable=true on the topic, local.retention.ms (hours) below retention.ms (3 days or more), cleanup.policy=delete',
  reference: MSK_CONFIGURATION_SOURCE.tiered,
  find(block) {
    const on = tieringOf(block);
    const local = numeric(block, topicName(block, 'local.retention.ms', 'log.local.retention.ms'));
    const kept = retention(block);
    const drafts: Draft[] = [];
    if (local !== null && kept !== null && kept.ms >= 0 && local.value >= kept.ms) {
      const total = formatQuantity(kept.ms, 'durationMs');
      drafts.push({
        at: local.at,
        message: `${shown(local.at)}, and all is kept for ${total}: nothing lives in the remote tier alone`,
        right: `${local.at.key}=43200000`,
      });
    }
    if (on === null) return drafts;
    if (kept !== null && kept.ms >= 0 && kept.ms < TIERED_MIN_RETENTION_MS)
      drafts.push({
        at: kept.at,
        message: `${shown(kept.at)} is ${formatQuantity(kept.ms, 'durationMs')}, and MSK asks for 3 days of a tiered topic`,
        right: `${topicName(block, 'retention.ms', 'log.retention.ms')}=604800000`,
      });
    if (block.kind === 'topic') drafts.push(...ofTopic(block, on));
    return drafts;
  },
};

function ofTopic(block: Block, on: Setting): Draft[] {
  const drafts: Draft[] = [];
  const local = numeric(block, 'local.retention.ms');
  const bytes = numeric(block, 'local.retention.bytes');
  if ((local === null || local.value === -2) && (bytes === null || bytes.value === -2))
    drafts.push({
      at: local?.at ?? on,
      message: 'without local.retention.ms as much is kept on disk as in all',
      right: 'local.retention.ms=43200000',
    });
  if (isCompacted(block))
    drafts.push({ at: setting(block, 'cleanup.policy'), message: 'MSK has no tiered storage for compacted topics' });
  for (const [name, least] of [
    ['segment.bytes', TIERED_MIN_SEGMENT_BYTES],
    ['segment.ms', TIERED_MIN_ROLL_MS],
  ] as const) {
    const found = numeric(block, name);
    if (found !== null && found.value < least)
      drafts.push({ at: found.at, message: `${shown(found.at)}: MSK asks for ${least} or more of a tiered topic` });
  }
  return drafts;
}

export const segmentMismatched: LintRule = {
  id: 'segment-mismatched',
  kinds: BOTH,
  severity: severities('low', 'low', 'info'),
  what: 'Segments that do not fit the retention',
  why: 'only whole closed segments are deleted: a segment open for longer than the retention keeps records far beyond it; tiny ones are thousands of open files',
  right: 'a segment that rolls about ten times within the retention, of 50 MB or more',
  reference: `${KAFKA_DOCS}/#topicconfigs_segment.ms`,
  find(block) {
    const bytes = numeric(block, topicName(block, 'segment.bytes', 'log.segment.bytes'));
    const rollMs = numeric(block, topicName(block, 'segment.ms', 'log.roll.ms'));
    const kept = retention(block);
    const drafts: Draft[] = [];
    // A tiered topic has a floor of its own.
    if (bytes !== null && bytes.value < CONFIG_LIMITS.topic.minSegmentBytes && tieringOf(block) === null)
      drafts.push({ at: bytes.at, message: `${shown(bytes.at)} is ${formatQuantity(bytes.value, 'bytes')}` });
    if (rollMs !== null && kept !== null && kept.ms >= 0 && rollMs.value > kept.ms && isDeletedByTime(block))
      drafts.push({ at: rollMs.at, message: `${shown(rollMs.at)} is longer than the retention` });
    return drafts;
  },
};

export const retentionShadowed: LintRule = {
  id: 'retention-shadowed',
  kinds: ['broker'],
  severity: severities('low', 'low', 'info'),
  what: 'Two retentions in different units',
  why: 'log.retention.ms counts before minutes, minutes before hours: the others say something that is not so',
  right: 'log.retention.ms alone',
  reference: `${KAFKA_DOCS}/#brokerconfigs_log.retention.ms`,
  find(block) {
    const counts = retention(block);
    if (counts === null) return [];
    return ['log.retention.minutes', 'log.retention.hours'].flatMap((name): Draft[] => {
      const at = setting(block, name);
      return at === null || at === counts.at
        ? []
        : [{ at, message: `${shown(at)} has no effect: ${shown(counts.at)} counts` }];
    });
  },
};
