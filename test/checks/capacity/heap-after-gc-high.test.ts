import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import type { SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const heap = (values: number | readonly (number | null)[]) => aMonitored().withMetric(METRICS.heapAfterGc, B2, values);

describe('heap-after-gc-high', () => {
  describeVerdicts('heap-after-gc-high', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 60 %', heap(60), 'pass'],
    ['warns: just over 60 %', heap(60.1), 'warn', 'medium 2'],
    ['warns: 80 %', heap(80), 'warn', 'medium 2'],
    ['fails: just over 80 %', heap(80.1), 'fail', 'high 2'],
    ['passes: two hours are no tenth of the day', heap(during5(0, 24, 90, 30)), 'pass'],
    ['fails: three hours', heap(during5(0, 36, 90, 30)), 'fail', 'high 2'],
    ['no-data: a broker has too few datapoints', heap(onlyFirst(during5(0, 0, 0, 30), 0.4)), 'no-data'],
    ['no-data: no series', aMonitored().withoutMetric(METRICS.heapAfterGc), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('heap-after-gc-high', SICK['heap-after-gc-high'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  describe('what the commands ask for', () => {
    const KEY = 'transactional.id.expiration.ms';
    const WEEK = '604800000';
    const DAY = '86400000';
    const used = () => heap(75).withTopic('__transaction_state', { internal: true });
    const advised = (source: SnapshotBuilder) => {
      const { commands, action, risk } = runCheck('heap-after-gc-high', source).recommendation!;
      return { action, risk, text: commands.map((each) => `${each.purpose}: ${renderCommand(each)}`).join('\n') };
    };

    test('a day for transactional ids that are kept for a week, which restarts the brokers; then the larger size', () => {
      const { text, action, risk } = advised(used().withBrokerSettings({ [KEY]: WEEK }));
      expect(text).toMatch(new RegExp(`${KEY}=${DAY}[^]*update-broker-type[^]*kafka.m7g.xlarge`));
      expect(action).toContain(KEY);
      expect(risk).toContain('A new revision restarts the brokers');
    });

    test('the defaults keep them for a week too', () => {
      expect(advised(used()).text).toContain(KEY);
    });

    test.each([
      ['they are kept for a day', () => used().withBrokerSettings({ [KEY]: DAY })],
      ['nobody uses transactions', () => heap(75).withBrokerSettings({ [KEY]: WEEK })],
      ['nobody knows how long', () => used().without('configuration', 'timed-out')],
    ])('no change of settings: %s', (_, source) => {
      const { text, action, risk } = advised(source());
      expect(text + action).not.toContain(KEY);
      expect(risk).not.toContain('revision');
    });

    test('a little more than a day is changed', () => {
      expect(advised(used().withBrokerSettings({ [KEY]: '86400001' })).text).toContain(KEY);
    });

    test('without the list of topics nobody knows whether transactions are used', () => {
      const { text } = advised(
        heap(75)
          .withBrokerSettings({ [KEY]: WEEK })
          .without('kafkaTopics', 'timed-out'),
      );
      expect(text).toContain(`${KEY}=${DAY}`);
    });
  });
});
