import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during, during5, onlyFirst, without } from '../minutes.ts';
import { aMonitored, rising } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { MIB, SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const bytesIn = (miBPerSec: number) => aMonitored().withMetric(METRICS.bytesIn, B2, miBPerSec * MIB);
const serverless = (perTopic: number) =>
  ['a', 'b'].reduce(
    (made, Topic) =>
      made
        .withMetric(METRICS.serverlessBytesIn, { Topic }, perTopic)
        .withMetric(METRICS.serverlessBytesOut, { Topic }, 1e6),
    aMonitored().withKind('serverless'),
  );
/** Breaks off so many minutes before the window ends. */
const silentFor = (minutes: number, value: number) => without(during(0, 0, 0, value), minutes);
/** Topics a and b that bring so much each, and then nothing for so many minutes. */
const silent = (perTopic: number, a: number, b: number) =>
  Object.entries({ a, b }).reduce(
    (made, [Topic, minutes]) =>
      made
        .withMetric(METRICS.serverlessBytesIn, { Topic }, silentFor(minutes, perTopic))
        .withMetric(METRICS.serverlessBytesOut, { Topic }, silentFor(minutes, 1e6)),
    aMonitored().withKind('serverless'),
  );

describe('throughput-near-limit', () => {
  describeVerdicts('throughput-near-limit', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // kafka.m7g.large moves 78.75 MiB/s to its volume: 21 MiB/s in, three copies of it, are four fifths.
    ['passes: just under 80 %', bytesIn(20.9), 'pass'],
    ['fails: 80 %', bytesIn(21), 'fail', 'high 2'],
    [
      'fails: twice as much in one copy',
      bytesIn(63.1).withTopic('solo', { replicationFactor: 1, partitions: 30 }),
      'fail',
      'high 2',
    ],
    ['passes: one copy of it', bytesIn(62).withTopic('solo', { replicationFactor: 1, partitions: 30 }), 'pass'],
    // Its network carries 117 MiB/s: 89.8 out and 2 x 1.907 to followers are four fifths.
    ['passes: network just under 80 %', aMonitored().withMetric(METRICS.bytesOut, B2, 89 * MIB), 'pass'],
    ['fails: network at 80 %', aMonitored().withMetric(METRICS.bytesOut, B2, 90 * MIB), 'fail', 'high 2'],
    [
      'passes: ten minutes are not the 99th percentile',
      aMonitored().withMetric(METRICS.bytesIn, B2, during5(0, 2, 40 * MIB, MIB)),
      'pass',
    ],
    [
      'fails: Express above four fifths of its sustained quota',
      aMonitored().withKind('provisioned-express').withMetric(METRICS.bytesIn, B2, 12.5e6),
      'fail',
      'high 2',
    ],
    [
      'passes: Express just under',
      aMonitored().withKind('provisioned-express').withMetric(METRICS.bytesIn, B2, 12.4e6),
      'pass',
    ],
    ['fails: Serverless, two topics together at 160 MB/s', serverless(80e6), 'fail', 'high orders'],
    ['passes: Serverless just under', serverless(79.9e6), 'pass'],
    ['no-data: Serverless, all topics silent for half an hour', silent(1e6, 30, 30), 'no-data'],
    ['passes: Serverless, late by 29 minutes', silent(1e6, 29, 29), 'pass'],
    ['passes: Serverless, one of two topics silent', silent(1e6, 0, 600), 'pass'],
    ['fails: Serverless at 160 MB/s, and then silent', silent(80e6, 60, 60), 'fail', 'high orders'],
    [
      'no-data: Serverless, nothing out of late',
      serverless(1e6)
        .withMetric(METRICS.serverlessBytesOut, { Topic: 'a' }, silentFor(30, 1e6))
        .withMetric(METRICS.serverlessBytesOut, { Topic: 'b' }, silentFor(30, 1e6)),
      'no-data',
    ],
    [
      'no-data: Serverless without its traffic out',
      serverless(1e6).withoutMetric(METRICS.serverlessBytesOut),
      'no-data',
    ],
    ['no-data: a size that nobody knows', aMonitored().withCluster({ instanceType: 'kafka.m9.large' }), 'no-data'],
    [
      'no-data: a broker has too few datapoints',
      aMonitored().withMetric(METRICS.bytesOut, B2, onlyFirst(during5(0, 0, 0, 1e6), 0.4)),
      'no-data',
    ],
    [
      'no-data: nobody knows the replication factor',
      aMonitored().without('kafkaTopics').without('configuration', 'not-permitted'),
      'no-data',
    ],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('throughput-near-limit', SICK['throughput-near-limit'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test.each([
    ['staging', 23.6, 'pass'],
    ['staging', 23.7, 'warn'],
    ['development', 24.9, 'pass'],
    ['development', 25, 'warn'],
  ] as const)('%s at %d MiB/s: %s', (environment, rate, status) => {
    expect(runCheck('throughput-near-limit', bytesIn(rate), { environment }).status).toBe(status);
  });

  test('by hand: 25 MiB/s in three copies are 95.2 % of 78.75, 142.9 % with a zone lost, and six brokers halve it', () => {
    const { evidence, recommendation } = runCheck('throughput-near-limit', bytesIn(25));
    expect(evidence[0]!.rows[0]).toMatchObject({
      broker: '2',
      share: expect.closeTo(95.238, 3),
      zoneLost: expect.closeTo(142.857, 3),
    });
    expect(recommendation!.expectedEffect).toContain('from 95.2% to about 47.6%');
    expect(recommendation!.commands.map(({ effect }) => effect)).toEqual(['read', 'change']);
    expect(recommendation!.commands[1]!.argv).toContain('6');
    expect(recommendation!.impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(3 * 730 * 0.2, 6) });
  });

  test('says for how long a Serverless cluster has told nothing', () => {
    expect(runCheck('throughput-near-limit', silent(1e6, 180, 200)).summary).toBe(
      'Not measured: CloudWatch has no traffic of any topic of the last 3 h.',
    );
    const { status, partial } = runCheck('throughput-near-limit', silent(80e6, 180, 180));
    expect([status, partial]).toEqual(['fail', 'CloudWatch has no traffic of any topic of the last 3 h']);
  });

  test('silence is no pass, however little coverage the policy asks for', () => {
    const overrides = { version: 1 as const, checks: { 'throughput-near-limit': { minCoveragePercent: 0 } } };
    expect(runCheck('throughput-near-limit', silent(1e6, 30, 30), { overrides }).status).toBe('no-data');
  });

  test('says when growth reaches the limit', () => {
    const growing = bytesIn(21).withHourly(METRICS.bytesIn, B2, rising(5e6, 20e6));
    expect(runCheck('throughput-near-limit', growing).findings[0]!.note).toMatch(/full in about \d/);
  });
});
