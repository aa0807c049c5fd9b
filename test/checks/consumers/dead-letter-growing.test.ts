import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

interface Shape {
  name?: string;
  perLook?: number;
  held?: number;
  /** A group has committed all of it. */
  read?: boolean;
}

function letters({ name = 'orders.DLQ', perLook = 0, held = 0, read = true }: Shape = {}): SnapshotBuilder {
  const source = aSnapshot()
    .withTopic('orders', { partitions: 1 })
    .withOffsets('orders', [[0, 1000]], 6000)
    .withTopic(name, { partitions: 1 })
    .withOffsets(name, [[500, 500 + held]], perLook);
  return read
    ? source.withGroup('repair', { commits: { [name]: [0, 1, 2].map((i) => [500 + held + i * perLook]) } })
    : source;
}

/** Hourly bytes of the topic over three weeks, `value` in the last hours. */
function withHours(builder: SnapshotBuilder, usual: number, value: number, unseen = 0): SnapshotBuilder {
  const hours = 21 * 24;
  const endMs = Math.floor(TAKEN_AT_MS / 3_600_000) * 3_600_000;
  const snapshot = builder.build();
  const { metrics } = snapshot.sections;
  if (!metrics?.ok) throw new Error('no metrics');
  const { name, statistic, unit } = METRICS.topicBytesIn;
  return builder.withSection('metrics', {
    ...metrics.value,
    hourly: [
      {
        metric: name,
        statistic,
        unit,
        periodSec: 3600,
        startMs: endMs - hours * 3_600_000,
        dimensions: { 'Cluster Name': 'orders', 'Broker ID': '1', Topic: 'orders.DLQ' },
        values: Array.from({ length: hours }, (_, i) => (i >= hours - unseen ? null : i >= hours - 4 ? value : usual)),
      },
    ],
  });
}

describe('dead-letter-growing', () => {
  describeVerdicts('dead-letter-growing', [
    ['passes: empty', letters(), 'pass'],
    ['passes: empty, and nobody reads it', letters({ read: false }), 'pass'],
    ['passes: holds records, and a group has read them', letters({ held: 40 }), 'pass'],
    ['warns: one record a minute', letters({ perLook: 1 }), 'warn', 'medium orders.DLQ'],
    ['warns: holds a record that nobody reads', letters({ held: 1, read: false }), 'warn', 'low orders.DLQ'],
    ['warns: grows, and nobody reads it', letters({ perLook: 1, read: false }), 'warn', 'medium orders.DLQ'],
    ['passes: grows as usual at these hours', withHours(letters({ perLook: 60 }), 1000, 1000), 'pass'],
    ['passes: grows by 19 % more than usual', withHours(letters({ perLook: 60 }), 1000, 1190), 'pass'],
    [
      'warns: grows by 21 % more than usual',
      withHours(letters({ perLook: 60 }), 1000, 1210),
      'warn',
      'medium orders.DLQ',
    ],
    ['warns: grows where nothing ever came', withHours(letters({ perLook: 60 }), 0, 0), 'warn', 'medium orders.DLQ'],
    ['passes: the last hour is late', withHours(letters({ perLook: 60 }), 1000, 1000, 1), 'pass'],
    [
      'no-data: two of the last four hours are not there',
      withHours(letters({ perLook: 60 }), 1000, 1000, 2),
      'no-data',
    ],
    ['passes: two hours are not there, and it does not grow', withHours(letters(), 1000, 1000, 2), 'pass'],
    [
      'warns: two hours are not there, and nobody reads what it holds',
      withHours(letters({ perLook: 60, held: 1, read: false }), 1000, 1000, 2),
      'warn',
      'low orders.DLQ',
    ],
    ['no-data: the history could not be read', letters({ perLook: 60 }).without('metrics', 'throttled'), 'no-data'],
    ['passes: a retry topic is read again by the service', letters({ name: 'orders-retry-5m', perLook: 60 }), 'pass'],
    [
      'warns: a retry topic that nobody reads',
      letters({ name: 'orders-retry-5m', perLook: 60, read: false }),
      'warn',
      'medium orders-retry-5m',
    ],
    ['warns: dead_letter', letters({ name: 'orders_dead_letter', perLook: 1 }), 'warn', 'medium orders_dead_letter'],
    ['warns: -errors', letters({ name: 'orders-errors', perLook: 1 }), 'warn', 'medium orders-errors'],
    ['not applicable: no such name', aSnapshot().withTopic('terrors'), 'not-applicable'],
    ['no-data: one look', letters().without('kafkaSamples'), 'no-data'],
    [
      'warns with one look: nobody reads what it holds',
      letters({ held: 1, read: false }).without('kafkaSamples'),
      'warn',
      'low orders.DLQ',
    ],
    ['no-data: offsets were not read', letters({ perLook: 1 }).without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['warns on Serverless', letters({ perLook: 1 }).withKind('serverless'), 'warn', 'medium orders.DLQ'],
    ['warns on Kafka without AWS', letters({ perLook: 1 }).withKind('kafka'), 'warn', 'medium orders.DLQ'],
  ]);
  describeSeverities('dead-letter-growing', () => letters({ perLook: 1 }), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('share of its source by hand: 60 a minute of 6,000', () => {
    const result = runCheck('dead-letter-growing', letters({ perLook: 60 }));
    expect(result.evidence[0]!.rows[0]).toMatchObject({ perSec: 1, share: 1, readers: 1 });
    expect(result.findings[0]!.note).toContain('1% of what its source receives');
  });

  test('a reader of another topic is none', () => {
    const source = letters({ perLook: 60, read: false }).withGroup('shop', { commits: { orders: [1000] } });
    const result = runCheck('dead-letter-growing', source);
    expect(result.findings[0]!.note).toContain('no group reads it');
    expect(result.summary).toContain('grows by 1/s, and no group reads it');
    expect(runCheck('dead-letter-growing', letters({ perLook: 60 })).findings[0]!.note).toContain('read by 1 group;');
  });
});
