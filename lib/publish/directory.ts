// Files in a directory: written beside, then renamed. Whatever goes wrong, no half file is left.
import { rmSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ObjectStore } from './store.ts';

/** The output place cannot be written; the message is one line for a user. */
export class OutputError extends Error {
  override name = 'OutputError';
}

export interface OutputFile {
  /** Path inside the directory. */
  name: string;
  body: string | Uint8Array;
}

/** Files begun and not yet renamed by this process: what an interruption must take away. */
const unfinished = new Set<string>();

/** Removes every begun file at once; for a signal handler, hence synchronous. */
export function discardUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/**
 * Writes all files or none: every body is on disk under a temporary name before the first rename.
 * @returns the paths written, in order.
 * @throws OutputError when the directory cannot be made or written, or the disk is full.
 */
export async function writeFiles(directory: string, files: readonly OutputFile[]): Promise<string[]> {
  const made: string[] = [];
  const begun: { partial: string; path: string }[] = [];
  try {
    for (const file of files) {
      const path = join(directory, file.name);
      made.push(...(await makeDirectory(dirname(path))));
      begun.push({ partial: await writePartial(path, file.body), path });
    }
    for (const { partial, path } of begun) {
      await rename(partial, path);
      unfinished.delete(partial);
    }
    return begun.map(({ path }) => path);
  } catch (error) {
    await undo(
      begun.map(({ partial }) => partial),
      made,
    );
    throw asOutputError(error, directory);
  }
}

/** Writes one file, or nothing. @throws OutputError */
export async function writeOneFile(path: string, body: string | Uint8Array): Promise<void> {
  const full = resolve(path);
  await writeFiles(dirname(full), [{ name: full.slice(dirname(full).length + 1), body }]);
}

/** Proves before an expensive collection that the directory can be written. @throws OutputError */
export async function checkWritable(directory: string): Promise<void> {
  const made: string[] = [];
  try {
    made.push(...(await makeDirectory(directory)));
    const probe = await writePartial(join(directory, 'probe'), '');
    await undo([probe], made);
  } catch (error) {
    await undo([], made);
    throw asOutputError(error, directory);
  }
}

/** The same layout as the bucket, in a local directory (`--history DIR`). */
export class DirectoryStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async get(key: string): Promise<Uint8Array | null> {
    try {
      return await readFile(join(this.#root, key));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw new OutputError(`cannot read ${join(this.#root, key)}: ${reasonOf(error)}`);
    }
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await writeFiles(this.#root, [{ name: key, body }]);
  }

  async putOnce(key: string, body: string | Uint8Array): Promise<boolean> {
    const path = join(this.#root, key);
    try {
      await makeDirectory(dirname(path));
      const partial = await writePartial(path, body);
      try {
        // Unlike rename, link refuses to replace: the file system decides who was first.
        await link(partial, path);
        return true;
      } finally {
        await undo([partial], []);
      }
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw asOutputError(error, this.#root);
    }
  }

  async exists(key: string): Promise<boolean> {
    return await stat(join(this.#root, key)).then(
      () => true,
      () => false,
    );
  }
}

/**
 * Node's own recursive mkdir never returns where a parent exists and refuses children by ENOENT (`/proc`).
 * @returns the directories that did not exist before, outermost first
 */
async function makeDirectory(directory: string): Promise<string[]> {
  const missing: string[] = [];
  let path = resolve(directory);
  while (!(await isDirectory(path))) {
    missing.unshift(path);
    path = dirname(path);
  }
  for (const each of missing) {
    await mkdir(each).catch(async (error: unknown) => {
      // Made by somebody else meanwhile.
      if (!(codeOf(error) === 'EEXIST' && (await isDirectory(each)))) throw error;
    });
  }
  return missing;
}

/** False when nothing is there. @throws when a file is, or it may not be looked at */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
}

async function writePartial(path: string, body: string | Uint8Array): Promise<string> {
  const partial = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.${process.pid}.partial`);
  unfinished.add(partial);
  try {
    const file = await open(partial, 'w', 0o644);
    try {
      await file.writeFile(body);
      // A full disk may show only when the data really goes there.
      await file.sync();
    } finally {
      await file.close();
    }
    return partial;
  } catch (error) {
    await undo([partial], []);
    throw error;
  }
}

async function undo(partials: readonly string[], directories: readonly string[]): Promise<void> {
  for (const partial of partials) {
    await rm(partial, { force: true }).catch(() => undefined);
    unfinished.delete(partial);
  }
  // Innermost first; one that is not empty is not ours to remove.
  for (const directory of [...directories].reverse()) await rmdir(directory).catch(() => undefined);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the size limit',
  ENOTDIR: 'a part of the path is a file, not a directory',
  ENOENT: 'no such directory, and none can be made there',
  EISDIR: 'the path is a directory, not a file',
  ENAMETOOLONG: 'the name is too long',
};

function asOutputError(error: unknown, directory: string): OutputError {
  if (error instanceof OutputError) return error;
  return new OutputError(`cannot write to ${directory}: ${reasonOf(error)}; nothing was written`);
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? (code === '' ? String(error) : code);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}
