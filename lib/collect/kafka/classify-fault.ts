import { ConnectionFault, type FaultKind } from './connection-fault.ts';
import { type KafkaAuth, tlsOptionsOf } from './kafka-auth.ts';
import { MalformedAnswerError } from './protocol/reader.ts';

/** How far a connection had come when it failed: the same closed socket means another thing at each step. */
export type ConnectionStage = 'connecting' | 'versions' | 'authenticating' | 'asking' | 'answered';

const BY_CODE: Record<string, FaultKind> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EAI_NODATA: 'unknown-host',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  ETIMEDOUT: 'connect-timeout',
  EPIPE: 'closed',
  EPROTO: 'plaintext-expected',
  // Node's words for reading past the end of a buffer: kafkajs's SASL decoders do not check.
  ERR_OUT_OF_RANGE: 'malformed',
  ERR_BUFFER_OUT_OF_BOUNDS: 'malformed',
};

const BY_CODE_PATTERN: readonly (readonly [RegExp, FaultKind])[] = [
  [
    /ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|NO_CERTIFICATE|UNSUPPORTED_CERTIFICATE)/,
    'client-certificate',
  ],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER|UNEXPECTED_MESSAGE|HTTP_REQUEST/, 'plaintext-expected'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET/, 'server-certificate'],
];

/** kafkajs wraps whatever ends an authentication; these texts are its own and mean the transport, not the credentials. */
const TRANSPORT_TEXT = /Closed connection|Connection closed by the server|Not connected|Connection error/;

/**
 * Names the fault behind an error of kafkajs, of Node's sockets or of our codecs. Anything else is ours and is rethrown.
 * @param request what was asked, of a broker that is known to take our authentication
 */
export function classifyFault(
  error: unknown,
  stage: ConnectionStage,
  address: string,
  auth: KafkaAuth,
  request = '',
): ConnectionFault {
  if (error instanceof ConnectionFault) return error;
  if (error instanceof MalformedAnswerError) return new ConnectionFault('malformed', address, auth, error.message);
  const kind = error instanceof Error ? kindOf(error, stage, auth) : null;
  if (kind === null) throw error;
  return new ConnectionFault(kind, address, auth, kind === 'closed' && stage === 'answered' ? request : '');
}

function kindOf(error: Error, stage: ConnectionStage, auth: KafkaAuth): FaultKind | null {
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return kindOfCode(code, stage, auth);
  if (error.name === 'KafkaJSSASLAuthenticationError') return kindOfSaslText(error.message);
  if (error.name === 'KafkaJSRequestTimeoutError') return 'request-timeout';
  if (error.message === 'Connection timeout') return 'connect-timeout';
  if (error.name.startsWith('KafkaJSConnection')) return closedAt(stage, auth);
  // Beyond the transport kafkajs only authenticates for us, also in the middle of a run; what a broker refuses never comes this far.
  return error.name.startsWith('KafkaJS') ? 'auth-failed' : null;
}

function kindOfCode(code: string, stage: ConnectionStage, auth: KafkaAuth): FaultKind {
  const known = BY_CODE[code] ?? BY_CODE_PATTERN.find(([pattern]) => pattern.test(code))?.[1];
  if (known !== undefined) return known;
  // A plaintext broker takes a TLS greeting for a frame of 369 MB and hangs up.
  if (code === 'ECONNRESET' && stage === 'connecting' && tlsOptionsOf(auth) !== null) return 'plaintext-expected';
  return closedAt(stage, auth);
}

function kindOfSaslText(text: string): FaultKind {
  if (/mechanism is not supported/.test(text)) return 'mechanism';
  if (/timed out/.test(text)) return 'request-timeout';
  return TRANSPORT_TEXT.test(text) ? 'closed' : 'auth-failed';
}

/** A SASL listener answers ApiVersions to anyone and hangs up on the first other request. */
function closedAt(stage: ConnectionStage, auth: KafkaAuth): FaultKind {
  const unauthenticated = auth.kind === 'none' || auth.kind === 'tls' || auth.kind === 'mtls';
  return stage === 'asking' && unauthenticated ? 'auth-expected' : 'closed';
}
