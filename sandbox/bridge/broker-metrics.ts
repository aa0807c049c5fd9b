import type { History } from './compose.ts';
import type { Scrape } from './exposition.ts';
import type { MetricLevel } from './levels.ts';
import type { Rates } from './rates.ts';

/** A figure of one broker, before it has a cluster and a minute. */
export interface BrokerFigure {
  name: string;
  unit: string;
  history: History;
  level: MetricLevel;
  value: number | undefined;
  topic?: string;
  authentication?: string;
  /** Several datapoints a minute come from several sources within the broker. */
  part?: string;
}

/** A kafka.m7g.large has two vCPUs and 8 GiB; the machine under the sandbox has whatever it has. */
const BROKER_VCPUS = 2;
const BROKER_MEMORY_BYTES = 8 * 1024 ** 3;
/** The JVM reports only the sum of user and kernel time. */
const USER_SHARE = 0.8;

/** Everything that one broker's exporter gives of MSK's metrics. `key` names the broker for its rates. */
export function brokerFigures(scrape: Scrape, rates: Rates, key: string, atMs: number): BrokerFigure[] {
  const context = { scrape, rates, key, atMs };
  return [
    ...replicaFigures(scrape),
    ...trafficFigures(context),
    ...topicFigures(context),
    ...machineFigures(context),
    ...connectionFigures(scrape),
    ...requestFigures(scrape),
  ];
}

interface Context {
  scrape: Scrape;
  rates: Rates;
  key: string;
  atMs: number;
}

function replicaFigures(scrape: Scrape): BrokerFigure[] {
  const gauge = (bean: string): number | undefined => scrape.value('kafka_server_ReplicaManager_Value', { name: bean });
  const count = (name: string, history: History): BrokerFigure => {
    return { name, unit: 'Count', level: 'DEFAULT', history, value: gauge(name) };
  };
  return [
    count('LeaderCount', 'constant'),
    count('PartitionCount', 'constant'),
    count('UnderReplicatedPartitions', 'none'),
    count('UnderMinIsrPartitionCount', 'none'),
  ];
}

function trafficFigures({ scrape, rates, key, atMs }: Context): BrokerFigure[] {
  const rate = (name: string, unit: string, level: MetricLevel): BrokerFigure => {
    const count = scrape.value('kafka_server_BrokerTopicMetrics_Count', { name });
    return { name, unit, level, history: 'daily', value: rates.perSec(`${key}/${name}`, count, atMs) };
  };
  return [
    rate('BytesInPerSec', 'Bytes/Second', 'DEFAULT'),
    rate('BytesOutPerSec', 'Bytes/Second', 'DEFAULT'),
    rate('MessagesInPerSec', 'Count/Second', 'DEFAULT'),
    rate('ReplicationBytesInPerSec', 'Bytes/Second', 'PER_BROKER'),
    rate('ReplicationBytesOutPerSec', 'Bytes/Second', 'PER_BROKER'),
    rate('FetchMessageConversionsPerSec', 'Count/Second', 'PER_BROKER'),
    rate('ProduceMessageConversionsPerSec', 'Count/Second', 'PER_BROKER'),
  ];
}

const TOPIC_METRICS: Record<string, { unit: string; level: MetricLevel }> = {
  BytesInPerSec: { unit: 'Bytes/Second', level: 'DEFAULT' },
  BytesOutPerSec: { unit: 'Bytes/Second', level: 'DEFAULT' },
  MessagesInPerSec: { unit: 'Count/Second', level: 'PER_TOPIC_PER_BROKER' },
};

/** Only once there was traffic: MSK's per-topic series begin with their first value that is not zero. */
function topicFigures({ scrape, rates, key, atMs }: Context): BrokerFigure[] {
  return scrape
    .all('kafka_server_BrokerTopicMetrics_Count')
    .flatMap(({ labels: { name = '', topic }, value: count }) => {
      const metric = TOPIC_METRICS[name];
      if (metric === undefined || topic === undefined || count === 0) return [];
      return [
        {
          name,
          topic,
          ...metric,
          history: 'daily' as const,
          value: rates.perSec(`${key}/${name}/${topic}`, count, atMs),
        },
      ];
    });
}

function machineFigures({ scrape, rates, key, atMs }: Context): BrokerFigure[] {
  const perSec = rates.perSec(`${key}/cpu`, scrape.value('process_cpu_seconds_total'), atMs);
  const busy = perSec === undefined ? undefined : Math.min(100, (perSec / BROKER_VCPUS) * 100);
  const percent = (name: string, value: number | undefined, history: History): BrokerFigure => {
    return { name, unit: 'Percent', level: 'DEFAULT', history, value };
  };
  const bytes = (name: string, value: number | undefined): BrokerFigure => {
    return { name, unit: 'Bytes', level: 'DEFAULT', history: 'steady', value };
  };
  const resident = scrape.value('process_resident_memory_bytes');
  const openFiles = scrape.value('java_lang_OperatingSystem_OpenFileDescriptorCount');
  const mostFiles = scrape.value('java_lang_OperatingSystem_MaxFileDescriptorCount');
  const filesPercent = openFiles === undefined || !mostFiles ? undefined : (openFiles / mostFiles) * 100;
  const swap = (part: string): number => scrape.value(`java_lang_OperatingSystem_${part}SwapSpaceSize`) ?? Number.NaN;
  return [
    percent('CpuUser', busy === undefined ? undefined : busy * USER_SHARE, 'daily'),
    percent('CpuSystem', busy === undefined ? undefined : busy * (1 - USER_SHARE), 'daily'),
    percent('CpuIdle', busy === undefined ? undefined : 100 - busy, 'daily-idle'),
    { ...percent('KafkaFileDescriptorsUsagePercent', filesPercent, 'steady'), level: 'PER_BROKER' },
    percent('HeapMemoryAfterGC', heapAfterGcPercent(scrape), 'steady'),
    bytes('MemoryUsed', resident),
    bytes('MemoryFree', resident === undefined ? undefined : BROKER_MEMORY_BYTES - resident),
    bytes('SwapFree', swap('Free')),
    bytes('SwapUsed', swap('Total') - swap('Free')),
  ];
}

/** The young pools as the last collection left them; the old one, which is rarely collected, as it is. */
function heapAfterGcPercent(scrape: Scrape): number | undefined {
  const maximum = scrape.value('jvm_memory_max_bytes', { area: 'heap' });
  if (maximum === undefined || maximum <= 0) return undefined;
  const isOld = (pool = ''): boolean => /Old|Tenured/.test(pool);
  const young = scrape.all('jvm_memory_pool_collection_used_bytes').filter(({ labels }) => !isOld(labels.pool));
  const old = scrape.all('jvm_memory_pool_used_bytes').filter(({ labels }) => isOld(labels.pool));
  const used = [...young, ...old].reduce((sum, { value }) => sum + value, 0);
  return (used / maximum) * 100;
}

/**
 * One datapoint per network processor, so that only their Sum is right. Clients and brokers share the sandbox's one listener,
 * which nobody authenticates on.
 */
function connectionFigures(scrape: Scrape): BrokerFigure[] {
  const counts = scrape.all('kafka_server_socket_server_metrics_connection_count');
  const total = counts.reduce((sum, { value }) => sum + value, 0);
  const perProcessor = (bean: string, name: string): BrokerFigure[] =>
    scrape.all(`kafka_server_socket_server_metrics_${bean}`).map(({ labels, value }) => {
      return {
        name,
        unit: 'Count/Second',
        level: 'PER_BROKER',
        history: 'steady',
        part: labels.networkProcessor ?? '0',
        value,
      };
    });
  return [
    {
      name: 'ConnectionCount',
      unit: 'Count',
      level: 'DEFAULT',
      history: 'constant',
      value: counts.length === 0 ? undefined : total,
    },
    ...counts.map(({ labels, value }): BrokerFigure => {
      const part = labels.networkProcessor ?? '0';
      const authentication = 'Unauthenticated';
      return {
        name: 'ClientConnectionCount',
        unit: 'Count',
        level: 'DEFAULT',
        history: 'constant',
        authentication,
        part,
        value,
      };
    }),
    ...perProcessor('connection_creation_rate', 'ConnectionCreationRate'),
    ...perProcessor('connection_close_rate', 'ConnectionCloseRate'),
  ];
}

/** Phases of a request that MSK publishes; the brokers also know how long one waited for replicas and was throttled. */
const REQUEST_PHASES = [
  'TotalTimeMs',
  'RequestQueueTimeMs',
  'LocalTimeMs',
  'ResponseQueueTimeMs',
  'ResponseSendTimeMs',
];

function requestFigures(scrape: Scrape): BrokerFigure[] {
  const idle = (name: string, value: number | undefined): BrokerFigure => {
    // A fraction, whatever the unit says: MSK labels it so.
    return { name, unit: 'Percent', level: 'PER_BROKER', history: 'steady', value };
  };
  const mean = (name: string, request: string, time: string): BrokerFigure => {
    const level = name === 'ProduceTotalTimeMsMean' ? 'DEFAULT' : 'PER_BROKER';
    const value = scrape.value('kafka_network_RequestMetrics_Mean', { name: time, request });
    return { name, unit: 'Milliseconds', level, history: 'steady', value };
  };
  const means = ['Produce', 'FetchConsumer', 'FetchFollower'].flatMap((request) =>
    REQUEST_PHASES.map((time) => mean(`${request}${time}Mean`, request, time)),
  );
  return [
    ...means,
    // Kafka 4 converts nothing and still has the bean, at zero.
    mean('ProduceMessageConversionsTimeMsMean', 'Produce', 'MessageConversionsTimeMs'),
    ...throttleFigures(scrape),
    idle(
      'RequestHandlerAvgIdlePercent',
      scrape.value('kafka_server_KafkaRequestHandlerPool_OneMinuteRate', { name: 'RequestHandlerAvgIdlePercent' }),
    ),
    idle(
      'NetworkProcessorAvgIdlePercent',
      scrape.value('kafka_network_SocketServer_Value', { name: 'NetworkProcessorAvgIdlePercent' }),
    ),
  ];
}

/** Throttle times appear once a quota has slowed somebody down, as MSK's do; the queues of the waiting are there from the start. */
function throttleFigures(scrape: Scrape): BrokerFigure[] {
  const time = (name: string, request: string): BrokerFigure => {
    const mean = scrape.value('kafka_network_RequestMetrics_Mean', { name: 'ThrottleTimeMs', request });
    const value = mean === 0 ? undefined : mean;
    return { name, unit: 'Milliseconds', level: 'PER_BROKER', history: 'none', value };
  };
  const queue = (quota: string): BrokerFigure => {
    const value = scrape.value(`kafka_server_${quota}_queue_size`);
    return { name: `${quota}ThrottleQueueSize`, unit: 'Count', level: 'PER_BROKER', history: 'none', value };
  };
  return [
    time('ProduceThrottleTime', 'Produce'),
    time('FetchThrottleTime', 'FetchConsumer'),
    ...['Produce', 'Fetch', 'Request'].map(queue),
  ];
}
