// A directory of the bucket's layout as a store that can be listed.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStore } from './directory.ts';
import type { ListedStore, StoredObject } from './hourly.ts';

export class ListedDirectoryStore extends DirectoryStore implements ListedStore {
  async list(prefix: string, limit: number): Promise<StoredObject[]> {
    const names = await readdir(this.pathOf(prefix)).catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw error;
    });
    const found: StoredObject[] = [];
    for (const name of names.slice(0, limit)) {
      const file = await stat(join(this.pathOf(prefix), name)).catch(() => null);
      if (file?.isFile() === true)
        found.push({ key: `${prefix}${name}`, sizeBytes: file.size, modifiedMs: file.mtimeMs });
    }
    return found;
  }
}
