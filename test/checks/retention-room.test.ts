// Two checks advise to double a retention: never into disks that cannot hold it.
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../lib/text/command.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';
import { aGroup } from './consumers/groups.ts';
import { runCheck } from './run.ts';

const GIB = 1024 ** 3;

/** So many GiB in each of six replicas; the volumes are 3 x 1,000 GiB, at 30 %. */
const sized = (id: Case['id'], gib: number, configs: Record<string, string> = {}) =>
  (id === 'retention-risk'
    ? aGroup([2000, 2000, 2000], { start: 1000, end: 11_000, configs })
    : aGroup([1000, 1000, 1000], { start: 3000, configs })
  ).withSizes('payments', gib * GIB);

interface Case {
  id: 'retention-risk' | 'records-lost-to-retention';
}

describe.each<Case>([{ id: 'retention-risk' }, { id: 'records-lost-to-retention' }])('$id', ({ id }) => {
  const recommended = (builder: SnapshotBuilder) => {
    const { action, commands } = runCheck(id, builder).recommendation!;
    return { action, raised: commands.map(renderCommand).some((command) => command?.includes('retention.ms=')) };
  };

  test('by hand: below 85 % there are 55 % of 3,000 GiB, and twice 6 x 275 GiB fills them', () => {
    const fits = recommended(sized(id, 275));
    expect(fits.raised).toBe(true);
    expect(fits.action).toMatch(/^Raise the retention of the topic/);
    const over = recommended(sized(id, 275.1));
    expect(over.raised).toBe(false);
    expect(over.action).toMatch(/^First give the group the capacity to catch up, and grow the volumes before/);
    expect(over.action).toContain('twice payments takes');
  });

  test('the fullest broker counts, and one above 85 % leaves nothing', () => {
    const full = sized(id, 1).withMetric(METRICS.diskUsed, { 'Broker ID': 2 }, 90);
    expect(recommended(full)).toEqual({ raised: false, action: expect.stringContaining('have 0 B below 85%') });
  });

  test.each([
    ['sizes', (builder: SnapshotBuilder) => builder.without('kafkaLogDirs', 'not-permitted')],
    ['CloudWatch', (builder: SnapshotBuilder) => builder.without('metrics', 'throttled')],
    ['the disks', (builder: SnapshotBuilder) => builder.withoutMetric(METRICS.diskUsed)],
    ['the volumes', (builder: SnapshotBuilder) => builder.withCluster({ volumeGiBPerBroker: null })],
  ])('no command where nobody knows %s', (_what, without) => {
    const { action, raised } = recommended(without(sized(id, 1)));
    expect(raised).toBe(false);
    expect(action).toContain('nobody could tell whether the disks hold twice payments');
  });

  test.each(['provisioned-express', 'serverless'] as const)('storage that grows by itself has room: %s', (kind) => {
    expect(recommended(sized(id, 5000).withKind(kind).without('kafkaLogDirs')).raised).toBe(true);
  });

  test('a tiered topic grows in S3', () => {
    expect(recommended(sized(id, 5000, { 'remote.storage.enable': 'true' })).raised).toBe(true);
  });

  test('outside MSK the directories tell: 3 x 1 TB, of which 30 % are in use', () => {
    expect(recommended(sized(id, 1.65e12 / 6 / GIB - 1).withKind('kafka')).raised).toBe(true);
    expect(recommended(sized(id, 1.65e12 / 6 / GIB + 1).withKind('kafka')).raised).toBe(false);
    const old = sized(id, 1).withKind('kafka').build();
    const { kafkaLogDirs } = old.sections;
    if (kafkaLogDirs?.ok) kafkaLogDirs.value[1]!.dirs[0]!.usableBytes = null;
    expect(runCheck(id, old).recommendation!.commands).toHaveLength(1);
  });
});
