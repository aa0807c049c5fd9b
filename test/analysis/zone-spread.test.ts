import { describe, expect, test } from 'vitest';
import { zoneCountOf, zoneSpread } from '../../lib/analysis/zone-spread.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { sectionOf } from './sections.ts';

const ZONES = [
  ['1', 'a'],
  ['2', 'b'],
  ['3', 'c'],
  ['4', 'a'],
] as const;

/** One partition on these brokers; only the zones of the known ones are told. */
function spread(replicas: readonly number[], zoneCount: number, known = [1, 2, 3, 4]) {
  const topics = sectionOf(
    aSnapshot()
      .withTopic('t', { partitions: 1 })
      .withPartition('t', 0, { replicas: [...replicas] }),
    'kafkaTopics',
  );
  const zoneOf = new Map(ZONES.filter(([id]) => known.includes(Number(id))));
  return zoneSpread(topics, zoneOf, zoneCount)[0]!;
}

describe('replicas in zones', () => {
  test.each([
    ['one in each zone', [1, 2, 3], 3, 3, true],
    ['two in one zone', [1, 4, 2], 3, 2, false],
    ['two copies can lie in two zones only', [1, 2], 3, 2, true],
    ['two copies in one zone', [1, 4], 3, 1, false],
    ['three copies in a cluster of two zones', [1, 2, 4], 2, 2, true],
    ['one copy', [1], 3, 1, true],
  ])('%s', (_, replicas, zoneCount, covered, isSpread) => {
    expect(spread(replicas, zoneCount)).toMatchObject({
      covered,
      isSpread,
      wanted: Math.min(replicas.length, zoneCount),
    });
  });

  test('a broker of unknown zone may save a spread, and is not needed by one that stands', () => {
    expect(spread([1, 2, 3], 3, [1, 2])).toMatchObject({ covered: 2, isSpread: null });
    expect(spread([1, 4, 3], 3, [1, 4])).toMatchObject({ covered: 1, isSpread: false });
    expect(spread([1, 2, 3], 2, [1, 2])).toMatchObject({ covered: 2, isSpread: true });
  });
});

describe('zones of a cluster', () => {
  const named = new Map([
    ['1', 'a'],
    ['2', 'b'],
    ['4', 'a'],
  ]);
  const described = (azCount: number) => sectionOf(aSnapshot().withCluster({ azCount }), 'cluster');

  test('as described, and no fewer than its brokers name', () => {
    expect(zoneCountOf(described(3), named)).toBe(3);
    expect(zoneCountOf(described(1), named)).toBe(2);
  });

  test('as its brokers name them where nobody described it; 0 when nobody tells', () => {
    expect(zoneCountOf(null, named)).toBe(2);
    expect(zoneCountOf(sectionOf(aSnapshot().withKind('serverless'), 'cluster'), named)).toBe(2);
    expect(zoneCountOf(null, new Map())).toBe(0);
  });
});
