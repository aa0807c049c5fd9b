import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './run-folder.ts';

/** One file a port that is handed out, with the process that asked for it: two sandboxes may start at once. */
const claimsDir = join(tmpdir(), 'msk-checkup-ports');
let isTidy = false;

/**
 * A port free on 127.0.0.1 right now. Seconds pass before a broker binds it, in which the kernel may offer it again: nobody else who
 * asks here is given the same one as long as this process runs.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await portFromKernel();
    if (claim(port)) return port;
  }
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

function portFromKernel(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port on 127.0.0.1'));
      });
    });
  });
}
