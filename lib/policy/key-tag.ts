// The tag by which an owner says that a cluster must be encrypted with a key of their own.

/** Written exactly so; kept by redaction, since it decides a verdict. */
export const OWN_KEY_TAG = 'cmk-required';

const YES = ['true', 'yes', '1', 'required'];

/** Null when the tags were not read. */
export function requiresOwnKey(tags: Readonly<Record<string, string>> | null): boolean | null {
  if (tags === null) return null;
  return YES.includes((tags[OWN_KEY_TAG] ?? '').trim().toLowerCase());
}
