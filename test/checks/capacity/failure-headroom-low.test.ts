import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { during5 } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const B2 = { 'Broker ID': 2 };
/** User CPU of broker 2; system CPU is 5 %. */
const cpu = (values: number) => aMonitored().withMetric(METRICS.cpuUser, B2, values);
const express = (bytesOut: number) =>
  aMonitored().withKind('provisioned-express').withMetric(METRICS.bytesOut, B2, bytesOut);

/** Bytes that clients read from broker 2. */
const standard = (bytesOut: number | (number | null)[]) =>
  aMonitored().withMetric(METRICS.bytesIn, B2, 4e6).withMetric(METRICS.bytesOut, B2, bytesOut);

describe('failure-headroom-low', () => {
  describeVerdicts('failure-headroom-low', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // Leaders carry half as much again, followers three quarters: 2.6 of load become 3.45, and 5 % are there without any.
    ['passes: 76.5 % become 99.9 %', cpu(71.5), 'pass'],
    ['fails: 76.7 % become 100.1 %', cpu(71.7), 'fail', 'high 2'],
    ['fails: 90 %', cpu(90), 'fail', 'high 2'],
    ['passes: Express within its largest quota after a loss', express(38e6), 'pass'],
    // 58.5 MB/s out at most: 39 in two zones are 58.5 in the one and a half that stay.
    ['fails: Express beyond its largest quota after a loss', express(39.1e6), 'fail', 'high 2'],
    // 117 MiB/s: of three zones one is lost, (out + in) x 1.5, with 4 MB/s coming in.
    ['passes: 77.7 MB/s out fill 99.9 % of the network', standard(77.7e6), 'pass'],
    ['fails: 77.9 MB/s out are more than the network keeps up', standard(77.9e6), 'fail', 'high 2'],
    [
      'passes: they are little for the next size',
      standard(77.9e6).withCluster({ instanceType: 'kafka.m7g.xlarge' }),
      'pass',
    ],
    ['passes: the busiest twentieth of the day is no peak', standard(during5(0, 14, 90e6, 4e6)), 'pass'],
    ['fails: more than a twentieth is', standard(during5(0, 20, 90e6, 4e6)), 'fail', 'high 2'],
    [
      'no-data: what the network of a new size carries is not known',
      aMonitored().withCluster({ instanceType: 'kafka.m9g.large' }),
      'no-data',
    ],
    [
      'no-data: nor the quotas of a new size of Express',
      express(2e6).withCluster({ instanceType: 'express.m9g.large' }),
      'no-data',
    ],
    ['fails: two zones, where each carries all', cpu(60).withCluster({ azCount: 2 }), 'fail', 'high 2'],
    ['no-data: a broker has no CPU', aMonitored().withoutMetric(METRICS.cpuSystem, B2), 'no-data'],
    [
      'fails: without replication traffic it is reckoned',
      cpu(90).withoutMetric(METRICS.replicationBytesIn),
      'fail',
      'high 2',
    ],
    [
      'no-data: nobody knows the replication factor',
      aMonitored().without('kafkaTopics').without('configuration', 'failed'),
      'no-data',
    ],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('failure-headroom-low', () => cpu(90), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });

  test.each([
    [1, 'broker'],
    [3, 'zone'],
  ])('fails without a number: %i brokers in one zone', (brokerCount, what) => {
    const { status, summary, findings, evidence, recommendation } = runCheck(
      'failure-headroom-low',
      aMonitored().withCluster({ brokerCount, azCount: 1 }),
    );
    expect(status).toBe('fail');
    expect(summary).toMatch(new RegExp(`: there is no other ${what}\\.$`));
    expect(findings[0]).toMatchObject({ measured: null, limit: null, note: `there is no other ${what}` });
    expect(evidence[0]!.rows[0]).toMatchObject({ zone: null, conservative: null });
    expect(recommendation).toMatchObject({ commands: [], effort: 'migration' });
  });

  test('with many brokers the loss of one may send more to followers than that of a zone', () => {
    // In 40 MB/s, nothing out, three copies: a zone 40 x 1.5, one of six brokers 40 x 1.5 x 1.2.
    const six = aSnapshot()
      .withBrokers(6)
      .withHealthyMetrics()
      .withTopic('orders')
      .withMetric(METRICS.bytesIn, B2, 40e6)
      .withMetric(METRICS.bytesOut, B2, 0);
    const row = runCheck('failure-headroom-low', six).evidence[0]!.rows.find(({ broker }) => broker === '2');
    expect(row).toMatchObject({
      moved: expect.closeTo(72e6, 0),
      moveShare: expect.closeTo(7200 / (117 * 1.048576), 6),
    });
  });

  test('says what of CPU, network and quotas it has looked at', () => {
    expect(runCheck('failure-headroom-low', aMonitored()).summary).toMatch(
      /^With one zone lost the tightest broker, 1, would use 31.5% CPU \(limit 100%\), and the busiest, 1, move 7.34% of the 117 MiB\/s that its network keeps up, sent to clients and followers\.$/,
    );
    expect(runCheck('failure-headroom-low', standard(90e6)).findings[0]).toMatchObject({
      measured: expect.closeTo((150 * 94) / (117 * 1.048576), 0),
      limit: 100,
      confidence: 0.7,
    });
    expect(runCheck('failure-headroom-low', express(38e6)).summary).toMatch(
      /of the quota on bytes out, at which Express throttles\.$/,
    );
  });

  test('shows the load first, then the larger size', () => {
    const { commands } = runCheck('failure-headroom-low', cpu(90)).recommendation!;
    expect(commands.map(({ effect }) => effect)).toEqual(['read', 'change']);
    expect(renderCommand(commands[0]!)).toMatch(
      /^aws cloudwatch get-metric-data --region eu-west-1 --metric-data-queries '\[\{"Id":"loads","Expression":"SEARCH\('\\''MetricName=\\"BytesInPerSec\\" \\"Cluster Name\\"=\\"orders\\"'\\'', '\\''Average'\\'', 3600\)"\}\]' --start-time \d+ --end-time \d+$/,
    );
  });

  test('no larger size is ordered while CloudWatch counts replicas out of sync and nobody could ask Kafka', () => {
    const blind = cpu(90).without('kafkaTopics', 'unreachable').withMetric(METRICS.underReplicated, B2, 25);
    const { action, commands } = runCheck('failure-headroom-low', blind).recommendation!;
    expect(action).toMatch(/^Wait, because 25 partitions are under-replicated/);
    expect(commands.map(({ effect }) => effect)).toEqual(['read']);
  });

  test('is less sure where the followers had to be reckoned, and shows the conservative number too', () => {
    const blind = cpu(90).withoutMetric(METRICS.replicationBytesIn);
    expect(runCheck('failure-headroom-low', blind).findings[0]!.confidence).toBe(0.7);
    const [row] = runCheck('failure-headroom-low', cpu(90)).evidence[0]!.rows;
    expect(row).toMatchObject({ broker: '2', cpu: 95, conservative: expect.closeTo(142.5, 9) });
  });
});
