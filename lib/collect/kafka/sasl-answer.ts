// What brokers say during SASL, judged before kafkajs sees it: kafkajs wraps its errors in each other until only their text is left,
// makes room for whatever a handshake announces, and computes as many SCRAM iterations as it is asked for.
import type { FaultKind } from './connection-fault.ts';
import { errorName } from './protocol/error-names.ts';
import { MalformedAnswerError, Reader } from './protocol/reader.ts';

export interface SaslFault {
  kind: FaultKind;
  /** Our own words or numbers, never the broker's text. */
  about?: string;
}

export const SASL_HANDSHAKE = 17;
export const SASL_AUTHENTICATE = 36;

const UNSUPPORTED_SASL_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;
const SASL_AUTHENTICATION_FAILED = 58;

/**
 * Kafka uses 4,096 and creates no credential with more than 16,384. This many, computed twice for each connection, take 0.15 s of a
 * CPU and well below a second of a small Lambda's; they cannot be cancelled, and a broker may ask for two thousand million.
 */
const MAX_SCRAM_ITERATIONS = 100_000;

/** Why the connection ends here, or null when the answer may go on to kafkajs. */
export function saslFault(apiKey: number, mechanism: string | undefined, answer: Buffer): SaslFault | null {
  try {
    const reader = new Reader(answer);
    const fault = faultOfCode(reader.int16(), apiKey === SASL_AUTHENTICATE ? reader : null);
    if (fault !== null) return fault;
    if (apiKey === SASL_HANDSHAKE) return faultOfHandshake(reader);
    const said = reader.nullableBytes();
    return mechanism?.startsWith('SCRAM') ? faultOfScram(said?.toString('latin1') ?? '') : null;
  } catch (error) {
    if (error instanceof MalformedAnswerError) return { kind: 'malformed', about: error.message };
    throw error;
  }
}

/** @param reader at the message behind the code, which is read; null where there is none */
function faultOfCode(code: number, reader: Reader | null): SaslFault | null {
  const message = reader?.nullableString() ?? '';
  if (code === 0) return null;
  if (code === UNSUPPORTED_SASL_MECHANISM) return { kind: 'mechanism' };
  if (code === ILLEGAL_SASL_STATE) return { kind: 'auth-not-expected' };
  if (code === SASL_AUTHENTICATION_FAILED)
    return { kind: /too many connects/i.test(message) ? 'throttled' : 'auth-rejected' };
  return { kind: 'auth-failed', about: errorName(code) ?? '' };
}

function faultOfHandshake(reader: Reader): SaslFault | null {
  const mechanisms = reader.nullableCount(2);
  return mechanisms < 0 ? { kind: 'malformed', about: 'SaslHandshake: mechanisms' } : null;
}

/** RFC 5802: attributes of one letter, separated by commas; `i` are the iterations, `e` is a refusal. */
function faultOfScram(said: string): SaslFault | null {
  for (const attribute of said.split(',')) {
    if (attribute.startsWith('e=')) return { kind: 'auth-rejected' };
    if (!attribute.startsWith('i=')) continue;
    if (!/^i=\d{1,10}$/.test(attribute)) return { kind: 'malformed', about: 'SCRAM: iterations' };
    const iterations = Number(attribute.slice(2));
    if (iterations > MAX_SCRAM_ITERATIONS) return { kind: 'scram-iterations', about: String(iterations) };
  }
  return null;
}
