// Whether a value is one that its setting takes: type, words, range.
import { MSK_RANGES } from '../facts/msk-configuration.ts';
import { JAVA_RANGES, TOPIC_RANGES } from '../facts/setting-ranges.ts';
import { BROKER_WORDS, CLIENT_WORDS, TOPIC_WORDS } from '../facts/setting-words.ts';
import type { Block, Setting } from './lint-types.ts';
import { numberOf } from './rule.ts';

export interface Problem {
  found: string;
  right: string;
}

/** Put in when it is deployed: nothing can be said of it today. */
const PLACEHOLDER = /\$\{|\$\(|%\(|\{\{|^\$\w+$/;
const INT_MAX = 2_147_483_647;

/** Null for a value that is taken, that is not known yet, or of which nothing is known. */
export function problemOf(block: Block, at: Setting): Problem | null {
  if (!at.isKnown || at.isSecret || PLACEHOLDER.test(at.text)) return null;
  return ofWords(block, at) ?? ofType(at) ?? ofRange(block, at);
}

function ofWords(block: Block, { name, value }: Setting): Problem | null {
  const table = block.kind === 'topic' ? TOPIC_WORDS : block.kind === 'broker' ? BROKER_WORDS : CLIENT_WORDS;
  if (name === null || !Object.hasOwn(table, name)) return reset(block, name, value);
  const words = table[name]!;
  const parts = name.endsWith('cleanup.policy') ? value.split(',').map((part) => part.trim()) : [value];
  const isTaken = parts.every((part) => words.some((word) => same(block, word, part)));
  return isTaken ? null : { found: 'no such word', right: `one of ${words.join(', ')}` };
}

/** librdkafka takes its words in any case, the Java client as they are spelt. */
function same({ library }: Block, word: string, value: string): boolean {
  return library === null || library === 'java'
    ? word === value || word === value.toUpperCase()
    : word.toLowerCase() === value.toLowerCase();
}

function reset({ library }: Block, name: string | null, value: string): Problem | null {
  if (name !== 'auto.offset.reset') return null;
  const words = library === 'librdkafka' ? ['earliest', 'latest', 'error'] : ['earliest', 'latest', 'none'];
  const isTaken = words.includes(value) || (library === 'java' && value.startsWith('by_duration:'));
  return isTaken ? null : { found: 'no such word', right: `one of ${words.join(', ')}` };
}

/** Settings whose words were turned into Kafka's, so that the library's own type no longer fits. */
const TRANSLATED = new Set(['acks', 'auto.offset.reset', 'compression.type', 'isolation.level']);

function ofType({ type, value, name, text }: Setting): Problem | null {
  if (name !== null && TRANSLATED.has(name)) return null;
  switch (type.type) {
    case 'boolean':
      return /^(?:true|false)$/i.test(value) ? null : { found: 'neither true nor false', right: 'true or false' };
    case 'integer':
      return isWhole(value) ? null : { found: 'no whole number', right: 'a whole number, without a unit' };
    case 'decimal':
      return numberOf(value) === null ? { found: 'no number', right: 'a number' } : null;
    case 'range': {
      const number = numberOf(value);
      if (number === null) return { found: 'no number', right: `a number from ${type.min} to ${type.max}` };
      const isInside = number >= type.min && number <= type.max;
      return isInside ? null : { found: 'outside its range', right: `from ${type.min} to ${type.max}` };
    }
    case 'duration':
      return goDuration(text, value);
    default:
      return null;
  }
}

function isWhole(value: string): boolean {
  return /^[+-]?\d+$/.test(value);
}

/** A bare number is nanoseconds in Go, which nobody means: 10 waits for nothing. */
function goDuration(text: string, value: string): Problem | null {
  const ms = numberOf(value);
  if (ms === null)
    return /\d/.test(text) && /[a-z]/i.test(text) ? null : { found: 'no duration', right: 'a duration like 10ms' };
  if (!/^\d+$/.test(text.trim()) || text.trim() === '0' || ms >= 1) return null;
  return { found: 'a bare number is nanoseconds in Go', right: `${text.trim()}ms, if milliseconds are meant` };
}

function ofRange({ kind, library }: Block, { key, value, name }: Setting): Problem | null {
  const number = numberOf(value);
  if (number === null) return null;
  if (kind === 'broker' && Object.hasOwn(MSK_RANGES, key)) {
    const [min, max] = MSK_RANGES[key]!;
    if (number < min || number > max) return { found: 'MSK refuses it', right: `from ${min} to ${max}` };
  }
  const [least, most] = rangeOf(kind, library, name) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (number < least) return { found: 'too small', right: `${least} or more` };
  if (number > most)
    return { found: most === INT_MAX ? 'more than an int holds' : 'too large', right: `at most ${most}` };
  const isMillisOfInt =
    kind !== 'topic' &&
    kind !== 'broker' &&
    /^(?:delivery\.timeout|request\.timeout|session\.timeout|max\.poll\.interval)\.ms$/.test(name ?? '');
  return isMillisOfInt && number > INT_MAX ? { found: 'more than an int holds', right: `at most ${INT_MAX}` } : null;
}

function rangeOf(kind: Block['kind'], library: Block['library'], name: string | null) {
  const ranges = kind === 'topic' ? TOPIC_RANGES : library === 'java' ? JAVA_RANGES : {};
  return name !== null && Object.hasOwn(ranges, name) ? ranges[name] : undefined;
}
