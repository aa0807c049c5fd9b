// The figures that open monitoring gives of a broker, and the reasons why one is not there: names alone, for who reads the exporters, who
// checks a snapshot and who judges it.

export const OPEN_MONITORING_REQUESTS = ['produce', 'fetchConsumer', 'fetchFollower'] as const;
export type MonitoredRequest = (typeof OPEN_MONITORING_REQUESTS)[number];

/** The phases of a request in the order in which it passes them; they add up to the total. */
export const REQUEST_PHASES = ['RequestQueue', 'Local', 'Remote', 'Throttle', 'ResponseQueue', 'ResponseSend'] as const;
export type RequestPhase = (typeof REQUEST_PHASES)[number];

/**
 * `Mean` is that of the requests between the scrapes, and means add up over the phases. Percentiles do not; they are the broker's own at
 * the last scrape, of a histogram in which what is older than some minutes fades, and which stands still while no request comes.
 */
export const LATENCY_STATISTICS = ['Mean', 'P95', 'P99'] as const;
export type LatencyStatistic = (typeof LATENCY_STATISTICS)[number];

/** Milliseconds of one broker. */
export type LatencyFigure = `${MonitoredRequest}${RequestPhase | 'Total'}${LatencyStatistic}Ms`;

/** Kafka's BrokerTopicMetrics. It counts the four of requests by partition: one request for ten partitions counts ten. */
export const BROKER_TOPIC_FIGURES = [
  'bytesInPerSec',
  'bytesOutPerSec',
  'messagesInPerSec',
  'replicationBytesInPerSec',
  'replicationBytesOutPerSec',
  'totalProduceRequestsPerSec',
  'totalFetchRequestsPerSec',
  'failedProduceRequestsPerSec',
  'failedFetchRequestsPerSec',
  'produceMessageConversionsPerSec',
  'fetchMessageConversionsPerSec',
] as const;
export const REPLICA_MANAGER_FIGURES = ['isrShrinksPerSec', 'isrExpandsPerSec'] as const;

/** `...PerSec`, shares of CPU and means rest on the difference of two scrapes, all others are the last scrape's. */
export const JMX_FIGURES = [
  ...OPEN_MONITORING_REQUESTS.flatMap((request) =>
    [...REQUEST_PHASES, 'Total' as const].flatMap((phase) =>
      LATENCY_STATISTICS.map((statistic): LatencyFigure => `${request}${phase}${statistic}Ms`),
    ),
  ),
  ...OPEN_MONITORING_REQUESTS.map((request) => `${request}RequestsPerSec` as const),
  ...BROKER_TOPIC_FIGURES,
  ...REPLICA_MANAGER_FIGURES,
  'failedAuthenticationsPerSec',
  'producePurgatorySize',
  'fetchPurgatorySize',
  'requestQueueSize',
  'requestHandlerIdlePercent',
  'networkProcessorIdlePercent',
  'gcTimeMsPerSec',
  'gcCollectionsPerSec',
  'heapUsedBytes',
  'heapMaxBytes',
] as const;

const NODE_FIGURES = [
  'cpuIdlePercent',
  'cpuIoWaitPercent',
  'cpuStealPercent',
  'diskReadBytesPerSec',
  'diskWrittenBytesPerSec',
  'diskReadsPerSec',
  'diskWritesPerSec',
  'networkReceivedBytesPerSec',
  'networkSentBytesPerSec',
  'networkErrorsPerSec',
  'networkDropsPerSec',
] as const;

export const OPEN_MONITORING_FIGURES = [...JMX_FIGURES, ...NODE_FIGURES] as const;
export type FigureName = (typeof OPEN_MONITORING_FIGURES)[number];

/** What came in the way of one exporter of one broker. */
export const SCRAPE_PROBLEMS = [
  /** MSK says that this exporter is off: it was not asked. */
  'not-enabled',
  /** Nothing listens on the port. */
  'refused',
  'unknown-host',
  /** No route, or packets are dropped: mostly a security group. */
  'unreachable',
  'timed-out',
  /** The time for the whole collection was over before its turn, or while it answered. */
  'no-time',
  'interrupted',
  'http-status',
  'redirected',
  'not-http',
  'too-large',
  /** The connection ended, or the compressed body broke off, before the answer did. */
  'cut-off',
  /** The exporter itself says that it could not read the broker. */
  'exporter-failed',
  /** An answer in which none of the wanted series is. */
  'no-figures',
] as const;
export type ScrapeProblem = (typeof SCRAPE_PROBLEMS)[number];

/** Why a figure of an exporter that did answer is not there. */
export const FIGURE_GAPS = [
  /** The exporter has no such series. */
  'not-exposed',
  /** A rate needs the series in two scrapes. */
  'no-second-scrape',
  /** Its counters fell or went away in between: the broker restarted. */
  'counter-reset',
  /** The series says NaN or infinity. */
  'not-a-number',
  /** A latency of requests of which there were none. */
  'no-requests',
] as const;
export type FigureGap = (typeof FIGURE_GAPS)[number];
