import { expect, test } from 'vitest';
import { logSizes } from '../../lib/analysis/log-sizes.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

const replica = (partition: number, sizeBytes: number) => ({ partition, sizeBytes, offsetLag: '0', isFuture: false });
const broker = (brokerId: number, topics: SectionValue<'kafkaLogDirs'>[number]['topics']) => ({
  brokerId,
  dirs: [{ error: null, totalBytes: 1e12, usableBytes: 1e12 }],
  topics,
});

test('a topic takes what all replicas take; of a partition the largest counts, whichever broker has it', () => {
  const sizes = logSizes([
    broker(1, { orders: [replica(0, 100), replica(1, 5)] }),
    broker(2, { orders: [replica(0, 90), replica(1, 7)], constructor: [replica(3, 1)] }),
  ]);
  expect([...sizes.keys()]).toEqual(['orders', 'constructor']);
  expect(sizes.get('orders')?.allBytes).toBe(202);
  expect([...sizes.get('orders')!.largest]).toEqual([
    [0, 100],
    [1, 7],
  ]);
});

test('the same section gives the same answer, which is not worked out again', () => {
  const dirs = [broker(1, { orders: [replica(0, 100)] })];
  expect(logSizes(dirs)).toBe(logSizes(dirs));
  expect(logSizes([])).toEqual(new Map());
});
