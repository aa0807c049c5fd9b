// A larger cluster is the last step: what shows where a cheaper one begins comes before the command for it.
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { aMonitored } from './monitored.ts';
import { runCheck } from './run.ts';
import { SICK } from './sick.ts';

const B2 = { 'Broker ID': 2 };
const throttled = aMonitored().withKind('provisioned-express').withMetric(METRICS.produceThrottleTime, B2, 50);
// With CPU to spare it would be the threads that are raised.
const busy = SICK['request-handlers-saturated']().withMetric(METRICS.cpuUser, B2, 80);

describe('shows the load before it advises to scale', () => {
  test.each([
    ['request-handlers-saturated', busy, 'MessagesInPerSec'],
    ['throughput-near-limit', SICK['throughput-near-limit'](), 'BytesInPerSec'],
    ['traffic-shaped', SICK['traffic-shaped'](), 'BytesOutPerSec'],
    ['memory-pressure', SICK['memory-pressure'](), 'BytesInPerSec'],
    ['page-cache-short', SICK['page-cache-short'](), 'which group reads which topic'],
    ['ebs-throughput-near-limit', SICK['ebs-throughput-near-limit'](), 'BytesInPerSec'],
    ['clients-throttled', throttled, 'BytesInPerSec'],
  ] as const satisfies readonly (readonly [CheckId, unknown, string])[])('%s', (id, source, shown) => {
    const [first] = runCheck(id, source).recommendation!.commands;
    expect([first!.effect, first!.purpose]).toEqual(['read', expect.stringContaining(shown)]);
  });
});
