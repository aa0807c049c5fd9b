// What is missing is never good news: whatever section or series is taken away, no consumer check goes from a finding to a pass.
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { SectionName, Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { aGroup, withLag } from './consumers/groups.ts';
import { runAll } from './run.ts';

const DAY = 86_400;
const PAIR = { 'Consumer Group': 'billing', Topic: 'payments' };
const late = (builder: SnapshotBuilder, sec: number) =>
  builder.withMetric(
    METRICS.rollingTimeLag,
    PAIR,
    Array.from({ length: 288 }, () => sec),
  );
const empty = { members: 0, state: 'Empty' };
const eager = () =>
  aSnapshot()
    .withTopic('payments', { partitions: 12 })
    .withGroup('billing', { commits: { payments: Array.from({ length: 12 }, () => 1000) }, members: 5 });
const concentrated = () =>
  aSnapshot()
    .withTopic('payments', { partitions: 5, end: 10_000 })
    .withGroup('billing', {
      commits: { payments: [0, 1, 2].map((i) => [1000 + i * 60, 9900, 9900, 9900, 9900]) },
      members: 5,
    });

const CASES: readonly (readonly [string, SnapshotBuilder])[] = [
  [
    'late all night, well now',
    late(
      withLag(aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }), () => 5),
      900,
    ),
  ],
  [
    'behind and steady, growing for hours',
    late(
      withLag(aGroup([1000, 1600, 2200], { endPerSample: 600 }), (m) => 9000 + m * 60),
      5,
    ),
  ],
  ['falling behind near the log start', aGroup([1500, 1800, 2100], { start: 1200, endPerSample: 600 })],
  ['stalled', withLag(aGroup([5000, 5000, 5000]), (m) => m)],
  [
    'stopped, abandoned',
    withLag(aGroup([5000, 5000, 5000], {}, empty), (m) => m).withTimeLags([
      [6.5 * DAY, 6.5 * DAY],
      [0, 0],
    ]),
  ],
  ['rewound', aGroup([8000, 3000, 3500])],
  ['below the log start', aGroup([1000, 1300, 1600], { start: 4000, endPerSample: 600 })],
  ['rebalancing all day', withLag(aGroup([10_000, 10_000, 10_000]), (m) => (m % 3 === 0 ? null : 5))],
  [
    'in a rebalance that does not end',
    withLag(aGroup([5000, 5000, 5000], {}, { state: 'PreparingRebalance' }), () => 5000),
  ],
  ['eager, small and unsteady', withLag(eager(), (m) => (m % 3 === 0 ? null : 5))],
  ['lag on one partition', concentrated()],
  ['asked for and never seen', withLag(aGroup([10_000, 10_000, 10_000]), () => null)],
  [
    'dead letters and a hanging transaction',
    aSnapshot()
      .withTopic('orders.DLQ', { partitions: 1 })
      .withOffsets('orders.DLQ', [[0, 10]], 60)
      .withSection('kafkaProducers', [
        {
          topic: 'orders.DLQ',
          partition: 0,
          error: null,
          producers: [
            {
              producerId: '1',
              producerEpoch: 0,
              lastSequence: 0,
              lastTimestampMs: TAKEN_AT_MS - DAY * 1000,
              coordinatorEpoch: 0,
              openTransactionStart: '5',
            },
          ],
        },
      ]),
  ],
];

type Status = ReadonlyMap<string, string>;
const statuses = (snapshot: Snapshot): Status =>
  new Map(
    runAll(snapshot)
      .filter(({ area }) => area === 'consumers')
      .map(({ checkId, status }) => [checkId, status]),
  );

/** The same with one thing less. */
function* poorer(snapshot: Snapshot): Generator<[string, Snapshot]> {
  for (const name of Object.keys(snapshot.sections) as SectionName[]) {
    const copy = structuredClone(snapshot);
    delete copy.sections[name];
    yield [name, copy];
  }
  const { metrics, kafkaSamples } = snapshot.sections;
  const count = metrics?.ok ? metrics.value.series.length : 0;
  for (let i = 0; i < count; i++) {
    const copy = structuredClone(snapshot);
    const section = copy.sections.metrics;
    if (!section?.ok || section.value.series[i]!.dimensions['Consumer Group'] === undefined) continue;
    const [gone] = section.value.series.splice(i, 1);
    yield [`series ${gone!.metric}`, copy];
  }
  for (const keep of kafkaSamples?.ok ? [1, 2] : []) {
    const copy = structuredClone(snapshot);
    const section = copy.sections.kafkaSamples;
    if (section?.ok) section.value.splice(keep);
    yield [`all but ${keep} looks`, copy];
  }
  const members = structuredClone(snapshot);
  if (members.sections.kafkaGroups?.ok) for (const group of members.sections.kafkaGroups.value) group.members = null;
  yield ['members', members];
  const offsets = structuredClone(snapshot);
  if (offsets.sections.kafkaOffsets?.ok) delete offsets.sections.kafkaOffsets.value.timeLags;
  yield ['time lags', offsets];
}

describe.each(CASES)('%s', (_, builder) => {
  const snapshot = builder.build();
  const before = statuses(snapshot);

  test('is a finding of some check', () => {
    expect([...before.values()].some((status) => status === 'warn' || status === 'fail')).toBe(true);
  });

  test('nothing that is taken away turns a finding into a pass', () => {
    const better: string[] = [];
    for (const [what, copy] of poorer(snapshot)) {
      for (const [id, status] of statuses(copy)) {
        const was = before.get(id)!;
        if (status === 'pass' && was !== 'pass' && was !== 'not-applicable')
          better.push(`${id}: ${was} without ${what}`);
      }
    }
    expect(better).toEqual([]);
  });
});
