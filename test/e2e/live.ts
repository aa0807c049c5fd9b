// What the end-to-end tests share: the sandbox or a loud reason why not, and a quick reading of its cluster.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { judge } from '../../lib/checkup.ts';
import { createCloudWatchReader } from '../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import { collectKafka } from '../../lib/collect/kafka/collect-kafka.ts';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import { createMskReader } from '../../lib/collect/msk/msk-reader.ts';
import type { RunRecord } from '../../lib/history/history.ts';
import { parsePolicy } from '../../lib/policy/load-policy.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { Report } from '../../lib/report/report.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { type KafkaVersion, knownKafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { missingPrerequisites } from '../../sandbox/prerequisites.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

export const ROOT: string = join(import.meta.dirname, '../..');
export const isFull: boolean = process.env.MSK_CHECKUP_TEST_FULL === '1';

/** The newest one always; the older line in the full suite. Another one by hand: `MSK_CHECKUP_TEST_KAFKA=3.6.2`. */
export const KAFKA_VERSIONS: readonly KafkaVersion[] = versionsToTest();

/** For what depends on our own code rather than on the broker's version. */
export const NEWEST_KAFKA: readonly KafkaVersion[] = KAFKA_VERSIONS.slice(0, 1);

function versionsToTest(): readonly KafkaVersion[] {
  const named = process.env.MSK_CHECKUP_TEST_KAFKA;
  if (named === undefined) return isFull ? ['4.3.1', '3.9.2'] : ['4.3.1'];
  const known = knownKafkaVersions.find((version) => version === named);
  if (known === undefined)
    throw new Error(`MSK_CHECKUP_TEST_KAFKA=${named}: allowed are ${knownKafkaVersions.join(', ')}`);
  return [known];
}

const missing = missingPrerequisites();
for (const line of missing) console.warn(`end-to-end tests are SKIPPED: ${line}`);
if (missing.length > 0 && process.env.CI === 'true') throw new Error(missing.join('; '));

/** For `describe.skipIf`. */
export const cannotRun: boolean = missing.length > 0;

/** Samples a few seconds apart: the tests have no two minutes for each look. */
export const QUICK_POLICY = `version: 1
environment: production
sampling: { samples: 3, intervalSec: 3 }
lag: { minSpanSec: 5 }
`;

export function quickPolicy(text: string = QUICK_POLICY): Policy {
  const parsed = parsePolicy(text, 'test policy');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return resolvePolicy({ overrides: parsed.overrides, tags: null, clusterName: 'sandbox' });
}

export interface Inspection {
  snapshot: Snapshot;
  report: Report;
}

/** Reads the sandbox's cluster as the product does, in this process, and judges it. */
export async function inspect(sandbox: Sandbox, previous: RunRecord | null = null): Promise<Inspection> {
  const { aws } = sandbox;
  if (aws === null) throw new Error('the sandbox runs without its AWS side');
  Object.assign(process.env, aws.env);
  await aws.refreshMetrics();
  const policy = quickPolicy();
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const snapshot = await collectSnapshot(
    {
      target: { kind: 'msk', clusterArn: aws.clusterArn, auth: 'none' },
      windowHours: 24,
      nowMs: Date.now(),
      deadlineMs: Date.now() + 60_000,
      toolVersion: '0.0.0-test',
      kafkaPlan: reportPlan(policy.sampling),
    },
    {
      msk: await createMskReader({ region: aws.region }),
      cloudwatch: await createCloudWatchReader({ region: aws.region }),
      readKafka: async (request) =>
        await collectKafka({ ...request, auth: { kind: 'none' } }, { now: Date.now, sleep }),
    },
  );
  const report = judge({ snapshot, policy, previous, runId: 'manual-test', toolVersion: '0.0.0-test' });
  return { snapshot, report };
}

export function statusOf(report: Report, checkId: string): string {
  return report.checks.find((check) => check.checkId === checkId)?.status ?? 'absent';
}

export function findingsOf(report: Report, checkId: string): string[] {
  return report.findings.filter((finding) => finding.checkId === checkId).map((finding) => finding.resource);
}

/** Looks again until the condition holds; the last inspection either way. */
export async function inspectUntil(
  sandbox: Sandbox,
  holds: (inspection: Inspection) => boolean,
  timeoutMs = 60_000,
): Promise<Inspection> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const inspection = await inspect(sandbox);
    if (holds(inspection) || Date.now() > deadlineMs) return inspection;
  }
}

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line in a process of its own, with nothing of this machine's AWS configuration, and a home that keeps nothing. */
export function runCli(args: readonly string[], env: Record<string, string> = {}): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.mjs'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: 'nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_COLOR: '1',
      ...env,
    },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}
