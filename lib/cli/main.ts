#!/usr/bin/env node
// The entry of the command line: streams, signals, exit code.
import { discardUnfinished } from '../publish/directory.ts';
import { readCliSettings } from '../settings.ts';
import { EXIT, failureOf, oneLine } from './errors.ts';
import { run } from './program.ts';

const NEEDED_NODE = 24;
const interrupted = new AbortController();

/** Ends at once with one line; for what happens outside the run of a command. */
function end(exitCode: number, line: string | null): never {
  interrupted.abort(new Error('interrupted'));
  discardUnfinished();
  // On a terminal the cursor may stand behind a line of progress.
  if (line !== null) process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}msk-checkup: ${line}\n`);
  process.exit(exitCode);
}

if (Number.parseInt(process.versions.node, 10) < NEEDED_NODE) {
  end(EXIT.usage, `this is Node ${process.versions.node}; allowed: Node ${NEEDED_NODE} or newer`);
}

/** The reader of a pipe may leave early (`| head`): no failure, and what the run found still decides its exit code. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') end(EXIT.usage, `cannot write the result: ${oneLine(error.message)}`);
});

/** Nobody reads what would be said: nothing is said. A closed terminal ends the run, a full disk under `2>` does not. */
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') end(process.exitCode === undefined ? EXIT.done : Number(process.exitCode), null);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => end(EXIT.interrupted, 'interrupted; nothing half-written is left'));
}

/** Whatever escapes a run is our bug too: never Node's own stack and its exit code 1, which means findings. */
process.on('uncaughtException', (error) => {
  const { exitCode, line } = failureOf(error);
  if (process.argv.includes('--debug')) process.stderr.write(`${error.stack}\n`);
  end(exitCode, line);
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: readCliSettings().color && process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 80,
  interactive: process.stderr.isTTY === true,
  signal: interrupted.signal,
});
