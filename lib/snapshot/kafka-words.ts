// The closed lists of words of the Kafka sections, for the collector, which takes no schemas along.
export const CONFIG_SOURCES = [
  'topic',
  'dynamic-broker',
  'dynamic-default-broker',
  'static-broker',
  'default',
  'unknown',
] as const;

export const BATCH_CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'unknown'] as const;

export const GROUP_TYPES = ['classic', 'consumer', 'share', 'streams', 'unknown'] as const;
