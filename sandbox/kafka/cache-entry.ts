import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '../run-folder.ts';

/**
 * An entry of the cache is made beside its final name and renamed when it is whole: two runs at once, or one that is interrupted,
 * never leave a half-filled one. What an interrupted run left beside it is removed.
 */
export function beginEntry(final: string): string {
  mkdirSync(dirname(final), { recursive: true });
  const prefix = `${basename(final)}.part-`;
  for (const name of readdirSync(dirname(final))) {
    if (!name.startsWith(prefix)) continue;
    const owner = Number(name.slice(prefix.length));
    if (owner === process.pid || !isRunning(owner))
      rmSync(join(dirname(final), name), { recursive: true, force: true });
  }
  return join(dirname(final), `${prefix}${process.pid}`);
}

export function finishEntry(part: string, final: string): void {
  try {
    renameSync(part, final);
  } catch (error) {
    // Another run was faster: its entry is as good as ours.
    if (!existsSync(final)) throw error;
    rmSync(part, { recursive: true, force: true });
  }
}
