// The tag by which an owner says that a cluster must be encrypted with a key of their own.

/** As written here or in any other case; kept by redaction, since it decides a verdict. */
export const OWN_KEY_TAG = 'cmk-required';

const YES = ['true', 'yes', '1', 'required'];

/** Null when the tags were not read. */
export function requiresOwnKey(tags: Readonly<Record<string, string>> | null): boolean | null {
  if (tags === null) return null;
  return Object.entries(tags).some(
    ([key, value]) => key.toLowerCase() === OWN_KEY_TAG && YES.includes(value.trim().toLowerCase()),
  );
}
