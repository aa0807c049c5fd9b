// The deep look of the tests of single checks: every source that a check may use, through the product's own collectors, in this process.
import { judge } from '../../lib/checkup.ts';
import { createAccountReaders } from '../../lib/collect/account/collect-account.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { collectKafka } from '../../lib/collect/kafka/collect-kafka.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import type { ReadKafka } from '../../lib/collect/kafka-stage.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import { collectOpenMonitoring } from '../../lib/collect/open-monitoring/collect-open-monitoring.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type Inspection, quickPolicy } from './live.ts';

const INTERVAL_SEC = 3;
const SCRAPE_SPAN_MS = 5_000;

/**
 * Limits that a small machine cannot reach, or not in minutes. They hold while a check is seen to fire and while it is seen to clear: what
 * changes between the two is the cluster. All others are those of production.
 */
const POLICY = `version: 1
environment: production
sampling: { samples: 3, intervalSec: ${INTERVAL_SEC} }
lag: { minSpanSec: 5 }
checks:
  acks-weak: { maxRemoteMs: 1 }
  batches-small: { minMessagesPerSec: 150 }
  broker-recompression: { minCpuPercent: 18 }
  broker-slow: { minMiBPerSec: 0.001 }
  broker-traffic-skewed: { minBytesPerSecPerBroker: 50000 }
  cpu-high: { mediumPercent: 18 }
  failure-headroom-low: { maxCpuPercent: 27 }
  codec-heavy: { maxGzipPercent: 5 }
  fetches-inefficient: { minFetchesPerSec: 10 }
  partition-hot: { minTopicMessagesPerSec: 100 }
  partition-oversized: { infoGiB: 0.002, lowGiB: 0.004, mediumGiB: 1 }
  rack-selector-missing: { minSavingUsdPerMonth: 0.15, minFanOut: 0.01 }
  readers-cross-az: { minUsdPerMonth: 0.15 }
  io-threads-low: { busyPercent: 30 }
  request-handlers-saturated: { mediumPercent: 30 }
  throughput-near-limit: { limitPercent: 3 }
  tiering-candidate: { minColdGiB: 0.002 }
  topic-underpartitioned: { minTopicBytesPerSec: 100000 }
  traffic-uncompressed: { minBytesPerSec: 150000 }
`;

/** What is done at the second look at the offsets, between the first and the last one. */
export type BetweenLooks = () => Promise<void>;

export interface LookOptions {
  /** False: what AWS says alone, in half a second. */
  kafka?: boolean;
  between?: BetweenLooks;
}

export async function look(sandbox: Sandbox, { kafka = true, between }: LookOptions = {}): Promise<Inspection> {
  const { aws } = sandbox;
  if (aws === null) throw new Error('the sandbox runs without its AWS side');
  Object.assign(process.env, aws.env);
  const access = { region: aws.region };
  const policy = quickPolicy(POLICY);
  const snapshot = await collectSnapshot(
    {
      target: { kind: 'msk', clusterArn: aws.clusterArn, auth: 'none' },
      windowHours: 24,
      nowMs: Date.now(),
      deadlineMs: Date.now() + 60_000,
      toolVersion: '0.0.0-test',
      kafkaPlan: reportPlan({ samples: 3, intervalSec: INTERVAL_SEC, readData: true }),
    },
    {
      msk: await createMskReader(access),
      cloudwatch: await createCloudWatchReader(access),
      account: createAccountReaders(access),
      hours: { load: async () => ({ history: new Map(), notices: [] }), store: async () => {} },
      ...(kafka ? { readKafka: readerOf(sandbox, between) } : {}),
    },
  );
  const report = judge({ snapshot, policy, previous: null, runId: 'manual-test', toolVersion: '0.0.0-test' });
  return { snapshot, report };
}

/** Beside the brokers their exporters, which listen on ports of their own here. */
function readerOf({ cluster }: Sandbox, between?: BetweenLooks): ReadKafka {
  let todo = between;
  const sleep = async (ms: number): Promise<void> => {
    // Shorter naps are those of a connection that is tried again.
    if (ms > 1_000) {
      const act = todo;
      todo = undefined;
      await act?.();
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  };
  return async (request) => {
    const brokers = cluster.brokers.map(({ id, jmxPort }) => ({
      id,
      host: '127.0.0.1',
      ports: { jmx: jmxPort, node: jmxPort },
    }));
    const [sections, openMonitoring] = await Promise.all([
      collectKafka({ ...request, auth: { kind: 'none' } }, { now: Date.now, sleep }),
      collectOpenMonitoring(
        { brokers, exporters: ['jmx'], spanMs: SCRAPE_SPAN_MS, deadlineMs: request.deadlineMs },
        { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
      ),
    ]);
    return { ...sections, openMonitoring };
  };
}
