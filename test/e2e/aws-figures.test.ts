// What the product reads through the emulated CloudWatch and control plane is what JMX and Kafka's own tools say of the same cluster.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asPercents, trustedPoints } from '../../lib/analysis/series.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { makeTraffic } from '../sandbox/support/exporters.ts';
import { type Between, gaugeBounds, type Jmx, printedAs, rateBounds, sumOf } from '../sandbox/support/jmx-witness.ts';
import { controlPlaneFigures, expectTopics, readTopics } from './aws-control-plane.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';
import { MeasuredAws, VOLUME_BYTES } from './measured-aws.ts';

const VICTIM = 3;
/** Added to the time of the traffic, so that the time of the readings themselves is a small part of it. */
const SPAN_MS = 4_000;
/** The most that the bounds of a rate may be apart: that part, on a busy machine. */
const TOLERANCE = 1.3;

type Figure = (jmx: Jmx) => number;
const replicas = (name: string): Figure => {
  return (jmx) => printedAs(jmx, `kafka_server_ReplicaManager_Value{name="${name}"}`);
};
const topics = (labels: string): Figure => {
  return (jmx) => printedAs(jmx, `kafka_server_BrokerTopicMetrics_Count{${labels}}`);
};
const controller = (name: string): Figure => {
  return (jmx) => printedAs(jmx, `kafka_controller_KafkaController_Value{name="${name}"}`);
};
const PHASES = ['TotalTimeMs', 'RequestQueueTimeMs', 'LocalTimeMs', 'ResponseQueueTimeMs', 'ResponseSendTimeMs'];
const phases = (request: string): [metric: string, Figure][] =>
  PHASES.map((name) => [
    `${request}${name}Mean`,
    (jmx) => printedAs(jmx, `kafka_network_RequestMetrics_Mean{name="${name}",request="${request}"}`),
  ]);

/** Metrics of a broker to what its exporter prints. They stand still while they are read, or go one way. */
const GAUGES: Readonly<Record<string, Figure>> = {
  LeaderCount: replicas('LeaderCount'),
  PartitionCount: replicas('PartitionCount'),
  UnderReplicatedPartitions: replicas('UnderReplicatedPartitions'),
  UnderMinIsrPartitionCount: replicas('UnderMinIsrPartitionCount'),
  ClientConnectionCount: (jmx) => sumOf(jmx, 'kafka_server_socket_server_metrics_connection_count'),
  RequestHandlerAvgIdlePercent: (jmx) =>
    printedAs(jmx, 'kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"}'),
  ...Object.fromEntries([...phases('Produce'), ...phases('FetchConsumer')]),
};

/** Counters of which the metric is the growth in a second. */
const RATES: Readonly<Record<string, Figure>> = {
  BytesInPerSec: topics('name="BytesInPerSec"'),
  BytesOutPerSec: topics('name="BytesOutPerSec"'),
  MessagesInPerSec: topics('name="MessagesInPerSec"'),
  ReplicationBytesInPerSec: topics('name="ReplicationBytesInPerSec"'),
};

const CONTROLLER = ['ActiveControllerCount', 'GlobalTopicCount', 'GlobalPartitionCount', 'OfflinePartitionsCount'];
const LAG = ['MaxOffsetLag', 'SumOffsetLag'];

/** What else CloudWatch has of this cluster, and why no witness can be asked for it: the sandbox reckons it in a way of its own. */
const UNWITNESSED: Readonly<Record<string, readonly string[]>> = {
  'the JVM knows its memory and files, and the machine those of all brokers together': [
    'HeapMemoryAfterGC',
    'KafkaFileDescriptorsUsagePercent',
    'MemoryFree',
    'MemoryUsed',
    'SwapUsed',
  ],
  'estimates, whose formula AWS does not publish': ['RollingEstimatedTimeLagMax'],
  'averages over windows that slide while they are read': [
    'ConnectionCloseRate',
    'ConnectionCreationRate',
    'FetchFollowerRequestQueueTimeMsMean',
    'NetworkProcessorAvgIdlePercent',
  ],
  'nothing is converted and nobody throttled': [
    'FetchMessageConversionsPerSec',
    'FetchThrottleQueueSize',
    'ProduceMessageConversionsPerSec',
    'ProduceMessageConversionsTimeMsMean',
    'ProduceThrottleQueueSize',
    'RequestThrottleQueueSize',
  ],
};

/** Equal where the witness saw the same before and after; the slack is that of floating point. */
function expectWithin(what: string, value: number | null, [least, most]: readonly [number, number]): void {
  const slack = 1e-9 * Math.abs(most);
  const isWithin = value !== null && value >= least - slack && value <= most + slack;
  expect(isWithin, `${what}: CloudWatch says ${value}, JMX between ${least} and ${most}`).toBe(true);
}

describe.skipIf(cannotRun).each(KAFKA_VERSIONS)('what AWS tells of Kafka %s', (kafka) => {
  let world: MeasuredAws;
  /** Around the first and the second reading, by broker, the controller last. */
  let first: Between[];
  let second: Between[];

  beforeAll(async () => {
    world = await MeasuredAws.start(kafka);
    // An exporter's first answer takes it half a second.
    await world.look();
    first = await world.measure();
    await makeTraffic(world.sandbox.cluster, 'orders');
    await new Promise((resolve) => setTimeout(resolve, SPAN_MS));
    await world.untilStill([...Object.values(RATES), GAUGES.ClientConnectionCount!]);
    second = await world.measure();
    await world.collect();
  });
  afterAll(() => world?.stop());

  const brokers = () => world.sandbox.cluster.brokers.filter(({ alive }) => alive);

  test('it is read whole, nothing of it is composed, and every metric has its witness', () => {
    const metrics = world.section('metrics');
    expect([world.snapshot.sections.metrics, metrics.messages]).toEqual([
      expect.not.objectContaining({ partial: expect.anything() }),
      [],
    ]);
    const known = [
      ...[GAUGES, RATES].flatMap(Object.keys),
      ...CONTROLLER,
      ...LAG,
      ...Object.values(UNWITNESSED).flat(),
      'CpuUser',
      'CpuSystem',
      'CpuIdle',
      'KafkaDataLogsDiskUsed',
    ];
    const had = metrics.series.filter(({ values }) => values.some((value) => value !== null));
    expect(had.length).toBeGreaterThan(120);
    expect(had.map(({ metric }) => metric).filter((metric) => !known.includes(metric))).toEqual([]);
  });

  test.each(Object.keys(GAUGES))('%s of each broker is what JMX says', (metric) => {
    for (const [index, { id }] of brokers().entries())
      expectWithin(`broker ${id}`, world.ofBroker(id, metric), gaugeBounds(second[index]!, GAUGES[metric]!));
  });

  test.each(Object.keys(RATES))('%s of each broker is what its counter grew by in a second', (metric) => {
    for (const [index, { id }] of brokers().entries()) {
      const [least, most] = rateBounds(first[index]!, second[index]!, RATES[metric]!);
      expect([least > 0, most / least < TOLERANCE], `${least} to ${most}`).toEqual([true, true]);
      expectWithin(`broker ${id}`, world.ofBroker(id, metric), [least, most]);
    }
  });

  test('the traffic of a topic, too, by the brokers that lead it', () => {
    const of = topics('name="BytesInPerSec",topic="orders"');
    for (const [index, { id }] of brokers().entries()) {
      const value = world.point('BytesInPerSec', { 'Broker ID': String(id), Topic: 'orders' });
      const bounds = rateBounds(first[index]!, second[index]!, of);
      expect(bounds[0]).toBeGreaterThan(1_000);
      expectWithin(`broker ${id}`, value, bounds);
    }
  });

  test('busy CPU time is what the JVM used of two vCPUs', () => {
    const of: Figure = (jmx) => (printedAs(jmx, 'process_cpu_seconds_total') / 2) * 100;
    for (const [index, { id }] of brokers().entries()) {
      const busy = world.ofBroker(id, 'CpuUser')! + world.ofBroker(id, 'CpuSystem')!;
      expectWithin(`broker ${id}`, busy, rateBounds(first[index]!, second[index]!, of));
      expect(world.ofBroker(id, 'CpuIdle')! + busy).toBeCloseTo(100, 6);
    }
  });

  test('idle request handlers come as a fraction, and are judged in percent', () => {
    const list = world.section('metrics').series.filter(({ metric }) => metric === 'RequestHandlerAvgIdlePercent');
    const percents = asPercents(list.map((series) => trustedPoints(series, { dropLast: 0 })));
    for (const [index, { id }] of brokers().entries()) {
      const fraction = world.ofBroker(id, 'RequestHandlerAvgIdlePercent')!;
      expect([fraction > 0.1, fraction < 1.5], `${fraction}`).toEqual([true, true]);
      expect(percents[index]!.latest!.value).toBeCloseTo(Math.min(100, fraction * 100), 6);
    }
  });

  test('the controller’s figures by Maximum are its own, and those of kafka-topics', async () => {
    for (const metric of CONTROLLER)
      expectWithin(metric, world.point(metric), gaugeBounds(second.at(-1)!, controller(metric)));
    const partitions = await world.witness.partitions();
    expect(CONTROLLER.map((metric) => world.point(metric))).toEqual([
      1,
      new Set(partitions.map(({ topic }) => topic)).size,
      partitions.length,
      0,
    ]);
    for (const { id } of brokers()) {
      expect(world.ofBroker(id, 'LeaderCount')).toBe(partitions.filter(({ leader }) => leader === id).length);
      expect(world.ofBroker(id, 'PartitionCount')).toBe(partitions.filter((each) => each.replicas.includes(id)).length);
    }
  });

  test('lag is that of kafka-consumer-groups, by group and topic', async () => {
    const rows = (await world.witness.groupOffsets()).filter(({ lag }) => lag !== null);
    const pairs = Map.groupBy(rows, ({ group, topic }) => `${group} ${topic}`);
    expect(pairs.size).toBeGreaterThan(7);
    for (const own of pairs.values()) {
      const { group, topic } = own[0]!;
      const lags = own.map(({ lag }) => Number(lag));
      const [max, sum] = LAG.map((metric) => world.point(metric, { 'Consumer Group': group, Topic: topic }));
      expect([group, topic, max, sum]).toEqual([group, topic, Math.max(...lags), lags.reduce((a, b) => a + b, 0)]);
    }
  });

  test('disk use is what du and kafka-log-dirs count, over the declared volume', async () => {
    expect(world.section('cluster')).toMatchObject({ volumeGiBPerBroker: VOLUME_BYTES / 1024 ** 3 });
    const sizes = logDirSizes(await world.witness.run('kafka-log-dirs', '--describe'));
    for (const { id, logDir } of brokers()) {
      const bytes = (world.ofBroker(id, 'KafkaDataLogsDiskUsed')! / 100) * VOLUME_BYTES;
      expect(bytes).toBeGreaterThan(100_000);
      expect([Math.round(bytes), Math.round(bytes)]).toEqual([duOfSegments(logDir), sizes.get(id)]);
    }
  });

  controlPlaneFigures(() => world);

  test('after a broker has died, what it leaves behind is counted as JMX and kafka-topics count it', async () => {
    await world.sandbox.cluster.killBroker(VICTIM);
    await waitUntil('the controller takes its leaders away', 30_000, async () =>
      (await world.witness.partitions()).every(({ leader }) => leader !== VICTIM),
    );
    await world.untilStill(['LeaderCount', 'UnderReplicatedPartitions'].map(replicas));
    const now = await world.measure();
    await world.collect();
    const partitions = await world.witness.partitions();
    const behind = partitions.filter((each) => each.isr.length < each.replicas.length);
    for (const [index, { id }] of brokers().entries()) {
      for (const metric of ['LeaderCount', 'PartitionCount', 'UnderReplicatedPartitions', 'UnderMinIsrPartitionCount'])
        expectWithin(`${metric} of ${id}`, world.ofBroker(id, metric), gaugeBounds(now[index]!, replicas(metric)));
      expect(world.ofBroker(id, 'UnderReplicatedPartitions')).toBe(behind.filter(({ leader }) => leader === id).length);
    }
    expect(behind.length).toBeGreaterThan(100);
    const offline = partitions.filter(({ leader }) => leader === -1).length;
    expect(offline).toBeGreaterThan(0);
    expect(CONTROLLER.map((metric) => world.point(metric))).toEqual([
      1,
      new Set(partitions.map(({ topic }) => topic)).size,
      partitions.length,
      offline,
    ]);
    await expectTopics(world, await readTopics(world));
    for (const metric of ['LeaderCount', 'CpuIdle', 'KafkaDataLogsDiskUsed'])
      expect([metric, world.ofBroker(VICTIM, metric)]).toEqual([metric, null]);
  });
});

/** Bytes of all segments, without indexes (sparse until they are closed) and without the metadata log. */
function duOfSegments(logDir: string): number {
  const line = "find . -path './__cluster_metadata*' -prune -o -name '*.log' -print0 | du -cb --files0-from=-";
  const out = execFileSync('sh', ['-c', line], { cwd: logDir, encoding: 'utf8' });
  return Number(/^(\d+)\s+total$/m.exec(out)![1]);
}

/** Broker id to the bytes of all its replicas. */
function logDirSizes(out: string): Map<number, number> {
  const { brokers } = JSON.parse(out.split('\n').find((line) => line.startsWith('{'))!) as {
    brokers: { broker: number; logDirs: { partitions: { size: number }[] }[] }[];
  };
  const sizeOf = (dirs: (typeof brokers)[number]['logDirs']): number =>
    dirs.flatMap(({ partitions }) => partitions).reduce((sum, { size }) => sum + size, 0);
  return new Map(brokers.map(({ broker, logDirs }) => [broker, sizeOf(logDirs)]));
}
