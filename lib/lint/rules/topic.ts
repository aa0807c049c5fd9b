// Rules about topics, and about the brokers' defaults for them.
import {
  EXPRESS_TOPIC_SETTABLE,
  MSK_CONFIGURATION_SOURCE,
  SERVERLESS_TOPIC_SETTABLE,
} from '../../facts/msk-configuration.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintRule } from '../lint-types.ts';
import { isJvmOption, NO_TOPIC_CONFIG } from '../parse/dialects.ts';
import { isTrue, KAFKA_DOCS, MSK_GUIDE, numeric, setting, severities, shown } from '../rule.ts';
import { isDeletedByTime, retention, topicName } from '../topic-reading.ts';

const LIMITS = CONFIG_LIMITS.topic;
const BOTH = ['topic', 'broker'] as const;
const BEST_PRACTICES = `${MSK_GUIDE}/bestpractices.html`;

export const notATopicConfig: LintRule = {
  id: 'not-a-topic-config',
  kinds: ['topic'],
  severity: severities('high', 'high', 'medium'),
  what: 'Partition count or replication factor among the configurations of a topic',
  why: "they are fields of the request, no configurations: CreateTopics refuses the topic. num.partitions is the brokers' default for topics that create themselves",
  right: 'the fields of the request: --partitions and --replication-factor, numPartitions and replicationFactor',
  reference: `${KAFKA_DOCS}/#topicconfigs`,
  find: (block) =>
    block.settings
      .filter(({ key }) => NO_TOPIC_CONFIG.has(key))
      .map((at) => ({ at, message: `\`${at.key}\` is no topic configuration` })),
};

export const flushForced: LintRule = {
  id: 'flush-forced',
  kinds: BOTH,
  severity: severities('high', 'medium', 'low'),
  what: 'A forced flush of the log',
  why: 'it makes the broker wait for the disk; durability comes from replication, and this is neither batching nor tuning',
  right: 'remove it: the default is never, and the operating system writes in the background',
  reference: `${KAFKA_DOCS}/#topicconfigs_flush.messages`,
  find: (block) =>
    [
      topicName(block, 'flush.messages', 'log.flush.interval.messages'),
      topicName(block, 'flush.ms', 'log.flush.interval.ms'),
    ].flatMap((name): Draft[] => {
      const found = numeric(block, name);
      // 2^63 - 1 is never.
      return found === null || found.value >= Number.MAX_SAFE_INTEGER
        ? []
        : [{ at: found.at, message: shown(found.at) }];
    }),
};

export const replicationFactorLow: LintRule = {
  id: 'replication-factor-low',
  kinds: BOTH,
  severity: severities('high', 'medium', 'info'),
  what: 'Fewer copies than availability zones',
  why: 'with two, one broker under repair leaves one copy; with one, the partition is gone for each restart and lost with its disk',
  right: 'replication factor 3, with min.insync.replicas=2 and acks=all: copies alone do not stop loss',
  reference: BEST_PRACTICES,
  find: (block) =>
    (block.kind === 'topic'
      ? ['replication.factor']
      : ['default.replication.factor', 'offsets.topic.replication.factor', 'transaction.state.log.replication.factor']
    ).flatMap((name): Draft[] => {
      const found = numeric(block, name);
      // -1 is the brokers' default.
      if (found === null || found.value < 0 || found.value >= LIMITS.minReplicationFactor) return [];
      return [
        { at: found.at, message: shown(found.at), right: `${found.at.key}=3`, milderBy: found.value === 1 ? -1 : 0 },
      ];
    }),
};

export const minIsrEqualRf: LintRule = {
  id: 'min-isr-equal-rf',
  kinds: BOTH,
  severity: severities('high', 'medium', 'low'),
  what: 'As many in-sync replicas demanded as there are copies',
  why: 'one broker under repair, so each patch of MSK, stops every producer with acks=all',
  right: 'min.insync.replicas one less than the replication factor: 2 of 3',
  reference: BEST_PRACTICES,
  find(block, { blocks }) {
    const found = numeric(block, 'min.insync.replicas');
    const ofBroker = (each: Block) => numeric(each, 'default.replication.factor')?.value;
    const own = block.kind === 'topic' ? numeric(block, 'replication.factor')?.value : ofBroker(block);
    const told = own ?? blocks.flatMap((each) => (each.kind === 'broker' ? (ofBroker(each) ?? []) : []))[0];
    // MSK's default in three zones.
    const copies = told === undefined || told < 1 ? 3 : told;
    if (found === null || found.value < copies || copies < 2) return [];
    const whose = told === undefined ? "the 3 copies of MSK's default" : `${copies} copies`;
    // With two copies another rule asks for the third: one in-sync replica would not be right with that any more.
    const right =
      copies < LIMITS.minReplicationFactor
        ? `min.insync.replicas=${LIMITS.minReplicationFactor - 1} with ${LIMITS.minReplicationFactor} copies`
        : `min.insync.replicas=${copies - 1}`;
    return [{ at: found.at, message: `${shown(found.at)} with ${whose}`, right }];
  },
};

export const minIsrLow: LintRule = {
  id: 'min-isr-low',
  kinds: BOTH,
  severity: severities('high', 'medium', 'info'),
  what: 'One in-sync replica is enough',
  why: 'acks=all then means acks=1 as soon as the others fall behind: what was acknowledged lies on one disk',
  right: 'min.insync.replicas=2 with three copies',
  reference: BEST_PRACTICES,
  find(block) {
    const copies = numeric(block, topicName(block, 'replication.factor', 'default.replication.factor'))?.value;
    const states = ['min.insync.replicas', ...(block.kind === 'broker' ? ['transaction.state.log.min.isr'] : [])];
    // Of two copies one is all that can be asked for without stopping at each restart.
    if (copies === 2 || copies === 1) return [];
    return states.flatMap((name): Draft[] => {
      const found = numeric(block, name);
      return found === null || found.value >= LIMITS.minInsyncReplicas
        ? []
        : [
            {
              at: found.at,
              message: shown(found.at),
              right: name === 'min.insync.replicas' ? null : `${name}=${LIMITS.minInsyncReplicas}`,
            },
          ];
    });
  },
};

export const uncleanElection: LintRule = {
  id: 'unclean-election-enabled',
  kinds: BOTH,
  severity: severities('high', 'medium', 'info'),
  what: 'Replicas that are behind may become leader',
  why: 'records that were acknowledged vanish, and consumers may meet offsets that are gone',
  right: 'unclean.leader.election.enable=false, unless writing at any price is wanted',
  reference: `${MSK_GUIDE}/msk-default-configuration.html`,
  find(block, { clusterType }) {
    const at = setting(block, 'unclean.leader.election.enable');
    if (isTrue(at)) return [{ at, message: shown(at!), right: 'unclean.leader.election.enable=false' }];
    // With tiered storage MSK's default is false.
    if (
      at !== null ||
      numeric(block, 'log.local.retention.ms') !== null ||
      block.kind === 'topic' ||
      clusterType !== 'standard' ||
      block.settings.every(({ isKnown, key }) => !isKnown || isJvmOption(key))
    )
      return [];
    // A revision of a configuration replaces the whole file: what it leaves out is MSK's default.
    return [
      {
        at: null,
        message: "not set, and MSK's default without tiered storage is true, against Kafka's false",
        right: 'unclean.leader.election.enable=false',
        milderBy: 1,
      },
    ];
  },
};

export const retentionUnbounded: LintRule = {
  id: 'retention-unbounded',
  kinds: BOTH,
  severity: severities('high', 'medium', 'low'),
  what: 'Records kept for ever on the disks of the brokers',
  why: 'volumes of MSK grow and never shrink; when one is full, its broker stops',
  right: 'a retention by time or size, compaction, or tiered storage',
  reference: BEST_PRACTICES,
  find(block) {
    const kept = retention(block);
    const bytes = numeric(block, topicName(block, 'retention.bytes', 'log.retention.bytes'));
    const isTiered = isTrue(setting(block, 'remote.storage.enable'));
    if (kept === null || kept.ms >= 0 || (bytes !== null && bytes.value >= 0) || isTiered) return [];
    return isDeletedByTime(block) ? [{ at: kept.at, message: `${shown(kept.at)} without a limit in bytes` }] : [];
  },
};

export const retentionShort: LintRule = {
  id: 'retention-short',
  kinds: BOTH,
  severity: severities('medium', 'low', 'info'),
  what: 'A retention shorter than an outage of a consumer',
  why: 'records are deleted before a group that was down has read them',
  right: 'an hour at the very least; where durability is the goal, a weekend and a day (259200000 ms)',
  reference: `${KAFKA_DOCS}/#topicconfigs_retention.ms`,
  find(block, { goal }) {
    const kept = retention(block);
    const least = goal === 'durability' ? LIMITS.minRetentionForDurabilityMs : LIMITS.minRetentionMs;
    const isTiered = isTrue(setting(block, 'remote.storage.enable'));
    if (kept === null || kept.ms < 0 || kept.ms >= least || !isDeletedByTime(block) || isTiered) return [];
    return [{ at: kept.at, message: `${shown(kept.at)} is ${formatQuantity(kept.ms, 'durationMs')}` }];
  },
};

export const brokerRecompression: LintRule = {
  id: 'broker-recompression',
  kinds: BOTH,
  severity: severities('medium', 'low', 'info'),
  what: 'Brokers that compress again what producers have compressed',
  why: "each batch of another codec is unpacked and packed on the broker: its CPU, for what the producer's codec does for nothing",
  right: 'compression.type=producer, and the codec at the producers',
  reference: `${KAFKA_DOCS}/#topicconfigs_compression.type`,
  find(block) {
    const at = setting(block, 'compression.type');
    return at === null || at.value === 'producer' || at.value === ''
      ? []
      : [{ at, message: shown(at), right: 'compression.type=producer' }];
  },
};

export const compactionIneffective: LintRule = {
  id: 'compaction-ineffective',
  kinds: BOTH,
  severity: severities('low', 'low', 'info'),
  what: 'Compaction that runs all the time, or hardly ever',
  why: 'a ratio near 0 costs CPU and disk all day, one near 1 lets the log grow to many times its keys',
  right:
    'min.cleanable.dirty.ratio of 0.3 to 0.5, max.compaction.lag.ms where a bound is needed, tombstones for a week at most',
  reference: `${KAFKA_DOCS}/#topicconfigs_min.cleanable.dirty.ratio`,
  find(block) {
    const ratio = numeric(block, topicName(block, 'min.cleanable.dirty.ratio', 'log.cleaner.min.cleanable.ratio'));
    const kept = numeric(block, topicName(block, 'delete.retention.ms', 'log.cleaner.delete.retention.ms'));
    const isOdd = ratio !== null && (ratio.value < LIMITS.minCleanableRatio || ratio.value > LIMITS.maxCleanableRatio);
    const isLong = kept !== null && kept.value > LIMITS.maxDeleteRetentionMs;
    const least = numeric(block, topicName(block, 'min.compaction.lag.ms', 'log.cleaner.min.compaction.lag.ms'));
    const most = numeric(block, topicName(block, 'max.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms'));
    const isRefused = least !== null && most !== null && least.value > most.value;
    return [
      ...[...(isOdd ? [ratio.at] : []), ...(isLong ? [kept.at] : [])].map((at) => ({ at, message: shown(at) })),
      ...(isRefused
        ? [
            {
              at: most.at,
              message: `${shown(most.at)} is less than ${shown(least.at)}: Kafka refuses it`,
              milderBy: -2,
            },
          ]
        : []),
    ];
  },
};

export const topicNotSettable: LintRule = {
  id: 'topic-config-fixed',
  kinds: ['topic'],
  severity: severities('medium', 'medium', 'low'),
  what: 'A topic configuration that this kind of cluster does not let change',
  why: 'creating or altering the topic fails',
  right: 'remove it: Express and Serverless keep it themselves',
  reference: MSK_CONFIGURATION_SOURCE.serverless,
  find(block, { clusterType }) {
    if (clusterType === 'standard') return [];
    const settable = clusterType === 'express' ? EXPRESS_TOPIC_SETTABLE : SERVERLESS_TOPIC_SETTABLE;
    return block.settings
      .filter(({ key, isKnown }) => isKnown && key.includes('.') && !settable.has(key) && !NO_TOPIC_CONFIG.has(key))
      .map((at) => ({
        at,
        message: `\`${at.key}\` cannot be set on ${clusterType === 'express' ? 'Express brokers' : 'MSK Serverless'}`,
      }));
  },
};
