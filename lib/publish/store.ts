// What publishing needs of a place that keeps objects: a bucket or a directory.

export interface PutOptions {
  contentType: string;
  cacheControl?: string;
}

export interface ObjectStore {
  /** Null when there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, body: string | Uint8Array, options: PutOptions): Promise<void>;
  /** False when the object exists already; it is then left as it is. */
  putOnce(key: string, body: string | Uint8Array, options: PutOptions): Promise<boolean>;
  exists(key: string): Promise<boolean>;
}

export const JSON_TYPE = 'application/json';
export const HTML_TYPE = 'text/html; charset=utf-8';
export const GZIP_TYPE = 'application/gzip';

/** Reports hold names of topics and groups: no shared cache may keep them; `latest` is read before it is replaced. */
export const PRIVATE = 'private, max-age=86400';
export const NO_STORE = 'private, no-store';

export async function getText(store: Pick<ObjectStore, 'get'>, key: string): Promise<string | null> {
  const bytes = await store.get(key);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
