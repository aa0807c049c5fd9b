// `Configs` of DescribeTopic: Base64 text. AWS's guide shows key=value lines in it, users of the API met a JSON object: both are read.
import { WANTED_TOPIC_CONFIGS } from '../kafka/wanted-configs.ts';
import { parseProperties } from './server-properties.ts';

/** Numbers, switches and names of policies and codecs: what a wanted setting holds. */
const PLAIN_VALUE = /^[\w.,+-]{0,200}$/;
/** All settings of a topic take some 2 kB. */
const MAX_LENGTH = 100_000;

/** The wanted settings that the text names; null when it is not understood. An absent text is not understood either. */
export function readTopicConfigs(base64: string | undefined): Record<string, string> | null {
  if (base64 === undefined || base64.length > MAX_LENGTH) return null;
  const text = new TextDecoder('utf-8').decode(Buffer.from(base64, 'base64')).trim();
  const all = text.startsWith('{') ? parseJson(text) : parseLines(text);
  if (all === null) return null;
  const wanted = WANTED_TOPIC_CONFIGS.filter((key) => all.has(key)).map((key) => [key, all.get(key)!.trim()] as const);
  return wanted.every(([, value]) => PLAIN_VALUE.test(value)) ? Object.fromEntries(wanted) : null;
}

function parseJson(text: string): Map<string, string> | null {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return new Map(entries.flatMap(([key, value]) => (isScalar(value) ? [[key, String(value)] as const] : [])));
  } catch {
    return null;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Every key of a topic has a dot or is one lower-case word; anything else is no settings at all. */
function parseLines(text: string): Map<string, string> | null {
  const all = parseProperties(text);
  return [...all.keys()].every((key) => /^[a-z][a-z0-9.]*$/.test(key)) ? all : null;
}
