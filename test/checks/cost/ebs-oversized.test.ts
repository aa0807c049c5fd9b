import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOURS = 672;

/** Three volumes of 1,000 GiB at 0.10 USD, at so many percent four weeks ago, so much more a day. */
function volumes(percent: number, perDay = 0, hours = HOURS) {
  const values = Array.from({ length: hours }, (_, hour) => percent + (perDay * hour) / 24);
  return aSnapshot().withHourlyOfBrokers(METRICS.diskUsed, values);
}

describe('ebs-oversized', () => {
  describeVerdicts('ebs-oversized', [
    ['warns: a tenth is used, and nothing comes', volumes(10), 'warn', 'low orders'],
    ['warns: just below the limit', volumes(29.9), 'warn', 'low orders'],
    ['passes: at the limit', volumes(30), 'pass'],
    [
      'passes: one broker was at it once',
      volumes(10).withHourly(METRICS.diskUsed, { 'Broker ID': 2 }, [
        ...Array.from({ length: HOURS - 1 }, () => 10),
        30,
      ]),
      'pass',
    ],
    // 24 % now, 85 % in 122 days.
    ['passes: it grows by half a percent a day', volumes(10, 0.5), 'pass'],
    ['warns: it grows too slowly to matter within half a year', volumes(10, 0.1), 'warn', 'low orders'],
    [
      'passes: a small volume spares less than 50 dollars',
      volumes(10).withCluster({ volumeGiBPerBroker: 190 }),
      'pass',
    ],
    [
      'warns: a little larger one spares them',
      volumes(10).withCluster({ volumeGiBPerBroker: 202 }),
      'warn',
      'low orders',
    ],
    ['no-data: six days of hours', volumes(10, 0, 144), 'no-data'],
    ['passes: six days, but half full', volumes(50, 0, 144), 'pass'],
    [
      'no-data: the volumes were enlarged three days ago',
      volumes(10).withOperation('UPDATE_BROKER_STORAGE', TAKEN_AT_MS - 73 * 3_600_000, TAKEN_AT_MS - 72 * 3_600_000),
      'no-data',
    ],
    ['no-data: one broker has no hours', volumes(10).withoutMetric(METRICS.diskUsed, { 'Broker ID': 2 }), 'no-data'],
    ['no-data: no history', aSnapshot(), 'no-data'],
    ['no-data: no price', volumes(10).without('prices', 'not-permitted'), 'no-data'],
    ['no-data: the size of the volumes is not known', volumes(10).withCluster({ volumeGiBPerBroker: null }), 'no-data'],
    ['not applicable: Express', volumes(10).withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', volumes(10).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', volumes(10).withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('ebs-oversized', () => volumes(10), { production: 'low', staging: 'low', development: 'low' });

  test('by hand: 100 of 1,000 GiB used need 167; three times 833 GiB at 0.10 USD', () => {
    const { recommendation } = runCheck('ebs-oversized', volumes(10));
    expect(recommendation?.impact).toMatchObject({ kind: 'saving', usdPerMonth: expect.closeTo(249.9, 9) });
  });

  test('no command is offered: nothing shrinks a volume', () => {
    expect(runCheck('ebs-oversized', volumes(10)).recommendation?.commands).toEqual([]);
  });
});
