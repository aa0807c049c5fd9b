// One whole collection against an account that a test has spoilt: in fast time, with what every outcome must keep to.
import { afterEach, beforeAll, expect, vi } from 'vitest';
import type { AwsAccess } from '../../lib/collect/aws-clients.ts';
import type { CollectError } from '../../lib/collect/aws-errors.ts';
import { collectSnapshot } from '../../lib/collect/collect-snapshot.ts';
import type { Collected } from '../../lib/snapshot/collected.ts';
import type { SectionName, Snapshot } from '../../lib/snapshot/schema.ts';
import { type Answer, type AwsFront, startAwsFront } from './aws-front.ts';
import { inFastTime } from './fast-time.ts';
import { answersOf, awsSources, collectOptions, nameOperation, OPERATIONS, type Operation } from './healthy-account.ts';

export const REGION = 'us-east-1';
export const DEADLINE_MS = 60_000;
/** Nobody typed these: an answer that names them must not be quoted. */
const FOREIGN = /999988887777|jane|10\.11\.12\.13|proxy\.corp/;
export const BEHIND = 'User: arn:aws:sts::999988887777:assumed-role/ops/jane at 10.11.12.13 by proxy.corp';

/** The account of the test under way. */
export let front: AwsFront;

beforeAll(async () => {
  // A first collection loads what is loaded on the way. Fast time does not see that it is under way, and would jump to a time-out.
  await start();
  await collectSnapshot(collectOptions(Date.now() + DEADLINE_MS), await awsSources({ region: REGION }));
  await import('@aws-sdk/client-sts');
  await stop();
});

afterEach(stop);

async function stop() {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await front?.close();
}

export async function start(
  changes: Readonly<Record<string, Answer>> = {},
  sts: Readonly<Record<string, Answer>> = {},
) {
  front = await startAwsFront({ ...answersOf(changes), sts }, nameOperation);
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
}

export interface Run {
  snapshot: Snapshot | null;
  error: CollectError | null;
  tookMs: number;
}

/** One collection in fast time. Whatever comes of it: it ends in time, and quotes neither what AWS said nor a stack. */
export async function collect({
  deadlineMs = DEADLINE_MS,
  ...access
}: Partial<AwsAccess> & { deadlineMs?: number } = {}): Promise<Run> {
  const { value, tookMs } = await inFastTime(async () => {
    const sources = await awsSources({ region: REGION, ...access });
    return collectSnapshot(collectOptions(Date.now() + deadlineMs), sources).then(
      (snapshot) => ({ snapshot, error: null }),
      (error: CollectError) => ({ snapshot: null, error }),
    );
  });
  const said = JSON.stringify([value.snapshot, value.error?.message]);
  expect(said).not.toMatch(FOREIGN);
  expect(said).not.toMatch(/node_modules|\.ts:\d|\bat \w+ \(/);
  expect(tookMs).toBeLessThan(deadlineMs + 2_000);
  return { ...value, tookMs };
}

/** Missing sections to their reasons, without those of the brokers, which nobody can reach here. */
export function gapsOf({ snapshot, error }: Run): Record<string, string> {
  if (snapshot === null) throw error;
  const sections = Object.entries(snapshot.sections) as [SectionName, Collected<unknown>][];
  return Object.fromEntries(
    sections.flatMap(([name, each]) => (each.ok || name.startsWith('kafka') ? [] : [[name, each.reason]])),
  );
}

export function allFor(operation: Operation, reason: string): Record<string, string> {
  return Object.fromEntries(operation.sections.map((name) => [name, reason]));
}

export function section(run: Run, name: SectionName): Collected<unknown> {
  const found: Collected<unknown> | undefined = run.snapshot?.sections[name];
  if (found === undefined) throw run.error ?? new Error(`${name} was not read`);
  return found;
}

/** What the report's reader is told of a call that failed: by the section that is missing, or by the one that is a part. */
export function toldBy(run: Run, { sections: [missing], part }: Operation): string {
  const told = section(run, (missing ?? part)!);
  return told.ok ? (told.partial ?? '') : `${told.detail}. ${told.fix ?? ''}`;
}

export const byName = OPERATIONS.map((operation) => [operation.operation, operation] as const);
export const calls = (operation: string) => front.requests.filter((request) => request.operation === operation).length;
