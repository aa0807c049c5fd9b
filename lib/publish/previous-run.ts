// The record of the run before this one, from a bucket or a directory of the same layout.
import type { RunRecord } from '../history/history.ts';
import { readRunRecord } from '../history/record.ts';
import { getText, type ObjectStore } from './store.ts';

/** `notice` says why a record that exists could not be used: a broken history never fails a report. */
export interface PreviousRun {
  record: RunRecord | null;
  notice: string | null;
}

export async function loadPreviousRun(store: Pick<ObjectStore, 'get'>, latestKey: string): Promise<PreviousRun> {
  const text = await getText(store, latestKey);
  return text === null ? { record: null, notice: null } : readRunRecord(jsonOrNull(text));
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
