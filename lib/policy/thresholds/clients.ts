import { COVERAGE, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

/** The collector samples the topics with four fifths of the bytes. */
const SAMPLED = {
  minTrafficPercent: percent(75, 'Batches are read from the topics with 80 % of the traffic, at most twenty.'),
};

export const CLIENTS = thresholds({
  'batches-small': {
    minMessagesPerSec: number(1000, [0, 1e12], 'Below a thousand a second a topic costs little, however it comes.'),
    busyCpuPercent: percent(60, 'AWS: keep CPU under 60 % (MSK best practices).'),
    busyHandlersPercent: percent(70, 'Kafka: request handlers should be idle for 30 % of the time.'),
    proxyRecordBytes: number(1024, [0, 1e9], 'Larger records make no tiny batches even one by one.'),
    proxyMessagesPerSecPerBroker: number(10_000, [0, 1e12], 'Fewer are no load that explains a busy broker.'),
    ...SAMPLED,
    ...COVERAGE,
  },
  'traffic-uncompressed': {
    minBytesPerSec: number(1_048_576, [0, 1e15], 'Below 1 MiB/s there is little to spare.'),
    ...SAMPLED,
  },
  'codec-heavy': {
    maxGzipPercent: percent(20, 'A fifth of the bytes: a single old producer is not worth a change.'),
    ...SAMPLED,
  },
  'producers-not-idempotent': {
    maxPercent: percent(20, 'One batch in five: tools and connectors have it off on purpose.'),
    ...SAMPLED,
  },
  'readers-cross-az': {
    minUsdPerMonth: number(50, [0, 1e6], 'Less is not worth a change at every consumer.'),
    maxWithoutZonePercent: percent(20, 'One member in five may be a tool or a job.'),
  },
  'acks-weak': {
    maxRemoteMs: number(
      0.3,
      [0, 1e6],
      'A round of replication takes about a millisecond; what is left here is rounding. To be set by a load with acks=1.',
    ),
    minMinIsr: whole(2, [1, 10], 'Who asks for two copies wants them waited for.'),
    ...SAMPLED,
  },
  'fetches-inefficient': {
    maxBytesPerFetch: number(1024, [0, 1e9], 'Less than a KiB a fetch is mostly the request itself.'),
    minFetchesPerSec: number(500, [0, 1e9], 'Fewer cost a broker nothing.'),
    maxTotalMs: number(20, [0, 1e6], 'Consumers that wait for data wait up to 500 ms.'),
    maxBytesOutPerSec: number(1_048_576, [0, 1e15], 'At more than 1 MiB/s short fetches are full ones.'),
    busyHandlersPercent: percent(50, 'Where handlers have time, short fetches do no harm.'),
    ...COVERAGE,
  },
  'clients-outdated': SUSTAINED,
  'commits-excessive': {
    maxPerGroupPerSec: number(50, [0, 1e9], 'A group of 200 partitions that commits every five seconds writes 40.'),
    maxSharePercent: percent(5, 'One message in twenty about messages.'),
    minPerSec: number(50, [0, 1e9], 'A quiet cluster commits more than it produces, and nobody minds.'),
  },
});
