// What clients of MSK should set, by library, role and goal, with the reason and who says so.
// [BP-C] and [SKILL] are AWS's client page and AWS's skill managing-amazon-msk (2026-08-20); where they differ on fetch.min.bytes (bytes or
// KiB) the skill's unit is taken. Values between AWS's bounds are our judgement.
import type { Goal } from '../policy/environment.ts';
import { ADVISED_KEYS, keyAmong } from './client-keys.ts';
import { type ClientLibrary, LIBRARY_SOURCE } from './client-libraries.ts';
import { codecFor } from './codecs.ts';

const BP_C = 'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html';
const SKILL = 'https://github.com/aws/agent-toolkit-for-aws';
const KAFKA = 'https://kafka.apache.org/documentation/#configuration';

export interface AdvisedSetting {
  /** Kafka's name of the setting. */
  name: string;
  /** The library's own spelling of name and value. */
  key: string;
  value: string;
  reason: string;
}

export type AdvisedRole = 'producer' | 'consumer';

interface Row {
  name: string;
  /** One value, or the one of most goals and those that differ. Times in ms, sizes in bytes. */
  value: string | (Partial<Readonly<Record<Goal, string>>> & { other: string });
  reason: string;
}

const ROWS: Readonly<Record<AdvisedRole, readonly Row[]>> = {
  producer: [
    {
      name: 'acks',
      value: 'all',
      reason:
        'with less, acknowledged records are lost when their leader fails; and look at the result of every send, or errors are lost',
    },
    {
      name: 'enable.idempotence',
      value: 'true',
      reason: 'a retry can neither duplicate nor reorder records',
    },
    {
      name: 'retries',
      value: '2147483647',
      reason: 'every patch moves leaders for seconds to minutes; the delivery timeout is the bound, not a count',
    },
    {
      name: 'delivery.timeout.ms',
      value: '120000',
      reason: 'the restart of one broker must fit in; AWS asks for 60 s at least',
    },
    {
      name: 'max.in.flight.requests.per.connection',
      value: '5',
      reason: 'the most that keeps order together with idempotence',
    },
    {
      name: 'linger.ms',
      value: { latency: '5', throughput: '25', cost: '25', other: '10' },
      reason: 'batches cost the brokers less CPU than single records; AWS asks for 5 ms at least, 25 ms is typical',
    },
    {
      name: 'batch.size',
      value: { throughput: '131072', cost: '131072', other: '65536' },
      reason: 'bytes of one batch of one partition, not messages; AWS asks for 64 or 128 KiB',
    },
    {
      name: 'buffer.memory',
      value: '67108864',
      reason: 'room for the larger batches while a leader moves',
    },
    {
      name: 'compression.type',
      value: { cost: codecFor('cost'), other: codecFor('balanced') },
      reason: 'less network, disk and storage for little CPU of the client; the broker stores it as it came',
    },
  ],
  consumer: [
    {
      name: 'session.timeout.ms',
      value: '45000',
      reason: 'a restart or a broker change within it costs no rebalance; AWS asks for 45 to 60 s',
    },
    {
      name: 'heartbeat.interval.ms',
      value: '10000',
      reason: 'at most a third of the session, so that one lost heartbeat is none',
    },
    {
      name: 'fetch.min.bytes',
      value: { throughput: '65536', cost: '65536', other: '1024' },
      reason: 'fewer, fuller fetches; the wait below bounds what it can delay',
    },
    {
      name: 'fetch.max.wait.ms',
      value: { throughput: '1000', cost: '1000', other: '500' },
      reason: 'how long a fetch may wait for fetch.min.bytes when little arrives',
    },
    {
      name: 'auto.offset.reset',
      value: { durability: 'earliest', other: 'latest' },
      reason: 'latest spares a new group the whole log; earliest never skips a record: choose on purpose',
    },
    {
      name: 'auto.commit.interval.ms',
      value: '5000',
      reason: 'each commit is a request to the one broker that coordinates the group',
    },
    {
      name: 'partition.assignment.strategy',
      value: 'cooperative-sticky',
      reason: 'a rebalance stops only the partitions that move; going there takes two rolling restarts',
    },
    {
      name: 'group.instance.id',
      value: '<name of the instance>',
      reason: 'stable and its own for each instance: a restart within the session costs no rebalance',
    },
    {
      name: 'client.rack',
      value: '<zone id of the instance>',
      reason: 'an AZ id like use1-az1: reads stay in the zone, where the brokers have a rack-aware replica selector',
    },
  ],
};

/** Who says so, where it is not AWS's page: for the documentation, not loaded by a run. */
const SOURCES: Readonly<Record<string, string>> = {
  'enable.idempotence': 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-679',
  'max.in.flight.requests.per.connection': KAFKA,
  'session.timeout.ms': SKILL,
  'heartbeat.interval.ms': SKILL,
  'fetch.min.bytes': SKILL,
  'fetch.max.wait.ms': SKILL,
  'group.instance.id': SKILL,
};

export function sourceOf(library: ClientLibrary, kafkaName: string): string {
  return OWN_VALUES[library]?.[kafkaName] === undefined ? (SOURCES[kafkaName] ?? BP_C) : LIBRARY_SOURCE[library];
}

/** Where a library needs another value than Kafka's own clients; null: the setting is no help there. */
const OWN_VALUES: Readonly<Partial<Record<ClientLibrary, Readonly<Record<string, string | null>>>>> = {
  sarama: {
    // Sarama counts retries and knows no delivery timeout: 600 at the advised 200 ms are two minutes.
    retries: '600',
    'max.in.flight.requests.per.connection': '1',
    'partition.assignment.strategy': null,
  },
  // Its batches may hold a megabyte, its buffer a gibibyte by default: Kafka's values would lower them.
  librdkafka: { 'batch.size': null, 'buffer.memory': null },
  kafkajs: { retries: null, 'max.in.flight.requests.per.connection': '1', 'partition.assignment.strategy': null },
  'kafka-python': { 'partition.assignment.strategy': null, 'buffer.memory': null },
};

const EAGER_ONLY = 'has no cooperative assignor';
const STORED_TOO_EARLY = 'with threads behind the poll a commit passes records that are not done: track what is';

/** By Kafka's name: what the value does not say, or what to do where the library has no such setting. */
const NOTES: Readonly<Partial<Record<ClientLibrary, Readonly<Record<string, string>>>>> = {
  librdkafka: {
    'batch.size': 'its default of 1000000 is enough: linger.ms fills it',
    'buffer.memory': 'its default of 1 GiB is enough',
    'auto.commit.interval.ms': 'store offsets after the work is done (enable.auto.offset.store=false)',
  },
  sarama: {
    acks: 'read the Successes and Errors channels of an AsyncProducer: an unread one stops it',
    retries: 'counts, and knows no delivery timeout: with Producer.Retry.Backoff=200ms it lasts two minutes',
    'enable.idempotence': 'needs Net.MaxOpenRequests=1 and Producer.RequiredAcks=WaitForAll',
    'auto.commit.interval.ms': STORED_TOO_EARLY,
    'partition.assignment.strategy': EAGER_ONLY,
  },
  kafkajs: {
    acks: 'an argument of send()',
    retries: 'endless with idempotent: true',
    'linger.ms': 'every send() is a request of its own: collect messages and use sendBatch()',
    'batch.size': 'as large as what sendBatch() is given',
    'compression.type': 'an argument of send(); lz4, snappy and zstd need a codec package',
    'auto.commit.interval.ms': 'commit after the work is done, and call heartbeat() in eachBatch',
    'partition.assignment.strategy': EAGER_ONLY,
  },
  'kafka-python': {
    'compression.type': 'lz4, snappy and zstd need their Python packages',
    'auto.commit.interval.ms': STORED_TOO_EARLY,
    'partition.assignment.strategy': EAGER_ONLY,
  },
};

/** What a library adds to a setting of Kafka's, or has in place of it. */
export function noteFor(library: ClientLibrary, kafkaName: string): string | null {
  return NOTES[library]?.[kafkaName] ?? null;
}

/** Recommended settings of a library for a goal, in the library's own spelling. */
export function clientAdvice(
  library: ClientLibrary,
  role: AdvisedRole,
  goal: Goal,
): { settings: AdvisedSetting[]; notes: string[] } {
  const rows = ROWS[role];
  return {
    settings: rows.flatMap((row) => advised(library, row, goal) ?? []),
    notes: rows.flatMap(({ name }) => {
      const note = noteFor(library, name);
      return note === null ? [] : [`${name}: ${note}`];
    }),
  };
}

/** One of them by Kafka's name; null when the library has no such setting or nothing is advised. */
export function adviceFor(library: ClientLibrary, kafkaName: string, goal: Goal): AdvisedSetting | null {
  const row = [...ROWS.producer, ...ROWS.consumer].find(({ name }) => name === kafkaName);
  return row === undefined ? null : advised(library, row, goal);
}

function advised(library: ClientLibrary, row: Row, goal: Goal): AdvisedSetting | null {
  const { name, reason } = row;
  const own = OWN_VALUES[library]?.[name];
  const key = keyAmong(ADVISED_KEYS[library] ?? {}, library, name);
  if (own === null || key === null) return null;
  const generic = typeof row.value === 'string' ? row.value : (row.value[goal] ?? row.value.other);
  const value = inLibrarysWords(library, name, own ?? generic);
  return { name, key, value, reason };
}

const SARAMA_WORDS: Readonly<Record<string, string>> = {
  all: 'WaitForAll',
  earliest: 'OffsetOldest',
  latest: 'OffsetNewest',
};

function inLibrarysWords(library: ClientLibrary, name: string, value: string): string {
  if (library === 'sarama') {
    if (name.endsWith('.ms')) return goDuration(Number(value));
    return SARAMA_WORDS[value] ?? value;
  }
  if (library === 'kafkajs') {
    if (name === 'acks') return '-1';
    if (name === 'auto.offset.reset') return String(value === 'earliest');
    if (name === 'compression.type') return value.toUpperCase();
  }
  if (library === 'java' && value === 'cooperative-sticky')
    return 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
  return value;
}

/** `25ms`, `45s`, as Go writes a duration. */
export function goDuration(ms: number): string {
  return ms >= 1_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
