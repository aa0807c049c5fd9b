// The command line in this process, with streams that are kept; and as a process of its own, for signals and pipes.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../lib/cli/io.ts';
import { run } from '../../lib/cli/program.ts';

export interface Outcome {
  exitCode: number;
  out: string;
  err: string;
}

export async function cli(...argv: string[]): Promise<Outcome> {
  const outcome = { exitCode: 0, out: '', err: '' };
  const io: Io = {
    out: (text) => {
      outcome.out += text;
    },
    err: (text) => {
      outcome.err += text;
    },
    color: false,
    columns: 80,
    interactive: false,
    signal: new AbortController().signal,
  };
  outcome.exitCode = await run(argv, io);
  return outcome;
}

export function startCli(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const main = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));
  return spawn(process.execPath, [main, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
