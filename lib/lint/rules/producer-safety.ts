// Rules about what a producer may lose, double or reorder.
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintContext, LintRule } from '../lint-types.ts';
import {
  advised,
  CLIENT_PAGE,
  effective,
  effectiveNumber,
  isFalse,
  isTrue,
  KAFKA_DOCS,
  line,
  numeric,
  PRODUCERS,
  setting,
  severities,
  shown,
} from '../rule.ts';

const LIMITS = CONFIG_LIMITS.producer;
const KIP_679 = 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-679';

/** Where durability is the goal, what may lose or double records is worse. */
function worseForDurability({ goal }: LintContext): number {
  return goal === 'durability' ? -1 : 0;
}

export const acksWeak: LintRule = {
  id: 'acks-weak',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'info'),
  what: 'Acknowledgements of the leader alone, or of nobody',
  why: 'records that were acknowledged are lost when their leader fails before a replica has them: at each failed broker, whatever the replication factor',
  right:
    'acks=all, with min.insync.replicas=2 on the topic; with batches in flight it costs latency, hardly throughput',
  reference: CLIENT_PAGE,
  find(block, context) {
    const at = setting(block, 'acks');
    if (at === null || (at.value !== '0' && at.value !== '1')) return [];
    const claimed = setting(block, 'enable.idempotence');
    const silent =
      claimed === null && ['java', 'kafka-python'].includes(block.library ?? '')
        ? '; it also switches idempotence off'
        : '';
    return [
      {
        at,
        message: `${shown(at)}${silent}`,
        right: advised(block, 'acks', context),
        milderBy: worseForDurability(context),
      },
    ];
  },
};

export const idempotenceConflict: LintRule = {
  id: 'idempotence-conflict',
  kinds: PRODUCERS,
  severity: severities('high', 'high', 'medium'),
  what: 'Idempotence or transactions together with a setting that excludes them',
  why: 'the client does not start, or order and exactly one copy are claimed and not kept',
  right:
    'acks=all, retries above 0, at most 5 requests in flight (Sarama and KafkaJS: 1); exactly once needs transactions and read_committed as well',
  reference: KIP_679,
  find(block, context) {
    const claim = isTrue(setting(block, 'enable.idempotence'))
      ? setting(block, 'enable.idempotence')
      : setting(block, 'transactional.id');
    if (claim === null || claim.text === '') return [];
    const serial = block.library === 'sarama' || block.library === 'kafkajs' ? 1 : 5;
    const limits: [name: string, isWrong: (value: string) => boolean, right: string | null][] = [
      ['acks', (value) => value === '0' || value === '1', advised(block, 'acks', context)],
      ['retries', (value) => value === '0', advised(block, 'retries', context)],
      ['max.in.flight.requests.per.connection', (value) => Number(value) > serial, null],
    ];
    const drafts = limits.flatMap(([name, isWrong, right]): Draft[] => {
      const at = setting(block, name);
      // Sarama refuses its own default of 5 requests; the defaults of the others fit.
      const value = at?.value ?? (block.library === 'sarama' ? effective(block, name, context) : null);
      if (value === null || !isWrong(value)) return [];
      const subject = at === null ? `${line(block, name, value)} (the default)` : shown(at);
      return [
        {
          at: at ?? claim,
          message: `${shown(claim)} does not go with ${subject}`,
          right: right ?? line(block, name, String(serial)),
        },
      ];
    });
    const off = setting(block, 'enable.idempotence');
    if (claim !== off && isFalse(off))
      drafts.push({
        at: off,
        message: `transactions need idempotence, and ${shown(off!)}`,
        right: line(block, 'enable.idempotence', 'true'),
      });
    return drafts;
  },
};

export const idempotenceOff: LintRule = {
  id: 'idempotence-off',
  kinds: PRODUCERS,
  severity: severities('medium', 'low', 'info'),
  what: 'Idempotence switched off',
  why: 'each retry, so each leader change, may write records twice or out of order',
  right: 'enable.idempotence=true; with IAM it needs kafka-cluster:WriteDataIdempotently',
  reference: KIP_679,
  find(block, context) {
    const at = setting(block, 'enable.idempotence');
    // acks of 0 or 1 exclude it, and have a rule of their own.
    if (!isFalse(at) || ['0', '1'].includes(setting(block, 'acks')?.value ?? '')) return [];
    return [
      {
        at,
        message: shown(at!),
        right: advised(block, 'enable.idempotence', context),
        milderBy: worseForDurability(context),
      },
    ];
  },
};

export const inFlightUnordered: LintRule = {
  id: 'in-flight-unordered',
  kinds: PRODUCERS,
  severity: severities('medium', 'low', 'info'),
  what: 'More requests in flight than order survives',
  why: 'a retried batch lands behind a later one; more than 5 also switch the idempotence of the Java client off, without a word',
  right: 'at most 5 with idempotence, 1 without where order matters',
  reference: `${KAFKA_DOCS}/#producerconfigs_max.in.flight.requests.per.connection`,
  find(block) {
    const found = numeric(block, 'max.in.flight.requests.per.connection');
    const claimed = isTrue(setting(block, 'enable.idempotence')) || setting(block, 'transactional.id') !== null;
    if (found === null || found.value <= 5 || claimed || found.at.role === 'consumer') return [];
    return [
      { at: found.at, message: shown(found.at), right: line(block, 'max.in.flight.requests.per.connection', '5') },
    ];
  },
};

export const retriesLimited: LintRule = {
  id: 'retries-limited',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'low'),
  what: 'Retries that end before a broker is back',
  why: 'leaders move at each failure and at each patch of MSK; when the retries are used up, the records are gone',
  right: 'retries=2147483647, bounded by delivery.timeout.ms of 60 s or more',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'retries');
    if (found === null || found.value >= LIMITS.minRetries || block.kind === 'consumer') return [];
    // KafkaJS waits longer with each try: its 5 are ten seconds.
    const right =
      advised(block, 'retries', context) ??
      (block.library === 'kafkajs' ? 'leave it out of an idempotent producer' : null);
    return [{ at: found.at, message: shown(found.at), right, milderBy: found.value > 0 ? 1 : 0 }];
  },
};

export const timeoutsShort: LintRule = {
  id: 'timeouts-short',
  kinds: PRODUCERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A producer that gives up before the restart of a broker is over',
  why: 'records expire during each patch of MSK',
  right:
    'delivery.timeout.ms of 60000 or more, better 120000; request.timeout.ms of 10000 or more; max.block.ms of 60000',
  reference: CLIENT_PAGE,
  find: (block, context) =>
    [
      { found: numeric(block, 'delivery.timeout.ms'), least: LIMITS.minDeliveryTimeoutMs, rightMs: '30000' },
      { found: numeric(block, 'request.timeout.ms'), least: LIMITS.minRequestTimeoutMs, rightMs: '30000' },
      { found: numeric(block, 'max.block.ms'), least: LIMITS.minBlockMs, rightMs: '60000' },
    ].flatMap(({ found, least, rightMs }): Draft[] => {
      // 0 is for ever in librdkafka.
      if (found === null || found.value >= least || (found.value === 0 && block.library === 'librdkafka')) return [];
      const right = advised(block, found.at.name!, context) ?? line(block, found.at.name!, rightMs);
      return [{ at: found.at, message: shown(found.at), right }];
    }),
};

export const timeoutsContradict: LintRule = {
  id: 'timeouts-contradict',
  kinds: PRODUCERS,
  severity: severities('high', 'medium', 'medium'),
  what: 'A delivery timeout shorter than one try',
  why: 'the Java client does not start: delivery.timeout.ms must cover linger.ms and request.timeout.ms',
  right: 'delivery.timeout.ms of linger.ms + request.timeout.ms at least',
  reference: `${KAFKA_DOCS}/#producerconfigs_delivery.timeout.ms`,
  find(block, context) {
    if (block.library !== 'java' && block.library !== 'kafka-python') return [];
    const found = numeric(block, 'delivery.timeout.ms');
    const request = effectiveNumber(block, 'request.timeout.ms', context) ?? 0;
    const need = request + (effectiveNumber(block, 'linger.ms', context) ?? 0);
    if (found === null || found.value >= need) return [];
    return [
      {
        at: found.at,
        message: `${shown(found.at)} is less than the ${need} ms of waiting and one request`,
        right: advised(block, 'delivery.timeout.ms', context),
      },
    ];
  },
};

export const transactionTimeoutLong: LintRule = {
  id: 'transaction-timeout-long',
  kinds: [...PRODUCERS, 'broker'],
  severity: severities('high', 'medium', 'medium'),
  what: "A transaction timeout above the brokers' limit",
  why: 'the broker refuses the producer at its start; and a hanging transaction holds back every read_committed consumer for as long',
  right: 'transaction.timeout.ms at most transaction.max.timeout.ms of the brokers, 15 minutes by default',
  reference: `${KAFKA_DOCS}/#brokerconfigs_transaction.max.timeout.ms`,
  find(block, { blocks }) {
    if (block.kind === 'broker') return transactionLimit(block);
    const found = numeric(block, 'transaction.timeout.ms');
    const broker = blocks.find(({ kind }) => kind === 'broker');
    const limit = (broker === undefined ? null : numeric(broker, 'transaction.max.timeout.ms')?.value) ?? 900_000;
    return found === null || found.value <= limit
      ? []
      : [{ at: found.at, message: `${shown(found.at)}, and the brokers allow ${limit}` }];
  },
};

/** A limit that lets a hanging transaction hold its readers back for hours. */
function transactionLimit(block: Block): Draft[] {
  const limit = numeric(block, 'transaction.max.timeout.ms');
  if (limit === null || limit.value <= CONFIG_LIMITS.broker.maxTransactionTimeoutMs) return [];
  const hours = formatQuantity(limit.value, 'durationMs');
  return [
    {
      at: limit.at,
      message: `${shown(limit.at)} lets a hanging transaction hold read_committed consumers back for ${hours}`,
      right: 'transaction.max.timeout.ms=900000',
      milderBy: 1,
    },
  ];
}
