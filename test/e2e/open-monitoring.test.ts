// What open monitoring says of real brokers is what their exporters print, read here by the line and without any code of the product.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectOpenMonitoring } from '../../lib/collect/open-monitoring/collect-open-monitoring.ts';
import type { Collected } from '../../lib/snapshot/collected.ts';
import { JMX_FIGURES, OPEN_MONITORING_FIGURES } from '../../lib/snapshot/open-monitoring-figures.ts';
import type { MonitoredBroker, OpenMonitoring } from '../../lib/snapshot/open-monitoring-section.ts';
import type { OwnedProcess } from '../../sandbox/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { makeTraffic, NODE_EXPORTER, startNodeExporter } from '../sandbox/support/exporters.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';

if (NODE_EXPORTER === null)
  console.warn('the node exporter is SKIPPED: apt-get install -y --no-install-recommends prometheus-node-exporter');

/** Series as printed, without the `{` and the labels put apart, to their values. */
async function printed(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

const topics = (name: string): string => `kafka_server_BrokerTopicMetrics_Count{name="${name}"}`;
const produceTime = (attribute: string): string =>
  `kafka_network_RequestMetrics_${attribute}{name="TotalTimeMs",request="Produce"}`;

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let node: (OwnedProcess & { port: number }) | null = null;
  /** Before and after the two scrapes, each broker's. */
  let before: Map<string, number>[];
  let after: Map<string, number>[];
  let section: Collected<OpenMonitoring>;

  beforeAll(async () => {
    sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {} });
    node = NODE_EXPORTER === null ? null : await startNodeExporter(NODE_EXPORTER, sandbox.folder);
    await makeTraffic(sandbox.cluster, 'orders');
    before = await Promise.all(sandbox.cluster.brokers.map(({ jmxPort }) => printed(jmxPort)));
    section = await collectOpenMonitoring(
      {
        brokers: sandbox.cluster.brokers.map(({ id, jmxPort }) => ({
          id,
          host: '127.0.0.1',
          ports: { jmx: jmxPort, node: node?.port ?? jmxPort },
        })),
        exporters: node === null ? ['jmx'] : ['jmx', 'node'],
        spanMs: 5_000,
        deadlineMs: Date.now() + 60_000,
      },
      {
        now: Date.now,
        // All traffic falls between the scrapes, so that what it grew by is what lies between the readings around them.
        sleep: async (ms) => {
          const endMs = Date.now() + ms;
          await makeTraffic(sandbox.cluster, 'orders');
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, endMs - Date.now())));
        },
      },
    );
    after = await Promise.all(sandbox.cluster.brokers.map(({ jmxPort }) => printed(jmxPort)));
  });
  afterAll(async () => {
    await node?.stop();
    await sandbox?.stop();
  });

  function brokers(): MonitoredBroker[] {
    if (!section.ok) throw new Error(section.detail);
    return section.value.brokers;
  }

  test('every broker gives every figure that its exporters have', () => {
    expect(section).not.toHaveProperty('partial');
    expect(brokers().map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
    for (const { jmx, gaps, figures } of brokers()) {
      expect([jmx.problem, gaps]).toEqual([null, []]);
      const expected = node === null ? JMX_FIGURES : OPEN_MONITORING_FIGURES;
      expect(Object.keys(figures).sort()).toEqual([...expected].sort());
    }
  });

  test.each([
    ['bytesInPerSec', topics('BytesInPerSec')],
    ['messagesInPerSec', topics('MessagesInPerSec')],
    ['totalProduceRequestsPerSec', topics('TotalProduceRequestsPerSec')],
  ] as const)('%s times the seconds is what the counter grew by', (figure, series) => {
    for (const [index, { figures, jmx }] of brokers().entries()) {
      const grown = after[index]!.get(series)! - before[index]!.get(series)!;
      expect(grown).toBeGreaterThan(0);
      expect(figures[figure]! * jmx.spanSec!).toBeGreaterThan(grown * 0.999);
      expect(figures[figure]! * jmx.spanSec!).toBeLessThan(grown * 1.001);
    }
  });

  test('followers are asked between as often as we saw at least and at most', () => {
    const total = (scrape: Map<string, number>): number =>
      [...scrape]
        .filter(([series]) => /^kafka_network_RequestMetrics_Count\{.*"RequestsPerSec".*"FetchFollower"/.test(series))
        .reduce((sum, [, value]) => sum + value, 0);
    for (const [index, { figures, jmx }] of brokers().entries()) {
      const asked = figures.fetchFollowerRequestsPerSec! * jmx.spanSec!;
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual((total(after[index]!) - total(before[index]!)) * 1.001);
    }
  });

  test('percentiles and means of produce requests are those of the histogram', () => {
    for (const [index, { figures }] of brokers().entries()) {
      // Nothing is produced after the second scrape: the histogram stands still.
      expect(figures.produceTotalP99Ms).toBeCloseTo(after[index]!.get(produceTime('99thPercentile'))!, 0);
      expect(figures.produceTotalP95Ms).toBeCloseTo(after[index]!.get(produceTime('95thPercentile'))!, 0);
      const sum = (scrape: Map<string, number>): number =>
        scrape.get(produceTime('Mean'))! * scrape.get(produceTime('Count'))!;
      const count = after[index]!.get(produceTime('Count'))! - before[index]!.get(produceTime('Count'))!;
      expect(figures.produceTotalMeanMs).toBeCloseTo((sum(after[index]!) - sum(before[index]!)) / count, 1);
    }
  });

  test('the one fetch beyond the end of a log is the one error of its kind', () => {
    const found = brokers().flatMap(({ errors, jmx }) =>
      errors!
        .filter(({ request, error }) => request === 'Fetch' && error === 'OFFSET_OUT_OF_RANGE')
        .map(({ perSec }) => perSec * jmx.spanSec!),
    );
    expect(found.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 1);
  });

  test('a broker that is killed in between gives gauges, the others everything', async () => {
    const endpoints = sandbox.cluster.brokers.map(({ id, jmxPort }) => ({
      id,
      host: '127.0.0.1',
      ports: { jmx: jmxPort, node: jmxPort },
    }));
    const read = await collectOpenMonitoring(
      { brokers: endpoints, exporters: ['jmx'], spanMs: 1_000, deadlineMs: Date.now() + 30_000 },
      { now: Date.now, sleep: () => sandbox.cluster.killBroker(3) },
    );
    expect(read).toMatchObject({ ok: true, partial: 'no rates of broker 3 (refused)' });
    if (!read.ok) return;
    expect(read.value.brokers.map(({ jmx }) => jmx.problem)).toEqual([null, null, 'refused']);
    expect(read.value.brokers[2]!.figures.produceTotalP99Ms).toBeGreaterThan(0);
    expect(read.value.brokers[2]!.figures.bytesInPerSec).toBeUndefined();
  });
});
