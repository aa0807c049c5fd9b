// What clients of MSK should set, by library, role and goal, with the reason and who says so.
// [BP-C] and [SKILL] are AWS's client page and AWS's skill managing-amazon-msk (2026-08-20); where they differ on fetch.min.bytes (bytes or
// KiB) the skill's unit is taken. Values between AWS's bounds are our judgement.
import type { Goal } from '../policy/environment.ts';
import { type ClientLibrary, LIBRARY_SOURCE } from './client-libraries.ts';
import { libraryKeyOf } from './client-names.ts';
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
  source: string;
}

export interface ClientAdvice {
  settings: readonly AdvisedSetting[];
  /** What no single value says: settings the library lacks, values that differ for each instance. */
  notes: readonly string[];
}

type AdvisedRole = 'producer' | 'consumer';

interface Row {
  name: string;
  role: AdvisedRole;
  /** One value, or the one of most goals and those that differ. Times in ms, sizes in bytes. */
  value: string | (Partial<Readonly<Record<Goal, string>>> & { other: string });
  reason: string;
  source: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'acks',
    role: 'producer',
    value: 'all',
    reason: 'with less, records that were acknowledged are lost when their leader fails',
    source: BP_C,
  },
  {
    name: 'enable.idempotence',
    role: 'producer',
    value: 'true',
    reason: 'a retry can neither duplicate nor reorder records',
    source: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-679',
  },
  {
    name: 'retries',
    role: 'producer',
    value: '2147483647',
    reason: 'every patch moves leaders for seconds to minutes; the delivery timeout is the bound, not a count',
    source: BP_C,
  },
  {
    name: 'delivery.timeout.ms',
    role: 'producer',
    value: '120000',
    reason: 'the restart of one broker must fit in; AWS asks for 60 s at least',
    source: BP_C,
  },
  {
    name: 'max.in.flight.requests.per.connection',
    role: 'producer',
    value: '5',
    reason: 'the most that keeps order together with idempotence',
    source: KAFKA,
  },
  {
    name: 'linger.ms',
    role: 'producer',
    value: { latency: '5', throughput: '25', cost: '25', other: '10' },
    reason: 'batches cost the brokers less CPU than single records; AWS asks for 5 ms at least, 25 ms is typical',
    source: BP_C,
  },
  {
    name: 'batch.size',
    role: 'producer',
    value: { throughput: '131072', cost: '131072', other: '65536' },
    reason: 'bytes of one batch of one partition, not messages; AWS asks for 64 or 128 KiB',
    source: BP_C,
  },
  {
    name: 'buffer.memory',
    role: 'producer',
    value: '67108864',
    reason: 'room for the larger batches while a leader moves',
    source: BP_C,
  },
  {
    name: 'compression.type',
    role: 'producer',
    value: { cost: codecFor('cost'), other: codecFor('balanced') },
    reason: 'less network, disk and storage for little CPU of the client; the broker stores it as it came',
    source: BP_C,
  },
  {
    name: 'session.timeout.ms',
    role: 'consumer',
    value: '45000',
    reason: 'a restart or a broker change within it costs no rebalance; AWS asks for 45 to 60 s',
    source: SKILL,
  },
  {
    name: 'heartbeat.interval.ms',
    role: 'consumer',
    value: '10000',
    reason: 'at most a third of the session, so that one lost heartbeat is none',
    source: SKILL,
  },
  {
    name: 'fetch.min.bytes',
    role: 'consumer',
    value: { throughput: '65536', cost: '65536', other: '1024' },
    reason: 'fewer, fuller fetches; the wait below bounds what it can delay',
    source: SKILL,
  },
  {
    name: 'fetch.max.wait.ms',
    role: 'consumer',
    value: { throughput: '1000', cost: '1000', other: '500' },
    reason: 'how long a fetch may wait for fetch.min.bytes when little arrives',
    source: SKILL,
  },
  {
    name: 'auto.offset.reset',
    role: 'consumer',
    value: { durability: 'earliest', other: 'latest' },
    reason: 'latest spares a new group the whole log; earliest never skips a record: choose on purpose',
    source: BP_C,
  },
  {
    name: 'auto.commit.interval.ms',
    role: 'consumer',
    value: '5000',
    reason: 'each commit is a request to the one broker that coordinates the group',
    source: BP_C,
  },
  {
    name: 'partition.assignment.strategy',
    role: 'consumer',
    value: 'cooperative-sticky',
    reason: 'a rebalance stops only the partitions that move; going there takes two rolling restarts',
    source: BP_C,
  },
];

/** Where a library needs another value than Kafka's own clients; null: the setting is no help there. */
const OWN_VALUES: Readonly<Partial<Record<ClientLibrary, Readonly<Record<string, string | null>>>>> = {
  sarama: {
    // Sarama counts retries and knows no delivery timeout: 600 at the advised 200 ms are two minutes.
    retries: '600',
    'max.in.flight.requests.per.connection': '1',
    'partition.assignment.strategy': null,
  },
  librdkafka: { 'buffer.memory': null },
  kafkajs: { retries: null, 'max.in.flight.requests.per.connection': '1', 'partition.assignment.strategy': null },
  'kafka-python': { 'partition.assignment.strategy': null, 'buffer.memory': null },
};

const NOTES: Readonly<Record<ClientLibrary, Readonly<Record<AdvisedRole, readonly string[]>>>> = {
  java: { producer: [], consumer: [] },
  librdkafka: {
    producer: [],
    consumer: [
      'Offsets are stored when a record is handed over: store them after the work is done (enable.auto.offset.store=false).',
    ],
  },
  sarama: {
    producer: [
      'Producer.Retry.Max counts, it knows no delivery timeout: set Producer.Retry.Backoff so that both together last two minutes.',
      'Idempotent needs Net.MaxOpenRequests = 1 and RequiredAcks = WaitForAll.',
      'Read the Successes and Errors channels of an AsyncProducer: an unread one stops it.',
    ],
    consumer: [
      'Work on a partition in goroutines only when completion is tracked: a commit otherwise passes records that are not done.',
    ],
  },
  kafkajs: {
    producer: [
      'Every send() is a request of its own: collect messages and use sendBatch().',
      'acks and compression are arguments of send(), not of the producer.',
      'lz4, snappy and zstd need a codec package; without one only gzip works.',
    ],
    consumer: ['Call heartbeat() in eachBatch, and commit after the work is done.'],
  },
  'kafka-python': {
    producer: ['lz4, snappy and zstd need their Python packages.'],
    consumer: [
      'A thread pool behind the poll loop commits records that are not done, and breaks the order of a partition.',
    ],
  },
};

const COMMON_NOTES: Readonly<Record<AdvisedRole, readonly string[]>> = {
  producer: ['Look at the result of every send: a record whose error nobody reads is lost in silence.'],
  consumer: [
    'Give each instance a stable group.instance.id of its own where the library has it: a restart within the session costs no rebalance.',
    'Set client.rack to the AZ id (use1-az1) where the brokers have a rack-aware replica selector: reads stay in the zone.',
  ],
};

/** Recommended settings of a library for a goal, in the library's own spelling. */
export function clientAdvice(library: ClientLibrary, role: AdvisedRole, goal: Goal): ClientAdvice {
  const settings = ROWS.filter((row) => row.role === role).flatMap((row) => advised(library, row, goal) ?? []);
  return { settings, notes: [...COMMON_NOTES[role], ...NOTES[library][role]] };
}

/** One of them by Kafka's name; null when the library has no such setting or nothing is advised. */
export function adviceFor(library: ClientLibrary, kafkaName: string, goal: Goal): AdvisedSetting | null {
  const row = ROWS.find(({ name }) => name === kafkaName);
  return row === undefined ? null : advised(library, row, goal);
}

function advised(library: ClientLibrary, row: Row, goal: Goal): AdvisedSetting | null {
  const { name, reason, source } = row;
  const own = OWN_VALUES[library]?.[name];
  const key = libraryKeyOf(library, name);
  if (own === null || key === null) return null;
  const generic = typeof row.value === 'string' ? row.value : (row.value[goal] ?? row.value.other);
  const value = inLibrarysWords(library, name, own ?? generic);
  return { name, key, value, reason, source: own === undefined ? source : LIBRARY_SOURCE[library] };
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
