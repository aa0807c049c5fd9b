// The user's policy from the bucket. A bad one never stops a report: the last valid one is used, and everybody is told.
import * as v from 'valibot';
import { type PolicyOverrides, policySchema } from '../lib/policy/schema.ts';
import { getText, JSON_TYPE, NO_STORE, type ObjectStore } from '../lib/publish/store.ts';

export interface StoredPolicy {
  overrides: PolicyOverrides | null;
  /** Why the policy in the bucket is not the one in use; null when it is. */
  rejected: string | null;
}

/** The last valid policy as it was read: its text, and what it says, so that an unchanged one needs no parser. */
const lastValidSchema = v.strictObject({ text: v.string(), overrides: policySchema });

/** @param key of the policy; null and an absent object mean the defaults */
export async function loadStoredPolicy(store: ObjectStore, key: string | null): Promise<StoredPolicy> {
  const text = key === null ? null : await getText(store, key);
  if (key === null || text === null) return { overrides: null, rejected: null };
  // Under `latest`, because the function may not write where the user's own file lies.
  const lastValidKey = `v1/latest/policy/${key
    .split('/')
    .at(-1)
    ?.replace(/\.ya?ml$/, '')}.json`;
  const lastValid = readLastValid(await getText(store, lastValidKey));
  if (lastValid?.text === text) return { overrides: lastValid.overrides, rejected: null };

  // The YAML parser is a sixth of the bundle: only a policy that was changed loads it.
  const { parsePolicy } = await import('../lib/policy/load-policy.ts');
  const parsed = parsePolicy(text, key);
  if (parsed.ok) {
    const body = `${JSON.stringify({ text, overrides: parsed.overrides })}\n`;
    await store.put(lastValidKey, body, { contentType: JSON_TYPE, cacheControl: NO_STORE });
    return { overrides: parsed.overrides, rejected: null };
  }
  const [first] = parsed.errors;
  const instead = lastValid === null ? 'the defaults were used instead' : 'the last valid policy was used instead';
  return {
    overrides: lastValid?.overrides ?? null,
    rejected: `The policy was refused (${first?.at}: ${first?.message}): ${instead}.`,
  };
}

/** Null as well for one that an older version wrote in another form: the user's own file is then read anew. */
function readLastValid(text: string | null): v.InferOutput<typeof lastValidSchema> | null {
  try {
    const parsed = v.safeParse(lastValidSchema, JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
