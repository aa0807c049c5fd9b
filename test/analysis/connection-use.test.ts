import { describe, expect, test } from 'vitest';
import { connectionsByBroker, hasIam, iamLimits } from '../../lib/analysis/connection-use.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, WINDOW_START_MS } from '../builders/a-snapshot.ts';
import { collected, sectionOf } from './sections.ts';

const LIMIT = 'listener.name.client_iam.max.connections';
const PUBLIC = 'listener.name.client_iam_public.max.connections';

const limits = (builder: SnapshotBuilder) =>
  iamLimits({
    cluster: collected(builder, 'cluster'),
    configuration: collected(builder, 'configuration'),
    kafkaBrokerConfigs: collected(builder, 'kafkaBrokerConfigs'),
  });

describe('what a broker takes with IAM', () => {
  test("MSK's quota", () => {
    expect(limits(aSnapshot())).toEqual({ connections: 3000, newPerSec: 100, source: "MSK's quota" });
    expect(limits(aSnapshot().without('cluster'))).toMatchObject({ newPerSec: 100 });
    expect(limits(aSnapshot().withKind('serverless'))).toMatchObject({ newPerSec: 100 });
  });

  test('fewer new ones on a t3', () => {
    expect(limits(aSnapshot().withCluster({ instanceType: 'kafka.t3.small' })).newPerSec).toBe(4);
  });

  test("the lower of its listeners' limits, where they are set", () => {
    expect(limits(aSnapshot().withBrokerSettings({ [LIMIT]: '5000', [PUBLIC]: '4000' }))).toMatchObject({
      connections: 4000,
      source: expect.stringContaining(PUBLIC),
    });
    expect(limits(aSnapshot().withBrokerSettings({ [LIMIT]: '5000' })).connections).toBe(5000);
  });

  test.each([
    ['0', 3000],
    ['1', 1],
    ['2147483646', 2_147_483_646],
    ['2147483647', 3000],
  ])('a limit of %s', (value, connections) => {
    expect(limits(aSnapshot().withBrokerSettings({ [LIMIT]: value })).connections).toBe(connections);
  });
});

const of = (id: number, way: string) => ({ 'Broker ID': id, 'Client Authentication': way });

describe('whether clients may come in with IAM', () => {
  const told = (builder: SnapshotBuilder) => hasIam(collected(builder, 'security'), sectionOf(builder, 'metrics'));
  const security = (iam: boolean | null) =>
    aSnapshot().withSecurity({ authentication: { unauthenticated: false, iam, scram: false, tls: false } });

  test('as MSK says', () => {
    expect([told(security(true)), told(security(false))]).toEqual([true, false]);
    expect(told(security(false).withMetric(METRICS.clientConnections, of(1, 'IAM'), 5))).toBe(false);
  });

  test('else by a connection of one, which is no proof that there is none', () => {
    for (const builder of [() => security(null), () => aSnapshot().without('security')]) {
      expect(told(builder())).toBeNull();
      expect(told(builder().withMetric(METRICS.clientConnections, of(1, 'IAM'), 5))).toBe(true);
      expect(told(builder().withMetric(METRICS.clientConnections, of(1, 'IAM'), [null, 5]))).toBe(true);
      expect(told(builder().withMetric(METRICS.clientConnections, of(1, 'IAM'), [null, null]))).toBeNull();
      expect(told(builder().withMetric(METRICS.clientConnections, of(1, 'SCRAM'), 5))).toBeNull();
    }
  });
});

describe('connections by broker', () => {
  /** Sums of five minutes. */
  const both = () =>
    aSnapshot()
      .withMetric(METRICS.clientConnections, of(1, 'IAM'), [100, 100, 100, 100, 100, 100])
      .withMetric(METRICS.clientConnections, of(1, 'SCRAM'), [50, null, 50, null, 50, null])
      .withMetric(METRICS.clientConnections, of(2, 'IAM'), [25, 25, 25, 25, 25, 25]);
  const values = (builder: SnapshotBuilder, ...rest: [never[]?, string?]) =>
    Object.fromEntries(
      [...connectionsByBroker(sectionOf(builder, 'metrics'), ...rest)].map(([id, { measured }]) => [id, [...measured]]),
    );

  test('of all ways together, by the minute; a way that nobody uses has no points, which is no gap', () => {
    const scale = 60 / METRICS.clientConnections.periodSec;
    expect(values(both())).toEqual({
      1: [150, 100, 150, 100].map((sum) => sum * scale),
      2: [25, 25, 25, 25].map((sum) => sum * scale),
    });
  });

  test('of one way alone', () => {
    const scale = 60 / METRICS.clientConnections.periodSec;
    expect(values(both(), [], 'SCRAM')).toEqual({ 1: [50, 50].map((sum) => sum * scale) });
  });

  test('masked periods are left out', () => {
    const periodMs = METRICS.clientConnections.periodSec * 1000;
    const masked = [{ startMs: WINDOW_START_MS, endMs: WINDOW_START_MS + periodMs, because: 'test' }] as never[];
    expect(values(both(), masked, 'IAM')[1]).toHaveLength(3);
  });
});
