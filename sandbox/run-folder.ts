import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDir } from './paths.ts';

const OWNER_FILE = 'owner.pid';

/** The folder of one run. Folders of runs whose owner is gone (ended by SIGKILL, so it could not tidy) are removed first. */
export function createRunFolder(runId: string): string {
  removeOrphanedFolders();
  const folder = join(runDir, runId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, OWNER_FILE), String(process.pid));
  return folder;
}

/** Removes the data, which can be gigabytes, and keeps the logs until the next run. */
export function releaseRunFolder(folder: string): void {
  rmSync(join(folder, 'kafka', 'data'), { recursive: true, force: true });
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ended, but its parent has not asked yet; in a container without an init process that can last for ever. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function removeOrphanedFolders(): void {
  if (!existsSync(runDir)) return;
  for (const name of readdirSync(runDir)) {
    const ownerFile = join(runDir, name, OWNER_FILE);
    if (!existsSync(ownerFile) || isRunning(Number(readFileSync(ownerFile, 'utf8')))) continue;
    rmSync(join(runDir, name), { recursive: true, force: true });
  }
}
