// Records whose key, value and headers nobody can mistake for anything else, and the search for what is left of them.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One token for each part of a record. */
export interface Canaries {
  key: string;
  value: string;
  headerKey: string;
  headerValue: string;
}

export function newCanaries(): Canaries {
  const token = (part: string) => `${part}${randomBytes(12).toString('hex')}`;
  return { key: token('key'), value: token('value'), headerKey: token('hkey'), headerValue: token('hvalue') };
}

/** A record's parts; `index` makes records differ, as real ones do. */
export function canaryRecord(canaries: Canaries, index: number) {
  return {
    key: `${canaries.key}-${index}`,
    value: `${canaries.value}-${index}-${randomBytes(40).toString('hex')}`,
    headers: { [canaries.headerKey]: `${canaries.headerValue}-${index}` },
  };
}

/** The ways in which bytes of a token could turn up in a text. */
export function needlesOf(token: string): Record<string, string> {
  const bytes = Buffer.from(token);
  const utf16 = Buffer.from(token, 'utf16le');
  return {
    utf8: token,
    hex: bytes.toString('hex'),
    HEX: bytes.toString('hex').toUpperCase(),
    'utf16 in hex': utf16.toString('hex'),
    utf16: utf16.toString('latin1'),
    'utf16 in JSON': token.split('').join('\\u0000'),
    'numbers of bytes': [...bytes].join(','),
    ...Object.fromEntries([0, 1, 2].map((at) => [`base64 at ${at}`, base64At(bytes, at)])),
    'utf16 in base64': base64At(utf16, 0),
  };
}

/** What stands of the token alone when it is encoded behind `at` other bytes. */
function base64At(bytes: Buffer, at: number): string {
  const encoded = Buffer.concat([Buffer.alloc(at), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const firstOwn = Math.ceil((at * 8) / 6);
  return encoded.slice(firstOwn, Math.floor(((at + bytes.length) * 8) / 6));
}

/** `place: part in encoding` for each canary found. */
export function leaks(canaries: Canaries, texts: Record<string, Buffer | string>): string[] {
  return Object.entries(texts).flatMap(([place, text]) => {
    const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return Object.entries(canaries).flatMap(([part, token]) =>
      Object.entries(needlesOf(token as string))
        .filter(([, needle]) => plain.includes(needle, 0, 'latin1'))
        .map(([encoding]) => `${place}: ${part} in ${encoding}`),
    );
  });
}

/** Every file under a folder, by its path. */
export function filesUnder(folder: string): Record<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))]));
}
