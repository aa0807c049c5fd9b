// Runs a client as a process of its own and measures all of it, from its start to its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { using } from '../lifetime.ts';

export interface Usage {
  /** User and system. */
  cpuMs: number;
  peakRssMb: number;
  /** Of the collection alone (see clients/figures.ts), for clients that tell. */
  collectMs?: number;
  collectCpuMs?: number;
}

export interface MeasuredRun extends Usage {
  wallMs: number;
}

export interface Program {
  /** `node` programs tell what they used; of any other /proc is asked while it runs. */
  kind: 'node' | 'other';
  command: string;
  args: readonly string[];
}

const TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 50;
/** Linux counts CPU time in these. */
const TICKS_PER_SEC = 100;
const usageReporter = new URL('./report-usage.mjs', import.meta.url).href;

/** @throws when the program does not end with 0; the message holds what it wrote to stderr */
export async function runMeasured(program: Program, folder: string): Promise<{ run: MeasuredRun; stdout: string }> {
  // Files, not pipes: whoever reads a pipe takes CPU from what is measured.
  const files = { out: join(folder, 'stdout'), err: join(folder, 'stderr') };
  const out = openSync(files.out, 'w');
  const err = openSync(files.err, 'w');
  const args = program.kind === 'node' ? ['--import', usageReporter, ...program.args] : program.args;
  const startedMs = performance.now();
  const child = spawn(program.command, args, { stdio: ['ignore', out, err, 'pipe'], timeout: TIMEOUT_MS });
  const told = text(child.stdio[3] as NodeJS.ReadableStream);
  const ended = exitOf(child);
  const usage = program.kind === 'node' ? told : watched(child, ended);
  const stop = async () => void child.kill('SIGKILL');
  const code = await using(Promise.resolve({ stop }), () => ended);
  const wallMs = performance.now() - startedMs;
  closeSync(out);
  closeSync(err);
  const [stdout, stderr] = [readFileSync(files.out, 'utf8'), readFileSync(files.err, 'utf8')];
  for (const file of Object.values(files)) rmSync(file);
  if (code !== 0) throw new Error(`${program.args.at(-1)} ended with ${code}: ${stderr.trim() || stdout.slice(-500)}`);
  const used = await usage;
  return { run: { wallMs, ...(typeof used === 'string' ? (JSON.parse(used) as Usage) : used) }, stdout };
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'no code'));
  });
}

/** The last look before the end: CPU may lack what came after it, at most one interval. */
async function watched({ pid }: ChildProcess, ended: Promise<unknown>): Promise<Usage> {
  const end = ended.then(
    () => true,
    () => true,
  );
  let last: Usage = { cpuMs: Number.NaN, peakRssMb: Number.NaN };
  for (;;) {
    last = lookAt(pid) ?? last;
    if (await Promise.race([end, sleep(LOOK_EVERY_MS, false)])) return last;
  }
}

/** Null where there is no /proc, or no such process any more. */
function lookAt(pid: number | undefined): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    const peakKb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (user === undefined || system === undefined || peakKb === undefined) return null;
    return { cpuMs: ((user + system) * 1000) / TICKS_PER_SEC, peakRssMb: Number(peakKb) / 1024 };
  } catch {
    return null;
  }
}
