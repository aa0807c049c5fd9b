import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { isRunning } from '../../sandbox/run-folder.ts';
import type { SandboxState } from '../../sandbox/state.ts';
import { missing } from './support/aws-fixtures.ts';

const cli = join(import.meta.dirname, '../../sandbox/cli.ts');
const run = mkdtempSync(join(tmpdir(), 'msk-checkup-run-'));
const env = { ...process.env, MSK_CHECKUP_SANDBOX_RUN: run };

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(...args: string[]): { child: ChildProcess; outcome: Promise<Outcome>; stderr: () => string } {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const outcome = new Promise<Outcome>((resolve) => child.once('exit', (code) => resolve({ code, stdout, stderr })));
  return { child, outcome, stderr: () => stderr };
}

const sandbox = (...args: string[]): Promise<Outcome> => start(...args).outcome;
const readState = (): SandboxState => JSON.parse(readFileSync(join(run, 'state.json'), 'utf8'));

async function allGone(pids: number[]): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 50) {
    if (!pids.some(isRunning)) return true;
    await sleep(50);
  }
  return false;
}

describe('usage', () => {
  test.each([
    [[], 'which command?'],
    [['sideways'], 'there is no command "sideways"'],
    [['fault', 'earthquake'], 'fault "earthquake" is not one of kill-broker, '],
    [['fault'], 'fault "" is not one of kill-broker, '],
    [['up', '--kafka', '2.8.0'], '--kafka "2.8.0" is not one of 4.3.1, 3.9.2'],
    [['up', '--profile', 'noisy'], '--profile "noisy" is not one of demo, healthy, idle, empty'],
    [['up', '--volume', '11'], '--volume'],
    [['fault', 'kill-broker'], 'no sandbox is up; run "npm run sandbox -- up" first'],
  ])('%j ends with 2 and one clear line', async (args, line) => {
    const { code, stdout, stderr } = await sandbox(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toContain(line);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('down and status without a sandbox say so', async () => {
    expect(await sandbox('down')).toMatchObject({ code: 0, stdout: 'no sandbox is up\n' });
    expect(await sandbox('status')).toMatchObject({ code: 0, stdout: 'no sandbox is up\n' });
    expect(await sandbox('status', '--json')).toMatchObject({ code: 0, stdout: 'null\n' });
  });
});

describe.skipIf(missing('java', ['-version'], 'a real cluster'))('a sandbox from the command line', () => {
  afterAll(() => sandbox('down'));

  test('up, status, fault, heal, down: nothing is left running', async () => {
    const up = await sandbox('up', '--profile', 'empty', '--no-aws');
    expect(up).toMatchObject({ code: 0 });
    const state = readState();
    expect(up.stdout).toContain(state.clusterId);
    expect(state.processes.map(({ name }) => name)).toEqual(['controller', 'broker-1', 'broker-2', 'broker-3']);
    const pids = [state.supervisorPid, ...state.processes.map(({ pid }) => pid)];
    expect(pids.every(isRunning)).toBe(true);

    expect((await sandbox('up', '--profile', 'demo')).stderr).toContain(
      'profile empty is up; run "npm run sandbox -- down" first',
    );
    const refused = await fetch(`http://127.0.0.1:${state.controlPort}/stop`, { method: 'POST' });
    expect(refused.status).toBe(403);
    expect(await sandbox('fault', 'stall-consumer')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('needs a workload'),
    });

    expect(await sandbox('down')).toMatchObject({ code: 0, stdout: 'sandbox is down\n' });
    expect(pids.filter(isRunning)).toEqual([]);
    expect(existsSync(join(run, 'state.json'))).toBe(false);
    expect(existsSync(join(state.logs, 'kafka', 'data'))).toBe(false);
  });

  test('when the supervisor is killed its JVMs go too, and the next command knows', async () => {
    expect(await sandbox('up', '--profile', 'empty', '--no-aws')).toMatchObject({ code: 0 });
    const state = readState();
    process.kill(state.supervisorPid, 'SIGKILL');
    expect(await allGone(state.processes.map(({ pid }) => pid))).toBe(true);
    expect(await sandbox('status')).toMatchObject({ code: 0, stdout: 'no sandbox is up\n' });
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('%s during up leaves nothing behind', async (signal) => {
    const { child, outcome, stderr } = start('up', '--profile', 'empty', '--no-aws');
    await expect.poll(stderr, { timeout: 60_000 }).toContain('starting one controller and three brokers');
    await sleep(500);
    child.kill(signal);
    const { code } = await outcome;
    expect(code).toBe(signal === 'SIGINT' ? 130 : null);
    await expect.poll(() => javaProcessesOf(run), { timeout: 15_000 }).toEqual([]);
    expect(await sandbox('status')).toMatchObject({ stdout: 'no sandbox is up\n' });
  });
});

/** Java processes whose command line names this test's run folder. */
async function javaProcessesOf(folder: string): Promise<string[]> {
  const ps = spawn('ps', ['-eo', 'args'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  for await (const chunk of ps.stdout) out += chunk;
  return out.split('\n').filter((line) => line.includes('kafka.Kafka') && line.includes(folder));
}
