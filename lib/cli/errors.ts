// What ends a command early, as one line and an exit code. A user's mistake never shows a stack.
import { CommanderError } from 'commander';
import { CollectError, type CollectErrorCode } from '../collect/aws-errors.ts';
import { OutputError } from '../publish/directory.ts';
import { SettingsError } from '../settings.ts';
import { shortHash } from '../text/hash.ts';
import { safeText } from '../text/sanitize.ts';

export const EXIT = { done: 0, findings: 1, usage: 2, nothingCollected: 3, bug: 70, interrupted: 130 } as const;

/** Wrong usage or bad input: what was wrong and what is allowed, in one line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const USAGE_CODES: readonly CollectErrorCode[] = ['bad-arn', 'wrong-region'];

export interface Failure {
  exitCode: number;
  /** Null when the line was already printed (help, commander's own complaints). */
  line: string | null;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage, line: null };
  }
  if (error instanceof UsageError || error instanceof OutputError || error instanceof SettingsError) {
    return { exitCode: EXIT.usage, line: error.message };
  }
  if (error instanceof CollectError) {
    const exitCode = USAGE_CODES.includes(error.code) ? EXIT.usage : EXIT.nothingCollected;
    return { exitCode, line: error.message };
  }
  return { exitCode: EXIT.bug, line: bugLine(error) };
}

/** The same bug has the same id, so that two reports of it can be told to be one. */
function bugLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const id = shortHash(error instanceof Error ? (error.stack ?? text) : text, 8);
  return `internal error ${id}: ${oneLine(text)}; run again with --debug for the stack, and please report it`;
}

/** Text that may hold a name from outside, on one line. */
export function oneLine(text: string): string {
  return safeText(text.split(/\r?\n/, 1)[0] ?? '');
}
