import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../../sandbox/ports.ts';
import { spawnOwned } from '../../sandbox/processes.ts';
import { isRunning } from '../../sandbox/run-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-processes-'));
const processesModule = join(import.meta.dirname, '../../sandbox/processes.ts');

async function gone(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    if (!isRunning(pid)) return true;
    await sleep(20);
  }
  return false;
}

test('the pid is the process itself, and stop ends it, also when asked twice', async () => {
  const logFile = join(folder, 'sleep.log');
  const owned = spawnOwned({ name: 'sleep', command: 'sleep', args: ['60'], logFile });
  const command = (): string => execFileSync('ps', ['-o', 'comm=', '-p', String(owned.pid)], { encoding: 'utf8' });
  await expect.poll(command).toMatch(/sleep$/m);

  await Promise.all([owned.stop(), owned.stop()]);
  await owned.stop();

  expect(await owned.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isRunning(owned.pid)).toBe(false);
});

test('output goes to the log file and the exit code is told', async () => {
  const logFile = join(folder, 'deep', 'echo.log');
  const owned = spawnOwned({
    name: 'echo',
    command: '/bin/sh',
    args: ['-c', 'echo out; echo err >&2; exit 7'],
    logFile,
  });

  expect(await owned.exited).toEqual({ code: 7, signal: null });
  expect(readFileSync(logFile, 'utf8')).toBe('out\nerr\n');
});

test('a command that does not exist ends with 127', async () => {
  const owned = spawnOwned({
    name: 'nothing',
    command: 'no-such-command',
    args: [],
    logFile: join(folder, 'none.log'),
  });
  expect((await owned.exited).code).toBe(127);
});

test('SIGTERM is followed by SIGKILL when it is ignored', { timeout: 15_000 }, async () => {
  const ready = join(folder, 'stubborn.log');
  const args = ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'];
  const owned = spawnOwned({ name: 'stubborn', command: '/bin/sh', args, logFile: ready, killSignal: 'SIGTERM' });
  await expect.poll(() => readFileSync(ready, 'utf8')).toContain('ready');

  await owned.stop();

  expect((await owned.exited).signal).toBe('SIGKILL');
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('children end when their owner ends by %s', async (signal) => {
  const script = join(folder, `owner-${signal}.mjs`);
  const pidFile = join(folder, `child-${signal}.pid`);
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs';
     const { spawnOwned } = await import(${JSON.stringify(processesModule)});
     const owned = spawnOwned({ name: 'sleep', command: 'sleep', args: ['60'], logFile: ${JSON.stringify(`${pidFile}.log`)} });
     writeFileSync(${JSON.stringify(pidFile)}, owned.pid + '\\n');
     setInterval(() => {}, 1000);`,
  );
  const owner = spawn(process.execPath, [script], { stdio: 'ignore' });
  const childPid = (): number => {
    try {
      const text = readFileSync(pidFile, 'utf8');
      return text.endsWith('\n') ? Number(text) : 0;
    } catch {
      return 0;
    }
  };
  await expect.poll(childPid, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(isRunning(childPid())).toBe(true);

  owner.kill(signal);

  expect(await gone(childPid())).toBe(true);
});

test('free ports are free on 127.0.0.1, never handed out twice, and none that the kernel gives to a client', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  await new Promise<void>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(ports[0], '127.0.0.1', () => server.close(() => resolve()));
  });
});
