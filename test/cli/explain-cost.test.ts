// `collect --explain-cost` over the real clients: the price comes before anything that has one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunCost } from '../../lib/collect/explain-cost.ts';
import { AwsError } from '../../sandbox/aws/http.ts';
import { type AwsFront, startAwsFront } from '../collect/aws-front.ts';
import { answersOf, nameOperation } from '../collect/healthy-account.ts';
import { ARN } from '../collect/msk/an-answer.ts';
import { cli } from './cli.ts';

const NOW = '2026-11-20T06:15:00Z';
let folder: string;
let front: AwsFront;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msk-checkup-cost-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

async function awsAnswers(changes: Parameters<typeof answersOf>[0] = {}): Promise<void> {
  front = await startAwsFront(answersOf(changes), nameOperation);
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
}

const explain = (...more: string[]) => cli('collect', '--cluster', ARN.arn, '--explain-cost', '--now', NOW, ...more);

test('tells each report and the first one apart, and asks only what is free', async () => {
  await awsAnswers();
  const { exitCode, out } = await explain('--json');
  expect(exitCode).toBe(0);
  const cost = JSON.parse(out) as RunCost;
  const parts = ['cluster', 'brokers', 'groups', 'topics'] as const;
  const sum = parts.reduce((total, part) => total + cost.day.groups[part].metricsRequested, 0);
  expect(cost.day.metricsRequested).toBe(sum);
  expect(cost.day.metricsRequested).toBeLessThanOrEqual(cost.budgetMetrics);
  expect(cost.day.usd).toBeCloseTo(sum * 0.00001, 12);
  expect(cost.history.metricsRequested).toBeGreaterThan(0);
  expect(cost.history.groups.history).toMatchObject({ metricsRequested: cost.history.metricsRequested });
  expect(new Set(front.requests.map(({ service }) => service))).toEqual(new Set(['kafka']));
});

test('says what ranking by CloudWatch itself costs at most, how often, and what is set aside for it', async () => {
  await awsAnswers();
  // Three brokers: a fifth of 250 metrics pays for 10,000 in 200 days; older than 28 no ranking gets.
  const ranking = { metricsRequested: 10_000, days: 28, reservedMetrics: 50 };
  const { rankingAtMost } = JSON.parse((await explain('--json')).out) as RunCost;
  expect(rankingAtMost).toMatchObject(ranking);
  expect(rankingAtMost.usd).toBeCloseTo(0.1, 12);
  expect((await explain()).out).toContain(
    'at most 10000 ($0.10), once in up to 28 days; each report then asks for 50 metrics less.',
  );
});

test('is a table for people, with the price and its source', async () => {
  await awsAnswers();
  const { out } = await explain();
  expect(out).toMatch(/^each report +\d+ +\d+ +\d+ +\$0\.00\d+$/m);
  expect(out).toMatch(/^once, for the last 28 days +\d+/m);
  expect(out).toContain('https://aws.amazon.com/cloudwatch/pricing/');
  expect(out).toContain('Nothing was asked of CloudWatch.');
});

test('a cluster that may not be described has no price, and the one line says why', async () => {
  const refusal = new AwsError('ForbiddenException', 'no', 403);
  await awsAnswers({ DescribeClusterV2: refusal, ListNodes: refusal });
  const { exitCode, out, err } = await explain();
  expect([exitCode, out]).toEqual([3, '']);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('any other Kafka costs nothing to read', async () => {
  await awsAnswers();
  const { exitCode, err } = await cli('collect', '--bootstrap', '127.0.0.1:1', '--explain-cost');
  expect(exitCode).toBe(2);
  expect(err).toContain('--explain-cost goes with --cluster');
});
