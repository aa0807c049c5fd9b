import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;
const KEY = 'replica.selector.class';
const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
const AZ = ['euw1-az1', 'euw1-az2', 'euw1-az3'] as const;

/** One group of three members, one partition each, led in zones 1, 2 and 3; 1 MiB/s read is 51.33 dollars a month if all of it crosses. */
function readers(
  racks: readonly (string | null)[],
  selector: string | null = RACK_AWARE,
  outMiB = 10,
  replicationFactor = 3,
) {
  const builder = aSnapshot()
    .withBrokerSettings({ [KEY]: selector })
    .withTopic('t', { replicationFactor })
    .withRates('t', [100, 100, 100])
    .withGroup('g', { commits: { t: [1, 1, 1] }, members: 3 })
    .withGroupFields('g', ({ members }) => ({
      members: members!.map((member, i) => ({ ...member, rack: racks[i]! })),
    }));
  for (const id of [1, 2, 3]) builder.withMetric(METRICS.bytesOut, { 'Broker ID': id }, (outMiB * MIB) / 3);
  return builder.withSection('prices', {
    source: 'offline',
    asOfDate: '2026-11-01',
    region: 'eu-west-1',
    currency: 'USD',
    items: { 'traffic/between-zones': { usd: 0.01, unit: 'GiB', source: 'test' } },
  });
}
const NONE = [null, null, null];
const shifted = [AZ[1], AZ[2], AZ[0]];

describe('readers-cross-az', () => {
  describeVerdicts('readers-cross-az', [
    ['passes: every member names its zone, and all zones have a copy', readers(shifted), 'pass'],
    ['warns: nobody names a zone', readers(NONE), 'warn', 'medium orders'],
    ['warns: one of three names none', readers([AZ[0], AZ[1], null]), 'warn', 'medium orders'],
    [
      'warns: names of zones are no ids of zones',
      readers(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']),
      'warn',
      'medium orders',
    ],
    ['passes: without a selector, and each reads from a leader in its zone', readers(AZ, null), 'pass'],
    ['warns: without a selector, and each from another zone', readers(shifted, null), 'warn', 'medium orders'],
    [
      'passes: a single copy elsewhere cannot be read here, and all name their zones',
      readers(shifted, RACK_AWARE, 10, 1),
      'pass',
    ],
    ['warns: 51 dollars, two thirds of 1.5 MiB/s', readers(NONE, RACK_AWARE, 1.5), 'warn', 'medium orders'],
    ['passes: 49 dollars', readers(NONE, RACK_AWARE, 1.43), 'pass'],
    [
      'passes without a look at groups: all of it would cost less',
      readers(NONE, RACK_AWARE, 0.9).without('kafkaTopics', 'timed-out'),
      'pass',
    ],
    ['no-data: no price', readers(NONE).without('prices', 'not-permitted'), 'no-data'],
    ['no-data: no traffic known', readers(NONE).without('metrics', 'throttled'), 'no-data'],
    ['no-data: groups were not read', readers(NONE).without('kafkaGroups', 'unreachable'), 'no-data'],
    ['no-data: nobody holds a partition', readers(NONE).withSection('kafkaGroups', []), 'no-data'],
    [
      'no-data: members of a group were not described',
      readers(shifted)
        .withGroup('h', { commits: { t: [1, 1, 1] } })
        .withGroupFields('h', { members: null }),
      'no-data',
    ],
    [
      'no-data: what partitions take in was not measured',
      readers(shifted).without('kafkaSamples', 'timed-out'),
      'no-data',
    ],
    ['warns on Express', readers(NONE).withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Serverless', readers(NONE).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', readers(NONE).withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('readers-cross-az', () => readers(NONE), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('by hand: two thirds of 10 MiB/s are 17,109 GiB a month, 0.02 USD each', () => {
    const { findings, recommendation } = runCheck('readers-cross-az', readers(NONE));
    expect(findings[0]?.measured).toBeCloseTo(342.1875, 4);
    expect(findings[0]?.confidence).toBe(0.6);
    expect(recommendation?.impact).toMatchObject({ kind: 'saving' });
  });

  test('by hand: members that name their zones are measured; one partition of three crosses', () => {
    const { findings } = runCheck('readers-cross-az', readers([AZ[0], AZ[1], AZ[0]], null));
    expect(findings[0]?.measured).toBeCloseTo(171.09375, 5);
    expect(findings[0]?.confidence).toBe(0.95);
  });

  test('without a selector the dollars are left to rack-selector-missing, which counts the same bytes', () => {
    expect(runCheck('readers-cross-az', readers(NONE, null)).recommendation?.impact.kind).toBe('unknown');
  });

  test('a busy partition weighs what it carries', () => {
    const source = readers([AZ[0], AZ[1], AZ[0]], null).withRates('t', [100, 100, 1800]) as SnapshotBuilder;
    expect(runCheck('readers-cross-az', source).findings[0]?.measured).toBeCloseTo(0.9 * 513.28125, 3);
  });

  test('racks that are no zone are named', () => {
    expect(runCheck('readers-cross-az', readers(['eu-west-1a', AZ[1], AZ[2]])).summary).toContain('eu-west-1a is none');
  });
});
