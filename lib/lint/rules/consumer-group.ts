// Rules about a consumer's place in its group, and what it commits.
import { clientDefaultOf } from '../../facts/client-defaults.ts';
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintRule } from '../lint-types.ts';
import {
  advised,
  CLIENT_PAGE,
  CONSUMERS,
  effectiveNumber,
  isFalse,
  isTrue,
  KAFKA_DOCS,
  line,
  numeric,
  setting,
  severities,
  shown,
} from '../rule.ts';

const LIMITS = CONFIG_LIMITS.consumer;
/** That of Java's client and of librdkafka, the longest of all libraries'. */
const DEFAULT_SESSION_MS = Number(clientDefaultOf('java', 'session.timeout.ms', '3.0'));

export const heartbeatOverThird: LintRule = {
  id: 'heartbeat-over-third',
  kinds: CONSUMERS,
  severity: severities('high', 'medium', 'low'),
  what: 'A heartbeat interval above a third of the session timeout',
  why: 'one or two lost heartbeats end the session, and every end is a rebalance; from the session timeout on the client does not start',
  right: 'heartbeat.interval.ms at most session.timeout.ms / 3: 10000 to 15000 with a session of 45000',
  reference: `${KAFKA_DOCS}/#consumerconfigs_heartbeat.interval.ms`,
  find(block, context) {
    const heartbeat = numeric(block, 'heartbeat.interval.ms');
    const session = numeric(block, 'session.timeout.ms');
    const beatMs = effectiveNumber(block, 'heartbeat.interval.ms', context);
    // Where versions differ, the longest of their defaults: what is too long for that is too long for all.
    const known = effectiveNumber(block, 'session.timeout.ms', context);
    const sessionMs = known ?? DEFAULT_SESSION_MS;
    const at = heartbeat?.at ?? session?.at;
    if (at === undefined || beatMs === null) return [];
    if (beatMs * LIMITS.heartbeatsPerSession <= sessionMs) return [];
    const share = `${formatQuantity(beatMs, 'durationMs')} of a session of ${formatQuantity(sessionMs, 'durationMs')}`;
    return [
      {
        at,
        message: `heartbeats each ${share}`,
        right: advised(block, 'heartbeat.interval.ms', context),
        milderBy: known === null ? 1 : 0,
      },
    ];
  },
};

export const sessionTimeoutShort: LintRule = {
  id: 'session-timeout-short',
  kinds: CONSUMERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A session timeout shorter than the restart of an instance or a broker',
  why: 'each restart, long garbage collection or patch of MSK costs the group a rebalance',
  right: 'session.timeout.ms of 45000 to 60000',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'session.timeout.ms');
    if (found === null || found.value >= LIMITS.minSessionTimeoutMs) return [];
    const milderBy = found.value <= LIMITS.veryShortSessionTimeoutMs ? 0 : 1;
    return [{ at: found.at, message: shown(found.at), right: advised(block, 'session.timeout.ms', context), milderBy }];
  },
};

export const sessionTimeoutRefused: LintRule = {
  id: 'session-timeout-refused',
  kinds: [...CONSUMERS, 'broker'],
  severity: severities('high', 'medium', 'medium'),
  what: 'A session timeout that the brokers refuse',
  why: 'joining the group fails with INVALID_SESSION_TIMEOUT',
  right: 'between group.min.session.timeout.ms (6000) and group.max.session.timeout.ms (1800000) of the brokers',
  reference: `${KAFKA_DOCS}/#brokerconfigs_group.max.session.timeout.ms`,
  find(block, { blocks }) {
    if (block.kind === 'broker') return refusesDefault(block);
    const found = numeric(block, 'session.timeout.ms');
    const broker = blocks.find(({ kind }) => kind === 'broker');
    const limit = (name: string, fallback: number) =>
      (broker === undefined ? null : numeric(broker, name)?.value) ?? fallback;
    const [least, most] = [
      limit('group.min.session.timeout.ms', 6_000),
      limit('group.max.session.timeout.ms', 1_800_000),
    ];
    if (found === null || (found.value >= least && found.value <= most)) return [];
    return [{ at: found.at, message: `${shown(found.at)}, and the brokers take ${least} to ${most}` }];
  },
};

/** Brokers that refuse who has set nothing. */
function refusesDefault(block: Block): Draft[] {
  const [least, most] = [
    numeric(block, 'group.min.session.timeout.ms'),
    numeric(block, 'group.max.session.timeout.ms'),
  ];
  const odd = [
    ...(least !== null && least.value > DEFAULT_SESSION_MS ? [least.at] : []),
    ...(most !== null && most.value < DEFAULT_SESSION_MS ? [most.at] : []),
  ];
  return odd.map((at) => ({
    at,
    message: `${shown(at)} refuses the ${DEFAULT_SESSION_MS} that consumers have by default`,
    right: `${at.key}=${at === least?.at ? 6_000 : 1_800_000}`,
  }));
}

export const pollIntervalRaised: LintRule = {
  id: 'poll-interval-raised',
  kinds: CONSUMERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A longer poll interval than the default',
  why: 'it hides slow processing: a hung consumer keeps its partitions for as long, and every rebalance may wait for it',
  right:
    'first less work for each poll (max.poll.records), then a thread that does the work; raise it only when one record takes minutes',
  reference: `${KAFKA_DOCS}/#consumerconfigs_max.poll.interval.ms`,
  find(block) {
    const found = numeric(block, 'max.poll.interval.ms');
    if (found === null || found.value <= LIMITS.maxPollIntervalMs) return [];
    return [
      {
        at: found.at,
        message: shown(found.at),
        right: line(block, 'max.poll.interval.ms', String(LIMITS.maxPollIntervalMs)),
      },
    ];
  },
};

export const pollIntervalBelowSession: LintRule = {
  id: 'poll-interval-below-session',
  kinds: CONSUMERS,
  severity: severities('high', 'high', 'medium'),
  what: 'A poll interval shorter than the session timeout',
  why: 'librdkafka does not start; with the other libraries one slow batch puts a member out sooner than its death would',
  right: 'max.poll.interval.ms above session.timeout.ms: 300000 with a session of 45000',
  reference: `${KAFKA_DOCS}/#consumerconfigs_max.poll.interval.ms`,
  find(block, context) {
    const poll = numeric(block, 'max.poll.interval.ms');
    const session = numeric(block, 'session.timeout.ms');
    const pollMs = effectiveNumber(block, 'max.poll.interval.ms', context);
    const sessionMs = effectiveNumber(block, 'session.timeout.ms', context);
    const at = poll?.at ?? session?.at;
    if (at === undefined || pollMs === null || sessionMs === null || pollMs >= sessionMs) return [];
    return [
      {
        at,
        message: `${shown(at)}: a poll each ${formatQuantity(pollMs, 'durationMs')} at least, a session of ${formatQuantity(sessionMs, 'durationMs')}`,
        right: line(block, 'max.poll.interval.ms', String(LIMITS.maxPollIntervalMs)),
        milderBy: block.library === 'librdkafka' ? 0 : 1,
      },
    ];
  },
};

export const groupProtocolConflict: LintRule = {
  id: 'group-protocol-conflict',
  kinds: CONSUMERS,
  severity: severities('high', 'high', 'medium'),
  what: 'A setting of the classic group protocol beside group.protocol=consumer',
  why: "the Java client does not start: with the new protocol session, heartbeat and assignor are the brokers'",
  right:
    'remove it; the brokers have group.consumer.session.timeout.ms, group.consumer.heartbeat.interval.ms and group.remote.assignor',
  reference: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-848',
  find(block) {
    if (setting(block, 'group.protocol')?.value.toLowerCase() !== 'consumer') return [];
    const classic = ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'];
    return classic.flatMap((name) => {
      const at = setting(block, name);
      return at === null ? [] : [{ at, message: `${shown(at)} beside group.protocol=consumer` }];
    });
  },
};

export const assignorEager: LintRule = {
  id: 'assignor-eager',
  kinds: CONSUMERS,
  severity: severities('low', 'low', 'info'),
  what: 'An assignor that stops the whole group at each rebalance',
  why: 'every deployment makes all members give up all partitions and wait',
  right: 'the cooperative sticky assignor; going there takes two rolling restarts, the first with both in the list',
  reference: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-429',
  find(block, context) {
    const at = setting(block, 'partition.assignment.strategy');
    const right = advised(block, 'partition.assignment.strategy', context);
    if (at === null || at.text === '' || right === null || /cooperative/i.test(at.text)) return [];
    return [{ at, message: shown(at), right }];
  },
};

export const offsetResetChoice: LintRule = {
  id: 'offset-reset-choice',
  kinds: CONSUMERS,
  severity: severities('low', 'low', 'info'),
  what: 'Where a group without offsets begins',
  why: 'latest skips what arrived before its first commit and after its offsets expired, without a word; earliest makes a new group read the whole log',
  right: 'a choice on purpose: earliest where no record may be missed, latest where a full read hurts more',
  reference: CLIENT_PAGE,
  find(block, context) {
    const { goal } = context;
    const at = setting(block, 'auto.offset.reset');
    if (at?.value === 'latest' && goal === 'durability')
      return [
        {
          at,
          message: `${shown(at)} skips records where durability is the goal`,
          right: advised(block, 'auto.offset.reset', context),
        },
      ];
    if (at?.value === 'earliest' && goal !== 'durability')
      return [
        { at, message: `${shown(at)}: a new group, and one whose offsets expired, reads the whole log`, milderBy: 2 },
      ];
    return [];
  },
};

export const commitsFrequent: LintRule = {
  id: 'commits-frequent',
  kinds: CONSUMERS,
  severity: severities('low', 'low', 'info'),
  what: 'Offsets committed more often than each 5 seconds',
  why: 'each commit is a write to the one broker that coordinates the group, and to its replicas',
  right: 'auto.commit.interval.ms of 5000 or more; by hand, once a batch',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'auto.commit.interval.ms');
    if (found === null || found.value >= LIMITS.minCommitIntervalMs) return [];
    // Who commits by hand has no interval, and 0 is librdkafka's word for that.
    if (isFalse(setting(block, 'enable.auto.commit')) || (found.value === 0 && block.library === 'librdkafka'))
      return [];
    return [{ at: found.at, message: shown(found.at), right: advised(block, 'auto.commit.interval.ms', context) }];
  },
};

export const commitByTime: LintRule = {
  id: 'commit-by-time',
  kinds: CONSUMERS,
  severity: severities('medium', 'low', 'info'),
  what: 'Offsets committed by the clock where durability is the goal',
  why: 'what was handed over and is not done when the process dies is never read again',
  right: 'enable.auto.commit=false and a commit after the work (librdkafka: enable.auto.offset.store=false)',
  reference: `${KAFKA_DOCS}/#consumerconfigs_enable.auto.commit`,
  find(block, { goal }) {
    const at = setting(block, 'enable.auto.commit');
    // Sarama and KafkaJS commit what the program has marked as done.
    if (block.library === 'sarama' || block.library === 'kafkajs') return [];
    const stores = block.settings.some(({ key, value }) => key === 'enable.auto.offset.store' && value === 'false');
    return goal !== 'durability' || !isTrue(at) || stores
      ? []
      : [{ at, message: shown(at!), right: line(block, 'enable.auto.commit', 'false') }];
  },
};
