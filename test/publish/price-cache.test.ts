import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PriceCache } from '../../lib/collect/prices/cached-prices.ts';
import { BUCKET_READ_PREFIXES, BUCKET_WRITE_PREFIXES } from '../../lib/permissions.ts';
import { DirectoryStore } from '../../lib/publish/directory.ts';
import { createPriceCache, pricesKey, userCacheDirectory } from '../../lib/publish/price-cache.ts';
import { MemoryStore } from './memory-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msk-checkup-prices-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('one object a region, where the report function may read and write', async () => {
  const store = new MemoryStore();
  const cache: PriceCache = createPriceCache(store);
  expect(await cache.load('eu-west-1')).toBeNull();
  await cache.save('eu-west-1', 'text');
  expect(await cache.load('eu-west-1')).toBe('text');
  expect(await cache.load('eu-west-2')).toBeNull();
  expect(store.writes).toEqual(['v1/latest/prices/eu-west-1.json']);
  for (const prefixes of [BUCKET_WRITE_PREFIXES, BUCKET_READ_PREFIXES]) {
    expect(prefixes.some((prefix) => pricesKey('eu-west-1').startsWith(prefix))).toBe(true);
  }
});

test('no region’s name leaves its place', () => {
  expect(pricesKey('../../etc')).toBe('v1/latest/prices/!2e.!2f..!2fetc.json');
});

test('in a directory the file is replaced as a whole, and nothing is left beside it', async () => {
  const cache = createPriceCache(new DirectoryStore(folder));
  await cache.save('eu-west-1', 'a'.repeat(50_000));
  await cache.save('eu-west-1', 'b');
  expect(await cache.load('eu-west-1')).toBe('b');
  expect(await readdir(dirname(join(folder, pricesKey('eu-west-1'))))).toEqual(['eu-west-1.json']);
});

test('a file in the place of the directory is refused, which a reader of prices survives', async () => {
  await writeFile(join(folder, 'v1'), '');
  const cache = createPriceCache(new DirectoryStore(folder));
  await expect(cache.save('eu-west-1', 'b')).rejects.toThrow('cannot write');
  await expect(cache.load('eu-west-1')).rejects.toThrow('cannot read');
});

test.each([
  [{ XDG_CACHE_HOME: '/var/cache/me', HOME: '/users/me' }, '/var/cache/me/msk-checkup'],
  [{ XDG_CACHE_HOME: 'relative', HOME: '/users/me' }, '/users/me/.cache/msk-checkup'],
  [{ XDG_CACHE_HOME: '', HOME: '/users/me' }, '/users/me/.cache/msk-checkup'],
  [{ HOME: '' }, null],
  [{}, null],
])('the cache directory of %o', (env, expected) => {
  expect(userCacheDirectory(env)).toBe(expected);
});
