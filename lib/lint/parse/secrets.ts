// Which values are never shown, and which of those are the secret itself.
import type { ValueType } from '../../facts/client-libraries.ts';

const SECRET_KEY =
  /passw|passphrase|secret|token(?!\.endpoint)|jaas|credential|private\W?key|access\W?key|\.key$|key\W?pem|\.pem$|user\.info/i;
/** An address with a user and a password in it. */
const WITH_USER = /:\/\/[^/\s:@]+:[^/\s@]+@/;

export function isSecret(key: string, type: ValueType, text: string): boolean {
  return type.type === 'password' || SECRET_KEY.test(key) || WITH_USER.test(text);
}

/** `${DB}`, `$(DB)`, `%(db)s`, `{{ db }}`, `<db>`, `$DB`, `env:DB`, `arn:aws:secretsmanager:...`, `****`: where a secret will be put later. */
const PLACEHOLDER = /\$\{|\$\(|%\(|\{\{|^<.*>$|^\$\w+$|^env[:.(]|^arn:aws|^(?:\*+|x+|REDACTED)$/i;

/** True for a secret written out. A type, a number or a path to a file is none. */
export function isInlineSecret(key: string, text: string): boolean {
  const value = jaasPassword(key, text) ?? text;
  if (value === '' || PLACEHOLDER.test(value) || /^(?:-?\d+|true|false|none|null)$/i.test(value)) return false;
  if (WITH_USER.test(value)) return true;
  if (/(?:location|file|path|class|type|method|url|provider|algorithm|alg)s?$/i.test(key)) return false;
  return /passw|passphrase|secret|jaas|user\.info|private\W?key|\.key$|key\W?pem|access\W?key/i.test(key);
}

/** The password inside a JAAS line; empty where it names none, as for IAM. Null for other keys. */
function jaasPassword(key: string, text: string): string | null {
  if (!/jaas/i.test(key)) return null;
  return (
    /password\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]+))/i
      .exec(text)
      ?.slice(1)
      .find((part) => part !== undefined) ?? ''
  );
}
