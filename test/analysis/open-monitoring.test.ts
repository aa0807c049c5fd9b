import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesPerConsumerFetch,
  bytesPerProduceRequest,
  errorOutcomePercent,
  errorOutcomes,
  latencyParts,
  meanGcPauseMs,
  requestErrorPercent,
  requestErrors,
  worstLatency,
  worstP99ByPhase,
} from '../../lib/analysis/open-monitoring.ts';
import { REQUEST_PHASES } from '../../lib/snapshot/open-monitoring-figures.ts';
import type { MonitoredBroker, OpenMonitoring } from '../../lib/snapshot/open-monitoring-section.ts';

function aBroker(figures: MonitoredBroker['figures'], more: Partial<MonitoredBroker> = {}): MonitoredBroker {
  const read = { spanSec: 20, problem: null };
  return { brokerId: 1, jmx: read, node: read, figures, errors: [], gaps: [], ...more };
}

function monitoring(...brokers: MonitoredBroker[]): OpenMonitoring {
  return { spanSec: 20, brokers: brokers.map((broker, index) => ({ ...broker, brokerId: index + 1 })) };
}

const requests = (failedProduce: number, failedFetch: number, produce: number, fetch: number) =>
  aBroker({
    failedProduceRequestsPerSec: failedProduce,
    failedFetchRequestsPerSec: failedFetch,
    totalProduceRequestsPerSec: produce,
    totalFetchRequestsPerSec: fetch,
  });

describe('error rate', () => {
  test('failed of all requests over all brokers, weighted by what each is asked', () => {
    const read = requestErrorPercent(monitoring(requests(1, 2, 100, 100), requests(0, 0, 300, 100)));
    expect(read).toEqual({ value: 0.5, brokersRead: 2, brokersTotal: 2 });
  });

  test('a broker that does not say all four is left out, and counted', () => {
    const half = aBroker({ failedProduceRequestsPerSec: 50, totalProduceRequestsPerSec: 100 });
    expect(requestErrorPercent(monitoring(requests(1, 0, 50, 50), half))).toEqual({
      value: 1,
      brokersRead: 1,
      brokersTotal: 2,
    });
  });

  test('nothing asked, or nothing known, is no rate of 0', () => {
    expect(requestErrorPercent(monitoring(requests(0, 0, 0, 0)))).toBeNull();
    expect(requestErrorPercent(monitoring(aBroker({})))).toBeNull();
    expect(requestErrorPercent(monitoring())).toBeNull();
  });

  test('apart, the worse kind is not diluted by the other one', () => {
    const read = requestErrors(monitoring(requests(4, 0, 100, 28_000), requests(0, 1, 300, 2_000)));
    expect(read[0]).toEqual({ request: 'produce', value: 1, failedPerSec: 4, brokersRead: 2, brokersTotal: 2 });
    expect(read[1]).toMatchObject({ request: 'fetch', failedPerSec: 1 });
    expect(requestErrors(monitoring(requests(0, 1, 100, 50)))[0]).toMatchObject({ request: 'fetch', value: 2 });
  });

  test('apart, a kind that nobody asks for has no share, and a broker that does not say all four none either', () => {
    const half = aBroker({ failedProduceRequestsPerSec: 50, totalProduceRequestsPerSec: 100 });
    expect(requestErrors(monitoring(requests(1, 0, 50, 0), half))).toEqual([
      { request: 'produce', value: 2, failedPerSec: 1, brokersRead: 1, brokersTotal: 2 },
    ]);
    // Its failures alone say nothing of a share, and are in no sum.
    const failures = { failedProduceRequestsPerSec: 50, totalProduceRequestsPerSec: 100, failedFetchRequestsPerSec: 7 };
    expect(requestErrors(monitoring(requests(1, 0, 50, 0), aBroker(failures)))[0]).toMatchObject({ failedPerSec: 1 });
    for (const brokers of [[requests(0, 0, 0, 0)], [half], []])
      expect(requestErrors(monitoring(...brokers))).toEqual([]);
  });

  test('is never outside 0 to 100 when no more fail than are asked', () => {
    const count = fc.double({ min: 0, max: 1e9, noNaN: true });
    const broker = fc
      .tuple(count, count, count, count)
      .map(([a, b, c, d]) => requests(Math.min(a, c), Math.min(b, d), c, d));
    fc.assert(
      fc.property(fc.array(broker, { maxLength: 5 }), (brokers) => {
        const value = requestErrorPercent(monitoring(...brokers))?.value ?? 0;
        const worse = requestErrors(monitoring(...brokers))[0]?.value ?? 0;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(worse).toBeGreaterThanOrEqual(value - 1e-9);
        expect(worse).toBeLessThanOrEqual(100 + 1e-9);
      }),
    );
  });

  const outcomes = (...errors: [string, string, number][]) =>
    aBroker({}, { errors: errors.map(([request, error, perSec]) => ({ request, error, perSec })) });

  test('outcomes that the counters of failed requests leave out are in the share of outcomes', () => {
    const read = errorOutcomePercent(
      monitoring(
        outcomes(['Produce', 'NONE', 60], ['Fetch', 'NONE', 30], ['Fetch', 'OFFSET_OUT_OF_RANGE', 10]),
        outcomes(['Produce', 'NONE', 99], ['Produce', 'NOT_LEADER_OR_FOLLOWER', 1], ['Metadata', 'X', 500]),
        aBroker({}, { errors: null }),
      ),
    );
    expect(read).toEqual({ value: 5.5, brokersRead: 2, brokersTotal: 3 });
    expect(errorOutcomePercent(monitoring(aBroker({}, { errors: null })))).toBeNull();
    expect(errorOutcomePercent(monitoring(outcomes()))).toBeNull();
  });

  test('outcomes of one name are added up over the brokers, the most frequent first, success is none', () => {
    const read = errorOutcomes(
      monitoring(
        outcomes(['Produce', 'C', 2], ['Produce', 'NONE', 60], ['Fetch', 'C', 2], ['Fetch', 'B', 1]),
        outcomes(['Fetch', 'A', 2], ['Fetch', 'B', 4]),
      ),
    );
    expect(read?.map(({ request, error, perSec }) => [request, error, perSec])).toEqual([
      ['Fetch', 'B', 5],
      ['Fetch', 'A', 2],
      ['Fetch', 'C', 2],
      ['Produce', 'C', 2],
    ]);
    expect(errorOutcomes(monitoring(aBroker({}, { errors: null })))).toBeNull();
  });
});

test('bytes by request: the bytes of all brokers by the requests of all brokers', () => {
  const one = aBroker({
    bytesInPerSec: 1_000,
    bytesOutPerSec: 600,
    totalProduceRequestsPerSec: 10,
    fetchConsumerRequestsPerSec: 2,
  });
  const other = aBroker({
    bytesInPerSec: 5_000,
    bytesOutPerSec: 0,
    totalProduceRequestsPerSec: 10,
    fetchConsumerRequestsPerSec: 4,
  });
  expect(bytesPerProduceRequest(monitoring(one, other))?.value).toBe(300);
  expect(bytesPerConsumerFetch(monitoring(one, other))?.value).toBe(100);
  expect(bytesPerProduceRequest(monitoring(aBroker({ bytesInPerSec: 1, totalProduceRequestsPerSec: 0 })))).toBeNull();
});

describe('latency', () => {
  test('the worst broker speaks, the first of equals', () => {
    const brokers = [{ produceTotalP99Ms: 5 }, { produceTotalP99Ms: 9 }, {}, { produceTotalP99Ms: 9 }].map((figures) =>
      aBroker(figures),
    );
    expect(worstLatency(monitoring(...brokers), 'produce', 'Total', 'P99')).toEqual({ brokerId: 2, ms: 9 });
    expect(worstLatency(monitoring(...brokers), 'produce', 'Local', 'P99')).toBeNull();
  });

  test('p99 by phase names each request and phase that is known', () => {
    const read = worstP99ByPhase(monitoring(aBroker({ produceLocalP99Ms: 3, fetchFollowerTotalP99Ms: 501 })));
    expect(read).toEqual([
      { request: 'produce', phase: 'Local', worst: { brokerId: 1, ms: 3 } },
      { request: 'fetchFollower', phase: 'Total', worst: { brokerId: 1, ms: 501 } },
    ]);
  });

  const means = (total: number, ...parts: number[]) =>
    aBroker({
      produceTotalMeanMs: total,
      ...Object.fromEntries(REQUEST_PHASES.map((phase, index) => [`produce${phase}MeanMs`, parts[index]])),
    });

  test('the mean time of a request is shared out over its phases', () => {
    const parts = latencyParts(means(20, 1, 4, 10, 0, 2, 2), 'produce');
    expect(parts?.phases.map(({ phase, sharePercent }) => [phase, sharePercent])).toEqual([
      ['RequestQueue', 5],
      ['Local', 20],
      ['Remote', 50],
      ['Throttle', 0],
      ['ResponseQueue', 10],
      ['ResponseSend', 10],
    ]);
    expect([parts?.totalMs, parts?.restMs]).toEqual([20, 1]);
  });

  test('with a phase missing, or no time at all, there is nothing to share out', () => {
    const broker = means(20, 1, 4, 10, 0, 2, 2);
    delete broker.figures.produceRemoteMeanMs;
    expect(latencyParts(broker, 'produce')).toBeNull();
    expect(latencyParts(means(0, 0, 0, 0, 0, 0, 0), 'produce')).toBeNull();
    expect(latencyParts(aBroker({}), 'fetchConsumer')).toBeNull();
  });
});

test('a collection’s mean pause, and none where none was', () => {
  expect(meanGcPauseMs(aBroker({ gcTimeMsPerSec: 12, gcCollectionsPerSec: 0.5 }))).toBe(24);
  expect(meanGcPauseMs(aBroker({ gcTimeMsPerSec: 0, gcCollectionsPerSec: 0 }))).toBeNull();
  expect(meanGcPauseMs(aBroker({}))).toBeNull();
});
