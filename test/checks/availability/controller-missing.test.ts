import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, WINDOW_START_MS } from '../../builders/a-snapshot.ts';
import { during, MINUTES_OF_DAY, onlyFirst, onlyLast, without } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const controllers = (values: readonly (number | null)[]) =>
  aSnapshot().withMetric(METRICS.activeController, {}, values);
const missing = (from: number, to: number) => controllers(during(from, to, 0, 1));
const minuteMs = (minute: number) => WINDOW_START_MS + minute * 60_000;

describe('controller-missing', () => {
  describeVerdicts('controller-missing', [
    ['passes: one at all times', missing(0, 0), 'pass'],
    ['passes: an election of 4 minutes', missing(300, 304), 'pass'],
    ['fails critically: none for 5 minutes', missing(300, 305), 'fail', 'critical orders'],
    [
      'fails critically: none for 40 minutes and now',
      missing(MINUTES_OF_DAY - 40, MINUTES_OF_DAY),
      'fail',
      'critical orders',
    ],
    [
      'passes: five elections of 4 minutes are none',
      controllers(Array.from({ length: MINUTES_OF_DAY }, (_, i) => (i < 500 && i % 100 < 4 ? 0 : 1))),
      'pass',
    ],
    [
      'passes: none while MSK replaces controllers',
      missing(300, 320).withOperation('UPDATE_CLUSTER_KAFKA_VERSION', minuteMs(290), minuteMs(330)),
      'pass',
    ],
    [
      'fails: none after the operation',
      missing(300, 360).withOperation('UPDATE_CLUSTER_KAFKA_VERSION', minuteMs(290), minuteMs(330)),
      'fail',
      'critical orders',
    ],
    ['passes: two at once is no lack', controllers(during(300, 310, 2, 1)), 'pass'],
    ['passes: silent for 29 minutes', controllers(without(during(0, 0, 0, 1), 29)), 'pass'],
    ['no-data: silent for 30 minutes', controllers(without(during(0, 0, 0, 1), 30)), 'no-data'],
    ['no-data: half of the points', controllers(onlyLast(during(0, 0, 0, 1), 0.4)), 'no-data'],
    ['fails on half of the points', controllers(onlyFirst(during(300, 320, 0, 1), 0.4)), 'fail', 'critical orders'],
    ['no-data: no series', aSnapshot(), 'no-data'],
    ['no-data: no metrics', missing(0, 0).without('metrics', 'throttled'), 'no-data'],
    ['fails on Express', missing(300, 305).withKind('provisioned-express'), 'fail', 'critical orders'],
    ['not applicable: Serverless', aSnapshot().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('controller-missing', () => missing(300, 310), {
    production: 'critical',
    staging: 'critical',
    development: 'high',
  });

  test('a gap of points ends a stretch: nobody knows what was in it', () => {
    const values = during(300, 308, 0, 1).map((value, i) => (i === 304 ? null : value));
    expect(runCheck('controller-missing', controllers(values)).status).toBe('pass');
  });

  test('says for how long, and that there is one again', () => {
    const result = runCheck('controller-missing', missing(300, 318));
    expect(result.findings[0]).toMatchObject({ measured: 18, limit: 5, now: 0 });
    expect(result.summary).toContain('there is one now');
    expect(runCheck('controller-missing', missing(MINUTES_OF_DAY - 18, MINUTES_OF_DAY)).findings[0]?.now).toBe(1);
  });

  test('shows the sessions with ZooKeeper that were lost', () => {
    const snapshot = missing(300, 310)
      .withMetric(METRICS.zooKeeperSession, { 'Broker ID': 1 }, 1)
      .withMetric(
        METRICS.zooKeeperSession,
        { 'Broker ID': 2 },
        Array.from({ length: 288 }, (_, i) => (i === 60 || i === 61 ? 0 : 1)),
      );
    expect(runCheck('controller-missing', snapshot).evidence[1]?.rows).toEqual([{ broker: '2', minutes: 10 }]);
  });
});
