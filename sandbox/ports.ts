import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './run-folder.ts';

/** One file a port that is handed out, with the process that asked for it: two sandboxes may start at once. */
const claimsDir = join(tmpdir(), 'msk-checkup-ports');
let isTidy = false;

/** Below the range from which Linux (32768 on) and macOS (49152 on) give clients theirs: seconds pass before a broker binds its port. */
const PORTS = { from: 20_000, to: 32_768 };
/** Processes begin in different places, so that they seldom meet. */
let next = randomInt(PORTS.from, PORTS.to);

/** A port free on 127.0.0.1 right now, which nobody else who asks here is given as long as this process runs. */
export async function freePort(): Promise<number> {
  for (let tried = PORTS.from; tried < PORTS.to; tried++) {
    const port = next;
    next = port + 1 < PORTS.to ? port + 1 : PORTS.from;
    if (claim(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port from ${PORTS.from} to ${PORTS.to - 1} on 127.0.0.1`);
}

function claim(port: number): boolean {
  if (!isTidy) tidy();
  try {
    writeFileSync(join(claimsDir, String(port)), String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes what processes that are gone had claimed. */
function tidy(): void {
  mkdirSync(claimsDir, { recursive: true });
  for (const port of readdirSync(claimsDir)) {
    const file = join(claimsDir, port);
    try {
      if (!isRunning(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
    } catch {
      // Somebody else tidies at the same time.
    }
  }
  isTidy = true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
