// What a client library does where its configuration is silent, for the settings on which advice depends. Names are Kafka's; a time is in
// milliseconds. Read from the libraries on 2026-11-22: Java 3.6.2, 3.9.2 and 4.3.1 (ConfigDef), librdkafka 2.16.0, Sarama 1.61.1,
// kafka-python 2.0.2 and 3.0.12, KafkaJS 2.2.4. When a default changed: KIP-679 (acks, idempotence, Java 3.0), KIP-735 (session, Java 3.0),
// KIP-91 (retries, Java 2.1), KIP-1030 (linger, Java 4.0), the release notes of librdkafka 1.5.0 (linger, retries).
import type { ClientLibrary } from './client-libraries.ts';

/** A value that holds from a version (`major.minor`) on; undefined: not confirmed for these versions. */
type Since = readonly [from: string, value: string | undefined];
type Row = string | readonly Since[];

const INT_MAX = '2147483647';

const DEFAULTS: Readonly<Record<ClientLibrary, Readonly<Record<string, Row>>>> = {
  java: {
    acks: [
      ['0', '1'],
      ['3.0', 'all'],
    ],
    'enable.idempotence': [
      ['0', 'false'],
      ['3.0', 'true'],
    ],
    retries: [
      ['0', '0'],
      ['2.1', INT_MAX],
    ],
    'linger.ms': [
      ['0', '0'],
      ['4.0', '5'],
    ],
    'session.timeout.ms': [
      ['0', '10000'],
      ['3.0', '45000'],
    ],
    'batch.size': '16384',
    'max.in.flight.requests.per.connection': '5',
    'max.request.size': '1048576',
    'delivery.timeout.ms': '120000',
    'request.timeout.ms': '30000',
    'transaction.timeout.ms': '60000',
    'heartbeat.interval.ms': '3000',
    'max.poll.interval.ms': '300000',
    'fetch.min.bytes': '1',
    'fetch.max.wait.ms': '500',
    'fetch.max.bytes': '52428800',
    'max.partition.fetch.bytes': '1048576',
  },
  librdkafka: {
    acks: 'all',
    'enable.idempotence': 'false',
    retries: [
      ['0', '2'],
      ['1.5', INT_MAX],
    ],
    'linger.ms': [
      ['0', undefined],
      ['1.5', '5'],
    ],
    'batch.size': '1000000',
    'max.in.flight.requests.per.connection': '1000000',
    'max.request.size': '1000000',
    'delivery.timeout.ms': '300000',
    'request.timeout.ms': '30000',
    'transaction.timeout.ms': '60000',
    'session.timeout.ms': '45000',
    'heartbeat.interval.ms': '3000',
    'max.poll.interval.ms': '300000',
    'fetch.min.bytes': '1',
    'fetch.max.wait.ms': '500',
    'fetch.max.bytes': '52428800',
    'max.partition.fetch.bytes': '1048576',
  },
  sarama: {
    acks: '1',
    'enable.idempotence': 'false',
    retries: '3',
    'linger.ms': '0',
    'max.in.flight.requests.per.connection': '5',
    'max.request.size': '1048576',
    'transaction.timeout.ms': '60000',
    'session.timeout.ms': '10000',
    'heartbeat.interval.ms': '3000',
    'fetch.min.bytes': '1',
    'fetch.max.wait.ms': '500',
    'fetch.max.bytes': '52428800',
    'max.partition.fetch.bytes': '1048576',
  },
  kafkajs: {
    acks: 'all',
    'enable.idempotence': 'false',
    retries: '5',
    'request.timeout.ms': '30000',
    'session.timeout.ms': '30000',
    'heartbeat.interval.ms': '3000',
    'fetch.min.bytes': '1',
    'fetch.max.wait.ms': '5000',
    'fetch.max.bytes': '10485760',
    'max.partition.fetch.bytes': '1048576',
  },
  'kafka-python': {
    acks: [
      ['0', '1'],
      ['2.1', undefined],
      ['3.0', 'all'],
    ],
    'enable.idempotence': [
      ['0', 'false'],
      ['2.1', undefined],
      ['3.0', 'true'],
    ],
    retries: [
      ['0', '0'],
      ['2.1', undefined],
      ['3.0', INT_MAX],
    ],
    'session.timeout.ms': [
      ['0', '10000'],
      ['2.1', undefined],
      ['3.0', '45000'],
    ],
    'linger.ms': '0',
    'batch.size': '16384',
    'max.in.flight.requests.per.connection': '5',
    'max.request.size': '1048576',
    'request.timeout.ms': '30000',
    'heartbeat.interval.ms': '3000',
    'max.poll.interval.ms': '300000',
    'fetch.min.bytes': '1',
    'fetch.max.wait.ms': '500',
    'fetch.max.bytes': '52428800',
    'max.partition.fetch.bytes': '1048576',
  },
};

/**
 * The library's default of one of Kafka's settings.
 * @param version of the library (`3.9.1`); null when nobody said: then only what all versions agree on is an answer
 * @returns null when it is not known
 */
export function clientDefaultOf(library: ClientLibrary, kafkaName: string, version: string | null): string | null {
  const rows = DEFAULTS[library];
  const row = Object.hasOwn(rows, kafkaName) ? rows[kafkaName]! : null;
  if (row === null || typeof row === 'string') return row;
  const rank = version === null ? null : versionRank(version);
  return rank === null ? null : (row.findLast(([from]) => rank >= versionRank(from)!)?.[1] ?? null);
}

/** A number that grows with the version: 3.9 is 3009; null for what is no version. */
export function versionRank(version: string): number | null {
  const match = /^v?(\d{1,3})(?:\.(\d{1,3}))?/.exec(version.trim());
  return match === null ? null : Number(match[1]) * 1000 + Number(match[2] ?? 0);
}
