// The order in which a run becomes public. Every step may be repeated; the conditional write of report.json is the commit point.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunKeys } from './keys.ts';
import { GZIP_TYPE, getText, HTML_TYPE, JSON_TYPE, NO_STORE, type ObjectStore, PRIVATE } from './store.ts';

/** A rendered run. Publishing knows nothing of findings: it moves texts. */
export interface Publication {
  keys: RunKeys;
  /** Null when the caller wants the JSON only. */
  html: string | null;
  json: string;
  /** Text of the RunRecord; null for a manual run, which never becomes `latest`. */
  latest: { text: string; takenAtMs: number } | null;
}

/** Sends the run's message; null when none is wanted. */
export type Send = (() => Promise<string>) | null;

/**
 * Stores the snapshot unless the run has one already, and gives the one that counts. A second delivery of the same schedule
 * or a retry after a crash then judges the same snapshot, so that whatever it writes again is equal.
 */
export async function keepSnapshot(store: ObjectStore, keys: RunKeys, text: string): Promise<string> {
  const stored = await store.putOnce(keys.snapshot, gzipSync(text), { contentType: GZIP_TYPE, cacheControl: PRIVATE });
  return stored ? text : ((await keptSnapshot(store, keys)) ?? text);
}

/** The snapshot an earlier attempt at this run has stored, or null. */
export async function keptSnapshot(store: Pick<ObjectStore, 'get'>, keys: RunKeys): Promise<string | null> {
  const bytes = await store.get(keys.snapshot);
  return bytes === null ? null : gunzipSync(bytes).toString('utf8');
}

/** The committed report of this run as JSON text, or null when the run was not published yet. */
export async function findPublished(store: Pick<ObjectStore, 'get'>, keys: RunKeys): Promise<string | null> {
  return await getText(store, keys.json);
}

/**
 * Writes report.html if there is one, then report.json, then completes the run.
 * @returns false when another attempt committed first: it completes the run, this one sends nothing.
 */
export async function publishReport(store: ObjectStore, publication: Publication, send: Send): Promise<boolean> {
  const { keys, html, json } = publication;
  if (html !== null) await store.put(keys.html, html, { contentType: HTML_TYPE, cacheControl: PRIVATE });
  const committed = await store.putOnce(keys.json, json, { contentType: JSON_TYPE, cacheControl: PRIVATE });
  if (committed) await completeRun(store, publication, send);
  return committed;
}

/**
 * What follows the commit: `latest`, the message, the marker that it was sent. Called again for a run whose first attempt
 * died on the way; the marker is written after success, so that a crash can double a message but never lose one.
 */
export async function completeRun(
  store: ObjectStore,
  publication: Pick<Publication, 'keys' | 'latest'>,
  send: Send,
): Promise<void> {
  const { keys, latest } = publication;
  if (latest !== null && !(await isOlderThanLatest(store, keys.latest, latest.takenAtMs))) {
    await store.put(keys.latest, latest.text, { contentType: JSON_TYPE, cacheControl: NO_STORE });
  }
  if (send === null) return;
  const marker = keys.sent('sns');
  if (await store.exists(marker)) return;
  const messageId = await send();
  await store.put(marker, `${JSON.stringify({ channel: 'sns', messageId })}\n`, { contentType: JSON_TYPE });
}

/** A late retry must not put yesterday's run in front of today's. */
async function isOlderThanLatest(store: ObjectStore, latestKey: string, takenAtMs: number): Promise<boolean> {
  const text = await getText(store, latestKey);
  if (text === null) return false;
  try {
    const { takenAtMs: latestMs } = JSON.parse(text) as { takenAtMs?: unknown };
    return typeof latestMs === 'number' && latestMs >= takenAtMs;
  } catch {
    return false;
  }
}
