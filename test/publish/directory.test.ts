import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkWritable, DirectoryStore, OutputError, writeFiles, writeOneFile } from '../../lib/publish/directory.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-test-'));
});
afterEach(() => {
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
  chmodSync(root, 0o755);
  rmSync(root, { recursive: true, force: true });
});

describe('writing a directory', () => {
  test('makes it and writes every file whole', async () => {
    const paths = await writeFiles(join(root, 'a/b'), [
      { name: 'report.html', body: '<p>' },
      { name: 'report.json', body: '{}' },
    ]);
    expect(paths).toEqual([join(root, 'a/b/report.html'), join(root, 'a/b/report.json')]);
    expect(readFileSync(paths[0]!, 'utf8')).toBe('<p>');
    expect(readdirSync(join(root, 'a/b')).sort()).toEqual(['report.html', 'report.json']);
  });

  test('replaces a file of an earlier run', async () => {
    await writeOneFile(join(root, 'x.json'), '1');
    await writeOneFile(join(root, 'x.json'), '2');
    expect(readFileSync(join(root, 'x.json'), 'utf8')).toBe('2');
  });

  test('a path through a file is one clear line', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(writeFiles(join(root, 'file/out'), [{ name: 'a', body: '' }])).rejects.toThrow(
      /^cannot write to .*file\/out: a part of the path is a file, not a directory; nothing was written$/,
    );
  });

  test('a full disk leaves neither a file, nor a part of one, nor the directory', async () => {
    vi.doMock('node:fs/promises', async (original) => {
      const real = await original<typeof import('node:fs/promises')>();
      return {
        ...real,
        open: async (...args: Parameters<typeof real.open>) => {
          const handle = await real.open(...args);
          if (String(args[0]).includes('second')) {
            handle.sync = async () => {
              throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
            };
          }
          return handle;
        },
      };
    });
    vi.resetModules();
    const fresh = await import('../../lib/publish/directory.ts');
    const files = [
      { name: 'first', body: '1' },
      { name: 'second', body: '2' },
    ];
    await expect(fresh.writeFiles(join(root, 'out'), files)).rejects.toThrow(
      /no space left on the disk; nothing was written/,
    );
    expect(readdirSync(root)).toEqual([]);
  });

  test('asking whether it can be written leaves nothing behind', async () => {
    await checkWritable(join(root, 'deep/er'));
    expect(readdirSync(root)).toEqual([]);
    writeFileSync(join(root, 'file'), '');
    await expect(checkWritable(join(root, 'file'))).rejects.toBeInstanceOf(OutputError);
  });
});

describe('a directory as store', () => {
  test('the first writer of a key wins, as in the bucket', async () => {
    const store = new DirectoryStore(root);
    expect(await store.putOnce('v1/a.json', '1')).toBe(true);
    expect(await store.putOnce('v1/a.json', '2')).toBe(false);
    expect(new TextDecoder().decode((await store.get('v1/a.json'))!)).toBe('1');
    expect(readdirSync(join(root, 'v1'))).toEqual(['a.json']);
  });

  test('absent is null, unreadable is an error', async () => {
    const store = new DirectoryStore(root);
    expect(await store.get('nothing')).toBeNull();
    mkdirSync(join(root, 'folder'));
    await expect(store.get('folder')).rejects.toThrow(/the path is a directory/);
  });
});
