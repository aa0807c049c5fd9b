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
  aMonitored().withMetric(METRICS.networkProcessorIdle, B2, values);

describe('network-threads-saturated', () => {
  describeVerdicts('network-threads-saturated', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: busy for 70 %', idle(0.3), 'pass'],
    ['warns: just over 70 %', idle(0.299), 'warn', 'medium 2'],
    ['warns: 95 %, which is no worse', idle(0.05), 'warn', 'medium 2'],
    ['passes: a peak of an hour is no tenth of the day', idle(during5(0, 12, 0.05, 0.8)), 'pass'],
    ['no-data: a broker has too few datapoints', idle(onlyFirst(during5(0, 0, 0, 0.8), 0.4)), 'no-data'],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.networkProcessorIdle), 'no-data'],
    ['warns on Express', idle(0.05).withKind('provisioned-express'), 'warn', 'medium 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('network-threads-saturated', SICK['network-threads-saturated'], {
    production: 'medium',
    staging: 'medium',
    development: 'info',
  });

  describe('threads are advised only where fewer run than AWS gives for the size', () => {
    const onSize = (instanceType: string, io: string, network: string) =>
      idle(0.05)
        .withCluster({ instanceType })
        .withBrokerSettings({ 'num.io.threads': io, 'num.network.threads': network });
    const recommended = (builder: ReturnType<typeof idle>) => {
      const { action, commands } = runCheck('network-threads-saturated', builder).recommendation!;
      return {
        action,
        commands: commands.map((command) => `${command.purpose}: ${renderCommand(command)}`).join('\n'),
      };
    };

    test('5 of 8, with the handlers first', () => {
      const { action, commands } = recommended(onSize('kafka.m7g.4xlarge', '8', '5'));
      expect(action).toContain('set num.io.threads=16 and num.network.threads=8');
      expect(commands).toContain('num.io.threads=16, num.network.threads=8');
    });

    test('handlers that are more already are left alone', () => {
      const { commands } = recommended(onSize('kafka.m7g.4xlarge', '32', '5'));
      expect(commands).toContain('num.network.threads=8');
      expect(commands).not.toContain('num.io.threads');
    });

    test.each([
      ['as many', onSize('kafka.m7g.4xlarge', '16', '8')],
      ['twice as many', onSize('kafka.m7g.4xlarge', '8', '16')],
      ['AWS gives no number for the size', onSize('kafka.m7g.large', '8', '5')],
    ])('a larger size last: %s', (_why, source) => {
      const { action, commands } = recommended(source);
      expect(action).toMatch(/^Keep connections open .* only then go from kafka/);
      expect(commands).not.toContain('num.network.threads');
      expect(commands).toContain('update-broker-type');
    });
  });
});
