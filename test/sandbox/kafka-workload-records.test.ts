import { expect, test } from 'vitest';
import { partitionsToMove } from '../../sandbox/faults/skew-leaders.ts';
import { recordMaker } from '../../sandbox/workload/records.ts';
import { groupShapes, profiles, runTopicName, topicShapes } from '../../sandbox/workload/shapes.ts';

const orders = topicShapes('abc').find((shape) => shape.name === 'orders')!;

test('the same seed makes the same records, another seed others', () => {
  const take = (seed: number): unknown[] => Array.from({ length: 50 }, recordMaker(orders, seed));
  expect(take(1)).toEqual(take(1));
  expect(take(1)).not.toEqual(take(2));
});

test('records have the size their topic says, parse as JSON, and go round the partitions', () => {
  for (const shape of topicShapes('abc')) {
    const next = recordMaker(shape, 7);
    const records = Array.from({ length: shape.partitions * 2 }, next);
    expect(records.map((record) => record.partition)).toEqual(records.map((_, index) => index % shape.partitions));
    for (const record of records) {
      expect(Buffer.byteLength(record.value)).toBe(shape.recordBytes);
      expect(JSON.parse(record.value)).toMatchObject({ topic: shape.name });
    }
  }
});

test('the workload stays within what two cores bear and has enough leaders to judge their balance', () => {
  const shapes = topicShapes('abc');
  expect(shapes.reduce((sum, shape) => sum + shape.recordsPerSecond, 0)).toBeLessThanOrEqual(2_000);
  const judged = shapes
    .filter((shape) => shape.replicationFactor === 3)
    .reduce((sum, shape) => sum + shape.partitions, 0);
  expect(judged).toBeGreaterThanOrEqual(96);
});

test('one topic carries the id of the run', () => {
  expect(topicShapes('abc').map((shape) => shape.name)).toContain(runTopicName('abc'));
  expect(topicShapes('abc').map((shape) => shape.name)).not.toContain(runTopicName('abd'));
});

test.each(profiles)('groups of profile %s read topics that exist', (profile) => {
  const topics = topicShapes('abc').map((shape) => shape.name);
  const groups = groupShapes(profile, 'abc');
  for (const group of groups) expect(topics).toContain(group.topic);
  expect(groups.length > 0).toBe(profile !== 'empty');
  if (profile === 'healthy') expect(groups.every((group) => group.behaviour === 'healthy')).toBe(true);
});

test('skewed leaders leave at least twenty to each broker, and only partitions with a replica there move', () => {
  const partitions = Array.from({ length: 160 }, (_, partition) => ({
    topic: 't',
    partition,
    leader: (partition % 3) + 1,
    replicas: [1, 2, 3],
  }));
  const alone = { topic: 'single', partition: 0, leader: 3, replicas: [3] };
  const moved = partitionsToMove([...partitions, alone]);
  expect(moved).not.toContain(alone);
  for (const broker of [2, 3]) {
    const led = partitions.filter((partition) => partition.leader === broker).length;
    expect(led - moved.filter((partition) => partition.leader === broker).length).toBe(24);
  }
});
