// How time, bytes and requests of one collection grow with the cluster. In this process, warm: the start of a process and of the
// compiler would hide the growth.
import type { KafkaVersion } from '../../sandbox/kafka/artifacts.ts';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { collectCore } from './clients/collect-core.ts';
import { coreTally } from './counts.ts';
import type { GrowthSteps } from './fixture/growth-steps.ts';
import { whenSettled } from './fixture/settle.ts';
import { using } from './lifetime.ts';
import { exponentOf, type Spread, spreadOf } from './measure/statistics.ts';
import { witnessed } from './witness.ts';

export interface GrowthStep {
  size: number;
  wallMs: Spread;
  receivedBytes: number;
  requests: number;
}

export interface Growth {
  what: string;
  around: string;
  steps: GrowthStep[];
  wallExponent: number;
  bytesExponent: number;
  /** Time at the last size by the time at half of it. */
  lastDoubling: number;
  /** Empty when every size costs the same requests. */
  wrong: string[];
}

const BROKERS = 3;
const CORE_REQUESTS = Object.values(coreTally(BROKERS)).reduce((sum, count) => sum + count, 0);
const FIRST_WARM_UP = 15;
const WARM_UP = 3;

export async function measureGrowth(
  kafka: KafkaVersion,
  { what, around, sizes, committed, grow }: GrowthSteps,
  runs: number,
  say: (line: string) => void,
): Promise<Growth> {
  const shape = { brokers: BROKERS, users: null, proxied: true };
  const starting = startSandbox({ kafka, profile: 'empty', aws: false, shape, log: () => {} });
  return using(starting, async ({ cluster }) => {
    const steps: GrowthStep[] = [];
    const wrong: string[] = [];
    for (const [index, size] of sizes.entries()) {
      await grow(cluster.bootstrap, sizes[index - 1] ?? 0, size);
      await whenSettled(cluster.bootstrap, { committedPartitions: committed(size), members: 0 });
      const step = await measureStep(cluster, size, runs, index === 0 ? FIRST_WARM_UP : WARM_UP);
      steps.push(step);
      if (step.requests !== CORE_REQUESTS) wrong.push(`${size} ${what}: ${step.requests} requests`);
      say(
        `${size} ${what}: ${step.wallMs.median.toFixed(1)} ms, ${step.receivedBytes} bytes, ${step.requests} requests`,
      );
    }
    const [before, last] = steps.slice(-2).map(({ wallMs }) => wallMs.median);
    return {
      what,
      around,
      steps,
      wallExponent: exponentOf(steps.map(({ size, wallMs }) => ({ size, value: wallMs.median }))),
      bytesExponent: exponentOf(steps.map(({ size, receivedBytes }) => ({ size, value: receivedBytes }))),
      lastDoubling: (last ?? Number.NaN) / (before ?? Number.NaN),
      wrong,
    };
  });
}

async function measureStep(cluster: KafkaCluster, size: number, runs: number, warmUp: number): Promise<GrowthStep> {
  const bootstrap = cluster.bootstrap.split(',');
  const wallMs: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    const startedMs = performance.now();
    await collectCore(bootstrap);
    if (run >= warmUp) wallMs.push(performance.now() - startedMs);
  }
  const { receivedBytes, requests } = await witnessed(cluster, () =>
    collectCore(cluster.bootstrapOf('proxied').split(',')),
  );
  return { size, wallMs: spreadOf(wallMs), receivedBytes, requests };
}
