// The client libraries we know. Their settings, a large table, are in library-settings.ts.

export const CLIENT_LIBRARIES = ['java', 'librdkafka', 'sarama', 'kafkajs', 'kafka-python'] as const;
export type ClientLibrary = (typeof CLIENT_LIBRARIES)[number];
export const LIBRARY_NAME: Readonly<Record<ClientLibrary, string>> = {
  java: 'the Java client',
  librdkafka: 'librdkafka',
  sarama: 'Sarama',
  kafkajs: 'KafkaJS',
  'kafka-python': 'kafka-python',
};

export const LIBRARY_SOURCE: Readonly<Record<ClientLibrary, string>> = {
  java: 'https://kafka.apache.org/documentation/#configuration',
  librdkafka: 'https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md',
  sarama: 'https://pkg.go.dev/github.com/IBM/sarama#Config',
  kafkajs: 'https://kafka.js.org/docs/configuration',
  'kafka-python': 'https://kafka-python.readthedocs.io/en/master/apidoc/modules.html',
};

export type ClientRole = 'producer' | 'consumer' | 'both';

/** What a library's setting takes. `duration`: Go's, as `10ms`; a bare number is nanoseconds. */
export type ValueType =
  | { type: 'text' | 'boolean' | 'integer' | 'decimal' | 'duration' | 'password' }
  | { type: 'range'; min: number; max: number }
  | { type: 'words'; words: readonly string[] };

export interface LibrarySetting {
  role: ClientRole;
  value: ValueType;
  /** The library still takes it and does nothing with it. */
  isDeprecated?: true;
}
