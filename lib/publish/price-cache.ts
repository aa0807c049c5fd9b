// Prices between runs: one object a region, in the report bucket or in the user's cache directory, under the same key.
import { isAbsolute, join } from 'node:path';
import { keyPart } from './keys.ts';
import { getText, JSON_TYPE, NO_STORE, type ObjectStore } from './store.ts';

/** Where the prices of a region lie. */
export function pricesKey(region: string): string {
  return `v1/latest/prices/${keyPart(region)}.json`;
}

/** Fits `PriceCache` of lib/collect/prices. A directory store writes beside and renames; S3 replaces an object as a whole. */
export function createPriceCache(store: Pick<ObjectStore, 'get' | 'put'>) {
  return {
    load: (region: string): Promise<string | null> => getText(store, pricesKey(region)),
    save: (region: string, text: string): Promise<void> =>
      store.put(pricesKey(region), text, { contentType: JSON_TYPE, cacheControl: NO_STORE }),
  };
}

/**
 * The directory for what may be deleted at any time, `msk-checkup` in the user's cache; null where there is none.
 * https://specifications.freedesktop.org/basedir-spec/latest/: a relative XDG_CACHE_HOME is to be ignored.
 */
export function userCacheDirectory(env: {
  XDG_CACHE_HOME?: string | undefined;
  HOME?: string | undefined;
}): string | null {
  const { XDG_CACHE_HOME: cache, HOME: home } = env;
  if (cache !== undefined && isAbsolute(cache)) return join(cache, 'msk-checkup');
  return home !== undefined && isAbsolute(home) ? join(home, '.cache', 'msk-checkup') : null;
}
