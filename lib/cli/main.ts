#!/usr/bin/env node
// The entry of the command line: streams, signals, exit code.
import { discardUnfinished } from '../publish/directory.ts';
import { readCliSettings } from '../settings.ts';
import { EXIT } from './errors.ts';
import { run } from './program.ts';

const interrupted = new AbortController();

/** The reader of a pipe may leave early (`| head`): that is no failure and nothing to complain about. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    discardUnfinished();
    process.exit(process.exitCode ?? EXIT.done);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted.abort(new Error('interrupted'));
    discardUnfinished();
    process.stderr.write('\nmsk-checkup: interrupted; nothing half-written is left\n');
    process.exit(EXIT.interrupted);
  });
}

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: readCliSettings().color && process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 80,
  interactive: process.stderr.isTTY === true,
  signal: interrupted.signal,
});
