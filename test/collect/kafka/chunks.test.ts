import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_ESTIMATED_ANSWER_BYTES, partsOf } from '../../../lib/collect/kafka/chunks.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

describe('parts', () => {
  it('hold everything in its order, none larger than the limit unless one item alone is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 100 }), (sizes, limit) => {
        const parts = partsOf(sizes, (size) => size, limit);
        expect(parts.flat()).toEqual(sizes);
        for (const part of parts) {
          const bytes = part.reduce((sum, size) => sum + size, 0);
          expect(part.length === 1 || bytes <= limit).toBe(true);
        }
      }),
    );
  });

  it('are no more than needed: two neighbours never fit into one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 })), (sizes) => {
        const parts = partsOf(sizes, (size) => size, 100);
        for (const [index, part] of parts.entries()) {
          const next = parts[index + 1]?.[0];
          if (next !== undefined) expect(part.reduce((sum, size) => sum + size, 0) + next).toBeGreaterThan(100);
        }
      }),
    );
  });
});

describe('a coordinator of very many groups', () => {
  let cluster: FakeCluster;
  afterEach(() => cluster.stop());

  async function withGroups(count: number): Promise<void> {
    cluster = await startFakeCluster(1);
    cluster.topics = [
      topic(
        'a',
        Array.from({ length: 1_200 }, () => 1),
      ),
    ];
    cluster.groups = Array.from({ length: count }, (_, index) => ({
      groupId: `g${String(index).padStart(5, '0')}`,
      type: 'classic',
      coordinator: 1,
      committed: [{ topic: 'a', partition: index % 1_200, offset: String(index) }],
    }));
  }
  const asked = (key: string) => cluster.requests.filter((request) => request.startsWith(`${key}/`)).length;

  it('is asked in parts when the answer could pass 32 MB, and every group is read', async () => {
    await withGroups(3_000);
    const { kafkaOffsets, kafkaGroups } = await collectFrom(cluster);
    // A group is reckoned with a thousand partitions of 24 bytes, and with 12 kB of members.
    const groupsInAPart = Math.floor(MAX_ESTIMATED_ANSWER_BYTES / 24_000);
    expect(asked('9')).toBe(Math.ceil(3_000 / groupsInAPart));
    expect(asked('15')).toBe(2);
    const rows = value(kafkaOffsets).committed;
    expect(rows.map(({ groupId, offset }) => `${groupId} ${offset}`)).toEqual(
      cluster.groups.map(({ groupId }, index) => `${groupId} ${index}`),
    );
    expect(value(kafkaGroups)).toHaveLength(3_000);
    expect([partial(kafkaOffsets), partial(kafkaGroups)]).toEqual(['', '']);
  });

  it('keeps the parts that were read when a later one fails', async () => {
    await withGroups(3_000);
    let parts = 0;
    cluster.onRequest = (key) => (key === 9 && ++parts === 2 ? Buffer.from('ff', 'hex') : null);
    const { kafkaOffsets } = await collectFrom(cluster);
    const first = Math.floor(MAX_ESTIMATED_ANSWER_BYTES / 24_000);
    expect(value(kafkaOffsets).committed).toHaveLength(first);
    expect(partial(kafkaOffsets)).toMatch(`committed offsets of ${3_000 - first} groups not read`);
  });

  it('is asked once for a thousand groups', async () => {
    await withGroups(1_000);
    await collectFrom(cluster);
    expect([asked('9'), asked('15')]).toEqual([1, 1]);
  });
});
