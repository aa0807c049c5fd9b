// Files in a directory: written beside, then renamed. Whatever goes wrong, no half file is left.
import { rmSync } from 'node:fs';
import { link, mkdir, open, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ObjectStore } from './store.ts';

/** The output place cannot be written; the message is one line for a user. */
export class OutputError extends Error {
  override name = 'OutputError';
}

export interface OutputFile {
  path: string;
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
 * Writes all files or none, in whatever directories: every body is on disk under a temporary name before the first rename.
 * @returns the paths written, in order.
 * @throws OutputError when a directory cannot be made or written, or a disk is full.
 */
export async function writeFiles(files: readonly OutputFile[]): Promise<string[]> {
  const made: string[] = [];
  const begun: { partial: string; path: string }[] = [];
  let directory = '';
  try {
    for (const { path, body } of files) {
      directory = dirname(path);
      made.push(...(await makeDirectory(directory)));
      const replaced = await replaceable(path);
      const partial = await writePartial(replaced, body);
      // A file named twice is written once.
      if (!begun.some((each) => each.path === replaced)) begun.push({ partial, path: replaced });
    }
    for (const { partial, path } of begun) {
      directory = dirname(path);
      await rename(partial, path);
      unfinished.delete(partial);
    }
    return files.map(({ path }) => path);
  } catch (error) {
    await undo(
      begun.map(({ partial }) => partial),
      made,
    );
    throw asOutputError(error, directory);
  }
}

/** Proves before an expensive collection that files can be written into the directory. @throws OutputError */
export async function checkDirectory(directory: string): Promise<void> {
  await probe(join(directory, 'probe'));
}

/** Proves the same of one file. @throws OutputError */
export async function checkFile(path: string): Promise<void> {
  await probe(path);
}

async function probe(path: string): Promise<void> {
  const made: string[] = [];
  try {
    made.push(...(await makeDirectory(dirname(path))));
    const partial = await writePartial(await replaceable(path), '');
    await undo([partial], made);
  } catch (error) {
    await undo([], made);
    throw asOutputError(error, dirname(path));
  }
}

/**
 * The file itself where the path is a link to one: a rename would replace the link.
 * @throws for a directory or a device: a rename by root would put a file in the place of /dev/null
 */
async function replaceable(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return resolve(path);
  if (!found.isFile()) throw Object.assign(new Error(path), { code: found.isDirectory() ? 'EISDIR' : 'ENOTFILE' });
  return await realpath(path);
}

/** The same layout as the bucket, in a local directory (`--history DIR`). */
export class DirectoryStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Where the object of a key lies, for a caller that writes it together with other files. */
  pathOf(key: string): string {
    return join(this.#root, key);
  }

  async get(key: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.pathOf(key));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw new OutputError(`cannot read ${this.pathOf(key)}: ${reasonOf(error)}`);
    }
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await writeFiles([{ path: this.pathOf(key), body }]);
  }

  async putOnce(key: string, body: string | Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
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
    return await stat(this.pathOf(key)).then(
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
  ENOTFILE: 'the path is a device or a pipe, not a file',
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
