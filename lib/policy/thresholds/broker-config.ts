import { COVERAGE, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

const BYTES = [0, 1e15] as const;

export const BROKER_CONFIG = thresholds({
  'rack-selector-missing': {
    minFanOut: number(1, [0, 1000], 'Whoever reads less than is written has little to gain.'),
    minSavingUsdPerMonth: number(
      50,
      [0, 1e6],
      'Less is not worth a restart of the brokers and a change at the consumers.',
    ),
    minZones: whole(2, [2, 10], 'Consumers of one zone would turn all reads to that zone’s brokers.'),
  },
  'flush-forced': {},
  'topics-auto-created': {},
  'defaults-unsafe': {
    minReplicationFactor: whole(3, [1, 10], 'AWS: three copies in three zones; capped by the zones.'),
    minInsyncReplicas: whole(2, [1, 10], 'One acknowledged copy is lost with one broker.'),
    minPartitions: whole(2, [1, 10_000], 'One partition is one reader and one leader.'),
    minOffsetsRetentionMinutes: whole(
      10_080,
      [1, 1e7],
      'A week, Kafka’s default: a shorter one forgets a group over the holidays.',
    ),
  },
  'io-threads-low': {
    busyPercent: percent(50, 'Handlers that are half busy, with cores to spare, are too few.', {
      below: 'veryBusyPercent',
    }),
    veryBusyPercent: percent(70, 'Kafka’s own advice: at least 30 % idle.'),
    maxCpuPercent: percent(60, 'Above it the cores are short, and more threads only add switches.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'network-threads-unpaired': {
    maxPercentOfIo: percent(
      75,
      'AWS pairs half as many network threads with the I/O threads; three quarters leave room for TLS.',
    ),
  },
  'replica-fetchers-low': {
    maxCpuPercent: percent(50, 'Fetchers cost CPU: only with half of it idle.'),
    minRemoteSharePercent: percent(50, 'More than half of the time of a write is the wait for followers.'),
    minRemoteMs: number(5, [0, 60_000], 'A few milliseconds are the network between the zones.'),
    minBytesPerSecPerFetcher: number(
      10_485_760,
      [0, 1e12],
      'A fetcher copies tens of MiB/s: with less than 10 MiB/s it is not what followers wait for.',
    ),
    maxFollowerQueueMs: number(5, [0, 60_000], 'A longer queue says that the leader is slow to answer its followers.'),
    ...COVERAGE,
  },
  'socket-buffers-odd': {
    minBytes: number(102_400, BYTES, 'MSK’s default of 100 KiB.', { below: 'maxBytes' }),
    maxBytes: number(4_194_304, BYTES, 'Beyond 4 MiB a thousand connections take gigabytes.'),
  },
  'message-size-chain-broken': {
    minRequestOverMessage: number(
      1.1,
      [1, 100],
      'A request carries headers and other partitions beside the largest batch.',
    ),
    maxMessageBytes: number(
      8_388_608,
      BYTES,
      'The cap of MSK Serverless; elsewhere from here on heap and latency suffer.',
    ),
  },
  'broker-recompression': {
    minCpuPercent: percent(40, 'Below it the work is paid for anyway.'),
    ...COVERAGE,
  },
  'config-not-applied': {},
  'transactional-id-expiry-long': {
    minHeapPercent: percent(50, 'AWS names the expiry as the first remedy for a heap that fills.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
});
