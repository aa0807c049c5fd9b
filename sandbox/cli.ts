import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { faultNames } from './faults/registry.ts';
import { kafkaVersions, knownKafkaVersions } from './kafka/artifacts.ts';
import { runDir } from './paths.ts';
import { isRunning } from './run-folder.ts';
import { readState, removeState, type SandboxState } from './state.ts';
import type { SupervisorMessage } from './supervisor.ts';
import { profiles } from './workload/shapes.ts';

const USAGE = `usage: npm run sandbox -- up [--kafka ${knownKafkaVersions.join('|')}] [--profile ${profiles.join('|')}] [--no-aws]
       npm run sandbox -- down | status [--json] | fault <${faultNames.join('|')}|heal>`;

class UsageError extends Error {}

async function main(): Promise<number> {
  const { positionals, values } = parseCommandLine();
  const [verb, name] = positionals;
  switch (verb) {
    case 'up':
      return up(
        oneOf('--kafka', values.kafka, knownKafkaVersions),
        oneOf('--profile', values.profile, profiles),
        !values['no-aws'],
      );
    case 'down':
      return down();
    case 'status':
      return status(values.json);
    case 'fault':
      return fault(oneOf('fault', name ?? '', [...faultNames, 'heal']));
    default:
      throw new UsageError(verb === undefined ? 'which command?' : `there is no command ${JSON.stringify(verb)}`);
  }
}

function parseCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        kafka: { type: 'string', default: kafkaVersions[0] },
        profile: { type: 'string', default: 'demo' },
        'no-aws': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${what} ${JSON.stringify(value)} is not one of ${allowed.join(', ')}`);
  return found;
}

async function up(kafka: string, profile: string, aws: boolean): Promise<number> {
  const running = await runningState();
  if (running !== null) {
    if (running.kafkaVersion !== kafka || running.profile !== profile) {
      throw new UsageError(
        `a sandbox with Kafka ${running.kafkaVersion}, profile ${running.profile} is up; run "npm run sandbox -- down" first`,
      );
    }
    printState(running);
    return 0;
  }
  const startedAt = Date.now();
  const exitCode = await superviseStart(
    startSupervisor(['--kafka', kafka, '--profile', profile, ...(aws ? ['--aws'] : [])]),
  );
  const state = readState();
  if (exitCode !== 0 || state === null) return exitCode === 0 ? 1 : exitCode;
  console.error(`sandbox: ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  printState(state);
  return 0;
}

function startSupervisor(args: string[]): ChildProcess {
  mkdirSync(runDir, { recursive: true });
  const log = openSync(join(runDir, 'supervisor.log'), 'w');
  const options = [join(import.meta.dirname, 'supervisor.ts'), ...args];
  const supervisor = spawn(process.execPath, options, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  return supervisor;
}

/** Prints progress until the supervisor is ready or gone. Ctrl-C meanwhile ends it, and with it everything it has started. */
function superviseStart(supervisor: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    let interruptedBy = 0;
    const interrupt = (code: number) => () => {
      interruptedBy = code;
      supervisor.kill('SIGTERM');
    };
    process.on('SIGINT', interrupt(130));
    process.on('SIGTERM', interrupt(143));
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.kind !== 'ready') console.error(`sandbox: ${message.line}`);
      if (message.kind !== 'ready' || interruptedBy !== 0) return;
      supervisor.disconnect();
      supervisor.unref();
      resolve(0);
    });
    supervisor.on('exit', (code) => resolve(interruptedBy || code || 1));
  });
}

async function down(): Promise<number> {
  const state = readState();
  if (state === null) {
    console.log('no sandbox is up');
    return 0;
  }
  const answered = await control(state, 'POST', '/stop').catch(() => null);
  if (answered !== null) await waitUntilGone([state.supervisorPid], 20_000);
  // The supervisor does not answer: its children end by themselves once it is gone, which is waited for below.
  const left = await waitUntilGone(
    state.processes.map(({ pid }) => pid),
    10_000,
  );
  removeState();
  if (left.length > 0) console.error(`still running: ${left.join(', ')}`);
  else console.log('sandbox is down');
  return left.length > 0 ? 1 : 0;
}

async function waitUntilGone(pids: number[], timeoutMs: number): Promise<number[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = pids.filter(isRunning);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(50);
  }
}

async function status(json: boolean): Promise<number> {
  const state = await runningState();
  if (json) console.log(JSON.stringify(state, null, 2));
  else if (state === null) console.log('no sandbox is up');
  else printState(state);
  return 0;
}

async function fault(name: string): Promise<number> {
  const state = await runningState();
  if (state === null) throw new UsageError('no sandbox is up; run "npm run sandbox -- up" first');
  const path = name === 'heal' ? '/heal' : `/fault/${name}`;
  const { status: code, error } = await control(state, 'POST', path);
  if (code !== 200) {
    console.error(`sandbox: ${error}`);
    return 1;
  }
  console.log(name === 'heal' ? 'healed' : `${name}: done`);
  return 0;
}

/** The state of a sandbox that answers; a state file left by one that was killed is removed. */
async function runningState(): Promise<SandboxState | null> {
  const state = readState();
  if (state === null) return null;
  const answer = await control(state, 'GET', '/status').catch(() => null);
  if (answer?.status === 200) return state;
  if (!isRunning(state.supervisorPid)) removeState();
  return null;
}

async function control(state: SandboxState, method: string, path: string): Promise<{ status: number; error: string }> {
  const headers = { 'x-sandbox-token': state.controlToken };
  const response = await fetch(`http://127.0.0.1:${state.controlPort}${path}`, { method, headers });
  const body = (await response.json()) as { error?: string };
  return { status: response.status, error: body.error ?? '' };
}

function printState(state: SandboxState): void {
  console.log(`Kafka ${state.kafkaVersion}, profile ${state.profile}, cluster id ${state.clusterId}`);
  console.log(`bootstrap   ${state.bootstrap}`);
  console.log(
    `brokers     ${state.brokers.map(({ id, rack, alive }) => `${id} (${rack}${alive ? '' : ', down'})`).join(', ')}`,
  );
  if (state.runTopic !== null) console.log(`this run    topic ${state.runTopic}`);
  for (const [name, value] of Object.entries(state.aws ?? {})) console.log(`${name.padEnd(11)} ${value}`);
  if (state.activeFaults.length > 0) console.log(`faults      ${state.activeFaults.join(', ')}`);
  console.log(`logs        ${state.logs}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`sandbox: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
