// Looks for a secret in what a program has written, in the spellings in which it could slip out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** As text, in hex, in an URL or in JSON, and in base64 wherever in a longer text it stood. */
export function spellingsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret as string);
  const text = bytes.toString('utf8');
  const base64 = [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The first and the last characters also hold bits of what stands beside it.
    const own = shifted.slice(before === 0 ? 0 : 4, -4);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  const texts = isText ? [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)] : [];
  return [...new Set([...texts, hex, hex.toUpperCase(), ...base64])];
}

/** Base64 lines of a PEM key, and its bytes as a whole and in parts that would give it away. */
export function pemSpellings(pem: string): string[] {
  const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  const der = Buffer.from(lines.join(''), 'base64');
  const halves = [der.subarray(0, der.length / 2), der.subarray(der.length / 2)];
  return [...lines, ...[der, ...halves].flatMap((part) => spellingsOf(part))];
}

/** Path to content of every file below a folder, unpacked where it is gzip. */
export function filesBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return [join(parentPath, name), (isGzip ? gunzipSync(bytes) : bytes).toString('latin1')];
    }),
  );
}

/** Places that hold one of the spellings. */
export function leaks(places: ReadonlyMap<string, string>, spellings: readonly string[]): string[] {
  return [...places].flatMap(([place, text]) => {
    // Files are compared byte by byte; what a terminal got is text already.
    const found = spellings.filter((spelling) => text.includes(spelling) || text.includes(latin1(spelling)));
    return found.length === 0 ? [] : `${place}: ${found.length} spellings`;
  });
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
