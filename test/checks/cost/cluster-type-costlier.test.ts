import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { offlinePricesOf } from '../../../lib/facts/offline-prices.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;
const { items, asOfDate } = offlinePricesOf('us-east-1')!;

interface Shape {
  volumeGiB?: number;
  used?: number;
  inMiB?: number;
  kafkaVersion?: string;
  instanceType?: string;
  hours?: number;
  partitions?: number;
  priceless?: readonly string[];
}

/** Three brokers with the same weeks each; by default small ones with huge, nearly empty volumes. */
function cluster({
  volumeGiB = 12_000,
  used = 1,
  inMiB = 0.5,
  kafkaVersion = '3.9.x.kraft',
  instanceType = 'kafka.m7g.large',
  hours = 672,
  partitions = 600,
  priceless = [],
}: Shape = {}) {
  const over = (value: number) => Array.from({ length: hours }, () => value);
  const known = Object.fromEntries(Object.entries(items).filter(([key]) => !priceless.includes(key)));
  return aSnapshot()
    .withCluster({ instanceType, volumeGiBPerBroker: volumeGiB, kafkaVersion })
    .withSection('prices', { source: 'offline', asOfDate, region: 'us-east-1', currency: 'USD', items: known })
    .withSection('security', { ...SECURITY })
    .withTopic('t', { partitions })
    .withHourlyOfBrokers(METRICS.bytesIn, over(inMiB * MIB))
    .withHourlyOfBrokers(METRICS.bytesOut, over(2 * inMiB * MIB))
    .withHourlyOfBrokers(METRICS.cpuUser, over(10))
    .withHourlyOfBrokers(METRICS.cpuSystem, over(2))
    .withHourlyOfBrokers(METRICS.partitionCount, over(partitions))
    .withHourlyOfBrokers(METRICS.diskUsed, over(used));
}

const SECURITY = {
  authentication: { unauthenticated: false, iam: true, scram: false, tls: false },
  encryption: { clientBroker: 'TLS', inCluster: true, atRestKeyArn: null },
  publicAccess: 'DISABLED',
  vpcConnectivity: { iam: false, scram: false, tls: false },
  brokerLogs: { cloudWatch: true, firehose: false, s3: false },
  openMonitoring: { jmxExporter: false, nodeExporter: false },
  scramSecretNames: null,
};

/** Small brokers whose partitions are few and whose bytes are next to none: Serverless is a fixed price there. */
const TINY: Shape = { volumeGiB: 12_000, partitions: 6, inMiB: 0.001, kafkaVersion: '4.1.x.kraft' };

function withScram(builder: SnapshotBuilder): SnapshotBuilder {
  return builder.withSection('security', { ...SECURITY, authentication: { ...SECURITY.authentication, scram: true } });
}

describe('cluster-type-costlier', () => {
  describeVerdicts('cluster-type-costlier', [
    ['warns: volumes of 12,000 GiB for next to nothing, which Express would not bill', cluster(), 'warn', 'low orders'],
    ['passes: volumes that fit', cluster({ volumeGiB: 200, used: 40 }), 'pass'],
    [
      'passes: Express has no Kafka 4.1, and Serverless takes IAM alone',
      withScram(cluster({ kafkaVersion: '4.1.x.kraft' })),
      'pass',
    ],
    ['warns: Serverless, where Express is barred', cluster(TINY), 'warn', 'low orders'],
    ['passes: SCRAM bars Serverless', withScram(cluster(TINY)), 'pass'],
    ['no-data: how clients authenticate is not known', cluster(TINY).without('security', 'not-permitted'), 'no-data'],
    [
      'passes: 2,401 partitions are too many for Serverless',
      cluster({ ...TINY, partitions: 2401, instanceType: 'kafka.m7g.4xlarge' }),
      'pass',
    ],
    ['no-data: topics were not counted', cluster(TINY).without('kafkaTopics', 'unreachable'), 'no-data'],
    [
      'no-data: Express data has no price, and could decide',
      withScram(cluster({ priceless: ['express/data-in'] })),
      'no-data',
    ],
    [
      'passes: it has no price, and brokers alone cost too much',
      withScram(cluster({ volumeGiB: 200, used: 40, priceless: ['express/data-in'] })),
      'pass',
    ],
    [
      'passes: the tier bars both',
      cluster()
        .withCluster({ storageMode: 'TIERED' })
        .withSection('prices', {
          source: 'offline',
          asOfDate,
          region: 'us-east-1',
          currency: 'USD',
          items: { ...items, 'storage/tiered': { usd: 0.06, unit: 'GiB-month', source: 'test' } },
        }),
      'pass',
    ],
    ['no-data: 13 days of hours', cluster({ hours: 312 }), 'no-data'],
    ['no-data: no prices', cluster().without('prices', 'not-permitted'), 'no-data'],
    ['no-data: Serverless shows no CPU', cluster().withKind('serverless'), 'no-data'],
    ['not applicable: Kafka without AWS', cluster().withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('cluster-type-costlier', () => cluster(), {
    production: 'low',
    staging: 'low',
    development: 'low',
  });

  test('by hand: Express bills three large brokers, 1.5 MiB/s in and one copy of 120 GiB', () => {
    const { evidence } = runCheck('cluster-type-costlier', cluster());
    const express = evidence[0]!.rows.find(({ type }) => type === 'Express');
    // 3 × 0.408 × 730 + 1.5 × 3600 × 730 / 1024 × 0.01 + 360 / 3 × 0.10
    expect(express).toMatchObject({
      brokers: '3 × express.m7g.large',
      barred: null,
      usd: expect.closeTo(893.52 + 38.4961 + 12, 3),
    });
  });

  test('a saving is counted against what a resize would bring', () => {
    const { evidence, findings } = runCheck(
      'cluster-type-costlier',
      cluster({ instanceType: 'kafka.m7g.xlarge', volumeGiB: 12_000 }),
    );
    const usd = (type: string) => evidence[0]!.rows.find((row) => row.type === type)?.usd as number;
    expect(usd('best in place')).toBeLessThan(usd('as it is'));
    expect(findings[0]?.measured).toBeCloseTo(usd('best in place') - usd('Express'), 6);
  });
});
