import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxAws, type StartAwsOptions, startAws } from '../../../sandbox/aws/aws.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';

/** A cluster that only stands in the control plane: nothing listens on its ports. */
export function paperCluster(overrides: Partial<KafkaCluster> = {}): KafkaCluster {
  return {
    version: '3.9.2',
    clusterId: 'paper-cluster',
    bootstrap: '127.0.0.1:1,127.0.0.1:2,127.0.0.1:3',
    bootstrapOf: (kind) => {
      throw new Error(`no listener ${kind}`);
    },
    proxies: [],
    ca: null,
    iam: null,
    brokers: [1, 2, 3].map((id) => ({
      id,
      saslPort: null,
      port: id,
      rack: `use1-az${id}`,
      jmxPort: id,
      logDir: '/nowhere',
      alive: false,
    })),
    controllerJmxPort: 4,
    killBroker: async () => {},
    startBroker: async () => {},
    killController: async () => {},
    startController: async () => {},
    logSizeBytes: async () => 0,
    stop: async () => {},
    processes: () => [],
    ...overrides,
  };
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'msk-checkup-aws-'));
}

/** MSK and CloudWatch alone: no Python, no Kafka. */
export function startPaperAws(overrides: Partial<StartAwsOptions> = {}): Promise<SandboxAws> {
  return startAws({
    cluster: paperCluster(),
    folder: freshFolder(),
    log: () => {},
    emulator: false,
    scrape: false,
    ...overrides,
  });
}

/** What an SDK client needs to talk to this sandbox and to nothing else. */
export function clientFor(aws: SandboxAws): {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return {
    endpoint: aws.endpoint,
    region: aws.region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  };
}

/** Skips loudly where a tool is missing; where CI=true nothing may be skipped, and the test fails by itself. */
export function missing(tool: 'python3' | 'java', args: string[], needed: string): boolean {
  try {
    execFileSync(tool, args, { stdio: 'ignore' });
    return false;
  } catch {
    console.warn(`skipped: ${needed} needs ${tool}, which is not on this machine`);
    return process.env.CI !== 'true';
  }
}
