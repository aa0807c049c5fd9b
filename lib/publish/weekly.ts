// What is read once a week, kept between runs: one small object a cluster, in the bucket or in a directory.
import { type ClusterKey, clusterKeyPart } from './keys.ts';
import { getText, JSON_TYPE, NO_STORE, type ObjectStore } from './store.ts';

/** Fits `WeeklyStore` of lib/collect. */
export function createWeeklyStore(store: Pick<ObjectStore, 'get' | 'put'>, cluster: ClusterKey) {
  const key = `v1/latest/weekly/${clusterKeyPart(cluster)}.json`;
  return {
    load: (): Promise<string | null> => getText(store, key),
    save: (text: string): Promise<void> => store.put(key, text, { contentType: JSON_TYPE, cacheControl: NO_STORE }),
  };
}
