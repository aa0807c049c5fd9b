import { ConnectionFault } from './connection-fault.ts';
import { type AwsCredentials, signIamToken } from './iam-token.ts';
import { type KafkaAuth, mechanismOf } from './kafka-auth.ts';

interface Exchange {
  host: string;
  port: number;
  saslAuthenticate(exchange: {
    request: { encode(): Promise<Buffer> };
    response: { decode(bytes: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
  }): Promise<unknown>;
}

interface Sasl {
  mechanism: string;
  username?: string;
  password?: string;
  authenticationProvider?: (exchange: Exchange) => { authenticate(): Promise<void> };
}

/** A token ends with the credentials: one that lives shorter may be over before the collection has begun. */
const LEAST_VALIDITY_MS = 15_000;

type IamAuth = Extract<KafkaAuth, { kind: 'iam' }>;

/** kafkajs's SASL options, or null. It keeps its own state in the object: make one for each connection. */
export function saslOptionsOf(auth: KafkaAuth, now: () => number): Sasl | null {
  const mechanism = mechanismOf(auth);
  if (mechanism === null) return null;
  if (auth.kind === 'scram' || auth.kind === 'plain')
    return { mechanism, username: auth.username, password: auth.password };
  return auth.kind === 'iam'
    ? { mechanism, authenticationProvider: (exchange) => iamProvider(auth, now, exchange) }
    : null;
}

/**
 * kafkajs's own OAUTHBEARER provider takes a rejected token for accepted: RFC 7628 answers a bad token with a challenge,
 * not with an error, and it does not look. An accepted token is answered with nothing.
 */
function iamProvider(auth: IamAuth, now: () => number, exchange: Exchange): { authenticate(): Promise<void> } {
  const address = `${exchange.host}:${exchange.port}`;
  const authenticate = async (): Promise<void> => {
    const token = await tokenOf(auth, now, address);
    const message = Buffer.from(`n,,\u0001auth=Bearer ${token}\u0001\u0001`);
    const length = Buffer.alloc(4);
    length.writeInt32BE(message.length);
    const challenge = await exchange.saslAuthenticate({
      request: { encode: async () => Buffer.concat([length, message]) },
      response: { decode: async (bytes) => bytes, parse: async (bytes) => bytes },
    });
    if (!isEmptyAnswer(challenge)) throw new ConnectionFault('auth-rejected', address, auth);
  };
  return { authenticate };
}

/** kafkajs hands the answer on with its length in front. */
function isEmptyAnswer(answer: unknown): boolean {
  return !Buffer.isBuffer(answer) || answer.length <= 4;
}

async function tokenOf(auth: IamAuth, now: () => number, address: string): Promise<string> {
  try {
    const credentials: AwsCredentials = await auth.credentials();
    const nowMs = now();
    const endMs = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (endMs < nowMs + LEAST_VALIDITY_MS) throw new Error('the AWS credentials are about to expire');
    return await signIamToken(auth.region, credentials, nowMs);
  } catch {
    // The cause's text may quote profile files or keys.
    throw new ConnectionFault('credentials', address, auth);
  }
}
