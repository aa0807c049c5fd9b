import { COVERAGE, minutes, number, percent, SUSTAINED, thresholds, whole } from '../threshold.ts';

const Z = number(3.5, [0, 100], 'The usual bound for a robust z (Iglewicz and Hoaglin 1993).');
const HISTORY = {
  minHistoryHours: whole(168, [24, 672], 'A week: less shows no weekend, and what a usual hour is nobody knows yet.'),
};

export const PERFORMANCE = thresholds({
  'clients-throttled': {
    maxThrottledPercent: percent(
      { production: 0.5, staging: 1, development: 5 },
      'The good point of K10: seven minutes of a day in production.',
    ),
    ...COVERAGE,
  },
  'request-handlers-saturated': {
    mediumPercent: percent(70, 'Kafka asks for request handlers that idle for more than 30 % of the time.', {
      below: 'highPercent',
    }),
    highPercent: percent(90, 'Below a tenth of idle time requests queue at every burst.'),
    cpuBusyPercent: percent(
      60,
      'Below, more threads can use the CPU; above, they only wait for it (MSK best practices).',
    ),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'network-threads-saturated': {
    busyPercent: percent(70, 'Kafka asks for network threads that idle for more than 30 % of the time.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'produce-latency-high': {
    brokerOverMedian: number(2, [1, 100], 'Twice as slow as the others is one broker’s trouble, not the load.'),
    queueSharePercent: percent(40, 'Requests that wait as long for a handler as for all else: the handlers are short.'),
    localSharePercent: percent(40, 'The leader’s own log: mostly the volume.'),
    remoteSharePercent: percent(60, 'acks=all always waits for the followers; this much means that they are slow.'),
    sendSharePercent: percent(
      30,
      'Sending an acknowledgement takes next to nothing unless threads or clients are slow.',
    ),
    ...COVERAGE,
  },
  'fetch-latency-high': COVERAGE,
  'latency-regressed': {
    maxZ: Z,
    minRisePercent: number(20, [0, 1000], 'What changes by less is felt by nobody.'),
    maxTrafficChangePercent: number(10, [0, 1000], 'More traffic explains more latency.'),
    minRiseMs: number(
      2,
      [0, 10_000],
      'A fast broker that answers in 3 ms instead of 2 has not regressed for any client.',
    ),
    ...HISTORY,
    ...COVERAGE,
  },
  'throughput-near-limit': {
    limitPercent: number(
      { production: 80, staging: 90, development: 95 },
      [1, 200],
      'AWS’s right-sizing advice: 80 % of what the brokers sustain; above it there is no room for a lost zone.',
    ),
    ...COVERAGE,
  },
  'traffic-shaped': {
    minMinutes: minutes(
      5,
      'One period of CloudWatch: every shaped packet was dropped or queued, whatever the CPU says.',
    ),
    ...COVERAGE,
  },
  'message-conversions': {
    maxSharePercent: percent(1, 'One message in a hundred that is rewritten in the broker’s heap and loses zero-copy.'),
    maxPerSec: number(10, [0, 1e9], 'Enough to tell a running client from a test.'),
    ...SUSTAINED,
    ...COVERAGE,
  },
  'network-errors': {
    maxTimePercent: percent(1, 'A quarter of an hour of a day, of minutes with a loss; AWS expects none at all.'),
    maxPacketsPercent: percent(0.1, 'One packet in a thousand costs TCP a good part of its throughput.'),
    ...COVERAGE,
  },
  'request-errors': {
    maxErrorPercent: percent(
      { production: 1, staging: 2, development: 5 },
      'The bad point of K15: one request in a hundred fails.',
    ),
    minFailedPerSec: number(
      0.1,
      [0, 1_000_000],
      'One in ten seconds: a client that is refused for good tries again every second (retry.backoff.max.ms); of a few requests one is soon a percent.',
    ),
    minMinutes: minutes(5, 'One period of CloudWatch with refused connections or failed reads of the tier.'),
  },
  'broker-slow': {
    overHistory: number(3, [1, 100], 'Cruise Control’s slow-broker finder: three times its own 90th percentile.'),
    overPeers: number(3, [1, 100], 'And three times the median of the other brokers.'),
    slowWindows: whole(5, [1, 100], 'Half of the latest windows: a garbage collection or a restart is over by then.'),
    ofWindows: whole(10, [1, 100], 'The latest fifty minutes.'),
    minMiBPerSec: number(1, [0, 10_000], 'With less traffic a mean is of a handful of requests.'),
    minMs: number(10, [0, 10_000], 'Three times nothing is still fast.'),
    maxSlowPercent: percent(10, 'More slow brokers than this are a trouble of the cluster, not of a broker.'),
    minHistoryHours: whole(72, [1, 672], 'Three days show the quiet hours and the busy ones.'),
  },
  'traffic-anomalous': {
    maxZ: Z,
    maxDropPercent: percent(50, 'Half of the usual traffic of this hour is missing: mostly producers that died.'),
    maxRisePercent: number(100, [0, 10_000], 'Twice the usual traffic of this hour.'),
    topTopics: whole(20, [0, 20], 'As many as a daily report asks CloudWatch about, the busiest first.'),
    minMiBPerSec: number(
      0.01,
      [0, 10_000],
      'Below this a topic’s traffic is a few messages, whose number means nothing.',
    ),
    ...HISTORY,
    ...COVERAGE,
  },
});
