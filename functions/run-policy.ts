// The user's policy from the bucket. A bad one never stops a report: the last valid one is used, and everybody is told.
import type { PolicyOverrides } from '../lib/policy/schema.ts';
import { getText, NO_STORE, type ObjectStore } from '../lib/publish/store.ts';

export interface StoredPolicy {
  overrides: PolicyOverrides | null;
  /** Why the policy in the bucket is not the one in use; null when it is. */
  rejected: string | null;
}

/** @param key of the policy; null and an absent object mean the defaults */
export async function loadStoredPolicy(store: ObjectStore, key: string | null): Promise<StoredPolicy> {
  const text = key === null ? null : await getText(store, key);
  if (key === null || text === null) return { overrides: null, rejected: null };
  // The YAML parser is a sixth of the bundle, and most deployments have no policy of their own.
  const { parsePolicy } = await import('../lib/policy/load-policy.ts');
  // Under `latest`, because the function may not write where the user's own file lies.
  const lastGoodKey = `v1/latest/policy/${key.split('/').at(-1)}`;
  const parsed = parsePolicy(text, key);
  if (parsed.ok) {
    if ((await getText(store, lastGoodKey)) !== text) {
      await store.put(lastGoodKey, text, { contentType: 'application/yaml', cacheControl: NO_STORE });
    }
    return { overrides: parsed.overrides, rejected: null };
  }
  const [first] = parsed.errors;
  const lastGood = await getText(store, lastGoodKey);
  const former = lastGood === null ? null : parsePolicy(lastGood, lastGoodKey);
  const instead = former?.ok === true ? 'the last valid policy was used instead' : 'the defaults were used instead';
  return {
    overrides: former?.ok === true ? former.overrides : null,
    rejected: `The policy was refused (${first?.at}: ${first?.message}): ${instead}.`,
  };
}
