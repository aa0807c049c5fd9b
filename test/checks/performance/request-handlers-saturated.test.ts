import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
/** Idle share of broker 2. */
const idle = (values: number | readonly (number | null)[]) =>
  aMonitored().withMetric(METRICS.requestHandlerIdle, B2, values);

describe('request-handlers-saturated', () => {
  describeVerdicts('request-handlers-saturated', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: busy for 70 %', idle(0.3), 'pass'],
    ['warns: just over 70 %', idle(0.299), 'warn', 'medium 2'],
    ['warns: 90 %', idle(0.1), 'warn', 'medium 2'],
    ['fails: just over 90 %', idle(0.099), 'fail', 'high 2'],
    [
      'fails: published in percent',
      aMonitored().withMetricOfBrokers(METRICS.requestHandlerIdle, 80).withMetric(METRICS.requestHandlerIdle, B2, 5),
      'fail',
      'high 2',
    ],
    ['passes: a peak of an hour is no tenth of the day', idle(during5(0, 12, 0.05, 0.8)), 'pass'],
    ['fails: three hours', idle(during5(0, 36, 0.05, 0.8)), 'fail', 'high 2'],
    ['no-data: a broker has too few datapoints', idle(onlyFirst(during5(0, 0, 0, 0.8), 0.4)), 'no-data'],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.requestHandlerIdle), 'no-data'],
    ['fails on Express', idle(0.05).withKind('provisioned-express'), 'fail', 'high 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('request-handlers-saturated', SICK['request-handlers-saturated'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  describe('with CPU to spare more threads are advised only where fewer run than AWS gives for the size', () => {
    const onSize = (instanceType: string, ioThreads: string) =>
      idle(0.05).withCluster({ instanceType }).withBrokerSettings({ 'num.io.threads': ioThreads });
    const recommended = (builder: ReturnType<typeof idle>) => {
      const { action, commands } = runCheck('request-handlers-saturated', builder).recommendation!;
      return {
        action,
        commands: commands.map((command) => `${command.purpose}: ${renderCommand(command)}`).join('\n'),
      };
    };

    test('8 of 16', () => {
      const { action, commands } = recommended(onSize('kafka.m7g.4xlarge', '8'));
      expect(action).toMatch(/^Raise num.io.threads from 8 to 16/);
      expect(commands).toContain('num.io.threads=16');
      expect(commands).not.toContain('update-broker-type');
    });

    test.each([
      ['as many as cores', onSize('kafka.m7g.4xlarge', '16')],
      ['twice as many', onSize('kafka.m7g.4xlarge', '32')],
      ['AWS gives no number for the size', onSize('kafka.m7g.large', '8')],
      [
        'nobody knows how many run',
        idle(0.05)
          .withCluster({ instanceType: 'kafka.m7g.4xlarge' })
          .without('kafkaBrokerConfigs', 'unreachable')
          .without('configuration', 'not-permitted'),
      ],
    ])('a larger size last: %s', (_why, source) => {
      const { action, commands } = recommended(source);
      expect(action).toMatch(/^First let producers send larger/);
      expect(commands).not.toContain('num.io.threads');
      expect(commands).toContain('update-broker-type');
    });

    test('the file tells where the brokers were not asked', () => {
      const source = idle(0.05)
        .withCluster({ instanceType: 'kafka.m7g.4xlarge' })
        .withSection('configuration', { arn: 'a', revision: 1, properties: { 'num.io.threads': '12' } });
      expect(recommended(source).action).toMatch(/^Raise num.io.threads from 12 to 16/);
    });
  });
});
