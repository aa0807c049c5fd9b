import { expect, test } from 'vitest';
import { fetchTimes, phaseShares, produceTimes, type ReadBrokers } from '../../lib/analysis/request-times.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';

const series = (values: readonly number[]) =>
  new TrustedSeries({
    dimensions: {},
    periodSec: 300,
    startMs: 0,
    values: Float64Array.from(values),
    expected: values.length,
  });
const reader =
  (all: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>): ReadBrokers =>
  ({ name }) =>
    new Map(Object.entries(all[name] ?? {}).map(([id, values]) => [id, series(values)]));

test('by hand: brokers weigh what they take in, and an idle one nothing', () => {
  const read = reader({
    [METRICS.produceTotalTimeMean.name]: { '1': [10, 10], '2': [40, 40], '3': [900, 900] },
    [METRICS.bytesIn.name]: { '1': [300, 100], '2': [100, 100], '3': [0, 0] },
  });
  const { cluster, brokers } = produceTimes(read);
  expect([...cluster.values]).toEqual([17.5, 25]);
  expect(brokers.map(({ brokerId, p95Ms }) => [brokerId, p95Ms])).toEqual([
    ['2', 40],
    ['1', 10],
  ]);
});

test('no traffic, no latency', () => {
  const read = reader({ [METRICS.produceTotalTimeMean.name]: { '1': [10] }, [METRICS.bytesIn.name]: { '1': [0] } });
  expect(produceTimes(read)).toMatchObject({ clusterMs: null, brokers: [] });
});

const PHASES = {
  [METRICS.fetchConsumerRequestQueueTimeMean.name]: { '1': [1, 1] },
  [METRICS.fetchConsumerLocalTimeMean.name]: { '1': [2, 6] },
  [METRICS.fetchConsumerResponseQueueTimeMean.name]: { '1': [3, 1] },
  [METRICS.fetchConsumerResponseSendTimeMean.name]: { '1': [4, 2] },
  [METRICS.bytesOut.name]: { '1': [5, 5] },
};

test('a fetch takes its four phases, and none of them may be missing', () => {
  expect([...fetchTimes(reader(PHASES)).cluster.values]).toEqual([10, 10]);
  const { [METRICS.fetchConsumerLocalTimeMean.name]: _, ...rest } = PHASES;
  expect(fetchTimes(reader(rest)).brokers).toEqual([]);
});

test('produce time that the published phases leave is the wait for followers', () => {
  const read = reader({
    [METRICS.produceRequestQueueTimeMean.name]: { '1': [1, 10] },
    [METRICS.produceLocalTimeMean.name]: { '1': [1, 20] },
    [METRICS.produceResponseQueueTimeMean.name]: { '1': [1, 5] },
    [METRICS.produceResponseSendTimeMean.name]: { '1': [1, 5] },
  });
  // The slower half is the second period alone: 100 ms, of which 40 are published.
  expect(phaseShares('produce', '1', series([4, 100]), read)).toMatchObject([
    { phase: 'queue', sharePercent: 10 },
    { phase: 'local', sharePercent: 20 },
    { phase: 'remote', ms: 60 },
    { phase: 'responseQueue', sharePercent: 5 },
    { phase: 'send', sharePercent: 5 },
  ]);
});

test('a fetch waits for no follower; a phase that is not published, or no time at all, leaves the shares unknown', () => {
  const phases = (total: readonly number[], read = reader(PHASES)) => phaseShares('fetch', '1', series(total), read);
  expect(phases([10, 20])).toEqual([
    { phase: 'queue', ms: 1, sharePercent: 5 },
    { phase: 'local', ms: 6, sharePercent: 30 },
    { phase: 'responseQueue', ms: 1, sharePercent: 5 },
    { phase: 'send', ms: 2, sharePercent: 10 },
  ]);
  expect(phases([20, 20])![1]).toMatchObject({ ms: 4, sharePercent: 20 });
  expect(phases([0, 0])).toBeNull();
  expect(phases([Number.NaN, Number.NaN])).toBeNull();
  const { [METRICS.fetchConsumerLocalTimeMean.name]: _, ...rest } = PHASES;
  expect(phases([10, 20], reader(rest))).toBeNull();
});

test('published phases that exceed the total leave no wait for followers', () => {
  const read = reader({
    [METRICS.produceRequestQueueTimeMean.name]: { '1': [30] },
    [METRICS.produceLocalTimeMean.name]: { '1': [30] },
    [METRICS.produceResponseQueueTimeMean.name]: { '1': [30] },
    [METRICS.produceResponseSendTimeMean.name]: { '1': [30] },
  });
  expect(phaseShares('produce', '1', series([100]), read)![2]).toEqual({ phase: 'remote', ms: 0, sharePercent: 0 });
});
