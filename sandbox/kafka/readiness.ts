import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedProcess } from '../processes.ts';

const POLL_MS = 50;

/** Resolves once the process has logged `line` (from byte `from` on); rejects when it ends or the time is up. */
export async function waitForLogLine(
  logFile: string,
  line: string,
  process: OwnedProcess,
  timeoutMs: number,
  from = 0,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let ended = false;
  void process.exited.then(() => {
    ended = true;
  });
  for (;;) {
    const text = existsSync(logFile) ? readFileSync(logFile).subarray(from).toString('utf8') : '';
    if (text.includes(line)) return;
    if (ended) throw new Error(`${process.name} ended before it was ready: ${lastProblem(text)}`);
    if (Date.now() > deadline)
      throw new Error(`${process.name} was not ready after ${timeoutMs / 1000} s: ${lastProblem(text)}`);
    await sleep(POLL_MS);
  }
}

/** Polls until `probe` answers true; a throw counts as "not yet". */
export async function waitUntil(what: string, timeoutMs: number, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe().catch((error: unknown) => error);
    if (answer === true) return;
    if (Date.now() > deadline) {
      const cause = answer instanceof Error ? answer : undefined;
      throw new Error(`${what}: not after ${timeoutMs / 1000} s${cause === undefined ? '' : ` (${cause.message})`}`, {
        cause,
      });
    }
    await sleep(POLL_MS * 2);
  }
}

function lastProblem(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /ERROR|FATAL|Exception|Error:/.test(line)) ?? lines.at(-1) ?? 'it logged nothing';
}
