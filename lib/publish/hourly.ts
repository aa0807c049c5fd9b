// The hours that runs leave for later ones: one small object a run, in a folder a month. What cannot be read is asked for again: it
// costs a few cents of a dollar, never a wrong report.
import { gunzipSync, gzipSync } from 'node:zlib';
import { type HourlyEntry, type HourlyHistory, hourlyWindow, mergeHourly } from '../history/hourly.ts';
import { type KnownNames, readHeader, readHourly, writeHourly } from '../history/hourly-format.ts';
import { type ClusterKey, clusterKeyPart, keyPart } from './keys.ts';
import { GZIP_TYPE, type ObjectStore, PRIVATE } from './store.ts';

export interface StoredObject {
  key: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** A store whose objects can be listed: a bucket or a directory. */
export interface ListedStore extends Pick<ObjectStore, 'get' | 'putOnce'> {
  /** Objects under the prefix, in no order; at most `limit`. */
  list(prefix: string, limit: number): Promise<StoredObject[]>;
}

/** A run a day leaves 28 in four weeks; of someone who runs it every few minutes the newest are read. */
const MAX_OBJECTS = 120;
const MAX_LISTED = 5_000;
/** The first run of a cluster of 90 brokers leaves 3.5 MB, 10 MB unpacked; each later one a 28th of it. */
const MAX_OBJECT_BYTES = 8 * 1024 * 1024;
const MAX_OBJECT_TEXT_BYTES = 32 * 1024 * 1024;
const MAX_TOTAL_TEXT_BYTES = 128 * 1024 * 1024;
const CONCURRENT_READS = 8;

/** Where the hours of one run lie. */
export function rollupKey(cluster: ClusterKey, runId: string, takenAtMs: number): string {
  return `${rollupPrefix(cluster)}${monthOf(takenAtMs)}/${keyPart(runId)}.ndjson.gz`;
}

function rollupPrefix(cluster: ClusterKey): string {
  return `v1/rollups/${clusterKeyPart(cluster)}/`;
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

export interface LoadedHours {
  history: HourlyHistory;
  /** For the reader of the report: what was there and could not be used. */
  notices: string[];
}

/** The hours of the last four weeks that earlier runs have left. Never rejects: without them the hours are asked for again. */
export async function loadHourly(store: ListedStore, cluster: ClusterKey, nowMs: number): Promise<LoadedHours> {
  let objects: StoredObject[];
  try {
    objects = await listNewest(store, cluster, nowMs);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    return {
      history: new Map(),
      notices: [`The stored hours could not be listed (${name}): they were asked for again.`],
    };
  }
  const files: HourlyFile[] = [];
  const unusable = new Map<string, number>();
  const count = (because: string) => unusable.set(because, (unusable.get(because) ?? 0) + 1);
  let textBytes = 0;
  for (let from = 0; from < objects.length && textBytes < MAX_TOTAL_TEXT_BYTES; from += CONCURRENT_READS) {
    const some = objects.slice(from, from + CONCURRENT_READS);
    for (const file of await Promise.all(some.map((object) => readOne(store, object, cluster)))) {
      if (typeof file === 'string') count(file);
      else {
        textBytes += file.text.length;
        files.push(file);
      }
    }
  }
  const history = mergeHourly(oldestFirst(files, count), hourlyWindow(nowMs));
  return { history, notices: [...unusable].map(([because, times]) => notice(because, times)) };
}

interface HourlyFile {
  takenAtMs: number;
  /** Understood only when its turn has come: as text it is smallest. */
  text: Buffer;
}

/** The hours of one file after the other; a file with a line that is not understood gives none. */
function* oldestFirst(files: HourlyFile[], refuse: (because: string) => void): Generator<HourlyEntry[]> {
  const known: KnownNames = new Map();
  for (const { text } of files.sort((a, b) => a.takenAtMs - b.takenAtMs)) {
    const lines = readHourly(text, known);
    if (typeof lines === 'string') refuse(lines);
    else yield lines;
  }
}

function notice(because: string, count: number): string {
  const files = count === 1 ? 'A file of stored hours was' : `${count} files of stored hours were`;
  return `${files} not used: ${because}. The hours were asked for again.`;
}

async function listNewest(store: ListedStore, cluster: ClusterKey, nowMs: number): Promise<StoredObject[]> {
  // What was written before the first hour that is wanted cannot hold it.
  const oldestMs = hourlyWindow(nowMs).startMs;
  const lists = await Promise.all(
    monthsOf(nowMs).map((month) => store.list(`${rollupPrefix(cluster)}${month}/`, MAX_LISTED)),
  );
  return lists
    .flat()
    .filter(({ key, modifiedMs }) => key.endsWith('.ndjson.gz') && modifiedMs >= oldestMs)
    .sort((a, b) => b.modifiedMs - a.modifiedMs || (a.key < b.key ? 1 : -1))
    .slice(0, MAX_OBJECTS);
}

/** Four weeks lie in this month and the one before. */
function monthsOf(nowMs: number): string[] {
  const now = new Date(nowMs);
  const lastOfPrevious = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0);
  return [monthOf(nowMs), monthOf(lastOfPrevious)];
}

/** The text of one object, or why it cannot be used. */
async function readOne(
  store: ListedStore,
  { key, sizeBytes }: StoredObject,
  cluster: ClusterKey,
): Promise<HourlyFile | string> {
  if (sizeBytes > MAX_OBJECT_BYTES) return 'it is too large';
  try {
    const bytes = await store.get(key);
    if (bytes === null) return 'it is gone';
    if (bytes.byteLength > MAX_OBJECT_BYTES) return 'it is too large';
    const text = gunzipSync(bytes, { maxOutputLength: MAX_OBJECT_TEXT_BYTES });
    const header = readHeader(text);
    if (typeof header === 'string') return header;
    return header.cluster === cluster.identity ? { takenAtMs: header.takenAtMs, text } : 'it is of another cluster';
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'it is too large';
    return typeof code === 'string' && code.startsWith('Z_') ? 'it is damaged' : 'it could not be read';
  }
}

/** Stores what a run adds; nothing when it adds nothing. A second attempt at the same run leaves the object as it is. */
export async function storeHourly(
  store: ListedStore,
  cluster: ClusterKey,
  run: { id: string; takenAtMs: number },
  added: HourlyHistory,
): Promise<void> {
  if (added.size === 0) return;
  const text = writeHourly(added, { cluster: cluster.identity, run: run.id, takenAtMs: run.takenAtMs });
  const key = rollupKey(cluster, run.id, run.takenAtMs);
  await store.putOnce(key, gzipSync(text), { contentType: GZIP_TYPE, cacheControl: PRIVATE });
}
