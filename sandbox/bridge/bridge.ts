import type { KafkaBroker, KafkaCluster } from '../kafka/cluster.ts';
import { type BrokerFigure, brokerFigures } from './broker-metrics.ts';
import type { History } from './compose.ts';
import { type Scrape, scrape } from './exposition.ts';
import type { ClusterReader } from './kafka/reader.ts';
import type { TopicState } from './kafka/requests.ts';
import { lagFigures } from './lag-metrics.ts';
import { type MetricLevel, published } from './levels.ts';
import { Rates } from './rates.ts';
import type { Dimension, MetricStore } from './store.ts';

const SCRAPE_EVERY_MS = 5_000;
/** The composed past is built around the values of this moment: start-up is over, rates have their first minute. */
const SETTLE_AFTER_MS = 60_000;

export interface BridgeOptions {
  cluster: KafkaCluster;
  reader: ClusterReader;
  store: MetricStore;
  clusterName: string;
  level: MetricLevel;
  /** Size of each broker's data volume as declared now. */
  volumeBytes: () => number;
  log: (line: string) => void;
}

/** Puts the real brokers' figures into the emulated CloudWatch, under MSK's names, until it is stopped. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #rates = new Rates();
  readonly #startedMs = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #complained = false;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#running === undefined) void this.refresh();
    }, SCRAPE_EVERY_MS);
    void this.refresh();
  }

  /** Reads everything once. What it finds was so after the call: a reading already under way does not count. */
  async refresh(): Promise<void> {
    await this.#running;
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #read(): Promise<void> {
    const { cluster, store, reader } = this.#options;
    const topics = await reader.metadata().then(
      (state) => state.topics,
      () => undefined,
    );
    const reported = await Promise.all(cluster.brokers.map((broker) => this.#readBroker(broker, topics)));
    const living = cluster.brokers.filter((_, index) => reported[index]);
    await Promise.all([this.#readController(living), this.#readLag()]).catch((error: unknown) => this.#complain(error));
    if (!this.#stopped && Date.now() - this.#startedMs >= SETTLE_AFTER_MS) store.settle();
  }

  /** False when the broker gave nothing: it is down, and MSK's metrics have a gap. */
  async #readBroker(broker: KafkaBroker, topics: TopicState[] | undefined): Promise<boolean> {
    const key = `broker/${broker.id}`;
    const figures = broker.alive ? await scrape(broker.jmxPort).catch(() => undefined) : undefined;
    if (figures === undefined) {
      this.#rates.forget(key);
      return false;
    }
    const atMs = Date.now();
    for (const figure of brokerFigures(figures, this.#rates, key, atMs))
      this.#publishBrokerFigure(broker, figure, atMs);
    await this.#publishDisk(broker, atMs);
    if (topics !== undefined) {
      const holds = topics.some(
        (topic) => !topic.internal && topic.partitions.some(({ replicas }) => replicas.includes(broker.id)),
      );
      this.#publish(
        'UserPartitionExists',
        'None',
        'constant',
        this.#ofBroker(broker),
        `${broker.id}`,
        holds ? 1 : 0,
        atMs,
      );
    }
    return true;
  }

  #publishBrokerFigure(broker: KafkaBroker, figure: BrokerFigure, atMs: number): void {
    if (figure.value === undefined || !published(figure.level, this.#options.level)) return;
    const dimensions = this.#ofBroker(broker);
    if (figure.topic !== undefined) dimensions.push({ Name: 'Topic', Value: figure.topic });
    if (figure.authentication !== undefined)
      dimensions.push({ Name: 'Client Authentication', Value: figure.authentication });
    const source = `${broker.id}/${figure.part ?? ''}`;
    this.#publish(figure.name, figure.unit, figure.history, dimensions, source, figure.value, atMs);
  }

  /** Real bytes over a declared volume; at cluster level every broker reports its own, so that Maximum is the fullest. */
  async #publishDisk(broker: KafkaBroker, atMs: number): Promise<void> {
    const bytes = await this.#options.cluster.logSizeBytes(broker.id).catch(() => undefined);
    if (bytes === undefined) return;
    const percent = Math.min(100, (bytes / this.#options.volumeBytes()) * 100);
    for (const dimensions of [this.#ofBroker(broker), this.#ofCluster()]) {
      this.#publish('KafkaDataLogsDiskUsed', 'Percent', 'growing', dimensions, `${broker.id}`, percent, atMs);
    }
  }

  /** Every broker publishes the controller's figures, and all but one of them publish 0: Average is wrong, Maximum right. */
  async #readController(living: KafkaBroker[]): Promise<void> {
    if (living.length === 0) return;
    const figures = await scrape(this.#options.cluster.controllerJmxPort).catch(() => undefined);
    const atMs = Date.now();
    for (const { name, history } of CONTROLLER_METRICS) {
      // A controller that is gone counts nothing any more, and no broker takes itself for it.
      const real = figures === undefined ? withoutController(name) : controllerValue(figures, name);
      if (real === undefined) continue;
      for (const broker of living) {
        this.#publish(name, 'Count', history, this.#ofCluster(), `${broker.id}`, broker === living[0] ? real : 0, atMs);
      }
    }
  }

  async #readLag(): Promise<void> {
    const lags = await this.#options.reader.groupLags();
    const atMs = Date.now();
    for (const lag of lags) {
      const dimensions = [
        ...this.#ofCluster(),
        { Name: 'Consumer Group', Value: lag.group },
        { Name: 'Topic', Value: lag.topic },
      ];
      for (const { name, unit, value } of lagFigures(lag, this.#rates, atMs)) {
        if (value !== undefined) this.#publish(name, unit, 'steady', dimensions, 'msk', value, atMs);
      }
    }
  }

  #publish(
    name: string,
    unit: string,
    history: History,
    dimensions: readonly Dimension[],
    source: string,
    value: number,
    atMs: number,
  ): void {
    if (!this.#stopped) this.#options.store.record({ name, unit, history, dimensions, source, value }, atMs);
  }

  #ofCluster(): Dimension[] {
    return [{ Name: 'Cluster Name', Value: this.#options.clusterName }];
  }

  #ofBroker(broker: KafkaBroker): Dimension[] {
    return [...this.#ofCluster(), { Name: 'Broker ID', Value: String(broker.id) }];
  }

  /** Once: a bridge that cannot read must not fill the terminal, and must not be silent either. */
  #complain(error: unknown): void {
    if (this.#complained || this.#stopped) return;
    this.#complained = true;
    this.#options.log(
      `the metrics bridge could not read everything: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const CONTROLLER_METRICS: readonly { name: string; history: History }[] = [
  { name: 'ActiveControllerCount', history: 'constant' },
  { name: 'OfflinePartitionsCount', history: 'none' },
  { name: 'GlobalPartitionCount', history: 'constant' },
  { name: 'GlobalTopicCount', history: 'constant' },
  { name: 'PreferredReplicaImbalanceCount', history: 'none' },
];

function withoutController(name: string): number | undefined {
  return name === 'ActiveControllerCount' ? 0 : undefined;
}

function controllerValue(figures: Scrape, name: string): number | undefined {
  return figures.value('kafka_controller_KafkaController_Value', { name });
}
