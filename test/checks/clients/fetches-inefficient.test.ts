import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import type { OpenMonitoring } from '../../../lib/snapshot/open-monitoring-section.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

function scraped(bytesPerFetch: number, fetches: number, ids = [1, 2, 3]): OpenMonitoring {
  return {
    spanSec: 60,
    brokers: ids.map((brokerId) => ({
      brokerId,
      jmx: { spanSec: 60, problem: null },
      node: { spanSec: 60, problem: null },
      figures:
        brokerId === 2
          ? { bytesOutPerSec: bytesPerFetch * fetches, fetchConsumerRequestsPerSec: fetches }
          : { bytesOutPerSec: 1e6, fetchConsumerRequestsPerSec: 10 },
      errors: null,
      gaps: [],
    })),
  };
}

/** Handlers of all brokers busy for so many percent; fetches that last so long for so many MiB/s. */
function watched({ busy = 20, totalMs = 300, outMiB = 4, perFetch = 60_000, fetches = 600 } = {}): SnapshotBuilder {
  return aSnapshot()
    .withMetricOfBrokers(METRICS.requestHandlerIdle, 1 - busy / 100)
    .withMetricOfBrokers(METRICS.fetchConsumerTotalTimeMean, totalMs)
    .withMetricOfBrokers(METRICS.bytesOut, outMiB * MIB)
    .withSection('openMonitoring', scraped(perFetch, fetches));
}

const crumbs = { busy: 51, totalMs: 5, outMiB: 0.5 };

describe('fetches-inefficient', () => {
  describeVerdicts('fetches-inefficient', [
    ['passes: 60 kB a fetch', watched(), 'pass'],
    ['passes: 1 KiB a fetch', watched({ perFetch: 1024 }), 'pass'],
    ['warns: one byte less on one broker', watched({ perFetch: 1023 }), 'warn', 'low 2'],
    ['passes: 500 fetches a second', watched({ perFetch: 100, fetches: 500 }), 'pass'],
    ['warns: 501', watched({ perFetch: 100, fetches: 501 }), 'warn', 'low 2'],
    [
      'warns by CloudWatch: short fetches of little, and handlers are busy',
      watched(crumbs),
      'warn',
      'low 1',
      'low 2',
      'low 3',
    ],
    ['passes: handlers have time', watched({ ...crumbs, busy: 49 }), 'pass'],
    ['passes: fetches wait for data', watched({ ...crumbs, totalMs: 20 }), 'pass'],
    ['passes: they are short because there is much to read', watched({ ...crumbs, outMiB: 1 }), 'pass'],
    [
      'warns without open monitoring',
      watched(crumbs).without('openMonitoring', 'not-requested'),
      'warn',
      'low 1',
      'low 2',
      'low 3',
    ],
    ['no-data: nobody counts fetches without it', watched().without('openMonitoring', 'not-requested'), 'no-data'],
    [
      'no-data: one broker was not scraped',
      watched().withSection('openMonitoring', scraped(60_000, 600, [1, 2])),
      'no-data',
    ],
    ['no-data: metrics were not read', watched().without('metrics', 'throttled'), 'no-data'],
    ['no-data: handlers below PER_BROKER', watched().withoutMetric(METRICS.requestHandlerIdle), 'no-data'],
    [
      'no-data: busy, and how long fetches last is not published',
      watched(crumbs).withoutMetric(METRICS.fetchConsumerTotalTimeMean),
      'no-data',
    ],
    ['warns on Express', watched(crumbs).withKind('provisioned-express'), 'warn', 'low 1', 'low 2', 'low 3'],
    ['not applicable: Serverless', watched().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', watched().withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('fetches-inefficient', () => watched({ perFetch: 100 }), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('the wait advised is that of the goal', () => {
    const { recommendation } = runCheck('fetches-inefficient', watched({ perFetch: 100 }), { goal: 'throughput' });
    expect(recommendation?.action).toContain('fetch.min.bytes=65536, fetch.max.wait.ms=1000');
  });
});
