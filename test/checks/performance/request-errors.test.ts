import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5 } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { monitoring } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const watched = (failed: number) => aMonitored().withSection('openMonitoring', monitoring(failed));
/** The third broker tells nothing of its requests. */
const partly = (failed: number) => {
  const section = monitoring(failed);
  section.brokers[2]!.figures = {};
  return aMonitored().withSection('openMonitoring', section);
};

/** Failed and all fetches of every broker; of produce requests none fails. */
const fetching = (failed: number, all: number) => {
  const section = monitoring(0);
  for (const { figures } of section.brokers)
    Object.assign(figures, { failedFetchRequestsPerSec: failed, totalFetchRequestsPerSec: all });
  return aMonitored().withSection('openMonitoring', section);
};
/** One broker does not tell how many fetches failed. */
const untold = (failed: number) => {
  const section = monitoring(failed);
  delete section.brokers[2]!.figures.failedFetchRequestsPerSec;
  return aMonitored().withSection('openMonitoring', section);
};

/** A cluster that does little: failed and all produce requests of each broker, nobody fetches. */
const idle = (failed: number, all: number, brokersTelling = 3) => {
  const section = monitoring(failed);
  for (const { brokerId, figures } of section.brokers) {
    Object.assign(figures, { totalProduceRequestsPerSec: all, totalFetchRequestsPerSec: 0 });
    if (brokerId > brokersTelling) delete figures.failedProduceRequestsPerSec;
  }
  return aMonitored().withSection('openMonitoring', section);
};
/** A tenth of few produce requests fails, and of many fetches so many. */
const both = (failedFetches: number) => {
  const section = monitoring(0.01);
  for (const { figures } of section.brokers)
    Object.assign(figures, { totalProduceRequestsPerSec: 0.1, failedFetchRequestsPerSec: failedFetches });
  return aMonitored().withSection('openMonitoring', section);
};

describe('request-errors', () => {
  describeVerdicts('request-errors', [
    ['passes: no request fails', watched(0), 'pass'],
    ['passes: 1 % of the produce requests', watched(1), 'pass'],
    ['fails: just over 1 % of them, among fetches of followers', watched(1.01), 'fail', 'high orders'],
    ['passes: 1 % of the fetches', fetching(5, 500), 'pass'],
    ['fails: just over 1 % of the fetches', fetching(5.01, 500), 'fail', 'high orders'],
    ['passes: nobody fetches', fetching(0, 0), 'pass'],
    ['passes with a note: one request in sixty of an idle cluster', idle(1 / 180, 1 / 3), 'pass', 'info orders'],
    [
      'passes with a note: just under 0.1 failed requests a second, however many of all',
      idle(0.033, 0.033),
      'pass',
      'info orders',
    ],
    ['fails: 0.1 failed requests a second, and more than 1 % of them', idle(0.1 / 3 + 1e-9, 1), 'fail', 'high orders'],
    ['passes: 0.1 failed requests a second among many', watched(0.1 / 3), 'pass'],
    ['no-data: few failed requests, and one broker does not tell', idle(0.01, 0.1, 2), 'no-data', 'info orders'],
    ['fails: a rare kind does not hide the frequent one', both(140), 'fail', 'high orders'],
    ['passes with a note: the frequent kind is below its limit', both(93), 'pass', 'info orders'],
    ['no-data: one broker of three does not tell its failed fetches', untold(0), 'no-data'],
    ['no-data: one broker of three does not tell', partly(0), 'no-data'],
    ['fails: one broker does not tell, and the others are bad', partly(3), 'fail', 'high orders'],
    ['no-data: no open monitoring, and nothing else is wrong', aMonitored(), 'no-data'],
    [
      'fails: no open monitoring, and connections are refused',
      aMonitored().withMetric(METRICS.iamTooManyConnections, B2, during5(0, 1, 1)),
      'fail',
      'high 2',
    ],
    [
      'fails: no open monitoring, and reads of the tier fail',
      aMonitored().withMetric(METRICS.remoteFetchErrors, B2, during5(0, 1, 1)),
      'fail',
      'high 2',
    ],
    [
      'passes: open monitoring counts all requests, and few fail',
      watched(0.1).withMetric(METRICS.iamTooManyConnections, B2, 0),
      'pass',
    ],
    ['no-data: the exporters were not reachable', aMonitored().without('openMonitoring', 'unreachable'), 'no-data'],
    ['fails outside AWS', watched(3).withKind('kafka'), 'fail', 'high orders'],
    ['not applicable: Serverless', watched(3).withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('request-errors', () => watched(9), { production: 'high', staging: 'medium', development: 'low' });

  test.each([
    ['staging', 2, 'pass'],
    ['staging', 2.1, 'warn'],
    ['development', 5, 'pass'],
    ['development', 5.1, 'warn'],
  ] as const)('%s at %d %%: %s', (environment, percent, status) => {
    expect(runCheck('request-errors', watched(percent), { environment }).status).toBe(status);
  });

  test('names the kind of request that fails', () => {
    expect(runCheck('request-errors', watched(4)).summary).toBe('4% of produce requests fail (limit 1%).');
    expect(runCheck('request-errors', fetching(10, 500)).summary).toBe('2% of fetch requests fail (limit 1%).');
    expect(runCheck('request-errors', both(140)).summary).toBe('1.51% of fetch requests fail (limit 1%).');
    expect(runCheck('request-errors', idle(1 / 180, 1 / 3)).summary).toBe(
      '1.67% of produce requests fail (limit 1%), but only 0.02/s: below 0.1/s that is no alarm.',
    );
    expect(runCheck('request-errors', watched(0.5)).summary).toBe(
      'At most 0.5% of produce requests, and of fetch requests, failed (limit 1%).',
    );
  });

  test('the least rate is the policy’s', () => {
    const least = (minFailedPerSec: number) => ({
      overrides: { version: 1 as const, checks: { 'request-errors': { minFailedPerSec } } },
    });
    expect(runCheck('request-errors', idle(1 / 180, 1 / 3), least(0)).status).toBe('fail');
    expect(runCheck('request-errors', watched(5), least(16)).status).toBe('pass');
  });

  test('lists the errors, and what stands in has a lower confidence', () => {
    expect(runCheck('request-errors', watched(2)).evidence[0]!.rows[0]).toEqual({
      request: 'Produce',
      error: 'NOT_ENOUGH_REPLICAS',
      perSec: 6,
    });
    const proxy = aMonitored().withMetric(METRICS.iamTooManyConnections, B2, 1);
    expect(runCheck('request-errors', proxy).findings[0]!.confidence).toBe(0.6);
  });
});
