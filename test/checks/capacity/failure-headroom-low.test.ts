import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const B2 = { 'Broker ID': 2 };
/** User CPU of broker 2; system CPU is 5 %. */
const cpu = (values: number) => aMonitored().withMetric(METRICS.cpuUser, B2, values);
const express = (bytesOut: number) =>
  aMonitored().withKind('provisioned-express').withMetric(METRICS.bytesOut, B2, bytesOut);

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

  test('shows the load first, then the larger size', () => {
    const { commands } = runCheck('failure-headroom-low', cpu(90)).recommendation!;
    expect(commands.map(({ effect }) => effect)).toEqual(['read', 'change']);
    expect(renderCommand(commands[0]!)).toMatch(
      /^aws cloudwatch get-metric-data --region eu-west-1 --metric-data-queries '\[\{"Id":"loads","Expression":"SEARCH\('\\''MetricName=\\"BytesInPerSec\\" \\"Cluster Name\\"=\\"orders\\"'\\'', '\\''Average'\\'', 3600\)"\}\]' --start-time \d+ --end-time \d+$/,
    );
  });

  test('is less sure where the followers had to be reckoned, and shows the conservative number too', () => {
    const blind = cpu(90).withoutMetric(METRICS.replicationBytesIn);
    expect(runCheck('failure-headroom-low', blind).findings[0]!.confidence).toBe(0.7);
    const [row] = runCheck('failure-headroom-low', cpu(90)).evidence[0]!.rows;
    expect(row).toMatchObject({ broker: '2', cpu: 95, conservative: expect.closeTo(142.5, 9) });
  });
});
