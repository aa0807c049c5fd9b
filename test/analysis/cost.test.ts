import { describe, expect, test } from 'vitest';
import { type CostUsage, monthlyCost } from '../../lib/analysis/cost.ts';
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const ITEMS: Record<string, number> = {
  'broker/kafka.m7g.large': 0.2,
  'broker/express.m7g.large': 0.4,
  'storage/gp2': 0.1,
  'throughput/provisioned': 0.08,
  'serverless/cluster': 0.75,
};

function prices(items: Record<string, number> = ITEMS) {
  const value: SectionValue<'prices'> = {
    source: 'offline',
    asOfDate: '2026-08-20',
    region: 'eu-west-1',
    currency: 'USD',
    items: Object.fromEntries(Object.entries(items).map(([key, usd]) => [key, { usd, unit: 'x', source: 'a list' }])),
  };
  return present(value, TAKEN_AT_MS);
}

describe('Standard', () => {
  test('three brokers with 1000 GiB each, by hand: 3 x 730 x 0.2 + 3 x 1000 x 0.1', () => {
    const cost = monthlyCost(aSnapshot().build().sections.cluster, prices());
    expect(cost.lines.map((line) => [line.quantity, line.unit, line.usdPerMonth])).toEqual([
      [2190, 'hours', 438],
      [3000, 'GiB-month', expect.closeTo(300, 9)],
    ]);
    expect(cost.usdPerMonth).toBeCloseTo(738, 9);
    expect(cost).toMatchObject({ complete: true, asOfDate: '2026-08-20' });
    expect(cost.source).toContain('as of 2026-08-20');
    expect(cost.lines[0]!.source).toBe('broker/kafka.m7g.large, a list');
  });

  test('provisioned throughput counts per broker: 3 x 250 x 0.08', () => {
    const cluster = aSnapshot().withCluster({ provisionedThroughputMiBPerSec: 250 }).build().sections.cluster;
    expect(monthlyCost(cluster, prices()).lines[2]!.usdPerMonth).toBe(60);
  });

  test('a price that is not in the list leaves its line unknown and the total incomplete', () => {
    const cost = monthlyCost(aSnapshot().build().sections.cluster, prices({ 'storage/gp2': 0.1 }));
    expect(cost.lines[0]).toMatchObject({
      usdPerUnit: null,
      usdPerMonth: null,
      source: 'no price for broker/kafka.m7g.large',
    });
    expect(cost).toMatchObject({ usdPerMonth: expect.closeTo(300, 9), complete: false });
  });

  test('an unknown volume is unknown, not free', () => {
    const cluster = aSnapshot().withCluster({ volumeGiBPerBroker: null }).build().sections.cluster;
    const cost = monthlyCost(cluster, prices());
    expect(cost.lines[1]).toMatchObject({ quantity: null, usdPerUnit: 0.1, usdPerMonth: null });
    expect(cost).toMatchObject({ usdPerMonth: 438, complete: false });
  });

  test('tiered storage is listed as unknown', () => {
    const cluster = aSnapshot().withCluster({ storageMode: 'TIERED' }).build().sections.cluster;
    expect(monthlyCost(cluster, prices())).toMatchObject({ complete: false, usdPerMonth: expect.closeTo(738, 9) });
  });
});

test('Express: brokers are known, what is billed by use is not', () => {
  const cost = monthlyCost(aSnapshot().withKind('provisioned-express').build().sections.cluster, prices());
  expect(cost.usdPerMonth).toBeCloseTo(3 * 730 * 0.4, 9);
  expect(cost.complete).toBe(false);
  expect(cost.lines.slice(1).map((line) => line.usdPerMonth)).toEqual([null, null]);
  expect(cost.lines[1]!.source).toContain('not measured in this report');
});

test('Serverless: the cluster hours are known, the rest is by use', () => {
  const cost = monthlyCost(aSnapshot().withKind('serverless').build().sections.cluster, prices());
  expect(cost.usdPerMonth).toBeCloseTo(547.5, 9);
  expect(cost.complete).toBe(false);
});

test('no prices: all lines are there without a dollar', () => {
  const cost = monthlyCost(aSnapshot().build().sections.cluster, missing('unreachable', 'no answer'));
  expect(cost).toMatchObject({ usdPerMonth: null, complete: false, asOfDate: null, source: 'no prices: no answer' });
  expect(cost.lines).toHaveLength(2);
});

test('no MSK cluster: nothing to price', () => {
  expect(monthlyCost(undefined, prices())).toMatchObject({ usdPerMonth: null, complete: false, lines: [] });
});

/** Hours of one value in each, the last two of which CloudWatch may still change. */
function series(
  metric: string,
  dimensions: Record<string, string>,
  value: number | null,
  changes: Partial<MetricSeries> = {},
): MetricSeries {
  const all = { 'Cluster Name': 'orders', ...dimensions };
  const statistic = ['StorageUsed', 'RemoteLogSizeBytes'].includes(metric) ? 'Maximum' : 'Average';
  const values = Array.from({ length: 26 }, () => value);
  return { metric, statistic, unit: 'x', dimensions: all, periodSec: 3600, startMs: 0, values, ...changes };
}

function metricsOf(list: MetricSeries[], more: Partial<SectionValue<'metrics'>> = {}): CostUsage {
  return {
    metrics: present(
      { series: list, messages: [], cost: { metricsRequested: 0, calls: 0, usd: 0 }, ...more },
      TAKEN_AT_MS,
    ),
  };
}

const perBroker = (metric: string, value: number | null, brokers = [1, 2, 3]) =>
  brokers.map((id) => series(metric, { 'Broker ID': String(id) }, value));
const MIB = 1024 ** 2;

describe('what is billed by use, by hand', () => {
  const express = aSnapshot().withKind('provisioned-express').build().sections.cluster;
  const tiered = aSnapshot().withCluster({ storageMode: 'TIERED' }).build().sections.cluster;
  const all = prices({
    ...ITEMS,
    'express/data-in': 0.01,
    'express/storage': 0.1,
    'storage/tiered': 0.06,
    'storage/tiered-retrieval': 0.0015,
  });

  test('Express: 3 x 1 MiB/s is 3 x 3600 x 730 / 1024 GiB a month; 2048 GiB lie there, one copy', () => {
    const usage = metricsOf([...perBroker('BytesInPerSec', MIB), series('StorageUsed', {}, 2048 * 1024 ** 3)]);
    const cost = monthlyCost(express, all, usage);
    expect(cost.lines.slice(1).map((line) => [line.quantity, line.usdPerMonth])).toEqual([
      [7699.21875, expect.closeTo(76.9921875, 9)],
      [2048, expect.closeTo(204.8, 9)],
    ]);
    expect(cost.complete).toBe(true);
    expect(cost.lines[1]!.source).toBe('BytesInPerSec, mean of 24 h; express/data-in, a list');
  });

  test('a broker that was not measured makes it a lower bound, not a smaller truth', () => {
    const cost = monthlyCost(express, all, metricsOf(perBroker('BytesInPerSec', MIB, [1, 3])));
    expect(cost.lines[1]).toMatchObject({ isAtLeast: true, quantity: expect.closeTo(5132.8125, 9) });
    expect(cost.lines[1]!.source).toContain('only of 2 of 3 brokers');
    expect(cost.complete).toBe(false);
  });

  test('no value at all is unknown; so is a series of one topic, and so are metrics that could not be read', () => {
    const reasons = [
      metricsOf(perBroker('BytesInPerSec', null)),
      metricsOf([series('BytesInPerSec', { 'Broker ID': '1', Topic: 't' }, MIB)]),
      { metrics: missing('throttled', 'too often') },
    ].map((usage) => monthlyCost(express, all, usage).lines[1]!);
    expect(reasons.map((line) => line.usdPerMonth)).toEqual([null, null, null]);
    expect(reasons.map((line) => line.source.split(';')[0])).toEqual([
      'BytesInPerSec has no moment at which all brokers were measured',
      'BytesInPerSec has no values',
      'the metrics were not read: too often',
    ]);
  });

  test('weeks of hourly values say more about a month than one day', () => {
    const cost = monthlyCost(
      express,
      all,
      metricsOf(perBroker('BytesInPerSec', MIB), { hourly: perBroker('BytesInPerSec', 2 * MIB) }),
    );
    expect(cost.lines[1]!.quantity).toBeCloseTo(15398.4375, 9);
    expect(cost.lines[1]!.source).toContain('mean of 26 h');
  });

  test('tiered: what lies in the remote tier and what is read from it', () => {
    const usage = metricsOf([
      ...perBroker('RemoteLogSizeBytes', 100 * 1024 ** 3),
      ...perBroker('RemoteFetchBytesPerSec', MIB / 3),
    ]);
    const cost = monthlyCost(tiered, all, usage);
    expect(cost.lines.slice(2).map(({ label, quantity, usdPerMonth }) => [label, quantity, usdPerMonth])).toEqual([
      ['Tiered storage', 300, 18],
      ['Read from tiered storage', expect.closeTo(2566.40625, 6), expect.closeTo(3.849609, 6)],
    ]);
    expect(cost.complete).toBe(true);
  });

  test('before Kafka 3.6 reads from the tier have another name', () => {
    const cost = monthlyCost(tiered, all, metricsOf(perBroker('RemoteBytesInPerSec', MIB / 3)));
    expect(cost.lines[3]!.quantity).toBeCloseTo(2566.40625, 6);
  });

  test('Serverless: rates are sums of a minute over partitions; silent topics carry nothing; partitions by the hour', () => {
    const cluster = aSnapshot().withKind('serverless').build().sections.cluster;
    const topics = aSnapshot()
      .withTopic('a', { partitions: 4 })
      .withTopic('b', { partitions: 2 })
      .withTopic('__x', { partitions: 50, internal: true });
    const { kafkaTopics } = topics.build().sections;
    const rates = ['a', 'b'].map((Topic) =>
      series('BytesInPerSec', { Topic }, 5 * MIB, { statistic: 'Sum', periodSec: 300 }),
    );
    const list = prices({ 'serverless/cluster': 0.75, 'serverless/partition': 0.0015, 'serverless/data-in': 0.1 });
    const { lines, complete } = monthlyCost(cluster, list, { ...metricsOf(rates), kafkaTopics });
    expect(lines.map(({ label, quantity }) => [label, quantity])).toEqual([
      ['Serverless cluster', 730],
      ['Partitions', 4380],
      // 2 topics x 5 MiB/s summed over 5 minutes each: 2 MiB/s.
      ['Data written', expect.closeTo(5132.8125, 6)],
      ['Data read', null],
      ['Stored data', null],
    ]);
    expect(complete).toBe(false);
    // Silent in every second period, both topics in every fourth: half of the one, all of the other.
    const halved = rates.map((rate, t) => ({
      ...rate,
      values: rate.values.map((value, i) => (t === 0 && i % 2 === 0 ? null : value)),
    }));
    const quiet = halved.map((rate) => ({
      ...rate,
      values: rate.values.map((value, i) => (i % 4 === 0 ? null : value)),
    }));
    const gibOf = (some: MetricSeries[]) =>
      monthlyCost(cluster, list, { ...metricsOf(some), kafkaTopics }).lines[2]!.quantity;
    expect(gibOf(halved)).toBeCloseTo(5132.8125 * 0.75, 6);
    // Of 24 periods topic a has a point in 12, topic b in 18.
    expect(gibOf(quiet)).toBeCloseTo((5132.8125 / 2) * (12 / 24 + 18 / 24), 6);
    const cut = rates.map((rate) => ({ ...rate, incomplete: true as const }));
    const [, , written] = monthlyCost(cluster, list, { ...metricsOf(cut), kafkaTopics }).lines;
    expect(written).toMatchObject({ isAtLeast: true, source: expect.stringContaining('not all of it') });
    const unknown = monthlyCost(cluster, list, metricsOf(rates)).lines;
    expect(unknown[1]!.quantity).toBeNull();
    expect(unknown[2]).toMatchObject({ isAtLeast: true });
  });
});

describe('what stands beside the cluster', () => {
  const standard = aSnapshot().build().sections.cluster;
  type Connector = SectionValue<'connectors'>[number];
  const connector = (changes: Partial<Connector>): Connector => ({
    name: 'c',
    state: 'RUNNING',
    mcusPerWorker: 2,
    minWorkers: 3,
    maxWorkers: 3,
    isAutoScaled: false,
    sinkGroup: 'connect-c',
    ...changes,
  });
  const withConnectors = (...list: Connector[]) =>
    monthlyCost(standard, prices({ ...ITEMS, 'connect/mcu': 0.11 }), { connectors: present(list, TAKEN_AT_MS) });

  test('Connect: 3 workers x 2 MCU x 730 x 0.11; one that failed runs nothing', () => {
    const { lines, complete } = withConnectors(connector({}), connector({ state: 'FAILED' }));
    expect(lines.slice(2).map(({ label, quantity }) => [label, quantity])).toEqual([
      ['MSK Connect: 1 connector, 6 MCU', 4380],
    ]);
    expect(lines[2]!.usdPerMonth).toBeCloseTo(481.8, 9);
    expect(complete).toBe(true);
  });

  test('autoscaled workers: at least the fewest, and how many there may be', () => {
    const { lines, complete } = withConnectors(
      connector({ minWorkers: 1, maxWorkers: 4, isAutoScaled: true }),
      connector({}),
    );
    expect(lines[2]).toMatchObject({ label: 'MSK Connect: 2 connectors, 8 MCU', isAtLeast: true });
    expect(lines[2]!.source).toContain('up to 14 MCU');
    expect(complete).toBe(false);
  });

  test('a capacity that AWS did not tell is unknown; no connector is no line; not readable is said', () => {
    expect(withConnectors(connector({ minWorkers: null })).lines[2]).toMatchObject({
      quantity: null,
      usdPerMonth: null,
    });
    expect(withConnectors().lines).toHaveLength(2);
    const refused = monthlyCost(standard, prices(), { connectors: missing('not-permitted', 'refused') });
    expect(refused.lines[2]).toMatchObject({ quantity: null, source: 'not read: refused; no price for connect/mcu' });
  });

  test('a connector of unknown state is taken to run; one whose most is not told may run any number', () => {
    expect(withConnectors(connector({ state: null })).lines[2]).toMatchObject({ quantity: 4380 });
    expect(withConnectors(connector({ maxWorkers: null })).lines[2]).toMatchObject({
      isAtLeast: true,
      source: expect.stringContaining('up to an unknown number of MCU'),
    });
  });

  test('private connectivity that was not read is unknown, and none is no line', () => {
    const refused = monthlyCost(standard, prices(), { security: missing('not-permitted', 'refused') });
    expect(refused.lines[2]).toMatchObject({
      quantity: null,
      source: 'not read: refused; no price for private-connectivity/hour',
    });
    const off = aSnapshot().withSecurity().build().sections.security;
    expect(monthlyCost(standard, prices(), { security: off }).lines).toHaveLength(2);
  });

  test('a monitoring level that nobody knows is no line; the most of one that is known says so', () => {
    const lines = (enhancedMonitoring: 'unknown' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER') => {
      const { cluster } = aSnapshot()
        .withCluster({ enhancedMonitoring } as never)
        .build().sections;
      return monthlyCost(cluster, prices({ ...ITEMS, 'cloudwatch/metric': 0.3 })).lines;
    };
    expect(lines('unknown')).toHaveLength(2);
    expect(lines('PER_BROKER')[2]!.source).toMatch(
      /^the most that the level publishes .*; cloudwatch\/metric, a list$/,
    );
    expect(lines('PER_TOPIC_PER_BROKER')[2]!.source).toMatch(/^topics or committed offsets were not read/);
  });

  test('Express has the metrics of Express: 3 x 33', () => {
    const { cluster } = aSnapshot().withKind('provisioned-express').build().sections;
    const monitored = {
      ...cluster!,
      value: { ...(cluster as { value: Cluster }).value, enhancedMonitoring: 'PER_BROKER' },
    };
    expect(monthlyCost(monitored as typeof cluster, prices()).lines.at(-1)!.quantity).toBe(3 * 33);
  });

  test('private connectivity: each way of authentication by the hour, what passes is unknown', () => {
    const security = {
      ok: true,
      asOfMs: 0,
      value: { vpcConnectivity: { iam: true, scram: true, tls: null } },
    } as unknown as NonNullable<CostUsage['security']>;
    const { lines } = monthlyCost(standard, prices({ ...ITEMS, 'private-connectivity/hour': 0.02 }), { security });
    expect(lines.slice(2).map((line) => [line.quantity, line.usdPerMonth])).toEqual([
      [1460, 29.2],
      [null, null],
    ]);
  });

  test('a paid monitoring level: 3 x 50 metrics, 2 topics x 3 x 3 more, 3 for each committed partition', () => {
    const { kafkaTopics } = aSnapshot().withTopic('a').withTopic('b').build().sections;
    const kafkaOffsets = present({ topics: {}, committed: [{}, {}, {}, {}] }, 0) as unknown as NonNullable<
      CostUsage['kafkaOffsets']
    >;
    const quantities = (['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const).map(
      (enhancedMonitoring) => {
        const { cluster } = aSnapshot().withCluster({ enhancedMonitoring }).build().sections;
        const { lines } = monthlyCost(cluster, prices({ ...ITEMS, 'cloudwatch/metric': 0.3 }), {
          kafkaTopics,
          kafkaOffsets,
        });
        return lines[2]?.quantity ?? null;
      },
    );
    expect(quantities).toEqual([null, 150, 168, 180]);
    const { cluster } = aSnapshot().withCluster({ enhancedMonitoring: 'PER_TOPIC_PER_BROKER' }).build().sections;
    expect(monthlyCost(cluster, prices(), {}).lines[2]).toMatchObject({ quantity: null });
  });

  test('a level has the metrics of what the cluster is: volumes on credits, a tier, conversions before Kafka 4', () => {
    const metrics = (changes: Partial<Extract<Cluster, { kind: 'provisioned-standard' }>>) => {
      const { cluster } = aSnapshot()
        .withCluster({ enhancedMonitoring: 'PER_BROKER', ...changes })
        .build().sections;
      return monthlyCost(cluster, prices()).lines.at(-1)!.quantity;
    };
    expect(metrics({ kafkaVersion: '4.1.x.kraft' })).toBe(3 * 46);
    expect(metrics({ instanceType: 'kafka.t3.small' })).toBe(3 * 51);
    expect(metrics({ storageMode: 'TIERED' })).toBe(3 * 60);
  });
});

test('a KRaft cluster’s brokers at the price of their own name where the list has it', () => {
  const { cluster } = aSnapshot().build().sections;
  const cost = monthlyCost(cluster, prices({ ...ITEMS, 'broker/kafka.kraft.m7g.large': 0.3 }));
  expect(cost.lines[0]).toMatchObject({ usdPerUnit: 0.3, source: 'broker/kafka.kraft.m7g.large, a list' });
  const zookeeper = aSnapshot().withCluster({ metadataMode: 'zookeeper' }).build().sections.cluster;
  expect(monthlyCost(zookeeper, prices({ ...ITEMS, 'broker/kafka.kraft.m7g.large': 0.3 })).lines[0]!.usdPerUnit).toBe(
    0.2,
  );
});

test('why the Price List has no price is told in the line', () => {
  const section = prices({ 'broker/kafka.m7g.large': 0.2 });
  section.value.unpriced = { 'storage/gp2': 'the Price List has 2 prices for it' };
  const [, volumes] = monthlyCost(aSnapshot().build().sections.cluster, section).lines;
  expect(volumes).toMatchObject({
    usdPerMonth: null,
    source: 'no price for storage/gp2: the Price List has 2 prices for it',
  });
});

test('prices that are not what they should be say so beside their date', () => {
  const section = { ...prices(), partial: 'the Price List was not read' };
  const { source } = monthlyCost(aSnapshot().build().sections.cluster, section);
  expect(source).toMatch(/as of 2026-08-20; .*; partly read: the Price List was not read$/);
});

test.each(['DELETING', 'FAILED'])('a cluster that is %s has no brokers to pay for', (state) => {
  const { cluster, prices } = aSnapshot().build().sections;
  if (cluster?.ok !== true) throw new Error('the builder describes a cluster');
  const cost = monthlyCost(present({ ...cluster.value, state }, 0), prices);
  expect(cost).toMatchObject({ usdPerMonth: null, lines: [], source: expect.stringMatching(/^unknown: /) });
});
