import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type AccountReaders,
  collectAccount,
  createAccountReaders,
  stillFresh,
} from '../../../lib/collect/account/collect-account.ts';
import { SectionRun } from '../../../lib/collect/section-run.ts';
import { missing, present } from '../../../lib/snapshot/collected.ts';
import type { FaultKind } from '../../../sandbox/aws/faults.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import type { AwsFront } from '../aws-front.ts';
import { ACCESS, ARN, accountFront, aRun, BOOTSTRAP, collected } from './an-account.ts';

// Only the number of tries is changed, and only for the one test whose pauses would be long: they are the SDK's.
const tries = vi.hoisted(() => ({ most: 4 }));
vi.mock('../../../lib/collect/aws-clients.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../../lib/collect/aws-clients.ts')>();
  const awsClientConfig: typeof real.awsClientConfig = (...args) => ({
    ...real.awsClientConfig(...args),
    maxAttempts: tries.most,
  });
  return { ...real, awsClientConfig };
});

const SECTIONS = ['storageScaling', 'alarms', 'quotas', 'connectors'] as const;
const ACTIONS = {
  storageScaling: 'application-autoscaling:DescribeScalableTargets',
  alarms: 'cloudwatch:DescribeAlarms',
  quotas: 'servicequotas:ListServiceQuotas',
  connectors: 'kafkaconnect:ListConnectors',
};
const SERVICES = ['application-autoscaling', 'monitoring', 'servicequotas', 'kafkaconnect'];

let front: AwsFront;

beforeEach(async () => {
  front = await accountFront();
});
afterEach(async () => {
  tries.most = 4;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await front.close();
});

function strike(kind: FaultKind, times?: number) {
  for (const service of SERVICES) {
    front.faults.inject({ service, operation: '*', kind, delayMs: 5_000, ...(times === undefined ? {} : { times }) });
  }
}

test('a Standard cluster: all four sections by six calls', async () => {
  const sections = await collected();
  for (const name of SECTIONS) expect(sections[name], name).toMatchObject({ ok: true });
  expect(front.requests).toHaveLength(6);
});

test.each([
  ['provisioned-express', ['storageScaling']],
  ['serverless', ['storageScaling', 'quotas']],
] as const)('%s: what it does not have is not-supported, and no client is loaded for it', async (kind, absent) => {
  const made: string[] = [];
  const real = createAccountReaders(ACCESS);
  const noted = <K extends keyof AccountReaders>(name: K): AccountReaders[K] =>
    (() => {
      made.push(name);
      return real[name]();
    }) as AccountReaders[K];
  const readers = {
    storageScaling: noted('storageScaling'),
    alarms: noted('alarms'),
    quotas: noted('quotas'),
    connectors: noted('connectors'),
  };
  const sections = await collected({ kind, readers });
  for (const name of absent) expect(sections[name]).toMatchObject({ ok: false, reason: 'not-supported' });
  expect(made.sort()).toEqual(SECTIONS.filter((name) => !(absent as readonly string[]).includes(name)).sort());
  expect(sections.alarms.ok && sections.connectors.ok).toBe(true);
});

test('without the description and the addresses of the cluster, what hangs on them is missing for the same reason', async () => {
  const refused = missing('not-permitted', 'no', 'Allow it');
  const sections = await collectAccount(createAccountReaders(ACCESS), refused, refused, ARN, aRun());
  const same = { ok: false, reason: 'not-permitted', fix: 'Allow it' };
  expect(sections).toMatchObject({
    storageScaling: same,
    connectors: same,
    alarms: { ok: true },
    quotas: { ok: true },
  });
});

test('refused: each section names the exact action', async () => {
  strike('403');
  const sections = await collected();
  for (const name of SECTIONS) {
    expect(sections[name], name).toMatchObject({
      ok: false,
      reason: 'not-permitted',
      detail: expect.stringContaining(`${ACTIONS[name]} in ${ARN.region}`),
      fix: `Allow ${ACTIONS[name]} on * for the caller`,
    });
  }
});

test("each service's own word for too many requests is known", async () => {
  tries.most = 1;
  strike('429');
  const sections = await collected();
  for (const section of SECTIONS) expect(sections[section], section).toMatchObject({ ok: false, reason: 'throttled' });
});

test.each([
  ['500', 'failed', '(Internal'],
  ['cut', 'unreachable', '(ECONNRESET)'],
] as const)('%s again and again: %s, after a bounded number of tries', async (kind, reason, name) => {
  // The pauses between tries are a random part of their bound.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  strike(kind);
  const sections = await collected();
  for (const section of SECTIONS) {
    expect(sections[section], section).toMatchObject({ ok: false, reason, detail: expect.stringContaining(name) });
  }
  expect(front.requests.length).toBe(SERVICES.length * 4);
});

test('a fault that passes is not seen', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  strike('500', 1);
  const sections = await collected();
  for (const name of SECTIONS) expect(sections[name], name).toMatchObject({ ok: true });
});

test('no answer before the deadline: timed-out, and the run is not held up', async () => {
  strike('slow');
  const startedMs = performance.now();
  const sections = await collected({ timeMs: 80 });
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  for (const name of SECTIONS) expect(sections[name]).toMatchObject({ ok: false, reason: 'timed-out' });
});

test("AWS's own words, which name the caller, stay out", async () => {
  await front.close();
  const secret = 'User: arn:aws:iam::111122223333:user/alice is not authorized';
  const refusal = new AwsError('AccessDeniedException', secret);
  front = await accountFront({
    'application-autoscaling': { DescribeScalableTargets: refusal },
    servicequotas: { ListServiceQuotas: refusal },
  });
  expect(JSON.stringify(await collected())).not.toContain('alice');
});

test('what was read within the week, and whole, stands for today and costs no call', async () => {
  const earlier = await collected();
  const { quotas, connectors } = earlier;
  const nowMs = Date.now();
  const old = { quotas: { ...quotas, asOfMs: nowMs - 7 * 86_400_000 } as typeof quotas, connectors };
  expect(Object.keys(stillFresh(old, nowMs))).toEqual(['connectors']);
  const half = { ...quotas, partial: 'half' } as typeof quotas;
  expect(stillFresh({ quotas: half, connectors: missing('failed', 'x') }, nowMs)).toEqual({});
  front.requests.length = 0;
  const fresh = stillFresh({ quotas, connectors }, nowMs + 6 * 86_400_000);
  const readers = createAccountReaders(ACCESS);
  const { cluster } = aSnapshot().build().sections;
  const sections = await collectAccount(readers, cluster!, present(BOOTSTRAP, 0), ARN, aRun(), fresh);
  expect(sections).toMatchObject({ quotas, connectors, alarms: { ok: true } });
  const services = new Set(front.requests.map(({ service }) => service));
  expect(services).toEqual(new Set(['application-autoscaling', 'monitoring']));
});

test('the sections say when they were read', async () => {
  const run = new SectionRun(Date.now() + 60_000, { now: () => 1_234, progress: () => {} });
  const unknown = missing('failed', 'x');
  const sections = await collectAccount(createAccountReaders(ACCESS), unknown, present(BOOTSTRAP, 0), ARN, run);
  run.release();
  expect(sections.alarms).toHaveProperty('asOfMs', 1_234);
});
