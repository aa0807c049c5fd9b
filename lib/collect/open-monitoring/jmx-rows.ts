// Port 11001. Names as the endpoint spells them, nothing lowercased: MSK's JMX exporter runs without rules, so a family is
// <domain>_<type>_<attribute>, with the other properties of the bean as labels. A name is never guessed: name-evidence.ts says where each
// was seen, and a series that is not there is missing knowledge.
import {
  BROKER_TOPIC_FIGURES,
  OPEN_MONITORING_REQUESTS,
  REPLICA_MANAGER_FIGURES,
  REQUEST_PHASES,
} from '../../snapshot/open-monitoring-figures.ts';
import { type FigureRow, gauge, rate, type SeriesMatch } from './series.ts';

const REQUEST_COUNT = 'kafka_network_RequestMetrics_Count';

/** Kafka's name of what we call `produce` or `bytesInPerSec`. */
const kafkaName = (figure: string): string => figure[0]!.toUpperCase() + figure.slice(1);
const named = (family: string, name: string, labels: SeriesMatch['labels'] = {}): SeriesMatch => {
  return { family, labels: { name, ...labels } };
};

/** The exporter names a family after the bean's first property: the type, or the collector, depending on the version of Java. */
const collectors = (attribute: string): SeriesMatch[] => [
  { family: `java_lang_GarbageCollector_${attribute}`, over: ['name'] },
  {
    family: ['G1_Young_Generation', 'G1_Old_Generation', 'G1_Concurrent_GC', 'Copy', 'MarkSweepCompact'].map(
      (collector) => `java_lang_${collector}_${attribute}`,
    ),
    labels: { type: 'GarbageCollector' },
  },
];

const failedAuthentication = (suffix: string): SeriesMatch => {
  const family = `kafka_server_socket_server_metrics_failed_authentication${suffix}`;
  return { family, over: ['listener', 'networkProcessor'] };
};

/** Of one request: its rate, and each phase's time. A percentile says nothing while no request of the kind has been answered. */
function requestRows(figure: (typeof OPEN_MONITORING_REQUESTS)[number]): FigureRow[] {
  const request = kafkaName(figure);
  const times = [...REQUEST_PHASES, 'Total' as const].flatMap((phase): FigureRow[] => {
    const time = (attribute: string): SeriesMatch =>
      named(`kafka_network_RequestMetrics_${attribute}`, `${phase}TimeMs`, { request });
    const count = time('Count');
    return [
      { kind: 'mean', figure: `${figure}${phase}MeanMs`, series: [time('Mean')], count },
      gauge(`${figure}${phase}P95Ms`, time('95thPercentile'), { emptyWhenZero: count }),
      gauge(`${figure}${phase}P99Ms`, time('99thPercentile'), { emptyWhenZero: count }),
    ];
  });
  const count = named(REQUEST_COUNT, 'RequestsPerSec', { request });
  return [...times, rate(`${figure}RequestsPerSec`, { ...count, over: ['version'] })];
}

export const JMX_ROWS: readonly FigureRow[] = [
  ...OPEN_MONITORING_REQUESTS.flatMap(requestRows),
  // Of all topics together: the series of one topic has a label more.
  ...BROKER_TOPIC_FIGURES.map((figure) =>
    rate(figure, named('kafka_server_BrokerTopicMetrics_Count', kafkaName(figure))),
  ),
  ...REPLICA_MANAGER_FIGURES.map((figure) =>
    rate(figure, named('kafka_server_ReplicaManager_Count', kafkaName(figure))),
  ),
  // Exporters since 1.0 take the suffix `_total` for their own and cut it off.
  rate('failedAuthenticationsPerSec', failedAuthentication('_total'), failedAuthentication('')),
  ...(['Produce', 'Fetch'] as const).map((delayedOperation) =>
    gauge(
      delayedOperation === 'Produce' ? 'producePurgatorySize' : 'fetchPurgatorySize',
      named('kafka_server_DelayedOperationPurgatory_Value', 'PurgatorySize', { delayedOperation }),
    ),
  ),
  gauge('requestQueueSize', named('kafka_network_RequestChannel_Value', 'RequestQueueSize')),
  // Both are fractions of 1 in spite of their names, as in Kafka itself.
  gauge(
    'requestHandlerIdlePercent',
    named('kafka_server_KafkaRequestHandlerPool_OneMinuteRate', 'RequestHandlerAvgIdlePercent'),
    { scale: 100 },
  ),
  gauge('networkProcessorIdlePercent', named('kafka_network_SocketServer_Value', 'NetworkProcessorAvgIdlePercent'), {
    scale: 100,
  }),
  rate('gcTimeMsPerSec', ...collectors('CollectionTime')),
  rate('gcCollectionsPerSec', ...collectors('CollectionCount')),
  gauge('heapUsedBytes', { family: 'java_lang_Memory_HeapMemoryUsage_used' }),
  gauge('heapMaxBytes', { family: 'java_lang_Memory_HeapMemoryUsage_max' }),
];

/** Outcomes of requests, by request and error. */
export const ERROR_COUNTS: SeriesMatch = { ...named(REQUEST_COUNT, 'ErrorsPerSec'), over: ['request', 'error'] };

/** Not 0 when the exporter could not read the broker: what else it says then is not the whole. */
export const SCRAPE_ERROR = 'jmx_scrape_error';
