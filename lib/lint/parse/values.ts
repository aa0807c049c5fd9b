// A value in Kafka's words, whatever library it was written for: milliseconds, bytes, `all`, `lz4`, `earliest`.
import type { ClientLibrary } from '../../facts/client-libraries.ts';

/** What is written behind a value as if it were a comment. Java has none there: the whole is the value. */
export function splitComment(text: string): { text: string; comment: string | null } {
  const match = /^(.*?)\s+(?:#|\/\/)\s*(.*)$/.exec(text);
  // A value with blanks of its own may well hold a `#`; a Go product may not.
  if (match === null || (/\s/.test(match[1]!) && !/^[\w.\s*()]+$/.test(match[1]!))) return { text, comment: null };
  return { text: match[1]!, comment: match[2]! };
}

/** Python's way to end an argument and to write a text. */
export function withoutSyntax(text: string): string {
  return text.replace(/,\s*$/, '').replace(/^(['"])(.*)\1$/, '$2');
}

const CODEC_NUMBERS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const RESETS: Readonly<Record<string, string>> = {
  smallest: 'earliest',
  beginning: 'earliest',
  oldest: 'earliest',
  largest: 'latest',
  end: 'latest',
  newest: 'latest',
};
const SARAMA_RESETS: Readonly<Record<string, string>> = { '-1': 'latest', '-2': 'earliest' };
const ACKS: Readonly<Record<string, string>> = { '-1': 'all', waitforall: 'all', waitforlocal: '1', noresponse: '0' };

/**
 * @param name Kafka's name of the setting
 * @returns the text itself where nothing is to be translated
 */
export function inKafkasWords(library: ClientLibrary | null, name: string | null, text: string): string {
  const word = text.trim().replace(/^(?:sarama|kafka|CompressionTypes)\./, '');
  if (library === null || name === null) return word;
  if (library === 'sarama' && name.endsWith('.ms')) return goMilliseconds(word) ?? word;
  // Java's and Python's clients take their words as they are spelt.
  const isExact = library === 'java' || library === 'kafka-python';
  switch (name) {
    case 'acks':
      if (isExact) return word === '-1' ? 'all' : word;
      return ACKS[word.toLowerCase()] ?? word.toLowerCase();
    case 'compression.type':
      return isExact && word !== '' && !/^(?:none|null)$/i.test(word) ? word : codec(library, word);
    case 'auto.offset.reset':
      return reset(library, word);
    case 'retries':
      return library === 'kafka-python' && /inf/i.test(word) ? '2147483647' : (product(word) ?? word);
    case 'isolation.level':
      return library === 'sarama' ? word.replace(/^Read(?=[CU])/, 'read_').toLowerCase() : word;
    default:
      return /^(?:true|false)$/i.test(word) ? word.toLowerCase() : (product(word) ?? word);
  }
}

function codec(library: ClientLibrary, word: string): string {
  const lower = word.toLowerCase().replace(/^compression(?:codec)?/, '');
  const number = library === 'sarama' || library === 'kafkajs' ? CODEC_NUMBERS[Number(lower || 'x')] : undefined;
  return number ?? (lower === '' ? 'none' : lower);
}

function reset(library: ClientLibrary, word: string): string {
  const lower = word.toLowerCase();
  if (library === 'kafkajs') return lower === 'true' ? 'earliest' : lower === 'false' ? 'latest' : lower;
  if (library === 'sarama') return SARAMA_RESETS[lower] ?? RESETS[lower.replace(/^offset/, '')] ?? lower;
  // The Java client refuses the words of librdkafka.
  return library === 'librdkafka' ? (RESETS[lower] ?? lower) : lower;
}

/** `10 * 1024 * 1024`, as Go writes sizes; null for anything else. */
function product(word: string): string | null {
  if (!/^\d+(?:\s*\*\s*\d+)+$/.test(word)) return null;
  return String(word.split('*').reduce((sum, factor) => sum * Number(factor), 1));
}

const GO_UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  Nanosecond: 1e-6,
  Microsecond: 1e-3,
  Millisecond: 1,
  Second: 1_000,
  Minute: 60_000,
  Hour: 3_600_000,
};

/** `10ms`, `1m30s`, `10 * time.Millisecond`, or a bare number, which is nanoseconds; null for what is no duration. */
function goMilliseconds(word: string): string | null {
  const expression = /^(?:(\d+)\s*\*\s*)?time\.([A-Z]\w+)(?:\s*\*\s*(\d+))?$/.exec(word);
  if (expression !== null) {
    const unit = GO_UNITS_MS[expression[2]!];
    return unit === undefined ? null : String(Number(expression[1] ?? expression[3] ?? 1) * unit);
  }
  if (/^\d+$/.test(word)) return String(Number(word) / 1e6);
  const parts = [...word.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== word) return null;
  return String(parts.reduce((sum, [, count, unit]) => sum + Number(count) * GO_UNITS_MS[unit!]!, 0));
}
