// Runs a line as a person would who pastes it, in a shell where every program is a stub that notes how it was called.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a name could try to call. */
const TRAPS = ['rm', 'reboot', 'id', 'evil.example', 'calc', 'cat', 'ls'];
const STUB = `#!/bin/sh
{ printf '%s\\0' "$(($# + 1))" "\${0##*/}"; [ $# -eq 0 ] || printf '%s\\0' "$@"; } >> "$CALLS"
`;

export interface Pasted {
  /** Exit code of `sh -n`. */
  syntax: number | null;
  status: number | null;
  stderr: string;
  /** argv of every program that was called, in order. */
  calls: string[][];
}

export function paste(line: string, programs: readonly string[], variables: Record<string, string>): Pasted {
  const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-paste-'));
  try {
    const [bin, calls] = [join(folder, 'bin'), join(folder, 'calls')];
    mkdirSync(bin);
    for (const name of [...programs, ...TRAPS]) {
      writeFileSync(join(bin, name), STUB);
      chmodSync(join(bin, name), 0o755);
    }
    const options = { cwd: folder, encoding: 'utf8', env: { ...variables, PATH: bin, CALLS: calls } } as const;
    const { status: syntax } = spawnSync('/bin/sh', ['-n', '-c', line], options);
    const { status, stderr } = spawnSync('/bin/sh', ['-c', line], options);
    return { syntax, status, stderr, calls: existsSync(calls) ? readCalls(readFileSync(calls, 'utf8')) : [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCalls(text: string): string[][] {
  const words = text.split('\0').slice(0, -1);
  const calls: string[][] = [];
  while (words.length > 0) calls.push(words.splice(0, Number(words.shift())));
  return calls;
}
