// The main job on real input: the built bundles, each in its own process as on Lambda, against real Kafka and the emulated AWS.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../lib/report/report.ts';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { type Deployment, deployCheckup } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { cannotRun, QUICK_POLICY, runCli } from './live.ts';

const FIRST = '2026-11-20T06:15:00Z';
const SECOND = '2026-11-21T06:15:00Z';

describe.skipIf(cannotRun)('the scheduled report, as deployed', () => {
  let sandbox: Sandbox;
  let deployment: Deployment;
  let folder: string;
  let first: any;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'msk-checkup-e2e-'));
    sandbox = await startSandbox({ kafka: '4.3.1', profile: 'demo', aws: true, log: () => {} });
    deployment = await deployCheckup(sandbox.aws!, { policy: QUICK_POLICY });
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const { reply, failed } = await deployment.invokeReport({
      clusterArn: sandbox.aws!.clusterArn,
      scheduledTime: FIRST,
    });
    expect(failed, JSON.stringify(reply)).toBe(false);
    first = reply;
  });
  afterAll(async () => {
    await sandbox?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const storedReport = async (key: string): Promise<Report> =>
    JSON.parse(Buffer.from((await deployment.object(key.replace(/html$/, 'json'))).body).toString('utf8'));

  test('the reply is the contract: verdict, where the report lies, at most three findings', () => {
    expect(first).toMatchObject({
      ok: true,
      runId: '20261120T0615Z',
      clusterArn: sandbox.aws!.clusterArn,
      verdict: 'fail',
    });
    expect(first.topFindings.length).toBeLessThanOrEqual(3);
    expect(first.reportUrl).toBeUndefined();
    expect(first.degraded).toEqual([]);
  });

  test('the objects lie under the documented keys with the right content types', async () => {
    const keys = await deployment.objectKeys();
    const name = `${sandbox.aws!.clusterName}~`;
    const run = new RegExp(
      `^v1/(reports|snapshots)/account=111122223333/region=us-east-1/cluster=${name}[0-9a-z-]{8}/dt=2026-11-20/run=20261120T0615Z/`,
    );
    const byName = Object.fromEntries(keys.filter((key) => run.test(key)).map((key) => [key.split('/').at(-1), key]));
    expect(Object.keys(byName).sort()).toEqual(['report.html', 'report.json', 'snapshot.json.gz']);
    expect((await deployment.object(byName['report.html']!)).contentType).toBe('text/html; charset=utf-8');
    expect((await deployment.object(byName['report.json']!)).contentType).toBe('application/json');
    expect(keys.filter((key) => key.startsWith('v1/latest/111122223333/us-east-1/'))).toHaveLength(1);
    expect(keys.filter((key) => key.startsWith('runs/20261120T0615Z/sent/'))).toHaveLength(1);
  });

  test('the queue that subscribes to the topic received one message for people and programs', async () => {
    const messages = await deployment.receivedMessages();
    expect(messages).toHaveLength(1);
    const envelope = JSON.parse(messages[0]!.Body!);
    expect(envelope.Subject.length).toBeLessThanOrEqual(100);
    expect(JSON.parse(envelope.Message)).toMatchObject({ runId: '20261120T0615Z', verdict: 'fail' });
    expect(envelope.MessageAttributes).toMatchObject({ kind: { Value: 'cluster' }, verdict: { Value: 'fail' } });
  });

  test('the report names what only this very run has: its topic, its cluster id, its Kafka groups', async () => {
    const report = await storedReport(first.reportKey);
    expect(report.topics.rows.map((row) => row.topic)).toContain(sandbox.runTopic);
    const status = Object.fromEntries(report.groups.rows.map((row) => [row.groupId, row.status]));
    expect(status['stock-sync']).toBe('STALLED');
    expect(status['shipping-labels-v1']).toBe('STOPPED');
    expect(['FALLING_BEHIND', 'BEHIND_STEADY', 'DRAINING']).toContain(status['search-indexer']);
    const kip848 = report.groups.rows.find((row) => row.groupId === 'clickstream-realtime');
    expect(kip848).toMatchObject({ type: 'consumer', state: 'Stable', members: 1 });
    expect(report.notices.join('\n')).toMatch(/composed/);
    expect(report.notices.join('\n')).toMatch(/sampling|samples/);
  });

  test('a second run with the same scheduled time publishes nothing twice', async () => {
    const before = await deployment.objectKeys();
    const { reply } = await deployment.invokeReport({ clusterArn: sandbox.aws!.clusterArn, scheduledTime: FIRST });
    expect({ ...reply, costUsd: 0 }).toEqual({ ...first, costUsd: 0 });
    expect(await deployment.objectKeys()).toEqual(before);
    expect(await deployment.receivedMessages()).toEqual([]);
  });

  test('the next run tells what is new, persisting and resolved', async () => {
    await sandbox.inject('min-isr-equal-rf');
    const { reply } = await deployment.invokeReport({ clusterArn: sandbox.aws!.clusterArn, scheduledTime: SECOND });
    const report = await storedReport(reply.reportKey);
    expect(report.changes.previous).toMatchObject({ runId: '20261120T0615Z' });
    expect(report.changes.persisting.length).toBeGreaterThan(0);
    const isNew = report.findings.filter((finding) => finding.change === 'new').map((finding) => finding.checkId);
    expect(isNew).toContain('min-isr-equal-rf');
    await sandbox.heal();
    const changesAt = async (scheduledTime: string) => {
      const { reply: later } = await deployment.invokeReport({ clusterArn: sandbox.aws!.clusterArn, scheduledTime });
      return (await storedReport(later.reportKey)).changes;
    };
    const third = await changesAt('2026-11-22T06:15:00Z');
    expect(third.clearing.map(({ checkId }) => checkId)).toContain('min-isr-equal-rf');
    const fourth = await changesAt('2026-11-23T06:15:00Z');
    expect(fourth.resolved.map(({ checkId }) => checkId)).toContain('min-isr-equal-rf');
    expect(await deployment.receivedMessages()).toHaveLength(3);
  });

  test('the stored snapshot replays through the built command line, twice to the same bytes', async () => {
    const key = first.reportKey.replace('v1/reports/', 'v1/snapshots/').replace(/report\.[a-z]+$/, 'snapshot.json.gz');
    const text = gunzipSync((await deployment.object(key)).body).toString('utf8');
    expect(loadSnapshot(text).ok).toBe(true);
    expect(text).not.toContain('127.0.0.1');
    const snapshot = join(folder, 'snapshot.json');
    const policy = join(folder, 'policy.yaml');
    writeFileSync(snapshot, text);
    writeFileSync(policy, QUICK_POLICY);
    const outputs = ['a', 'b'].map((name) => {
      const out = join(folder, name);
      const result = runCli([
        'report',
        '--snapshot',
        snapshot,
        '--policy',
        policy,
        '--out',
        out,
        '--format',
        'html,email,json',
      ]);
      expect(result.status, result.stderr).toBe(0);
      return ['report.html', 'email.txt', 'report.json'].map((file) => readFileSync(join(out, file), 'utf8'));
    });
    expect(outputs[0]).toEqual(outputs[1]);
    expect(outputs[0]![0]).toContain(sandbox.runTopic);
  });

  test('without a collector the report still goes out, and says what it could not see and the line that fixes it', async () => {
    const degraded = await deployCheckup(sandbox.aws!, { policy: QUICK_POLICY, collector: false });
    const { reply } = await degraded.invokeReport({ clusterArn: sandbox.aws!.clusterArn });
    expect(reply.ok).toBe(true);
    expect(reply.degraded.join(' ')).toMatch(/collector/i);
    expect(reply.reportUrl).toMatch(/^http/);
    const report = await storedReport(reply.reportKey);
    expect(report.gaps.map((gap) => gap.section)).toContain('kafkaGroups');
    expect(report.gaps.find((gap) => gap.section === 'kafkaGroups')?.fix).toMatch(/collector/i);
  });

  test.each([
    ['an unknown key', { clusterArn: 'x', colour: 'red' }, 'bad-input'],
    ['no MSK ARN', { clusterArn: 'arn:aws:s3:::bucket' }, 'bad-input'],
    [
      'a cluster that does not exist',
      { clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/ghost/00000000-0000-0000-0000-000000000000-1' },
      'not-found',
    ],
  ])('the caller gets one line for %s', async (_name, event, code) => {
    const { reply, failed } = await deployment.invokeReport(event);
    expect(failed).toBe(false);
    expect(reply).toMatchObject({ ok: false, error: { code } });
    expect(reply.error?.message).not.toMatch(/\n| at /);
  });
});
