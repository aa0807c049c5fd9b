import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkDirectory, checkFile, DirectoryStore, OutputError, writeFiles } from '../../lib/publish/directory.ts';

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
    const paths = await writeFiles([
      { path: join(root, 'a/b/report.html'), body: '<p>' },
      { path: join(root, 'a/b/report.json'), body: '{}' },
    ]);
    expect(paths).toEqual([join(root, 'a/b/report.html'), join(root, 'a/b/report.json')]);
    expect(readFileSync(paths[0]!, 'utf8')).toBe('<p>');
    expect(readdirSync(join(root, 'a/b')).sort()).toEqual(['report.html', 'report.json']);
  });

  test('replaces a file of an earlier run', async () => {
    await writeFiles([{ path: join(root, 'x.json'), body: '1' }]);
    await writeFiles([{ path: join(root, 'x.json'), body: '2' }]);
    expect(readFileSync(join(root, 'x.json'), 'utf8')).toBe('2');
  });

  test('writes through a link, and a file that is named twice once', async () => {
    writeFileSync(join(root, 'real.json'), '1');
    symlinkSync(join(root, 'real.json'), join(root, 'link.json'));
    await writeFiles([
      { path: join(root, 'link.json'), body: '2' },
      { path: join(root, 'real.json'), body: '3' },
    ]);
    expect(lstatSync(join(root, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'real.json'), 'utf8')).toBe('3');
    expect(readdirSync(root).sort()).toEqual(['link.json', 'real.json']);
  });

  test.each([
    ['a device', '/dev/null', /a device or a pipe/],
    ['a directory', '/', /a directory, not a file/],
  ])('never replaces %s, which root could', async (_, path, message) => {
    await expect(writeFiles([{ path, body: '' }])).rejects.toThrow(message);
    await expect(checkFile(path)).rejects.toThrow(message);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('one of many that cannot be replaced leaves all as they were', async () => {
    mkdirSync(join(root, 'out/report.json'), { recursive: true });
    const files = ['report.html', 'report.json'].map((name) => ({ path: join(root, 'out', name), body: 'new' }));
    await expect(writeFiles(files)).rejects.toThrow(/out: the path is a directory, not a file; nothing was written/);
    expect(readdirSync(join(root, 'out'))).toEqual(['report.json']);
  });

  test('a path through a file is one clear line', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(writeFiles([{ path: join(root, 'file/out/a'), body: '' }])).rejects.toThrow(
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
      { path: join(root, 'out/first'), body: '1' },
      { path: join(root, 'elsewhere/second'), body: '2' },
    ];
    await expect(fresh.writeFiles(files)).rejects.toThrow(/no space left on the disk; nothing was written/);
    expect(readdirSync(root)).toEqual([]);
  });

  test('asking whether it can be written leaves nothing behind', async () => {
    await checkDirectory(join(root, 'deep/er'));
    await checkFile(join(root, 'deep/file.json'));
    expect(readdirSync(root)).toEqual([]);
    writeFileSync(join(root, 'file'), '');
    await expect(checkDirectory(join(root, 'file'))).rejects.toBeInstanceOf(OutputError);
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
