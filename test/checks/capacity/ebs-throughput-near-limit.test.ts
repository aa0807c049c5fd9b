import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import type { SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst, PERIODS_OF_DAY } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { MIB, SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
/** MiB/s to the volume of broker 2. */
const written = (miBPerSec: number | readonly (number | null)[]) =>
  aMonitored().withMetric(
    METRICS.volumeWriteBytes,
    B2,
    typeof miBPerSec === 'number'
      ? miBPerSec * MIB * 300
      : miBPerSec.map((value) => (value === null ? null : value * MIB * 300)),
  );
const free = () =>
  aMonitored()
    .withCluster({ enhancedMonitoring: 'DEFAULT' })
    .withoutMetric(METRICS.volumeReadBytes)
    .withoutMetric(METRICS.volumeWriteBytes)
    .withoutMetric(METRICS.volumeQueueLength);

describe('ebs-throughput-near-limit', () => {
  describeVerdicts('ebs-throughput-near-limit', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // kafka.m7g.large moves 78.75 MiB/s: four fifths are 63.
    ['passes: just under 80 %', written(62.9), 'pass'],
    ['fails: 80 %', written(63), 'fail', 'high 2'],
    [
      'fails: reads count as well',
      written(40).withMetric(METRICS.volumeReadBytes, B2, 23 * MIB * 300),
      'fail',
      'high 2',
    ],
    [
      'passes: never for a quarter of an hour',
      written(Array.from({ length: 288 }, (_, i) => (i % 3 < 2 ? 70 : 1))),
      'pass',
    ],
    ['fails: a quarter of an hour', written(during5(0, 4, 70, 1)), 'fail', 'high 2'],
    [
      'passes: CPU waits, but the volume tells that it has room',
      aMonitored().withMetric(METRICS.cpuIoWait, B2, 30),
      'pass',
    ],
    [
      'passes: a small volume of a large broker has 128 MiB/s',
      written(100).withCluster({ instanceType: 'kafka.m5.4xlarge', volumeGiBPerBroker: 100 }),
      'pass',
    ],
    [
      'fails: a small volume of a large broker at 80 %',
      written(103).withCluster({ instanceType: 'kafka.m5.4xlarge', volumeGiBPerBroker: 100 }),
      'fail',
      'high 2',
    ],
    [
      'passes: provisioned throughput',
      written(103).withCluster({ instanceType: 'kafka.m5.4xlarge', provisionedThroughputMiBPerSec: 400 }),
      'pass',
    ],
    ['passes: the free level, and neither demand nor waiting shows anything', free(), 'pass'],
    [
      'fails: the free level, and CPU waits for the disk',
      free().withMetric(METRICS.cpuIoWait, B2, 10.1),
      'fail',
      'high 2',
    ],
    ['passes: the free level, CPU waits for 10 %', free().withMetric(METRICS.cpuIoWait, B2, 10), 'pass'],
    [
      'fails: the free level, bytes in times three copies',
      free().withMetric(METRICS.bytesIn, B2, 21 * MIB),
      'fail',
      'high 2',
    ],
    [
      'passes: the free level, many peaks and none of them lasts',
      free().withMetric(
        METRICS.bytesIn,
        B2,
        Array.from({ length: PERIODS_OF_DAY }, (_, i) => (i % 3 < 2 ? 60 * MIB : MIB)),
      ),
      'pass',
    ],
    [
      'fails: the free level, a quarter of an hour',
      free().withMetric(METRICS.bytesIn, B2, during5(0, 4, 60 * MIB, MIB)),
      'fail',
      'high 2',
    ],
    [
      'no-data: the free level, datapoints break off before a quarter of an hour is over',
      free().withMetric(
        METRICS.bytesIn,
        B2,
        Array.from({ length: PERIODS_OF_DAY }, (_, i) => (i % 3 < 2 ? 60 * MIB : null)),
      ),
      'no-data',
    ],
    ['no-data: the free level without waiting CPU', free().withoutMetric(METRICS.cpuIoWait, B2), 'no-data'],
    ['no-data: a volume has too few datapoints', written(onlyFirst(during5(0, 0, 0, 1), 0.4)), 'no-data'],
    ['no-data: a size that nobody knows', aMonitored().withCluster({ instanceType: 'kafka.m9.large' }), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('ebs-throughput-near-limit', SICK['ebs-throughput-near-limit'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('a single broker whose CPU waits comes after a broker that is slow by itself; one at its limit does not', () => {
    const causes = (source: ReturnType<typeof aMonitored>) =>
      runCheck('ebs-throughput-near-limit', source).recommendation!.causedBy;
    const waiting = free().withMetric(METRICS.cpuIoWait, B2, 20);
    expect(causes(waiting)).toEqual(['broker-slow']);
    expect(causes(waiting.withMetric(METRICS.cpuIoWait, { 'Broker ID': 1 }, 20))).toBeUndefined();
    expect(causes(written(70))).toBeUndefined();
  });

  describe('a small volume is the cheapest step: it gets faster by growing', () => {
    const advised = (volumeGiBPerBroker: number, more: Parameters<SnapshotBuilder['withCluster']>[0] = {}) => {
      const large = written(240).withCluster({ instanceType: 'kafka.m5.4xlarge', volumeGiBPerBroker, ...more });
      const { commands, action, impact } = runCheck('ebs-throughput-near-limit', large).recommendation!;
      return { action, impact, text: commands.map((each) => renderCommand(each)).join('\n') };
    };

    test('to 334 GiB before throughput is provisioned, priced by hand: 234 GiB on 3 brokers at 0.10', () => {
      const { action, impact, text } = advised(100);
      expect(text).toContain('"VolumeSizeGB":334');
      expect(text).not.toContain('update-storage ');
      expect(action).toMatch(/grow the volumes to 334 GiB.*only then provision/);
      expect(impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(70.2, 9) });
    });

    test('a GiB below', () => {
      expect(advised(333).text).toContain('"VolumeSizeGB":334');
    });

    test.each([
      ['as large already', advised.bind(null, 334)],
      ['throughput is provisioned already', advised.bind(null, 100, { provisionedThroughputMiBPerSec: 250 })],
    ])('not where it would not help: %s', (_, ask) => {
      expect(ask().text).not.toContain('update-broker-storage');
      expect(ask().action).not.toContain('grow the volumes');
    });

    test('not where the broker itself is the limit', () => {
      const small = runCheck('ebs-throughput-near-limit', written(70).withCluster({ volumeGiBPerBroker: 100 }));
      expect(small.recommendation!.commands.map(({ effect }) => effect)).toEqual(['read']);
    });
  });

  test('provisions throughput where the size takes any, and prices all of it by hand: 500 MiB/s on 3 brokers at 0.08', () => {
    const prices = {
      source: 'offline' as const,
      asOfDate: '2026-08-20',
      region: 'eu-west-1',
      currency: 'USD' as const,
      items: { 'throughput/provisioned': { usd: 0.08, unit: 'MiBps-month', source: 'test' } },
    };
    const large = written(240).withCluster({ instanceType: 'kafka.m5.4xlarge' }).withSection('prices', prices);
    const { recommendation } = runCheck('ebs-throughput-near-limit', large);
    expect(recommendation!.commands[0]!.effect).toBe('read');
    expect(recommendation!.commands[1]!.argv).toContain('{"Enabled":true,"VolumeThroughput":500}');
    expect(recommendation!.impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(120, 9) });
    expect(
      runCheck('ebs-throughput-near-limit', written(70)).recommendation!.commands.map(({ effect }) => effect),
    ).toEqual(['read']);
  });
});
