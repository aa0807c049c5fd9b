// Rules about how consumers fetch.
import { CONFIG_LIMITS } from '../../policy/config-limits.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Block, Draft, LintContext, LintRule } from '../lint-types.ts';
import {
  advised,
  CLIENT_PAGE,
  CONSUMERS,
  effectiveNumber,
  KAFKA_DOCS,
  line,
  numeric,
  setting,
  severities,
  shown,
} from '../rule.ts';

const LIMITS = CONFIG_LIMITS.consumer;

export const fetchEmptyPolls: LintRule = {
  id: 'fetch-empty-polls',
  kinds: CONSUMERS,
  severity: severities('low', 'low', 'info'),
  what: 'A short fetch wait where a fetch never waits for data',
  why: 'with fetch.min.bytes=1 a record is delivered at once whatever the wait; a shorter one only adds empty fetches',
  right: 'fetch.max.wait.ms=500 and fetch.min.bytes=1024',
  reference: CLIENT_PAGE,
  find(block, context) {
    const wait = numeric(block, 'fetch.max.wait.ms');
    const least = effectiveNumber(block, 'fetch.min.bytes', context);
    if (wait === null || wait.value >= LIMITS.minFetchWaitMs || least === null || least > 1) return [];
    return [{ at: wait.at, message: shown(wait.at), right: advised(block, 'fetch.max.wait.ms', context) }];
  },
};

export const fetchWaitLong: LintRule = {
  id: 'fetch-wait-long',
  kinds: CONSUMERS,
  severity: severities('high', 'medium', 'low'),
  what: 'A fetch that may wait longer than a request',
  why: 'where little arrives each fetch times out before its answer: the client hangs up, connects anew and asks again',
  right: 'fetch.max.wait.ms of 500 to 1000, well below request.timeout.ms',
  reference: `${KAFKA_DOCS}/#consumerconfigs_request.timeout.ms`,
  find(block, context) {
    const [wait, request] = [numeric(block, 'fetch.max.wait.ms'), numeric(block, 'request.timeout.ms')];
    // The time that a request may take has another name in librdkafka and Sarama, and no one default in kafka-python.
    const isComplete = wait !== null && request !== null;
    const isComparable =
      block.library === 'java' || block.library === 'kafkajs' || (block.library === 'kafka-python' && isComplete);
    if (!isComparable || request?.at.section === 'producer') return [];
    const waitMs = effectiveNumber(block, 'fetch.max.wait.ms', context);
    const requestMs = effectiveNumber(block, 'request.timeout.ms', context);
    const at = wait?.at ?? (block.kind === 'consumer' ? request?.at : undefined);
    if (at === undefined || waitMs === null || requestMs === null || waitMs < requestMs) return [];
    return [
      {
        at,
        message: `a fetch may wait ${formatQuantity(waitMs, 'durationMs')}, a request takes ${formatQuantity(requestMs, 'durationMs')} at most`,
        right:
          wait === null ? line(block, 'request.timeout.ms', '30000') : advised(block, 'fetch.max.wait.ms', context),
      },
    ];
  },
};

export const fetchMinUnfit: LintRule = {
  id: 'fetch-min-unfit',
  kinds: CONSUMERS,
  severity: severities('low', 'info', 'info'),
  what: 'Fetches that answer with a single record',
  why: 'a fetch for each record costs the brokers as much CPU as one for a hundred; the wait bounds what larger ones can delay',
  right: 'fetch.min.bytes of 1024 for latency, 32768 to 131072 for throughput and cost',
  reference: CLIENT_PAGE,
  find(block, context) {
    const found = numeric(block, 'fetch.min.bytes');
    if (found === null || found.value >= 1_024) return [];
    return [{ at: found.at, message: shown(found.at), right: advised(block, 'fetch.min.bytes', context) }];
  },
};

export const fetchLarge: LintRule = {
  id: 'fetch-large',
  kinds: CONSUMERS,
  severity: severities('low', 'info', 'info'),
  what: 'Large fetches where throughput is not the goal',
  why: 'the memory is members x partitions x this size, and a slow member works longer on what it has fetched',
  right: '1 MiB for each partition, the default',
  reference: `${KAFKA_DOCS}/#consumerconfigs_max.partition.fetch.bytes`,
  find(block, { goal }) {
    const found = numeric(block, 'max.partition.fetch.bytes');
    if (found === null || found.value <= LIMITS.maxPartitionFetchBytes || goal === 'throughput' || goal === 'cost')
      return [];
    const size = formatQuantity(found.value, 'bytes');
    return [
      {
        at: found.at,
        message: `${shown(found.at)} is ${size} for each partition`,
        right: line(block, 'max.partition.fetch.bytes', '1048576'),
      },
    ];
  },
};

export const fetchSizesContradict: LintRule = {
  id: 'fetch-sizes-contradict',
  kinds: CONSUMERS,
  severity: severities('medium', 'low', 'low'),
  what: 'Fetch limits in the wrong order',
  why: 'the smaller one holds; Sarama cannot read a message above Consumer.Fetch.Max at all, librdkafka does not start',
  right: 'per partition at most per fetch at most per response',
  reference: `${KAFKA_DOCS}/#consumerconfigs_fetch.max.bytes`,
  find(block, context) {
    const pairs: [lower: string, upper: string, room: number][] = [
      ['max.partition.fetch.bytes', 'fetch.max.bytes', 0],
      ['max.partition.fetch.bytes', 'Consumer.Fetch.Max', 0],
      // https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md: 512 bytes more for the protocol.
      ['fetch.max.bytes', 'receive.message.max.bytes', 512],
    ];
    return pairs.flatMap(([lower, upper, room]): Draft[] => {
      const above = limitOf(block, upper, context);
      const below = limitOf(block, lower, context);
      if (above === null || below === null || above.value === 0 || below.value + room <= above.value) return [];
      const at = [above.at, below.at].find((each) => each !== null);
      return at === undefined ? [] : [{ at, message: `${below.text} is more than ${above.text} allows` }];
    });
  },
};

/** A limit by Kafka's name or, where Kafka has no such thing, by the library's key. */
function limitOf(block: Block, name: string, context: LintContext) {
  const at = block.settings.findLast((each) => each.name === name || each.key === name) ?? null;
  const value = at === null ? effectiveNumber(block, name, context) : Number(at.value);
  if (value === null || !Number.isFinite(value)) return null;
  return { at, value, text: at === null ? `${line(block, name, String(value))} (the default)` : shown(at) };
}

export const rackNotAzId: LintRule = {
  id: 'rack-not-az-id',
  kinds: CONSUMERS,
  severity: severities('medium', 'low', 'info'),
  what: 'A rack with the name of an availability zone',
  why: 'the racks of MSK are AZ ids: nothing matches, and all reads go on crossing zones and being paid for',
  right: 'the AZ id, like use1-az1: the names are shuffled for each account',
  reference: CLIENT_PAGE,
  find(block) {
    const at = setting(block, 'client.rack');
    return at === null || !/^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/.test(at.text) ? [] : [{ at, message: shown(at) }];
  },
};
