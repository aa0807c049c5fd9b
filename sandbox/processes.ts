import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

export interface ProcessExit {
  code: number | null;
  signal: string | null;
}

export interface OwnedProcess {
  name: string;
  pid: number;
  exited: Promise<ProcessExit>;
  /** Ends the process by its own id and resolves once it is gone. Safe to call again. */
  stop(): Promise<void>;
}

export interface SpawnOwnedOptions {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Receives stdout and stderr, appended. */
  logFile: string;
  /** SIGKILL unless told: a Kafka broker takes seconds to minutes over SIGTERM. */
  killSignal?: 'SIGKILL' | 'SIGTERM';
}

/**
 * A child must not outlive its owner, even one that dies by SIGKILL. The owner holds the write end of a pipe on the child's
 * descriptor 3; a subshell reads from it, and an end of file without the word "done" means that the owner is gone. Through
 * `exec` the child keeps the shell's pid, so the pid that we know is the real one. Not on stdin: Node closes that before it
 * tells of the exit, and the subshell would then send its signal to a number that may belong to another process by now.
 */
const WATCHDOG = '( read -r word <&3 && [ "$word" = done ] || kill -KILL $$ ) 4<&- & exec "$@" 3<&-';

const TERM_GRACE_MS = 5_000;

/** Starts a process that dies with this one. It runs in a session of its own, so Ctrl-C reaches the owner only. */
export function spawnOwned(options: SpawnOwnedOptions): OwnedProcess {
  return launch(options, false).owned;
}

/** As `spawnOwned`, for a Node child that speaks over `process.send`. */
export function spawnOwnedWithIpc(options: SpawnOwnedOptions): { owned: OwnedProcess; child: ChildProcess } {
  return launch(options, true);
}

function launch(options: SpawnOwnedOptions, ipc: boolean): { owned: OwnedProcess; child: ChildProcess } {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn('/bin/sh', ['-c', WATCHDOG, options.name, options.command, ...options.args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ipc ? ['ignore', log, log, 'pipe', 'ipc'] : ['ignore', log, log, 'pipe'],
    detached: true,
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${options.name}: /bin/sh could not be started`);
  const lifeline = child.stdio[3] as Writable;
  lifeline.on('error', () => {});
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      lifeline.end('done\n');
      resolve({ code, signal });
    });
  });
  const owned = { name: options.name, pid: child.pid, exited, stop: () => end(child, exited, options.killSignal) };
  return { owned, child };
}

async function end(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), TERM_GRACE_MS);
  await exited;
  clearTimeout(force);
}
