import { expect, test } from 'vitest';
import { connectionHeadroom, pageCacheSeconds } from '../../lib/analysis/broker-resources.ts';

test('connections by hand: the busiest broker over the limit, and over the mean', () => {
  expect(connectionHeadroom([2400, 1200, 1200], 3000, [10, 90, 5], 100)).toEqual({
    utilisation: [0.8, 0.4, 0.4],
    worst: 0.8,
    rateUtilisation: [0.1, 0.9, 0.05],
    worstRate: 0.9,
    skewMaxOverMean: 1.5,
  });
});

test('without connections there is no skew', () => {
  expect(connectionHeadroom([0, 0], 3000, [], 100)).toMatchObject({ worst: 0, worstRate: 0, skewMaxOverMean: null });
  expect(connectionHeadroom([], 3000, [], 100).skewMaxOverMean).toBeNull();
});

test('4 GiB of cache hold 40.96 s of 100 MiB/s; without traffic what is cached stays', () => {
  expect(pageCacheSeconds(4, 40, 60)).toBeCloseTo(40.96, 9);
  expect(pageCacheSeconds(4, 0, 0)).toBeNull();
});
